"""Which two snapshots are compared, and of which deals by expected close: in the address, with presets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import streamlit as st

from data import Pipeline
from data.errors import N_
from pages.shared import address, numbers
from pages.shared.controls import select
from pages.shared.snapshots.asof import days, nearest
from pages.shared.state import View
from pages.shared.words import _, t

DAY = timedelta(days=1)
GAPS = {"last": N_("The last two"), "week": N_("A week"), "month": N_("A month"), "quarter": N_("A quarter")}
BACK = {
    "week": (7, 3),
    "month": (30, 8),
    "quarter": (91, 20),
}  # days back, and how far off a snapshot may lie
DUE = {
    "any": N_("Any date"),
    "between": N_("Between the two snapshots"),
    "quarter": N_("In the quarter of the first one"),
    "now": N_("In the quarter of the second one"),
}


@dataclass(frozen=True)
class Pair:
    """Two snapshots, and the period that the deals looked at are due in; None is any day."""

    start: date
    end: date
    due: tuple[date, date] | None = None

    def question(self, view: View) -> dict[str, Any]:
        """Return the arguments that the metrics of snapshots share, with the sidebar's filters."""
        due = dict(zip(("due_start", "due_end"), self.due, strict=True)) if self.due else {}
        return {"start": self.start, "end": self.end, "where": where(view), **due}


def where(view: View) -> dict[str, list[str | None]]:
    """Return the sidebar's filters as metrics of snapshots take them."""
    found = {column: list(values) for column, values in view.slice.where}
    return found | ({"pipeline": [view.slice.pipeline]} if view.slice.pipeline else {})


def dated(view: View) -> bool:
    """Say whether the exports tell when open deals are expected to close."""
    return "expected_close_at" in view.labels


def before(known: Sequence[date], day: date) -> date:
    """Return the last of the days before another; the first of them all when none is."""
    return max((one for one in known if one < day), default=known[0])


def gaps(known: Sequence[date], end: date) -> dict[str, date]:
    """Return the presets there are snapshots for, each with its first day; none twice."""
    earlier = [day for day in known if day < end]
    if not earlier:
        return {}
    found = {"last": earlier[-1]}
    for name, (back, off) in BACK.items():
        target = end - timedelta(days=back)
        near = nearest(earlier, target)
        if abs(near - target).days <= off and near not in found.values():
            found[name] = near
    return found


def quarter(day: date, fiscal_month: int = 1) -> tuple[date, date]:
    """Return the first and last day of the quarter of the fiscal year that a day lies in."""
    first = day.year * 12 + day.month - 1 - (day.month - fiscal_month) % 3
    after = first + 3
    return date(first // 12, first % 12 + 1, 1), date(after // 12, after % 12 + 1, 1) - DAY


def period(name: str, start: date, end: date, fiscal_month: int) -> tuple[date, date] | None:
    """Return the period that deals are due in, by the name of the choice."""
    if name == "between":
        return start + DAY, end
    return {"quarter": quarter(start, fiscal_month), "now": quarter(end, fiscal_month)}.get(name)


def read(known: Sequence[date]) -> tuple[date, date, tuple[str, ...]]:
    """Return the two days the address asks for, put right, and the sentences that say what was not there."""
    said: list[str] = []

    def one(name: str, choices: Sequence[date], default: date) -> date:
        text = address.one(name)
        if not text:
            return default
        try:
            wanted = date.fromisoformat(text)
        except ValueError:
            wanted = None
        found = nearest(choices, wanted) if wanted else default
        if found != wanted:
            said.append(
                t(N_("The address asks for a snapshot that cannot be used here; {day} is taken instead."),
                  day=numbers.day(found))
            )  # fmt: skip
            address.put(name, found.isoformat())
        return found

    end = one("until", known[1:], known[-1])
    return one("since", [day for day in known if day < end], before(known, end)), end, tuple(said)


def pick(view: View, base: Pipeline, due: Sequence[str] = ()) -> Pair:
    """Draw the choice of two snapshots and return it; `due` names the periods that deals may be due in.

    Only snapshots up to the one the whole app is read as of can be chosen: later ones were not known then.
    """
    known = [day for day in days(base.meta) if day <= view.pipeline.meta.as_of]
    start, end, said = read(known)
    with st.container(horizontal=True, key="pair"):
        _day(_("From snapshot"), "since", [day for day in known if day < end], start)
        _day(_("To snapshot"), "until", known[1:], end)
        _gap(gaps(known, end), start, end)
        name = "any"
        if due and dated(view):
            name = select(_("Expected to close"), "due", {k: _(DUE[k]) for k in due}, due[0])
    if said:
        st.info("\n\n".join(said))
    return Pair(start, end, period(name, start, end, base.meta.definitions.fiscal_month))


def _day(label: str, name: str, choices: Sequence[date], value: date) -> None:
    key, shown = f"snap_{name}", value.isoformat()
    if st.session_state.get(key) != shown:
        st.session_state[key] = shown

    def keep() -> None:
        address.put(name, st.session_state[key])

    st.selectbox(
        label,
        [day.isoformat() for day in reversed(choices)],
        key=key,
        format_func=lambda day: numbers.day(date.fromisoformat(day)),
        on_change=keep,
        width=170,
        filter_mode="contains" if len(choices) > 8 else None,
    )


def _gap(found: dict[str, date], start: date, end: date) -> None:
    """Draw the presets; one that is set by hand leaves all of them unmarked."""
    if len(found) < 2:
        return
    key, now = "snap_gap", next((name for name, day in found.items() if day == start), None)
    if st.session_state.get(key) != now:
        st.session_state[key] = now

    def keep() -> None:
        if name := st.session_state[key]:
            address.put("since", found[name].isoformat())
            address.put("until", end.isoformat())

    st.segmented_control(
        _("Apart"), list(found), key=key, format_func=lambda name: _(GAPS[name]), on_change=keep
    )
