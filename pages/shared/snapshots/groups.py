"""The movements by the values of a column: a table whose cells open the deals behind them."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from data.errors import N_
from metrics.snapshots import ledger
from pages.shared import filters, tables
from pages.shared.snapshots import behind, told
from pages.shared.snapshots.chosen import Pair
from pages.shared.snapshots.measure import Measure
from pages.shared.snapshots.names import STEPS, TOTALS, name
from pages.shared.state import View, cached
from pages.shared.words import _, t


def table(
    view: View, base: Any, pair: Pair, column: str, measure: Measure
) -> tuple[pl.DataFrame, dict[str, str]]:
    """Return a row per value, the one that moved most first, a column per movement; and their titles."""
    own: pl.DataFrame = cached(ledger)(base, by=column, **pair.question(view))
    first = own.columns[0]
    own = measure.of(own).filter(pl.col("movement").is_in([TOTALS[0], *STEPS, TOTALS[1]]))
    sums = own.group_by(first, "movement", maintain_order=True).agg(pl.col("size").sum())
    wide = sums.pivot("movement", index=first, values="size").rename({first: "key"})
    every = [m for m in (TOTALS[0], *STEPS, TOTALS[1]) if m in wide.columns]
    wide = wide.with_columns(pl.col(every).fill_null(0))
    shown = [m for m in every if m in TOTALS or (wide[m] != 0).any()]
    moved = pl.sum_horizontal(pl.col(m).abs() for m in every if m not in TOTALS)
    there = pl.any_horizontal(pl.col(m) != 0 for m in every)
    wide = wide.filter(there).sort(moved, TOTALS[0], "key", descending=[True, True, False])
    ready = wide.with_columns(label=pl.col("key").fill_null(filters.shown(None)))
    titles = {"label": view.label(column), **{m: name(m, pair.start, pair.end) + measure.unit for m in shown}}
    return ready.with_columns(pl.col(shown).round(0).replace(-0.0, 0.0)), titles


def draw(view: View, base: Any, pair: Pair, measure: Measure) -> None:
    """Draw the table; a selected cell lists the deals behind it."""
    column = view.breakdown
    if not column:
        return
    frame, titles = table(view, base, pair, column, measure)
    if frame.height < 2:
        return
    st.header(t(N_("Movements by {column}"), column=view.label(column)))
    key = f"moved_{column}"

    def keep() -> None:
        cells = st.session_state[key]["selection"]["cells"]
        row, title = cells[0] if cells else (None, "")
        if row is None or title not in titles or title == "label":
            behind.choose()
        else:
            behind.choose(moved=title, of=frame["key"][row] or filters.BLANK)

    tables.show(frame, titles, key, select="cell", wide=("label",), on_select=keep)
    st.caption(_("Select a number to see its deals."))
    card = told.about(view, pair, frame.height)
    tables.under(card, lambda: tables.taken(frame, titles), told.stamp("movements", pair), "groups")
