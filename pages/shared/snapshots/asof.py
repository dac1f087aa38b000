"""As of which snapshot the reader looks: `asof=` in the address; the newest where it says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from data import Pipeline
from data.errors import N_
from data.meta import Meta
from pages.shared import address, numbers, unread
from pages.shared.words import _, t

NAME = "asof"


def days(meta: Meta) -> tuple[date, ...]:
    """Return the days one can choose between, oldest first; () when there is only one."""
    return tuple(sorted(meta.snapshots)) if len(meta.snapshots) > 1 else ()


def nearest(known: Sequence[date], day: date) -> date:
    """Return the day nearest to another; of two that are as near, the earlier."""
    return min(known, key=lambda one: (abs(one - day), one))


def asked(meta: Meta) -> date | None:
    """Return the snapshot that the address asks for, or the nearest to it; None is the newest."""
    day, known = _day(), days(meta)
    return nearest(known, day) if day and known else None


def _day() -> date | None:
    try:
        return date.fromisoformat(address.one(NAME) or "")
    except ValueError:
        return None


def seen(found: Pipeline) -> Pipeline:
    """Return the pipeline as the chosen snapshot showed it."""
    day = asked(found.meta)
    return found if day is None else _at(*found.key, day, found)


@st.cache_resource(show_spinner=False, max_entries=24)
def _at(workspace: str, generation: int, day: date, _found: Pipeline) -> Pipeline:
    return _found.at(day)


def clean(meta: Meta) -> tuple[str, ...]:
    """Put the nearest snapshot in the address where it names none; return the sentence that says so."""
    text, day, found = address.one(NAME), _day(), asked(meta)
    if not text or (day is not None and day == found):
        return ()
    address.put(NAME, found.isoformat() if found else None)
    if day is None:
        return (t(N_("“{value}” is not a date; it was left out."), value=unread.quoted(text)),)
    if found is None:
        return (
            t(N_("There is one export only, so nothing can be shown as of {day}."), day=numbers.day(day)),
        )
    return (
        t(N_("There is no snapshot of {day}; the nearest one is shown, of {found}."),
          day=numbers.day(day), found=numbers.day(found)),
    )  # fmt: skip


def draw(meta: Meta) -> None:
    """Draw the choice in the sidebar; nothing where there is nothing to choose."""
    known = days(meta)
    if not known:
        return
    now = asked(meta)
    own = [day.isoformat() for day in reversed(known) if day != known[-1] or day == now]
    key, value = f"pick_{NAME}", now.isoformat() if now else ""
    if st.session_state.get(key) != value:
        st.session_state[key] = value

    def keep() -> None:
        address.put(NAME, st.session_state[key] or None)

    st.selectbox(
        _("As of"),
        ["", *own],
        key=key,
        format_func=lambda day: (
            numbers.day(date.fromisoformat(day))
            if day
            else t(N_("Newest ({day})"), day=numbers.day(known[-1]))
        ),
        on_change=keep,
        help=_("Read every page as the export of that day showed it."),
        filter_mode="contains" if len(known) > 8 else None,
    )


def chip(meta: Meta) -> list[tuple[str, tuple[str, ...]]]:
    """Return the chip that says which snapshot is shown, and what it takes out of the address."""
    day = asked(meta)
    return [(t(N_("As of {day}"), day=numbers.day(day)), (NAME,))] if day else []
