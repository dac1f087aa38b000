"""Parquet to a draft table: every typed value as the text a person would write for it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from polars import selectors as cs

from data.errors import N_, HitrateError
from data.reading.header import clean
from data.reading.split import split
from data.reading.tables import MAX_COLUMNS, NULS, Draft, Task


def read_columnar(path: Path, task: Task) -> Draft:
    """Return the draft of a Parquet file. Rows count from 1; there is no header row."""
    try:
        lazy = pl.scan_parquet(path, glob=False)
        schema = lazy.collect_schema()
        if len(schema) > MAX_COLUMNS:
            raise HitrateError(
                N_("Too many columns"),
                N_("{file} has {columns} columns; {limit} is the most."),
                N_("Export fewer columns."),
                code="wide",
                columns=len(schema),
                limit=MAX_COLUMNS,
                file=task.name,
            )
        if not schema:
            raise HitrateError(
                N_("Nothing to read"),
                N_("{file} has no columns."),
                N_("Export the data again."),
                code="empty",
                file=task.name,
            )
        headers = clean(list(schema), len(schema))
        texts = [_text(name, dtype).alias(f"c{i}") for i, (name, dtype) in enumerate(schema.items())]
        nuls = _nuls(lazy)
        if nuls:
            texts = [text.str.replace_all("\x00", "", literal=True) for text in texts]
        last = int(lazy.select(pl.len()).collect().item())
        made = split(lazy.select(texts).with_row_index("row", offset=1), headers, last, task)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise HitrateError(
            N_("Damaged file"),
            N_("{file} is a Parquet file that cannot be read; it is cut off or damaged."),
            N_("Export it again and upload the new file."),
            code="damaged",
            file=task.name,
        ) from error
    draft = Draft(split=made, headers=headers, container="parquet", header_row=0)
    if nuls:
        draft.notices.append(task.notice("nul_characters", NULS, count=nuls))
    return draft


def _nuls(lazy: pl.LazyFrame) -> int:
    """Return how many NUL characters the texts hold."""
    texts = cs.string()
    counts = lazy.select(texts.str.count_matches("\x00", literal=True).sum()).collect(engine="streaming")
    return sum(n or 0 for n in counts.row(0)) if counts.width else 0


def _text(name: str, dtype: pl.DataType) -> pl.Expr:
    """Return a column as text: dates ISO, times to the second unless finer, lists and records as JSON."""
    column = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        if dtype.time_zone is not None:
            return column.dt.convert_time_zone("UTC").dt.to_string("%Y-%m-%dT%H:%M:%S%.f+00:00")
        return column.dt.to_string("%Y-%m-%d %H:%M:%S%.f")
    if isinstance(dtype, pl.Date):
        return column.dt.to_string("%Y-%m-%d")
    if isinstance(dtype, pl.Struct):
        return column.struct.json_encode()
    if isinstance(dtype, pl.List | pl.Array):
        lists = column.arr.to_list() if isinstance(dtype, pl.Array) else column
        return pl.struct(lists).struct.json_encode()
    if isinstance(dtype, pl.Float32 | pl.Float64):
        whole = (column == column.floor()) & (column.abs() < 2**53)
        short = pl.when(whole).then(column.cast(pl.Int64, strict=False)).cast(pl.String)
        return pl.when(column.is_nan()).then(None).otherwise(pl.coalesce(short, column.cast(pl.String)))
    if isinstance(dtype, pl.Binary):
        return pl.coalesce(column.cast(pl.String, strict=False), column.bin.encode("hex"))
    if isinstance(dtype, pl.Null):
        return pl.lit(None, dtype=pl.String).repeat_by(1).list.first()
    return column.cast(pl.String)
