"""Funnel and leaks: where deals are lost, which groups lose more than the others, and what it costs."""

from __future__ import annotations

import streamlit as st

from data import HitrateError
from data.cells import count
from data.slice import Slice
from metrics.funnel import stage_table, stages_of
from pages.shared import aims, leaking, marks, numbers, pairing, sentences, side_by_side
from pages.shared.charts import stages as stages_chart
from pages.shared.controls import choose, picked, readings
from pages.shared.drilling import Drill, go_to_deals
from pages.shared.errors import box
from pages.shared.snapshots import derived
from pages.shared.stage_table import BACK, SKIPPED, part, part_told, table, words
from pages.shared.state import View, cached, current
from pages.shared.theme import palette
from pages.shared.words import _, ngettext

LARGEST = 5  # groups of the breakdown that can be given a target per stage on this page


def one_pipeline(view: View, question: Slice) -> Slice:
    """Return the slice on the pipeline asked about; the first where several differ in their stages."""
    meta = view.pipeline.meta
    if question.pipeline is None and len(meta.pipelines) > 1 and not meta.stages():
        return question.with_(pipeline=meta.pipelines[0].name)
    return question


def bars(view: View, question: Slice) -> None:
    """Draw the funnel of all deals: sentence, bars, what was left out, the numbers."""
    with st.skeleton(height=430):
        frame = cached(stage_table)(view.pipeline, question.with_(by=()))
    told = sentences.worst_stage(frame)
    sentences.answer(told)
    chart = stages_chart(marks.stage_frame(frame), words(), palette(), told, numbers.altair_locale())
    event = st.altair_chart(chart, theme=None, key="stages", on_select="rerun")
    apart(view, question)
    derived.note(view)
    if mark := marks.pick(event):
        picked(part_told(view, question, mark), part(mark, Drill(pipeline=question.pipeline)), "stage")
    reading(view)
    with st.expander(_("The numbers by stage")):
        table(view, question, frame)
    column = view.breakdown
    largest = pairing.groups(view, question, column)[:LARGEST] if column else []
    aims.of_stages(view, frame, question.pipeline, largest)


def apart(view: View, question: Slice) -> None:
    """Say which deals no stage can hold, and offer them."""
    n: int = cached(count)(view.pipeline, question.with_(by=(), exit="no_stage"))
    if not n:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            ngettext(
                "{n} deal has no stage recorded and is not in the bars.",
                "{n} deals have no stage recorded and are not in the bars.",
                n,
            ).format(n=numbers.count(n)),
            width="content",
        )
        if st.button(_("See them"), key="unplaced", type="tertiary"):
            go_to_deals(Drill(exit="no_stage", pipeline=question.pipeline))


def reading(view: View) -> None:
    """Draw the choices of reading, kept in the address."""
    closed = () if view.pipeline.meta.stage_source == "history" else ("not",)
    with st.container(horizontal=True):
        if not closed:
            choose(_("A stage that was skipped"), "skipped", {k: _(v) for k, v in SKIPPED.items()}, "passed")
        choose(_("A deal that moves back"), "back", {k: _(v) for k, v in BACK.items()}, "stands")


view = current()
question = one_pipeline(view, readings(view.slice, view.pipeline.meta))
st.title(_("Funnel and leaks"))
try:
    stages_of(view.pipeline.meta, question.pipeline)
    bars(view, question)
    known = True
except HitrateError as error:
    box(error)
    known = False
leaking.draw(view, question, answer=not known)
if known:
    side_by_side.draw(view, question)
