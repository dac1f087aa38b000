"""Tables in the language of the page, each column of numbers with one number of decimals."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from pages.shared import numbers
from pages.shared.words import native

MOST = 3  # decimals; more are noise in a table
MONEY = "amount"  # how the names of columns of exact amounts begin


def decimals(values: pl.Series) -> int:
    """Return how many decimals each number of a column is written with: as many as one of them needs.

    An amount that needs one gets two: 12.50.
    """
    if values.dtype.is_integer() or not values.dtype.is_numeric():
        return 0
    known = values.cast(pl.Float64).drop_nulls().round(MOST)
    known = known.filter(known.is_finite())
    needed = next((places for places in range(MOST) if (known.round(places) == known).all()), MOST)
    return 2 if needed == 1 and values.name.startswith(MONEY) else needed


def _single(value: float) -> str:
    return numbers.number(value, decimals(pl.Series([value])))


def _writer(values: pl.Series, each: bool) -> Callable[[Any], str] | None:
    if values.dtype.is_numeric() and each:
        return _single
    if values.dtype.is_numeric():
        return partial(numbers.number, decimals=decimals(values))
    return numbers.day if values.dtype in (pl.Date, pl.Datetime) else None


def spelled(frame: pl.DataFrame, each: Collection[str] = ()) -> Any:
    """Return the table with a text for every number and date; it still sorts by their values.

    In the columns `each` every number has its own decimals.

    A column shows these texts only where its configuration gives no format of its own, and where it cannot
    be edited.
    """
    writers = {name: write for name in frame.columns if (write := _writer(frame[name], name in each))}
    return frame.to_pandas().style.format(writers, na_rep=numbers.NOT_AVAILABLE)


def written(frame: pl.DataFrame, each: Collection[str] = ()) -> Any:
    """Return the table as Streamlit draws it in the language of the page; in the columns `each` every number
    has its own decimals.

    The browser writes numbers and dates itself, its own way: where it speaks another language it gets them
    as texts. Floats are rounded to the decimals that are shown, as the browser would cut the rest off.
    """
    floats = [name for name, kind in frame.schema.items() if kind.is_float()]
    ready = frame.with_columns(frame[name].round(decimals(frame[name])) for name in floats)
    return ready if native() else spelled(ready, each)


def number_column(title: str, values: pl.Series, each: bool = False, **own: Any) -> Any:
    """Return the configuration of a column of numbers in a table that `written` made."""
    if not native():
        return st.column_config.NumberColumn(title, **own)
    places = decimals(values)
    step = (
        10.0**-places if values.dtype.is_float() and not each else None
    )  # the browser takes the decimals from it
    return st.column_config.NumberColumn(title, format="localized", step=step, **own)
