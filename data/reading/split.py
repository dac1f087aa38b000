"""Write a table once, with the few records that may not be data set apart for a closer look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from data.reading.tables import Task
from data.reading.words import ANY_RE

# Text tables are scratch: they can be read again from the upload, so speed counts, not room. Packed they are
# a fifth of the upload instead of half, and reading and converting take 70 ms longer per million rows.
PLAIN: Literal["uncompressed"] = "uncompressed"
TAIL = 200  # records at the end among which a footer without any known word is looked for


@dataclass(frozen=True)
class Split:
    """`rows` holds every record, its columns numbered after leaving out `drop`; `suspects` holds again those
    that may not be data, with all columns under their first numbers. Both have `row`, in file order."""

    rows: Path
    suspects: pl.DataFrame
    width: int
    drop: tuple[int, ...]
    last: int

    @property
    def kept(self) -> list[int]:
        """The first numbers of the columns in `rows`."""
        return [i for i in range(self.width) if i not in self.drop]

    def count(self) -> int:
        """Return the number of records."""
        return int(pl.scan_parquet(self.rows, glob=False).select(pl.len()).collect().item())


def split(
    lazy: pl.LazyFrame,
    headers: Sequence[str],
    last: int,
    task: Task,
    drop: Sequence[int] = (),
    blank: bool = True,
) -> Split:
    """Write `lazy` (`row`, `c0`.., empty texts among them if `blank`) in one pass; `last` is the last
    record's number.

    `drop` are columns believed to hold nothing: if one does, all is written again with every column.
    """
    target = task.scratch / f"{next(task.names)}.rows"
    kept = [i for i in range(len(headers)) if i not in drop]
    cells = [pl.col(f"c{i}") for i in range(len(headers))]
    clean = lazy.with_columns(
        pl.col("row").cast(pl.Int64), *((pl.when(cell != "").then(cell) for cell in cells) if blank else ())
    )
    rows = clean.select("row", *(pl.col(f"c{i}").alias(f"c{place}") for place, i in enumerate(kept)))
    steps = [rows.sink_parquet(target, compression=PLAIN, lazy=True)]
    if drop:
        steps.append(clean.select(pl.any_horizontal(pl.col(f"c{i}").is_not_null().any() for i in drop)))
    told = pl.collect_all(steps, engine="streaming")
    if drop and told[1].item():
        return split(lazy, headers, last, task, blank=blank)
    places = {f"c{i}": pl.col(f"c{kept.index(i)}") if i in kept else pl.lit(None, pl.String)
              for i in range(len(headers))}  # fmt: skip
    suspects = _suspects(target, [headers[i] for i in kept], last, len(headers))
    return Split(target, suspects.select("row", **places), len(headers), tuple(drop), last)


def _suspects(rows: Path, headers: Sequence[str], last: int, width: int) -> pl.DataFrame:
    """Return the records that may not be data. Most files have none but at the end: that is told from the
    first column."""
    table = pl.scan_parquet(rows, glob=False)
    first = pl.col("c0")
    maybe = first.is_null() | _marked(first) | _named(headers)
    anywhere = bool(table.select(maybe.fill_null(False).any()).collect(engine="streaming").item())
    suspect = _suspect(headers, last, width).fill_null(False)
    return (table if anywhere else table.tail(TAIL)).filter(suspect).collect(engine="streaming")


def _marked(first: pl.Expr) -> pl.Expr:
    return first.str.len_bytes().lt(400) & first.str.contains(ANY_RE)


def _named(headers: Sequence[str]) -> pl.Expr:
    """Return what holds where the first header's name is in its column: cheaper than `_repeated`, which is
    in it."""
    named = next((i for i, header in enumerate(headers) if header), None)
    return pl.lit(False) if named is None else pl.col(f"c{named}").str.contains(headers[named], literal=True)


def _repeated(headers: Sequence[str]) -> pl.Expr:
    named = next((i for i, header in enumerate(headers) if header), None)
    return pl.lit(False) if named is None else pl.col(f"c{named}").str.strip_chars() == headers[named]


def _suspect(headers: Sequence[str], last: int, width: int) -> pl.Expr:
    """Return what holds for a record that may not be data: nothing in it, a word for a total or a footer in
    front, the header again, or little of the `width` columns filled at the end of the file."""
    names = [f"c{i}" for i in range(len(headers))]
    filled = pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.UInt32) for name in names)
    sparse = (filled == 1) | (pl.col("c0").is_null() & (filled <= width / 3))
    ends = (pl.col("row") > last - TAIL) & sparse
    return (filled == 0) | _marked(pl.coalesce(names)) | _repeated(headers) | ends
