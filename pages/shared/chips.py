"""The active filters as chips above the content: one click takes one out, another clears them all."""

from __future__ import annotations

import streamlit as st

from data import Pipeline
from data.errors import N_
from data.recognising.labels import STATUS_LABELS
from pages.shared import address, filters, numbers
from pages.shared.drilling import KNOWN, drill
from pages.shared.filters import DRILL, FIELD
from pages.shared.marks import PARTS
from pages.shared.periods import ALL, CUSTOM, PERIODS
from pages.shared.snapshots import asof
from pages.shared.words import _, plain, t

STATUS_WORDS = STATUS_LABELS
_MANY = 3


def _values(name: str) -> str:
    listed = [filters.shown(v) for v in address.many(name)]
    more = len(listed) - _MANY
    return ", ".join(listed[:_MANY]) + (f" +{more}" if more > 0 else "")


def _period(pipeline: Pipeline) -> tuple[str, tuple[str, ...]] | None:
    name = address.one("period", ALL) or ALL
    if name == ALL:
        return None
    if name == CUSTOM:
        asked = filters.chosen(pipeline).slice
        text = numbers.span(numbers.day(asked.start), numbers.day(asked.end))
    else:
        text = _(PERIODS.get(name, name))
    return text, ("period", "from", "to")


def active(pipeline: Pipeline) -> list[tuple[str, tuple[str, ...]]]:
    """Return the text of every active filter and the names in the address that it stands for."""
    names = filters.labels(pipeline.meta)
    found = [chip] if (chip := _period(pipeline)) else []
    if address.one("basis") and filters.basis(pipeline.meta) != filters.own_basis(pipeline.meta):
        found.append((_(filters.BASES[filters.basis(pipeline.meta)]), ("basis",)))
    if run := address.one("pipeline"):
        found.append((run, ("pipeline",)))
    for prefix in (FIELD, DRILL + FIELD):
        for name in address.names(prefix):
            column = name.removeprefix(prefix)
            found.append((f"{names.get(column, column)}: {_values(name)}", (name,)))
    return found + drilled(pipeline)


def drilled(pipeline: Pipeline) -> list[tuple[str, tuple[str, ...]]]:
    """Return the chips of a drill-down, less its columns; each names what it takes out of the address."""
    asked, meta, found = drill(pipeline), pipeline.meta, list[tuple[str, tuple[str, ...]]]()
    stages = {s.number: s.label for s in meta.stages(asked.pipeline or address.one("pipeline"))}

    def chip(text: str, *gone: str) -> None:
        found.append((text, tuple(DRILL + name for name in gone)))

    if asked.status:
        words = ", ".join(_(STATUS_LABELS[s]) for s in asked.status)
        chip(t(N_("Outcome: {outcomes}"), outcomes=words), "status")
    if asked.stage:
        way = _(PARTS.get(asked.exit or "", N_("Entered")))
        chip(f"{stages.get(asked.stage, asked.stage)}: {way}", "stage", "exit")
    elif asked.exit:
        chip(_("No stage recorded"), "exit")
    if asked.reached and asked.reached > 1:
        chip(t(N_("Reached {stage} or was won"), stage=stages.get(asked.reached, asked.reached)), "reached")
    for name, text in (("contacted", N_("Contacted")), ("amount", N_("Amount known"))):
        if KNOWN[name] in asked.known:
            chip(_(text), "known")
    if asked.stale is not None:
        here = ", ".join(str(stages.get(stage, stage)) for stage, _days in asked.stale if stage)
        told = _("Stale")
        chip(f"{here}: {told}" if here and len(asked.stale) < len(stages) else told, "stale")
    if asked.start or asked.end:
        chip(numbers.span(numbers.day(asked.start), numbers.day(asked.end)), "start", "end")
    if asked.pipeline and asked.pipeline != address.one("pipeline"):
        chip(asked.pipeline, "pipeline")
    return found


def draw(pipeline: Pipeline, newest: Pipeline) -> None:
    """Draw the chips; nothing when nothing is filtered."""
    chips = [*asof.chip(newest.meta), *active(pipeline)]
    if not chips:
        return
    with st.container(horizontal=True, gap="small", key="chips"):
        for number, (text, gone) in enumerate(chips):
            st.button(
                plain(text),
                key=f"chip_{number}",
                icon=":material/close:",
                icon_position="right",
                on_click=address.drop,
                args=gone,
                width="content",
                help=t(N_("Take out the filter {filter}"), filter=plain(text)),
            )
        st.button(
            _("Clear all"), key="chip_all", type="tertiary", on_click=filters.clear_all, width="content"
        )
