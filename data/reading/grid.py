"""A sheet or web table, already cut into cells, to a draft table."""

from __future__ import annotations

import polars as pl

from data.reading.header import SEARCHED, clean, find_header
from data.reading.split import split
from data.reading.tables import Draft, Task


def read_grid(cells: pl.DataFrame, task: Task, container: str, sheet: str | None) -> Draft | None:
    """Return the draft of a frame of texts whose first row is row 1 of the sheet, or None when empty.

    Empty rows at the end are formatting, not records, and are left off.
    """
    names = [f"c{i}" for i in range(cells.width)]
    cells = cells.rename(dict(zip(cells.columns, names, strict=True))).with_row_index("row", offset=1)
    cells = cells.with_columns(
        pl.col("row").cast(pl.Int64),
        *(pl.when(pl.col(n).str.strip_chars() != "").then(pl.col(n)) for n in names),
    )
    filled = cells.filter(pl.any_horizontal(pl.col(n).is_not_null() for n in names))["row"]
    if filled.is_empty():
        return None
    cells = cells.head(int(filled[-1]))
    place = find_header([row[1:] for row in cells.head(SEARCHED).rows()])
    if place is None and filled.len() == 1:
        place = int(filled[0]) - 1
    header = [] if place is None else list(cells.row(place)[1:])
    body = cells.slice(0 if place is None else place + 1)
    headers = clean(header, len(names))
    drop = [i for i, name in enumerate(names) if not headers[i] and body[name].null_count() == body.height]
    made = split(body.lazy(), headers, cells.height, task, drop)
    return Draft(
        split=made,
        headers=headers,
        container=container,
        header_row=0 if place is None else place + 1,
        sheet=sheet,
    )
