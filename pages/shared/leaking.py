"""The leaks of a slice: what each group loses beyond the others, ranked by what it surely costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import polars as pl
import streamlit as st

from data.errors import N_
from data.slice import Slice
from metrics.leak_references import LABELS, Reference
from metrics.leaks import HINTS, LeakReport
from pages.shared import aims, drilling, marks, numbers, sentences, tables, told
from pages.shared.charts import stakes
from pages.shared.charts.look import bare
from pages.shared.controls import choose, picked
from pages.shared.filters import shown
from pages.shared.leak_facts import Facts, Step, compared, described, leak_facts
from pages.shared.state import View, cached
from pages.shared.theme import palette
from pages.shared.words import _, plain, t

DRAWN, LISTED, NAMED = 10, 200, 3
STATES = {
    "leak": N_("leak"),
    "better": N_("better than elsewhere"),
    "no difference": N_("no difference shown"),
    "not enough data": N_("too few to conclude"),
}
REFERENCES = {"rest": N_("Elsewhere, %"), "best": N_("Best group, %"), "before": N_("Before, %"),
              "target": N_("Target, %")}  # fmt: skip
POSITIONS = {"early": N_("early"), "late": N_("late")}


def draw(view: View, question: Slice, answer: bool) -> None:
    """Draw the leaks: what they are held against, sentence, ranked bars, meaning, table.

    `answer` where they are the page's answer.
    """
    st.header(_("Which groups leak, and what it costs"))
    targets = aims.of_steps(view.pipeline.meta, question.pipeline)
    closed = [] if question.start else ["before"]
    closed += [] if targets else ["target"]
    names = {name: _(label) for name, label in LABELS.items()}
    against = choose(_("Held against"), "leakref", names, "rest", disabled=closed)
    _drawn(view, question, answer, cast(Reference, against), targets if against == "target" else ())


@st.fragment
def _drawn(view: View, question: Slice, answer: bool, against: Reference, targets: Sequence[Step]) -> None:
    with st.skeleton(height=320):
        found: Facts = cached(leak_facts)(view.pipeline, question.with_(by=()), against, targets)
    leaks = found.frame.filter(pl.col("state") == "leak")
    said = headline(found, leaks)
    sentences.answer(said) if answer else st.markdown(said)
    if not leaks.is_empty():
        bars(found, leaks.head(DRAWN), said)
        meaning(found, leaks)
    st.caption(" ".join([compared(found), *(told.sentence(n) for n in found.notices)]))
    if not found.frame.is_empty():
        table(view, question, found)


def headline(found: Facts, leaks: pl.DataFrame) -> str:
    """Return the costliest leak in a sentence, or that none is shown."""
    if found.no_loss:
        return _(
            "No deal is lost in these data, so no group can be seen to lose more. Import lost deals too."
        )
    if found.frame.is_empty() and found.everything.is_empty():
        return _("There is nothing to hold these groups against.")
    if not found.tested:
        return _("Too few deals are decided to compare groups: each side needs at least five.")
    if leaks.is_empty():
        return _("No group loses more deals than chance would give.")
    return sentences.leak(leaks.row(0, named=True), found.currency)


def name(row: dict[str, object]) -> str:
    """Return a leak in a few words: group, and stage when known."""
    who = f"{row['label']}: {shown(str(row['value']) if row['value'] else None)}"
    return f"{who}, {row['stage']}" if row["stage"] else who


def bars(found: LeakReport, leaks: pl.DataFrame, said: str) -> None:
    """Draw the money at stake, cautious end solid; wins at stake where nothing is priced."""
    priced = leaks["revenue_at_stake"].null_count() < leaks.height
    best, low = ("revenue_at_stake", "low") if priced else ("wins_at_stake", "wins_low")
    unit = f", {found.currency}" if found.currency else ""
    title = _("Money at stake") + unit if priced else _("Wins at stake")
    ready = leaks.with_columns(stake=pl.col(best), low=pl.col(low)).drop_nulls("stake").with_row_index("key")

    def written(value: float) -> str:
        return numbers.money_major(value, found.currency) if priced else numbers.number(value, 1)

    drawn = marks.text(
        ready,
        label=name,
        told=lambda r: bare(sentences.leak(r, found.currency)),
        low_text=lambda r: written(max(r["low"], 0)),
        stake_text=lambda r: written(r["stake"]),
    )
    words = {"leak": _("Leak"), "low": _("At least"), "stake": title}
    event = st.altair_chart(
        stakes(drawn, words, palette(), said, numbers.altair_locale(), numbers.short),
        theme=None,
        key="stakes",
        on_select="rerun",
    )
    st.caption(_("Solid: the cautious end of the 95 % interval. Pale: the best estimate."))
    if mark := marks.pick(event):
        row = ready.row(int(mark["key"]), named=True)
        picked(plain(name(row)), drilling.lost(row), "stake")


def meaning(found: Facts, leaks: pl.DataFrame) -> None:
    """Say what early and late leaks point to, each with its leaks, and which come of no contact at all."""
    for position in ("early", "late"):
        own = leaks.filter(position=position).head(NAMED).to_dicts()
        if own:
            here = t(N_("Here: {leaks}."), leaks=_listed(own))
            st.markdown(f"- {_(HINTS[position])} {here}")
    for row in found.silent.head(NAMED).to_dicts():
        told = N_("{leak}: {n} of the {lost} lost deals were never contacted.")
        n, lost = numbers.count(row["no_contact"]), numbers.count(row["lost"])
        st.markdown(f"- {_(HINTS['no contact'])} {t(told, leak=plain(name(row)), n=n, lost=lost)}")


def _listed(rows: list[dict[str, object]]) -> str:
    return "; ".join(plain(name(row)) for row in rows)


def ready(frame: pl.DataFrame) -> pl.DataFrame:
    """Return comparisons in the reader's words and with the digits they can carry."""
    return tables.percent(frame, ("conversion", "reference"), pl.col("deals")).with_columns(
        pl.col("excess_lost", "wins_at_stake").round(1),
        pl.col("revenue_at_stake", "low", "high").round(0).clip(lower_bound=0),
        pl.col("q").round(3),
        value=pl.col("value").fill_null(shown(None)),
        state=pl.col("state").replace({k: _(v) for k, v in STATES.items()}),
        position=pl.col("position").replace({k: _(v) for k, v in POSITIONS.items()}),
    )


