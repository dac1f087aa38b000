"""The table of the fair comparison: each group as it is, with everybody's mix, and what was expected."""

from __future__ import annotations

import polars as pl

from data import Slice
from pages.shared import drilling, fairness, filters, tables
from pages.shared.state import View
from pages.shared.words import _


def draw(view: View, question: Slice, fair: fairness.Fair) -> None:
    """Draw the numbers of the comparison; a selected row opens its deals."""
    first, n, column = fair.first, pl.col("deals"), question.by[0]
    words = {f"{raw} {side}": _(told) for (raw, side), told in fairness.SIDES.items()}
    told = (pl.col("raw_side") + " " + pl.col("fair_side")).replace_strict(words)
    few = ~pl.col("enough")
    verdict = pl.when(few).then(pl.lit(_(fairness.FEW))).otherwise(told)
    ends = ("rate", "adjusted", "adjusted_low", "adjusted_high", "shared")
    ready = tables.percent(fair.frame, ends, n).with_columns(
        pl.col(first).fill_null(filters.shown(None)), pl.col("expected").round(1),
        verdict=pl.when(few | ~pl.col("partly")).then(verdict).otherwise(pl.lit(_(fairness.PARTLY))),
    )  # fmt: skip
    titles = {
        first: view.label(column), "rate": _("Hit rate, %"), "adjusted": _("With everybody's mix, %"),
        "adjusted_low": _("95 % from"), "adjusted_high": _("95 % to"), "verdict": _("Fairly compared"),
        "deals": _("n"), "won": _("Won"), "expected": _("Wins expected"), "shared": _("Shared, %"),
    }  # fmt: skip
    helps = {
        "expected": _(
            "Wins this group would have if each kind of deal were won as often as by all together."
        ),
        "shared": _(
            "Share of its deals of a kind that other groups have too. Under 50 % nothing is compared."
        ),
    }
    event = tables.show(ready, titles, f"fairly_{column}", helps, select="row", wide=(first, "verdict"))
    facts = [
        (_("Adjusted for"), ", ".join(fair.report.labels)),
        (
            _("Method"),
            _(
                "Indirect standardisation: wins / expected wins × the rate of all, exact 95 % interval. "
                "Who differs is corrected over all groups (Holm)."
            ),
        ),
    ]  # fmt: skip
    asked = question.with_(by=(*question.by, *fair.report.fields))
    what = tables.about(view, asked, int(fair.frame["deals"].sum()), more=facts)
    tables.under(what, lambda: tables.taken(ready, titles), tables.stamp(view, "fair"), "fair")
    if rows := event.selection.rows:
        where = drilling.one(column, fair.frame[first][rows[0]])
        drilling.go_to_deals(drilling.denominator(view.pipeline.meta, view.definition, where))
