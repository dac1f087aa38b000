"""The evidence for each kind of question, and the buttons that answer it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import polars as pl
import streamlit as st

from data.errors import N_
from data.meta import Status
from data.notice import Notice
from pages.shared import told
from pages.shared.numbers import NOT_AVAILABLE, day, number
from pages.shared.review import controls, draft, outcome, source
from pages.shared.review import desk as desks
from pages.shared.review.asking import Ask
from pages.shared.review.desk import Desk
from pages.shared.words import _, plain, t

SAMPLES = 4
DATE = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
LISTED = re.compile(r"^(\d+)([.)])")
DIGITS = re.compile(r"[^0-9,.-]")


def dated(text: str, first: str) -> date | None:
    """Return the day a written date means when the day or the month comes first; None when it means none.

    >>> dated("03/04/2026", "day")
    datetime.date(2026, 4, 3)
    """
    found = DATE.match(text.strip())
    if found is None:
        return None
    one, two, year = (int(part) for part in found.groups())
    dom, month = (one, two) if first == "day" else (two, one)
    try:
        return date(year + 2000 if year < 100 else year, month, dom)
    except ValueError:
        return None


def valued(text: str, sign: str) -> float | None:
    """Return what a written number means with this decimal sign; None when it is none.

    >>> valued("€ 12.345", ","), valued("€ 12.345", ".")
    (12345.0, 12.345)
    """
    bare = DIGITS.sub("", text).replace({",": ".", ".": ","}[sign], "").replace(",", ".")
    try:
        return float(bare)
    except ValueError:
        return None


def draw(desk: Desk, ask: Ask) -> None:
    """Draw what a question says, what shows it, and how it can be answered."""
    BODIES.get(ask.kind, _other)(desk, ask)


def _sentences(ask: Ask) -> None:
    """Draw what the notices say; several that only differ in the column are one sentence."""
    said: dict[str, list[Notice]] = {}
    for notice in ask.notices:
        said.setdefault(notice.message, []).append(notice)
    for alike in said.values():
        columns = "”, “".join(n.column or "" for n in alike)
        first = alike[0]
        if len(alike) > 1 and all(
            {**n.values, "column": ""} == {**first.values, "column": ""} for n in alike
        ):
            alike = [first.model_copy(update={"values": {**first.values, "column": columns}})]
        for notice in alike:
            st.markdown(told.sentence(notice))


def _right(ask: Ask, label: str | None = None) -> None:
    st.button(
        label or _("That is right"),
        key=f"right_{ask.key}",
        on_click=desks.answer,
        args=(ask.key,),
        width="content",
    )


def _texts(desk: Desk, ask: Ask) -> list[str]:
    """Return the different cells known of the columns a question is about."""
    samples = desk.proposals[ask.place].samples
    return list(dict.fromkeys(text for n in ask.notices if n.column for text in samples.get(n.column, [])))


def cell(text: str) -> str:
    """Return a text as a cell of a table that reads Markdown: "9. maj" is no list.

    >>> cell("9. maj 2025")
    '9\\\\. maj 2025'
    """
    return LISTED.sub(r"\1\\\2", plain(text))


def _two_ways(
    desk: Desk,
    ask: Ask,
    ways: Sequence[tuple[str, str]],
    now: str | None,
    shown: Callable[[str, str], str],
    take: Callable[[str], None],
) -> None:
    """Draw cells as each of two readings has them, and a button for each reading."""
    texts = sorted(_texts(desk, ask), key=lambda x: len({shown(x, name) for name, _label in ways}) == 1)
    if texts:
        texts = texts[:SAMPLES]  # those that the two readings part come first
        columns = {_("In your file"): [cell(x) for x in texts]}
        columns |= {_(way): [cell(shown(x, name)) for x in texts] for name, way in ways}
        st.table(pl.DataFrame(columns), hide_index=True, width=520, border="horizontal")
    with st.container(horizontal=True, gap="small"):
        for name, label in ways:
            st.button(
                _(label),
                key=f"way_{name}_{ask.key}",
                icon=":material/check:" if name == now else None,
                on_click=desks.answer,
                args=(ask.key, partial(take, name)),
                help=_("This is how it is read now.") if name == now else None,
            )


def _dates(desk: Desk, ask: Ask) -> None:
    file = desk.file(ask.place)
    _sentences(ask)
    _two_ways(
        desk,
        ask,
        (("day", N_("The day first")), ("month", N_("The month first"))),
        draft.date_order(file),
        lambda text, first: day(dated(text, first)),
        lambda first: desk.change(ask.place, draft.with_date_order(file, first)),
    )


def _numbers(desk: Desk, ask: Ask) -> None:
    file = desk.file(ask.place)
    _sentences(ask)

    def shown(text: str, sign: str) -> str:
        value = valued(text, sign)
        return number(value, 0 if value is None or value.is_integer() else 2)

    _two_ways(
        desk,
        ask,
        ((",", N_("A decimal comma")), (".", N_("A decimal point"))),
        draft.decimal_sign(file),
        shown,
        lambda sign: desk.change(ask.place, draft.with_decimal_sign(file, sign)),
    )


def _money(desk: Desk, ask: Ask) -> None:
    _sentences(ask)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        controls.currency(desk, ask.place, "ask_")
        _right(ask)


def _outcome(desk: Desk, ask: Ask) -> None:
    _sentences(ask)
    outcome.outcomes(desk, ask.place, "ask_")
    _right(ask)


def _others(desk: Desk, ask: Ask) -> None:
    file = desk.file(ask.place)
    _sentences(ask)
    ways: tuple[tuple[Status, str], ...] = (
        ("lost", N_("They are lost")),
        ("open", N_("They are still open")),
    )
    with st.container(horizontal=True, gap="small"):
        for status, label in ways:
            now = status == file.outcome.otherwise
            st.button(
                _(label),
                key=f"way_{status}_{ask.key}",
                icon=":material/check:" if now else None,
                on_click=desks.answer,
                args=(ask.key, partial(desk.change, ask.place, draft.otherwise(file, status))),
                help=_("This is how it is read now.") if now else None,
            )


def _stages(desk: Desk, ask: Ask) -> None:
    _sentences(ask)
    outcome.stage_order(desk, ask.place, "ask_")
    _right(ask)


def _rivals(desk: Desk, ask: Ask) -> None:
    file, notice = desk.file(ask.place), ask.notices[0]
    _sentences(ask)
    _rows(desk, ask)
    field, now = str(notice.values["field"]), file.fields.get(str(notice.values["field"]))
    with st.container(horizontal=True, gap="small"):
        for name in (str(notice.values["column"]), str(notice.values["other"])):
            take = partial(desk.change, ask.place, draft.read_as(file, name, field)) if name != now else None
            st.button(
                plain(name),
                key=f"way_{name}_{ask.key}",
                icon=":material/check:" if name == now else None,
                on_click=desks.answer,
                args=(ask.key, take),
                help=_("This is how it is read now.") if name == now else None,
            )


def _other(desk: Desk, ask: Ask) -> None:
    _sentences(ask)
    _rows(desk, ask)
    _right(ask)


def _rows(desk: Desk, ask: Ask) -> None:
    """Draw the rows that show what is asked, the columns in question first."""
    notice = ask.notices[0]
    if not notice.rows:
        return
    file, frame = desk.file(ask.place), source.rows(desk.here, ask.place, notice.rows, SAMPLES)
    asked = (notice.column, notice.values.get("other"))
    about = (file.fields.get(f) for f in ("deal_name", "stage", "amount", "created_at", "closed_at"))
    columns = [str(c) for c in dict.fromkeys((*asked, *about)) if c in frame.columns]
    st.dataframe(
        frame.select(source.ROW, *columns),
        hide_index=True,
        key=f"rows_{ask.key}",
        placeholder=NOT_AVAILABLE,
        column_config={source.ROW: st.column_config.NumberColumn(_("Row"), width=60)},
    )


def _table(desk: Desk, ask: Ask) -> None:
    _sentences(ask)
    frame = source.rows(desk.here, ask.place, n=3).drop(source.ROW)
    if frame.height:
        st.dataframe(frame, hide_index=True, key=f"rows_{ask.key}", placeholder=NOT_AVAILABLE)
    file = desk.file(ask.place)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        controls.table(desk, ask.place, "ask_", answers=ask.key)
        leave = partial(desk.change, ask.place, draft.left_out(file))
        st.button(
            _("Leave it out"),
            key=f"out_{ask.key}",
            on_click=desks.answer,
            args=(ask.key, leave),
            width="content",
        )


def _day(desk: Desk, ask: Ask) -> None:
    _sentences(ask)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        for place, proposal in enumerate(desk.proposals):
            if proposal.fingerprint == ask.fingerprint:
                controls.day(desk, place, "ask_", plain(proposal.file))
    _right(ask, _("Leave them undated"))


def _lists(desk: Desk, ask: Ask) -> None:
    _sentences(ask)
    with st.container(horizontal=True, gap="small"):
        _right(ask, _("No, count them all"))
        for place, proposal in enumerate(desk.proposals):
            if desk.file(place).table == "deals":
                leave = partial(desk.change, place, draft.left_out(desk.file(place)))
                st.button(
                    t(N_("Leave out {file}"), file=plain(proposal.file)),
                    key=f"out_{place}_{ask.key}",
                    on_click=desks.answer,
                    args=(ask.key, leave),
                )


BODIES: dict[str, Callable[[Desk, Ask], None]] = {
    "dates": _dates,
    "numbers": _numbers,
    "money": _money,
    "outcome": _outcome,
    "others": _others,
    "rivals": _rivals,
    "stages": _stages,
    "table": _table,
    "lists": _lists,
    "day": _day,
}
