"""Tables in the language of the page: a browser writes their numbers and dates its own way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
from babel.numbers import format_decimal

from pages.shared import numbers
from pages.shared.words import locale


def number(value: float) -> str:
    """Return a number as a table has it: thousands apart, and the digits it was rounded to."""
    return str(format_decimal(value, format="#,##0.###", locale=locale()))


def _writer(kind: pl.DataType) -> Callable[[Any], str] | None:
    if kind.is_numeric():
        return number
    return numbers.day if kind in (pl.Date, pl.Datetime) else None


def spelled(frame: pl.DataFrame) -> Any:
    """Return the table with a text for every number and date; it still sorts by their values.

    A column shows these texts only where its configuration gives no format of its own.
    """
    writers = {name: write for name, kind in frame.schema.items() if (write := _writer(kind))}
    return frame.to_pandas().style.format(writers, na_rep=numbers.NOT_AVAILABLE)
