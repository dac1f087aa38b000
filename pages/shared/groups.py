"""The table of the groups of a column, each against the rest."""

from __future__ import annotations

from typing import Any, Literal

import polars as pl

from data import Pipeline
from data.errors import N_
from data.slice import Slice
from metrics.comparison import compare
from metrics.definitions import definition as find
from metrics.hit_rate import counted, has_lost, summarise
from metrics.names import keyed, keys, named
from metrics.stale import counted_stale_lost
from metrics.stats.intervals import ENOUGH_CASES
from pages.shared import aims, drilling, filters, marks, sentences, staleness, tables
from pages.shared.state import View
from pages.shared.words import _, t

SIDES = {
    "better": N_("better than the rest"),
    "worse": N_("worse than the rest"),
    "same": N_("no difference shown"),
    "few": N_("too few to conclude"),
}


def compared(
    pipeline: Pipeline, question: Slice, definition: str, stale_lost: bool = False
) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Return each group against the rest, and the rate of all deals; both from one count of the deals.

    `stale_lost` counts stale open deals as lost.
    """
    meta = pipeline.meta
    chosen = find(definition, meta.definitions)
    found = counted_stale_lost(pipeline, question) if stale_lost else counted(pipeline, question, chosen)
    cells = keyed(found, question.by)
    frame, whole = (
        summarise(cells, group, chosen, meta.definitions, meta.has_contact, has_lost(meta))
        for group in (keys(question.by), [])
    )
    return compare(named(frame, question.by)), whole.row(0, named=True)


def words(view: View) -> dict[str, str]:
    """Return the titles of the charts."""
    return {
        "group": view.label(view.breakdown or ""),
        "rate": _("Hit rate"),
        "interval": _("95 % interval"),
        "n": _("n"),
    }


def table(view: View, question: Slice, frame: pl.DataFrame, column: str, stale_lost: bool = False) -> None:
    """Draw the table of the groups; a selected row opens its deals, but for stale ones that count as lost."""
    first, n = frame.columns[0], pl.col("denominator")
    frame = frame.sort("enough", "rate", descending=True, nulls_last=True)
    ready = tables.percent(frame, ("rate", "low", "high", "difference"), n).with_columns(
        pl.col(first).fill_null(filters.shown(None)),
        won_amount=pl.col("won_amount").round(0),
        difference=pl.when("enough").then("difference"),
        more_deals=pl.when(
            (pl.col("more_deals") <= sentences.PATIENCE * n) & (pl.col("more_deals") + n >= ENOUGH_CASES)
        ).then("more_deals"),
        verdict=pl.when(pl.col("rate").is_not_null()).then(
            marks.side().replace_strict({k: _(v) for k, v in SIDES.items()})
        ),
    )
    aimed = {"target": _("Target"), "against": _("Against target"), "wins_short": _("Wins short")}
    if "target_low" not in frame.columns or not frame["target_low"].count():
        aimed = {}
    else:
        words = {name: _(told) for name, told in aims.VERDICTS.items()}
        ready = marks.text(ready, target=lambda r: aims.written(r["target_low"], r["target_high"]))
        ready = ready.with_columns(
            against=frame["aim"].replace_strict(words, default="", return_dtype=pl.String)
        )
    money = t(N_("Won value, {currency}"), currency=view.currency) if view.currency else _("Won value")
    titles = {
        first: view.label(column),
        "rate": _("Hit rate, %"),
        "low": _("95 % from"),
        "high": _("95 % to"),
        "denominator": _("n"),
        "verdict": _("Against the rest"),
        "difference": _("Points apart"),
        "more_deals": _("More deals needed"),
        **aimed,
        "won": _("Won"),
        "lost": _("Lost"),
        "open": _("Open"),
        "won_amount": money,
    }
    helps = {
        "more_deals": _(
            "Deals this group still needs before a difference of this size would show four times "
            "in five. 0: it shows already. Dash: the difference is too small to settle."
        ),
        "denominator": _("What the rate is taken over."),
    }
    select: Literal["row"] | None = None if stale_lost else "row"
    event = tables.show(ready, titles, f"groups_{column}", helps, select=select, wide=(first,))
    taken = tables.taken(ready, titles)
    tables.under(
        tables.about(view, question, int(frame["deals"].sum()), more=staleness.fact(stale_lost)),
        lambda: taken,
        tables.stamp(view, "hit-rates"),
        "groups",
    )
    if not stale_lost and (rows := event.selection.rows):
        where = drilling.one(column, frame[first][rows[0]])
        drilling.go_to_deals(drilling.denominator(view.pipeline.meta, view.definition, where))
