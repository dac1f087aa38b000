"""The active filters as chips above the content: one click takes one out, another clears them all."""

from __future__ import annotations

import streamlit as st

from data import Pipeline
from data.errors import N_
from data.recognising.labels import STATUS_LABELS
from pages.shared import address, filters, numbers
from pages.shared.filters import DRILL, FIELD
from pages.shared.periods import ALL, CUSTOM, PERIODS
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
    if statuses := address.many(DRILL + "status"):
        words = ", ".join(_(STATUS_LABELS[s]) for s in statuses if s in STATUS_LABELS)
        found.append((t(N_("Outcome: {outcomes}"), outcomes=words), (DRILL + "status",)))
    return found


def draw(pipeline: Pipeline) -> None:
    """Draw the chips; nothing when nothing is filtered."""
    chips = active(pipeline)
    if not chips:
        return
    with st.container(horizontal=True, gap="small", key="chips"):
        for number, (text, gone) in enumerate(chips):
            st.button(plain(text), key=f"chip_{number}", icon=":material/close:", icon_position="right",
                      on_click=address.drop, args=gone, width="content",
                      help=t(N_("Take out the filter {filter}"), filter=plain(text)))
        st.button(_("Clear all"), key="chip_all", type="tertiary", on_click=filters.clear_all,
                  width="content")
