"""The controls that correct how a file was read: its table, dates, numbers, currency, and day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from data.errors import N_
from data.recognising.labels import TABLE_LABELS
from pages.shared.review import desk as desks
from pages.shared.review import draft, source
from pages.shared.review.desk import Desk
from pages.shared.words import _

CURRENCIES = ("EUR", "DKK", "GBP", "USD", "SEK", "NOK", "CHF")
FIRST_DAY, LAST_DAY = date(1980, 1, 1), date(2100, 1, 1)  # without these only ten years can be chosen


def writing(desk: Desk, place: int) -> None:
    """Draw how dates, numbers and money are written in the file."""
    file, key = desk.file(place), f"{desk.proposals[place].fingerprint}_{place}"
    order, sign = draft.date_order(file), draft.decimal_sign(file)
    if order:
        names = {"day": N_("day first (31-12-2025)"), "month": N_("month first (12-31-2025)")}
        _one(
            _("Dates"),
            f"dates_{key}",
            names,
            order,
            lambda new: desk.change(place, draft.with_date_order(file, new)),
        )
    if sign:
        names = {",": N_("decimal comma (1.234,50)"), ".": N_("decimal point (1,234.50)")}
        _one(
            _("Numbers"),
            f"decimal_{key}",
            names,
            sign,
            lambda new: desk.change(place, draft.with_decimal_sign(file, new)),
        )
    if "currency" not in file.fields and "amount" in file.fields:
        currency(desk, place)


def has_day(desk: Desk, place: int) -> bool:
    """Return whether one day for the whole file means something: it has one, or is one of several exports."""
    proposal = desk.proposals[place]
    alike = sum(p.fingerprint == proposal.fingerprint for p in desk.proposals)
    return proposal.snapshot_from in ("given", "file name") or (alike > 1 and proposal.snapshot_at is None)


def day(desk: Desk, place: int, prefix: str = "", label: str | None = None) -> None:
    """Draw the day a file speaks of, which its name does not tell or tells wrongly."""
    proposal = desk.proposals[place]
    key = f"{prefix}day_{proposal.fingerprint}_{place}"
    st.session_state[key] = date.fromisoformat(proposal.snapshot_at[:10]) if proposal.snapshot_at else None

    def edited() -> None:
        upload = source.upload(desk.here, place)
        if upload is not None:
            desk.here.date(upload, st.session_state[key])

    st.date_input(
        label or _("This export is of"),
        key=key,
        value=None,
        format="DD-MM-YYYY",
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        on_change=edited,
        width=205,
    )


def currency(desk: Desk, place: int, prefix: str = "") -> None:
    """Draw the currency of the file's amounts, where no column says it."""
    file = desk.file(place)
    own = (file.currency,) if file.currency else ()
    key = f"{prefix}currency_{desk.proposals[place].fingerprint}_{place}"
    st.session_state[key] = file.currency

    def edited() -> None:
        code = str(st.session_state[key] or "").strip().upper()
        valid = code if len(code) == 3 and code.isalpha() else None
        desk.change(place, file.model_copy(update={"currency": valid}))

    st.selectbox(
        _("Currency"),
        list(dict.fromkeys((*own, *CURRENCIES))),
        key=key,
        accept_new_options=True,
        placeholder=_("None"),
        width=160,
        on_change=edited,
    )


def table(desk: Desk, place: int, prefix: str = "", answers: str | None = None) -> None:
    """Draw which table the file is; `answers` names the question that a choice answers."""
    file = desk.file(place)

    def took(new: str) -> None:
        desk.change(place, file.model_copy(update={"table": new}))
        if answers:
            desks.answer(answers)

    key = f"{prefix}table_{desk.proposals[place].fingerprint}_{place}"
    _one(_("This file holds"), key, TABLE_LABELS, file.table, took, width=245)


def _one(
    label: str, key: str, names: dict[str, str], value: str, took: Callable[[str], None], width: int = 205
) -> None:
    st.session_state[key] = value
    st.selectbox(
        label,
        list(names),
        key=key,
        format_func=lambda n: _(names[n]),
        filter_mode=None,
        width=width,
        on_change=lambda: took(st.session_state[key]),
    )
