"""Labels that look like one label written in several ways: merged by a click, parted by another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st

from data.errors import N_
from data.notice import Notice
from pages.shared.numbers import count
from pages.shared.review import draft, source
from pages.shared.review.desk import Desk
from pages.shared.words import _, ngettext, plain, t

FIRST = 6  # pairs of a column before the rest is folded away


@dataclass(frozen=True)
class Group:
    """The labels of one column of one file that may count as others; `pairs` maps each to what it may be."""

    place: int
    column: str
    pairs: dict[str, str]


def groups(desk: Desk, found: Iterable[Notice] = ()) -> list[Group]:
    """Return what may be merged and what is merged already, column by column.

    `found` adds the keys that nearly meet one of another file.
    """
    made: dict[tuple[str, str], Group] = {}
    for place, proposal in enumerate(desk.proposals):
        file = desk.file(place)
        if file.table == "unknown":
            continue
        near = {
            str(n.column): {
                str(m.values["mine"]): str(m.values["theirs"]) for m in found if m.column == n.column
            }
            for n in found
            if n.code == "join_near_miss" and n.file == proposal.file
        }
        for column in dict.fromkeys((*near, *proposal.offers, *file.merge)):
            pairs = near.get(column, {}) | proposal.offers.get(column, {}) | file.merge.get(column, {})
            known = made.get((proposal.fingerprint, column))
            if known is not None:
                known.pairs.update(pairs)
            elif pairs:
                made[proposal.fingerprint, column] = Group(place, column, dict(pairs))
    return list(made.values())


def draw(desk: Desk, found: Iterable[Notice]) -> None:
    """Draw every pair with a box to tick: ticked, the two are counted as one."""
    every = groups(desk, [n for n in found if n.code == "join_near_miss"])
    if not every:
        return
    st.header(_("Labels that look alike"))
    st.caption(_("Tick what is one and the same; it is then counted as one, now and in later files."))
    for group in every:
        with st.container(border=True, gap="xsmall", key=f"merge_{group.place}_{_slug(group.column)}"):
            _group(desk, group)


def _slug(column: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in column)


def _group(desk: Desk, group: Group) -> None:
    file, pairs = desk.file(group.place), list(group.pairs.items())
    rows = source.counts(desk.here, group.place, group.column) if _is_there(desk, group) else {}
    left = {label: into for label, into in pairs if label not in file.merge.get(group.column, {})}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        where = f" *({plain(desk.proposals[group.place].file)})*" if desk.several else ""
        st.markdown(f"**{plain(group.column)}**{where}", width="stretch")
        if len(left) > 1:
            st.button(
                t(N_("Merge all {n}"), n=count(len(left))),
                key=f"all_{group.place}_{_slug(group.column)}",
                on_click=desk.change,
                args=(group.place, draft.merge(file, group.column, left)),
            )
    for label, into in pairs[:FIRST]:
        _pair(desk, group, label, into, rows)
    rest = pairs[FIRST:]
    if rest:
        said = ngettext("{n} more pair", "{n} more pairs", len(rest)).format(n=count(len(rest)))
        opened = st.expander(said, key=f"rest_{group.place}_{_slug(group.column)}", on_change="rerun")
        if opened.open:
            with opened:
                for label, into in rest:
                    _pair(desk, group, label, into, rows)


def _is_there(desk: Desk, group: Group) -> bool:
    return group.column in desk.proposals[group.place].columns


def _pair(desk: Desk, group: Group, label: str, into: str, rows: dict[str, int]) -> None:
    file = desk.file(group.place)
    key = f"pair_{group.place}_{_slug(group.column)}_{_slug(label)}_{len(label)}"
    st.session_state[key] = label in file.merge.get(group.column, {})

    def ticked() -> None:
        merged = draft.merge(file, group.column, {label: into})
        apart = draft.unmerge(file, group.column, label)
        desk.change(group.place, merged if st.session_state[key] else apart)

    st.checkbox(
        t(N_("{label} counts as {into}"), label=_with(label, rows), into=_with(into, rows)),
        key=key,
        on_change=ticked,
    )


def _with(label: str, rows: dict[str, int]) -> str:
    """Return a label with the rows it stands on, where that is known."""
    return f"“{plain(label)}”" + (f" ({count(rows[label])})" if label in rows else "")
