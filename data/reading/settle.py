"""Turn a draft into the final text table: take out junk, fill group values down, close the ledger."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl

from data.errors import N_
from data.notice import Notice
from data.reading.header import unnamed
from data.reading.junk import find_junk, footers_among, group_columns
from data.reading.split import PLAIN
from data.reading.tables import Draft, Junk, RawTable, Task


def settle(draft: Draft, target: Path, digest: str, task: Task) -> RawTable:
    """Write the draft's rows to `target` and return the finished table."""
    count = draft.split.count()
    footers, rejects = footers_among(draft.rejects)
    junk = find_junk(draft.split.suspects, draft.headers, draft.split.last, {f.row for f in footers})
    task.step(0.9)
    _write(draft, junk, target)
    everything = sorted([*junk, *footers], key=lambda j: j.row)
    notices = [*draft.notices, *_remarks(count - len(junk), len(rejects), task)]
    return RawTable(
        file=task.name,
        path=target,
        columns=tuple(draft.headers[i] or unnamed(i + 1) for i in draft.split.kept),
        container=draft.container,
        encoding=draft.encoding,
        delimiter=draft.delimiter,
        header_row=draft.header_row,
        sheet=draft.sheet,
        sep_line=draft.sep_line,
        bom=draft.bom,
        quotechar='"',
        rows_read=count + len(draft.rejects),
        junk=tuple(everything),
        rejects=tuple(rejects),
        digest=digest,
        notices=tuple(notices),
        hidden=tuple(draft.hidden),
    )


def _write(draft: Draft, junk: list[Junk], target: Path) -> None:
    grouped = set(group_columns(draft.headers))
    groups = [place for place, i in enumerate(draft.split.kept) if i in grouped]
    if not junk and not groups:
        os.replace(draft.split.rows, target)
        return
    gone = pl.Series([j.row for j in junk], dtype=pl.Int64)
    rows = pl.scan_parquet(draft.split.rows, glob=False).filter(~pl.col("row").is_in(gone.implode()))
    if groups:
        rows = rows.with_columns(pl.col([f"c{place}" for place in groups]).forward_fill())
    rows.sink_parquet(target, compression=PLAIN, maintain_order=True)


def _remarks(rows: int, rejects: int, task: Task) -> list[Notice]:
    found = []
    if not rows:
        found.append(task.notice("no_rows", N_("{file} has a header but no rows.")))
    if rejects:
        found.append(
            task.notice(
                "too_many_cells",
                N_("Rows of {file} with more cells than the header has columns: {count}."),
                count=rejects,
            )
        )
    return found