def titles(found: LeakReport) -> dict[str, str]:
    """Return the columns of the table under the reader's words."""
    unit = f", {found.currency}" if found.currency else ""
    against = found.frame["against"][0] if found.frame.height else "rest"
    named = {
        "label": _("Column"),
        "value": _("Group"),
        "stage": _("Stage"),
        "state": _("Result"),
        "low": _("At least") + unit,
        "revenue_at_stake": _("About") + unit,
        "deals": _("Decided"),
        "conversion": _("Went on, %"),
        "reference": _(REFERENCES[against]),
        **({"reference_value": _("Best group")} if against == "best" else {}),
        "excess_lost": _("Lost in excess"),
        "high": _("At most") + unit,
        "position": _("Early or late"),
        "q": _("q"),
    }
    empty = ["stage", "position"] if found.frame["stage"].null_count() == found.frame.height else []
    if found.frame["revenue_at_stake"].null_count() == found.frame.height:
        empty += ["low", "revenue_at_stake", "high"]
    return {column: title for column, title in named.items() if column not in empty}


def table(view: View, question: Slice, found: LeakReport) -> None:
    """Draw every comparison in which a group does worse, with its state; the download has them all."""
    helps = {
        "low": _("Money at stake: the cautious end of the 95 % interval, never under 0."),
        "revenue_at_stake": _("Money at stake: the best estimate."),
        "q": _("The share of false alarms among all leaks at least this clear."),
        "excess_lost": _("Decided deals × (rate elsewhere − rate of this group)."),
    }
    named = titles(found)
    event = tables.show(
        ready(found.frame.head(LISTED)), named, "leak_table", helps, select="row", wide=("value",)
    )
    taken = tables.taken(ready(found.everything), named)
    stake = _("Lost in excess × chance to win after this step × average won amount, with its 95 % interval.")
    tables.under(
        described(view, question, found, stake),
        lambda: taken,
        tables.stamp(view, "leaks", rate=False),
        "leaks",
    )
    if rows := event.selection.rows:
        drilling.go_to_deals(drilling.lost(found.frame.row(rows[0], named=True)))
