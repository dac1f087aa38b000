"""What the reader should know before trusting a number: each warning with one click to its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import polars as pl
import streamlit as st

from data.errors import N_
from data.notice import Notice
from data.recipe import FileRecipe
from data.workspace import Workspace
from pages.shared import told
from pages.shared.numbers import NOT_AVAILABLE, count
from pages.shared.review import source
from pages.shared.review.asking import ELSEWHERE
from pages.shared.spelled import number_column, written
from pages.shared.words import _, ngettext, plain, t

TOLD = ELSEWHERE | {"values_unread", "joined"}  # shown by a part of the page of their own
LEFT_OVER = ("join_unmatched", "join_unused")
FIRST = 5  # warnings before the rest is folded away
HEAVY = ("open_only", "no_lost_deals", "no_won_deals", "won_at_zero", "won_in_future")
ROWS, MANY = 50, 8  # rows shown, and of them before the table scrolls inside itself


def listed(found: Iterable[Notice], level: str) -> list[Notice]:
    """Return the notices of one level without repeats, those that change most first."""
    wanted = told.unique(n for n in found if n.level == level and n.code not in TOLD)
    return sorted(wanted, key=lambda n: HEAVY.index(n.code) if n.code in HEAVY else len(HEAVY))


@dataclass(frozen=True)
class Told:
    """What an import tells: its notices, the rows (file, row) behind each by its place in the list, and how
    each file is read, by its name. `mends` draws what settles a notice of some code on the spot."""

    here: Workspace
    files: Mapping[str, tuple[int, FileRecipe]]
    notices: Sequence[Notice]
    behind: Mapping[int, pl.DataFrame]
    mends: Mapping[str, Callable[[Notice], None]] = field(default_factory=dict)

    def rows(self, notice: Notice) -> pl.DataFrame | None:
        """Return the rows behind a notice, where it is about some rows and not about the whole file."""
        if notice.count is None:
            return None
        places = [i for i, n in enumerate(self.notices) if (n.text(), n.file) == (notice.text(), notice.file)]
        return next((self.behind[i] for i in places if i in self.behind), None)


def draw(said: Told) -> None:
    """Draw the warnings, then, folded, the further ones and the remarks."""
    warnings, remarks = listed(said.notices, "warning"), listed(said.notices, "info")
    if not warnings and not remarks:
        return
    st.header(_("Worth knowing"))
    for notice in warnings[:FIRST]:
        _line(said, notice)
    rest = [*warnings[FIRST:], *remarks]
    if not rest:
        return
    n = len(rest)
    more = (
        ngettext("{n} more remark", "{n} more remarks", n)
        if warnings
        else ngettext("{n} remark", "{n} remarks", n)
    )
    opened = st.expander(more.format(n=count(n)), key="more_worth", on_change="rerun")
    if opened.open:
        with opened:
            for notice in rest:
                _line(said, notice)


def _line(said: Told, notice: Notice) -> None:
    """Draw one notice, and its rows when they were asked for."""
    shown: set[str] = st.session_state.setdefault("rows_shown", set())
    name, rows = f"{notice.text()}|{notice.file}", said.rows(notice)
    sentence, does = st.columns([4, 1], gap="small", vertical_alignment="top")
    where = told.where(notice) if len(said.files) > 1 else ""
    sentence.markdown(f"{told.ICONS[notice.level]} {told.sentence(notice)}{where}")
    keys = notice.code in LEFT_OVER and keyed(said, notice)
    with does:
        if notice.code in said.mends:
            said.mends[notice.code](notice)
        elif rows is not None or keys:
            st.button(
                _("Hide") if name in shown else _("Show the values") if keys else _("Show the rows"),
                key=f"rows_{crc32(name.encode())}",
                type="tertiary",
                icon=":material/table_rows:",
                on_click=_toggle,
                args=(name,),
            )
    if keys and name in shown:
        _keys(said, notice)
    elif rows is not None and name in shown:
        for (file,), part in rows.group_by("file", maintain_order=True):
            if file in said.files:
                _rows(said, notice, str(file), part)


def joined(notices: Iterable[Notice]) -> None:
    """Draw how the files fit together: by which columns, and how many of the values meet."""
    found = [n for n in told.unique(notices) if n.code == "joined"]
    n = len(found)
    place: Any = st.container(gap="xsmall")
    if n > FIRST:
        text = ngettext("{n} file joined to the deals", "{n} files joined to the deals", n)
        place = st.expander(text.format(n=count(n)), key="joined")
    with place:
        for notice in found:
            st.caption(f":material/link: {told.sentence(notice)}")


def keyed(said: Told, notice: Notice) -> bool:
    """Return whether the two columns of a join are columns of uploaded files, so that values can be shown."""
    sides = (
        (notice.values.get("deals", notice.file), "mine"),
        (notice.values.get("file", notice.file), "theirs"),
    )
    return all(
        name in said.files
        and notice.values.get(side) in source.raw(said.here, said.files[str(name)][0]).columns
        for name, side in sides
    )


def left_over(said: Told, notice: Notice) -> dict[str, int]:
    """Return the values of one side of a join that the other does not have, with their rows."""
    deals = str(notice.values.get("deals", notice.file))
    other = str(notice.values.get("file", notice.file))
    place, recipe = said.files[deals]
    header = str(notice.values["mine"])
    mine: dict[str, int] = {}
    for label, n in source.counts(said.here, place, header).items():
        known = recipe.merge.get(header, {}).get(label, label)
        mine[known] = mine.get(known, 0) + n
    theirs = source.counts(said.here, said.files[other][0], str(notice.values["theirs"]))
    one, two = (mine, theirs) if notice.code == "join_unmatched" else (theirs, mine)
    return {label: n for label, n in one.items() if label not in two}


def _keys(said: Told, notice: Notice) -> None:
    """Draw the values that have no partner."""
    found = left_over(said, notice)
    side = "mine" if notice.code == "join_unmatched" else "theirs"
    frame = pl.DataFrame({"value": list(found)[:ROWS], "rows": list(found.values())[:ROWS]})
    st.dataframe(
        written(frame),
        hide_index=True,
        width=420,
        height="content" if frame.height <= MANY else 38 + 35 * MANY,
        column_config={
            "value": st.column_config.TextColumn(str(notice.values[side]), width=280),
            "rows": number_column(_("Rows"), frame["rows"], width=100),
        },
    )
    if len(found) > frame.height:
        st.caption(t(N_("The first {n} of {total}."), n=count(frame.height), total=count(len(found))))


def _toggle(name: str) -> None:
    shown: set[str] = st.session_state.setdefault("rows_shown", set())
    st.session_state["rows_shown"] = shown ^ {name}


def _rows(said: Told, notice: Notice, name: str, rows: pl.DataFrame) -> None:
    """Draw the rows as the file has them, under its own headers; columns left out are left out here."""
    place, recipe = said.files[name]
    wanted = rows.get_column("row").to_list()[:ROWS]
    frame = source.rows(said.here, place, wanted, ROWS)
    first = (notice.column, *recipe.fields.values(), *recipe.keep)
    columns = [c for c in dict.fromkeys(first) if c in frame.columns and c not in recipe.drop]
    if len(said.files) > 1:
        st.caption(plain(name))
    st.dataframe(
        frame.select(source.ROW, *columns),
        hide_index=True,
        height="content" if frame.height <= MANY else 38 + 35 * MANY,
        column_config={source.ROW: st.column_config.NumberColumn(_("Row"), width=60, pinned=True)},
        placeholder=NOT_AVAILABLE,
        key=f"table_{crc32(f'{notice.text()}|{name}'.encode())}",
    )
    total = next((part.count for part in notice.parts if part.file == name), notice.count)
    if total is not None and total > len(wanted):
        st.caption(t(N_("The first {n} of {total}."), n=count(len(wanted)), total=count(total)))
