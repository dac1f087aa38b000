"""Write a table once, with the few records that may not be data set apart for a closer look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from data.reading.tables import Task
from data.reading.words import ANY_RE

TAIL = 200  # records at the end among which a footer without any known word is looked for


@dataclass(frozen=True)
class Split:
    """`rows` holds sure data, its columns numbered after leaving out `drop`; `suspects` holds the
    rest with all columns under their first numbers. Both have `row` and are in file order."""

    rows: Path
    suspects: Path
    width: int
    drop: tuple[int, ...]
    last: int

    @property
    def kept(self) -> list[int]:
        """The first numbers of the columns in `rows`."""
        return [i for i in range(self.width) if i not in self.drop]

    def count(self) -> int:
        """Return the number of records in both parts."""
        return sum(
            int(pl.scan_parquet(part, glob=False).select(pl.len()).collect().item())
            for part in (self.rows, self.suspects)
        )


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

    `drop` are columns believed to hold nothing: a record that has something there becomes a suspect,
    and if one does, all is written again with every column.
    """
    name = next(task.names)
    made = Split(
        task.scratch / f"{name}.rows", task.scratch / f"{name}.suspects", len(headers), tuple(drop), last
    )
    cells = [pl.col(f"c{i}") for i in range(len(headers))]
    marked = lazy.with_columns(
        pl.col("row").cast(pl.Int64), *((pl.when(cell != "").then(cell) for cell in cells) if blank else ())
    ).with_columns(suspect=_suspect(headers, last, drop).fill_null(False))
    rows = marked.filter(~pl.col("suspect")).select(
        "row", *(pl.col(f"c{i}").alias(f"c{place}") for place, i in enumerate(made.kept))
    )
    suspects = marked.filter("suspect").select("row", *cells)
    pl.collect_all(
        [
            rows.sink_parquet(made.rows, compression="snappy", lazy=True),
            suspects.sink_parquet(made.suspects, compression="snappy", lazy=True),
        ],
        engine="streaming",
    )
    if drop and not vacant(pl.scan_parquet(made.suspects, glob=False), drop):
        return split(lazy, headers, last, task, blank=blank)
    return made


def vacant(rows: pl.LazyFrame, columns: Sequence[int]) -> bool:
    """Return whether these columns hold nothing at all."""
    return bool(
        rows.select(pl.all_horizontal(pl.col(f"c{i}").is_null().all() for i in columns))
        .collect(engine="streaming")
        .item()
    )


def _suspect(headers: Sequence[str], last: int, drop: Sequence[int]) -> pl.Expr:
    names = [f"c{i}" for i in range(len(headers))]
    filled = pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.UInt32) for name in names)
    first = pl.coalesce(names)
    found = filled == 0
    found |= first.str.len_bytes().lt(400) & first.str.contains(ANY_RE)
    named = next((i for i, header in enumerate(headers) if header), None)
    if named is not None:
        found |= pl.col(names[named]).str.strip_chars() == headers[named]
    sparse = (filled == 1) | (pl.col("c0").is_null() & (filled <= len(names) / 3))
    found |= (pl.col("row") > last - TAIL) & sparse
    for i in drop:
        found |= pl.col(names[i]).is_not_null()
    return found
