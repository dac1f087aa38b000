"""Two groups of the breakdown, chosen by the reader and kept in the address as `a` and `b`."""

from __future__ import annotations

import streamlit as st

from data import Slice
from data.errors import N_
from metrics.hit_rate import rates
from pages.shared.controls import select
from pages.shared.filters import shown
from pages.shared.state import View, cached
from pages.shared.words import _, plain, t

MOST = 300  # groups that a reader can choose from: the largest


def groups(view: View, question: Slice, column: str) -> list[str]:
    """Return the values of a column within these filters, the largest group first; "" is blank."""
    frame = cached(rates)(view.pipeline, question.with_(by=(column,)), view.definition)
    largest = frame.sort("deals", descending=True, maintain_order=True).head(MOST)
    return [str(v) if v is not None else "" for v in largest.to_series(0)]


def two(view: View, question: Slice) -> tuple[str, str] | None:
    """Draw the choice of two groups and return them; where there are none, say why and return None."""
    column = view.breakdown
    found = groups(view, question, column) if column else []
    if column is None:
        st.markdown(_("This file has no column to break down by, so there are no two groups to compare."))
        return None
    if len(found) < 2:
        told = N_("All these deals have the same {column}, so there is nothing to compare.")
        st.markdown(t(told, column=plain(view.label(column))))
        return None
    with st.container(horizontal=True):
        first = select(_("First group"), "a", {g: shown(g) for g in found}, found[0])
        others = [g for g in found if g != first]
        second = select(_("Second group"), "b", {g: shown(g) for g in others}, others[0])
    return first, second
