"""Files to take away. A cell that a spreadsheet would run as a formula is disarmed with an apostrophe."""

from __future__ import annotations

import polars as pl

_STARTS = ("=", "+", "-", "@", "\t", "\r")


def disarmed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with an apostrophe before every text that begins like a formula."""
    first = pl.col(pl.String).str.slice(0, 1)
    guarded = pl.when(first.is_in(_STARTS)).then(pl.lit("'") + pl.col(pl.String)).otherwise(pl.col(pl.String))
    headers = {c: f"'{c}" for c in frame.columns if c.startswith(_STARTS)}
    return frame.with_columns(guarded.name.keep()).rename(headers)


def csv(frame: pl.DataFrame) -> bytes:
    """Return a CSV that Excel opens with the right letters: UTF-8 with a byte-order mark."""
    return disarmed(frame).write_csv(include_bom=True).encode()
