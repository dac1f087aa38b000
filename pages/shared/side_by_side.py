"""Two funnels side by side: two groups of the breakdown, or two periods, and where they really differ."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import streamlit as st

from data.cells import count
from data.errors import N_
from data.slice import Slice
from metrics.funnel import stage_table
from metrics.stages_apart import stages_apart
from pages.shared import changing, drilling, marks, numbers, pairing, sentences, tables
from pages.shared.charts import stages as stages_chart
from pages.shared.controls import choose, picked
from pages.shared.filters import shown
from pages.shared.stage_table import part, part_told
from pages.shared.stage_table import words as parts
from pages.shared.state import View, cached
from pages.shared.theme import palette
from pages.shared.words import _, plain, t

VERDICTS = {"a": N_("first is better"), "b": N_("second is better"), "same": N_("no difference shown"),
            "few": N_("too few to conclude")}  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One of the two: its name, its question, and the deals of a mark in it."""

    name: str
    asked: Slice
    drill: drilling.Drill


def draw(view: View, question: Slice) -> None:
    """Draw the choice, the answer, the two funnels and the table of steps."""
    st.header(_("Two funnels side by side"))
    meta = view.pipeline.meta
    dated = {"created": meta.has_created, "closed": meta.has_closed}[question.basis]
    ways = {"groups": view.label(view.breakdown or ""), "periods": _("Two periods")}
    closed = [name for name, there in (("groups", view.breakdown), ("periods", dated)) if not there]
    if len(closed) == len(ways):
        st.markdown(_("Two funnels need a column to break down by, or dates; this file has neither."))
        return
    way = choose(_("Compare"), "sides", ways, next(w for w in ways if w not in closed), True, closed)
    found = two_periods(view, question) if way == "periods" else two_groups(view, question)
    if found is None:
        return
    frame = cached(stages_apart)(view.pipeline, found[0].asked, found[1].asked)
    st.markdown(answer(frame, found))
    with st.grid(2, min_column_width=330, gap="medium"):
        for place, side in enumerate(found):
            bars(view, side, place)
    table(view, frame, found)


def two_groups(view: View, question: Slice) -> tuple[Side, Side] | None:
    """Return the two groups that the reader chose."""
    names = pairing.two(view, question)
    if names is None or view.breakdown is None:
        return None
    first, second = (_group(question, view.breakdown, value) for value in names)
    return first, second


def _group(question: Slice, column: str, value: str) -> Side:
    where = drilling.one(column, value)
    asked = question.with_(where=(*question.where, *where), by=())
    return Side(shown(value), asked, drilling.Drill(where=where, pipeline=question.pipeline))


def two_periods(view: View, question: Slice) -> tuple[Side, Side]:
    """Return a period and the one it is held against, as the reader chose them."""
    before, after = changing.chosen(view)
    basis = {"created": N_("Creation date"), "closed": N_("Closing date")}[question.basis]
    st.caption(t(N_("Both periods are by this date: {date}."), date=_(basis).lower()))
    first, second = (_period(question, asked) for asked in (after, before))
    return first, second


def _period(question: Slice, asked: Slice) -> Side:
    cut = {"start": asked.start, "end": asked.end}
    drill = drilling.Drill(start=asked.start, end=asked.end, pipeline=question.pipeline)
    return Side(changing.words(asked), question.with_(by=(), **cut), drill)


