"""Numbers cut into bands to slice by: age, employees, amount. Edges are proposed, edited, and counted."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import polars as pl
import streamlit as st
from babel.numbers import NumberFormatError, parse_decimal

from data.errors import N_
from data.recipe import FileRecipe, Proposal
from pages.shared import spelled
from pages.shared.numbers import count, number
from pages.shared.review import draft
from pages.shared.review.desk import Desk
from pages.shared.words import _, locale, plain, t

START = (10.0, 100.0, 1_000.0)  # for a column nobody proposes edges for


def offered(proposal: Proposal, file: FileRecipe) -> list[str]:
    """Return the columns of numbers that are cut or can be."""
    return [c for c in dict.fromkeys((*file.bands, *proposal.bands)) if c in proposal.columns]


def written(edge: float) -> str:
    """Return an edge as the reader writes numbers."""
    return number(edge, 0 if float(edge).is_integer() else 2)


def parsed(text: str) -> float | None:
    """Return the number a reader wrote; None when it is none."""
    try:
        return float(parse_decimal(text.replace(" ", ""), locale=locale()))
    except (NumberFormatError, ValueError):
        return None


def draw(desk: Desk, place: int, bands: Mapping[str, Mapping[str, int]]) -> None:
    """Draw every column of numbers: cut, with its edges and the deals in each band, or a button to cut it."""
    proposal, file = desk.proposals[place], desk.file(place)
    st.caption(_("A column of numbers cut into bands can be sliced by, like any other."))
    for column in offered(proposal, file):
        if column in file.bands:
            # A column that is something else too (an amount) has its bands beside it.
            _cut(desk, place, column, bands.get(column) or bands.get(f"{column} (bands)", {}))
    still = [c for c in offered(proposal, file) if c not in file.bands]
    with st.container(horizontal=True, gap="small"):
        for column in still:
            edges = proposal.bands.get(column) or START
            st.button(
                t(
                    N_("Cut “{column}” at {edges}"),
                    column=plain(column),
                    edges=" · ".join(map(written, edges)),
                ),
                key=f"cut_{place}_{column}",
                on_click=desk.change,
                args=(place, draft.band(file, column, edges)),
            )


def _cut(desk: Desk, place: int, column: str, deals: Mapping[str, int]) -> None:
    file = desk.file(place)
    key = f"edges_{place}_{column}_{desk.version}"
    now = [written(edge) for edge in file.bands[column]]

    def edited() -> None:
        values = [value for text in st.session_state[key] if (value := parsed(text)) is not None]
        if values:
            desk.change(place, draft.band(file, column, values))

    with st.container(border=True):
        st.multiselect(
            t(N_("Where “{column}” is cut"), column=plain(column)),
            now,
            default=now,
            key=key,
            accept_new_options=True,
            on_change=edited,
            help=_("Each number begins a new band. Type a number to add it; click the x to take one away."),
        )
        if deals:
            _counts(column, deals, f"bands_{place}_{column}")
        st.button(
            _("Do not cut it"),
            key=f"uncut_{place}_{column}",
            type="tertiary",
            on_click=partial(desk.change, place, draft.band(file, column, ())),
        )


def _counts(column: str, deals: Mapping[str, int], key: str) -> None:
    """Draw the deals in each band, and how the bands compare.

    The number has a column of its own: that of a bar is always written the browser's way.
    """
    frame = pl.DataFrame({"band": list(deals), "deals": list(deals.values())})
    most = max(deals.values()) or 1
    st.dataframe(
        spelled.written(frame.with_columns(bar="deals")),
        hide_index=True,
        key=key,
        width=420,
        column_config={
            "band": st.column_config.TextColumn(column, width=180),
            "deals": spelled.number_column(_("Deals"), frame["deals"], width=80),
            "bar": st.column_config.ProgressColumn("", format=" ", max_value=most, width=140),
        },
    )
    st.caption(t(N_("{n} deals in a band"), n=count(sum(deals.values()))))
