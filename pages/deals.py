"""Deals: the rows behind a number, to sort, to read one by one, and to take home."""

from __future__ import annotations

import math
from typing import Any

import polars as pl
import streamlit as st

from data.cells import count, deals
from data.errors import N_
from data.slice import Slice
from pages.shared import address, drilled, drilling, filters, history, numbers, sentences, tables
from pages.shared.chips import STATUS_WORDS
from pages.shared.controls import choose, readings, select
from pages.shared.state import View, cached, current
from pages.shared.words import _, t

PAGE = 100
BOOK = 100_000  # rows that a spreadsheet still opens with ease
NAMES = {
    "deal_id": N_("Deal"),
    "deal_name": N_("Name"),
    "status": N_("Outcome"),
    "stage": N_("Stage"),
    "amount": N_("Amount"),
    "currency": N_("Currency"),
    "created": N_("Created"),
    "closed": N_("Closed"),
    "owner": N_("Owner"),
    "source": N_("Source"),
    "account": N_("Account"),
    "file": N_("File"),
    "row": N_("Row"),
}  # in the order of the table
HEADERS = {"created": "created_at", "closed": "closed_at"}


def titles(view: View, frame: pl.DataFrame) -> dict[str, str]:
    """Return the columns worth showing under the headers of the user's file."""
    found: dict[str, str] = {}
    place = list(NAMES)
    for name in sorted(frame.columns, key=lambda c: place.index(c) if c in place else place.index("account")):
        own = view.labels.get(HEADERS.get(name, name))
        if own or name in ("status", "file", "row") or frame[name].null_count() < frame.height:
            found[name] = own if own and name != "status" else _(NAMES.get(name, name))
    return found


def directions(kind: pl.DataType) -> tuple[str, str]:
    """Return what descending and ascending are called for a column of this type."""
    if kind.is_temporal():
        return _("Newest first"), _("Oldest first")
    if kind.is_numeric():
        return _("Highest first"), _("Lowest first")
    return _("Z to A"), _("A to Z")


def listing(view: View, question: Slice, n: int) -> None:
    """Draw one page of the list with its order and downloads."""
    first = deals(view.pipeline, question, limit=1)
    named = titles(view, first)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        order = select(_("Sort by"), "sort", named, "created")
        ways = dict(zip(("down", "up"), directions(first.schema[order]), strict=True))
        down = choose(_("Direction"), "way", ways, "down", hidden=True) == "down"
    pages = max(1, math.ceil(n / PAGE))
    page = st.pagination(pages, key="deals_page") if pages > 1 else 1
    frame = cached(deals)(view.pipeline, question, (min(page, pages) - 1) * PAGE, PAGE, order, down)
    words = {k: _(v) for k, v in STATUS_WORDS.items()}
    shown = frame.with_columns(pl.col("status").replace(words), pl.col("created", "closed").dt.date())
    event = tables.show(shown, titles(view, frame) | named, "deals", select="row", rows=15)
    st.caption(
        t(
            N_("Rows {first} to {last} of {n}. Select a row to see the deal's way through the stages."),
            first=numbers.count((page - 1) * PAGE + 1),
            last=numbers.count((page - 1) * PAGE + frame.height),
            n=numbers.count(n),
        )
    )
    pipeline, most = view.pipeline, n

    def taken() -> pl.DataFrame:
        return tables.taken(deals(pipeline, question, 0, most, order, down), named)

    tables.under(
        tables.about(view, question, n, False, drilled.selection(view, question), ("count",)),
        taken,
        tables.stamp(view, "deals", rate=False),
        "deals",
        n <= BOOK,
    )
    rows: list[Any] = event.selection.rows
    if rows:
        history.draw(view, frame.row(rows[0], named=True))


view = current()
asked = view.slice
drill = drilling.drill(view.pipeline)
question = readings(drill.apply(asked), view.pipeline.meta)
st.title(_("Deals"))
n: int = cached(count)(view.pipeline, question)
if not n:
    sentences.answer(_("No deals fit these filters."))
    st.write(_("Take out a filter above, or show all deals again."))
else:
    sentences.answer(drilled.headline(view, question, n))
if drill != drilling.Drill() and st.button(_("Leave this selection"), icon=":material/close:"):
    address.drop(*address.names(filters.DRILL))
    st.rerun()
if n:
    listing(view, question, n)
