"""Funnel and leaks: where deals are lost, which groups lose more than the others, and what it costs."""

from __future__ import annotations

import polars as pl
import streamlit as st

from data import HitrateError
from data.errors import N_
from data.slice import Slice
from metrics.funnel import stage_table, stages_of, unplaced
from pages.shared import leaking, marks, numbers, sentences, tables
from pages.shared.charts import stages as stages_chart
from pages.shared.controls import choose, picked, readings, see, values
from pages.shared.errors import box
from pages.shared.filters import shown
from pages.shared.state import View, cached, current
from pages.shared.theme import palette
from pages.shared.words import _, ngettext, plain, t

SIDES = 4
SKIPPED = {"passed": N_("Counts as passed"), "not": N_("Does not count")}
BACK = {"stands": N_("Keeps what it reached"), "cancels": N_("Loses what it reached")}


def words() -> dict[str, str]:
    """Return the titles of the stage bars."""
    return {part: _(name) for part, name in marks.PARTS.items()} | {
        "stage": _("Stage"), "deals": _("Deals"), "part": _("What became of them")}


def one_pipeline(view: View, question: Slice) -> Slice:
    """Return the slice on the pipeline asked about; the first where several differ in their stages."""
    meta = view.pipeline.meta
    if question.pipeline is None and len(meta.pipelines) > 1 and not meta.stages():
        return question.with_(pipeline=meta.pipelines[0].name)
    return question


def bars(view: View, question: Slice) -> None:
    """Draw the funnel of all deals: sentence, bars, what was left out, the numbers."""
    frame = cached(stage_table)(view.pipeline, question.with_(by=()))
    told = sentences.worst_stage(frame)
    sentences.answer(told)
    chart = stages_chart(marks.stage_frame(frame), words(), palette(), told, numbers.altair_locale())
    event = st.altair_chart(chart, theme=None, key="stages", on_select="rerun")
    apart(view, question)
    if mark := marks.pick(event):
        stage, part = int(mark["stage_no"]), str(mark["part"])
        name = next((s.label for s in stages_of(view.pipeline.meta, question.pipeline) if s.number == stage), "")
        picked(f"{plain(name)}: {words().get(part, '')}", {}, "stage", (), stage, part, question.pipeline)
    reading(view)
    with st.expander(_("The numbers by stage")):
        table(view, question, frame)


def apart(view: View, question: Slice) -> None:
    """Say which deals no stage can hold, and offer them."""
    asked = view.question() | {"basis": question.basis}
    left = cached(unplaced)(view.pipeline, pipeline_name=question.pipeline, **asked)
    if left.is_empty():
        return
    n = int(left["deals"].sum())
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(ngettext("{n} deal has no stage recorded and is not in the bars.",
                            "{n} deals have no stage recorded and are not in the bars.", n).format(
            n=numbers.count(n)), width="content")
        if st.button(_("See them"), key="unplaced", type="tertiary"):
            see({}, (), None, "no_stage", question.pipeline)


def reading(view: View) -> None:
    """Draw the choices of reading, kept in the address."""
    closed = () if view.pipeline.meta.stage_source == "history" else ("not",)
    with st.container(horizontal=True):
        if not closed:
            choose(_("A stage that was skipped"), "skipped", {k: _(v) for k, v in SKIPPED.items()}, "passed")
        choose(_("A deal that moves back"), "back", {k: _(v) for k, v in BACK.items()}, "stands")


def table(view: View, question: Slice, frame: pl.DataFrame) -> None:
    """Draw the funnel in numbers."""
    ready = tables.percent(frame, ("conversion", "low", "high"), pl.col("advanced") + pl.col("lost"))
    ready = tables.percent(ready, ("from_top",), pl.col("entered"))
    titles = {"stage": _("Stage"), "entered": _("Entered"), **{k: w for k, w in words().items() if k in marks.PARTS},
              "conversion": _("Went on, %"), "low": _("95 % from"), "high": _("95 % to"),
              "from_top": _("Of all at the top, %"), "median_days": _("Days, half left"),
              "p75_days": _("Days, three in four"), "p90_days": _("Days, nine in ten")}
    helps = {"conversion": _("Went on / (went on + lost here): deals still there do not count."),
             "median_days": _("Days until half had left the stage; deals still there count as not left yet.")}
    tables.show(ready, titles, "stage_table", helps)
    taken = tables.taken(ready, titles)
    more = [(_("Step conversion"), _("Went on / (went on + lost here), Wilson 95 % interval.")),
            (_("A stage that was skipped"), _(SKIPPED[question.skipped])),
            (_("A deal that moves back"), _(BACK[question.back])),
            (_("Stages come from"), {"history": _("the stage history"), "stage": _("the stage each deal stands in")}.get(
                view.pipeline.meta.stage_source, ""))]
    tables.under(tables.about(view, question, rate=False, more=more), lambda: taken,
                 tables.stamp(view, "funnel"), "stages")


def sides(view: View, question: Slice) -> None:
    """Draw the funnels of the largest groups beside one another."""
    column = view.breakdown
    if column is None:
        return
    st.subheader(t(N_("Side by side: {column}"), column=view.label(column)))
    frame = cached(stage_table)(view.pipeline, question.with_(by=(column,)))
    first = frame.columns[0]
    found = frame[first].unique(maintain_order=True).head(SIDES).to_list()
    with st.grid(2, min_column_width=330, gap="medium"):
        for place, value in enumerate(found):
            own = frame.filter(pl.col(first).eq_missing(pl.lit(value)))
            with st.container():
                st.markdown(f"**{plain(shown(value))}**")
                chart = stages_chart(marks.stage_frame(own), words(), palette(),
                                     f"{shown(value)}: {sentences.worst_stage(own)}", numbers.altair_locale(), legend=False)
                event = st.altair_chart(chart, theme=None, key=f"side_{place}", on_select="rerun")
                if mark := marks.pick(event):
                    picked(_("The part you clicked"), {column: values(value or "")}, f"side_{place}", (),
                           int(mark["stage_no"]), str(mark["part"]), question.pipeline)


view = current()
question = one_pipeline(view, readings(tables.asked(view)))
st.title(_("Funnel and leaks"))
if view.pipeline.meta.stage_source != "history":
    question = question.with_(skipped="passed")
try:
    stages_of(view.pipeline.meta, question.pipeline)
    bars(view, question)
    known = True
except HitrateError as error:
    box(error)
    known = False
leaking.draw(view, question, answer=not known)
if known:
    sides(view, question)
