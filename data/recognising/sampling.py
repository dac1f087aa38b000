"""Part of a table, and simple counts over a table that is small enough to hold."""

from __future__ import annotations

from pathlib import Path

import polars as pl

BATCH = 100  # columns per query; an export may have thousands
SLICE = 1_500  # rows per sample slice; five slices, spread over the file


def sample(paths: list[Path], rows: int) -> pl.DataFrame:
    """Return rows from five places of the file, so that a sorted file is still seen whole."""
    lazy = pl.scan_parquet(paths)
    if rows <= 5 * SLICE:
        return lazy.collect()
    starts = [int(part * (rows - SLICE) / 4) for part in range(5)]
    return pl.concat([lazy.slice(start, SLICE) for start in starts]).collect()


def counts(frame: pl.LazyFrame, columns: int) -> list[tuple[int, int | None]]:
    """Return, for each column, its filled cells and distinct values; in batches of columns."""
    found: list[tuple[int, int | None]] = []
    for start in range(0, columns, BATCH):
        cells = [pl.col(f"c{i}") for i in range(start, min(start + BATCH, columns))]
        filled = frame.select(c.count() for c in cells).collect().row(0)
        distinct = frame.select(c.drop_nulls().n_unique() for c in cells).collect().row(0)
        found += zip(filled, distinct, strict=True)
    return found