def answer(frame: pl.DataFrame, sides: tuple[Side, Side]) -> str:
    """Return the stage at which the two surely differ most, or that none is shown to differ."""
    if not (frame["entered_a"].sum() and frame["entered_b"].sum()):
        return _("One of the two has no deal that entered a stage, so there is nothing to compare.")
    sure = frame.filter("different").sort(pl.col("difference").abs(), descending=True)
    if sure.is_empty():
        many = frame["enough"].any()
        return (
            _("No stage differs between the two by more than chance would give.")
            if many
            else _("Too few deals are decided at any stage of the two to compare them.")
        )
    row = sure.row(0, named=True)
    better, worse = ("a", "b") if row["difference"] > 0 else ("b", "a")
    names = {"a": plain(sides[0].name), "b": plain(sides[1].name)}
    low, high = sorted(abs(row[f"difference_{end}"]) for end in ("low", "high"))
    told = N_(
        "They differ most at **{stage}**: {better} {rate} go on, {worse} {other}; {points} apart "
        "(95 % interval {low} to {high})."
    )
    return t(
        told, stage=plain(row["stage"]), better=names[better], worse=names[worse],
        rate=numbers.rate(row[f"conversion_{better}"], row[f"decided_{better}"]),
        other=numbers.rate(row[f"conversion_{worse}"], row[f"decided_{worse}"]),
        points=numbers.points(abs(row["difference"])), low=numbers.number(low * 100),
        high=numbers.number(high * 100),
    )  # fmt: skip


def bars(view: View, side: Side, place: int) -> None:
    """Draw one of the funnels; a click opens its deals."""
    own = cached(stage_table)(view.pipeline, side.asked)
    with st.container():
        st.markdown(f"**{plain(side.name)}**")
        said = f"{side.name}: {sentences.worst_stage(own)}"
        ready = marks.stage_frame(own)
        chart = stages_chart(ready, parts(), palette(), said, numbers.altair_locale(), legend=False)
        event = st.altair_chart(chart, theme=None, key=f"side_{place}", on_select="rerun")
        if mark := marks.pick(event):
            found = part(mark, side.drill)
            picked(part_told(view, side.asked, mark), found, f"side_{place}")


def table(view: View, frame: pl.DataFrame, sides: tuple[Side, Side]) -> None:
    """Draw the steps of both beside one another."""
    n = pl.min_horizontal("decided_a", "decided_b")
    ready = tables.percent(frame, ("conversion_a",), pl.col("decided_a"))
    ready = tables.percent(ready, ("conversion_b",), pl.col("decided_b"))
    words = {key: _(told) for key, told in VERDICTS.items()}
    ready = tables.percent(ready, ("difference", "difference_low", "difference_high"), n).with_columns(
        verdict=pl.when(~pl.col("enough"))
        .then(pl.lit(words["few"]))
        .when(~pl.col("different"))
        .then(pl.lit(words["same"]))
        .when(pl.col("difference") > 0)
        .then(pl.lit(words["a"]))
        .otherwise(pl.lit(words["b"]))
    )
    first, second = (side.name for side in sides)
    titles = {
        "stage": _("Stage"), "conversion_a": t(N_("{group}, %"), group=first),
        "conversion_b": t(N_("{group}, %"), group=second), "difference": _("Points apart"),
        "difference_low": _("95 % from"), "difference_high": _("95 % to"), "verdict": _("Result"),
        "decided_a": t(N_("{group}, decided"), group=first),
        "decided_b": t(N_("{group}, decided"), group=second),
        "median_days_a": t(N_("{group}, days"), group=first),
        "median_days_b": t(N_("{group}, days"), group=second),
    }  # fmt: skip
    blank = [c for c in ("median_days_a", "median_days_b") if not frame[c].count()]
    titles = {column: title for column, title in titles.items() if column not in blank}
    tables.show(ready, titles, "sides_table", {"median_days_a": _("Days until half had left the stage.")})
    facts = [
        (_("Compared"), f"{first} / {second}"),
        (_("Step conversion"), _("Went on / (went on + lost here), Wilson 95 % interval.")),
        (_("Result"), _("Newcombe 95 % interval of the difference; corrected over the stages "
                        "(Benjamini-Hochberg), and only where both sides have enough deals.")),
    ]  # fmt: skip
    deals = sum(cached(count)(view.pipeline, side.asked) for side in sides)
    what = tables.about(view, sides[0].asked, deals, False, facts, ("flow", "stage_ages"))
    taken = tables.taken(ready, titles)
    tables.under(what, lambda: taken, tables.stamp(view, "two-funnels", rate=False), "sides")
