"""The deals behind a movement: chosen by a click, kept in the address, listed under the chart."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from data import Pipeline
from data.errors import N_
from metrics.snapshot_asides import flow_count, flow_deals
from metrics.snapshots import movement_count, movement_deals
from pages.shared import address, filters, history, numbers, tables, unread
from pages.shared.chips import STATUS_WORDS
from pages.shared.snapshots import told
from pages.shared.snapshots.chosen import Pair
from pages.shared.snapshots.names import deals, name
from pages.shared.state import View, cached
from pages.shared.words import _, plain, t

LISTED, BOOK = 200, 100_000
SIDES = {"due": "expected_close_at", "status": ""}
SELECTED = ("moved", "of", "out", "into")  # names in the address that say which deals are listed


def keep(key: str, **fields: str) -> None:
    """Put a clicked mark in the address; `fields` maps names in the address to fields of the mark."""
    event: Any = st.session_state[key]
    picked = event["selection"].get("pick")
    mark = dict(picked[-1]) if isinstance(picked, list) and picked else {}
    for one in SELECTED:
        address.put(one, str(mark[fields[one]]) if mark and fields.get(one) in mark else None)


def choose(**values: str | None) -> None:
    """Put a selection in the address; what is not named is taken out."""
    for one in SELECTED:
        address.put(one, values.get(one))


def refuse(*names: str) -> None:
    """Say of what came in the address under these names that there is no such part."""
    for one in names:
        if (value := address.one(one)) is not None:
            unread.refuse(one, unread.absent(value))


def draw(view: View, base: Pipeline, pair: Pair, question: dict[str, Any], heading: str) -> None:
    """Draw the heading, how many deals there are, and the list with its downloads.

    `question` holds the arguments of `metrics.snapshots.movement_deals`, or of `flow_deals`.
    """
    flow = "from_kind" in question
    count, fetch = (flow_count, flow_deals) if flow else (movement_count, movement_deals)
    n: int = cached(count)(base, **question)
    with st.container(key="behind"):
        st.header(plain(heading))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_counted(n), width="content")
            st.button(
                _("Close the list"), key="unpick", type="tertiary", icon=":material/close:", on_click=choose
            )
        if not n:
            return
        frame: pl.DataFrame = cached(fetch)(base, **question, limit=LISTED)
        titles = columns(view, frame, pair)
        event = tables.show(ready(frame), titles, "moved_deals", select="row", rows=10)

        def taken() -> pl.DataFrame:
            return tables.taken(ready(fetch(base, **question, limit=n)), titles)

        card = told.about(view, pair, n, [(_("Selection"), heading)])
        tables.under(card, taken, told.stamp("moved", pair), "moved", n <= BOOK)
        if rows := event.selection.rows:
            deal = frame.row(rows[0], named=True)
            history.draw(view, {**deal, "stage": deal["stage_after"] or deal["stage_before"]})


def _counted(n: int) -> str:
    if n <= LISTED:
        return deals(n)
    return t(N_("The first {n} of {whole}; the download has them all."),
             n=numbers.count(LISTED), whole=numbers.count(n))  # fmt: skip


def ready(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the deals with outcomes in the reader's words, and amounts whole."""
    words = {k: _(v) for k, v in STATUS_WORDS.items()}
    return frame.with_columns(
        pl.col(c).replace(words) for c in ("status_before", "status_after") if c in frame.columns
    )


def columns(view: View, frame: pl.DataFrame, pair: Pair) -> dict[str, str]:
    """Return the columns worth showing: what changed first, the rest once, what nobody knows not at all."""
    first = {"deal_id": _("Deal"), "deal_name": _("Name")}
    found = {c: view.labels.get(c, word) for c, word in first.items() if _filled(frame, c)}
    words = {"due": _("Expected to close"), "stage": _("Stage"), "amount": _("Amount"),
             "status": _("Outcome"), "owner": _("Owner"), "currency": _("Currency")}  # fmt: skip
    once: dict[str, str] = {}
    for part, word in words.items():
        label = view.labels.get(SIDES.get(part, part), word)
        before, after = f"{part}_before", f"{part}_after"
        if _filled(frame, before) and _filled(frame, after) and not frame[before].equals(frame[after]):
            found[before] = t(N_("{column} before"), column=label)
            found[after] = t(N_("{column} after"), column=label)
        elif side := next((c for c in (after, before) if _filled(frame, c)), None):
            once[side] = label
    return found | once


def _filled(frame: pl.DataFrame, column: str) -> bool:
    return column in frame.columns and frame[column].null_count() < frame.height


def title(movement: str, pair: Pair, view: View, value: str | None = None) -> str:
    """Return the heading of the list: what moved, and of which group."""
    what = name(movement, pair.start, pair.end)
    return what if value is None else f"{what}: {unread.clipped(filters.shown(value))}"
