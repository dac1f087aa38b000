"""Rows that could not be read: handed out to be repaired, and taken back in the place they came from.

What is handed out has the file's own header behind two columns that say which row it is and why it was not
read. A file with that header is no new export: its rows take the place of those rows.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from secrets import token_hex

import polars as pl

from data.errors import N_, HitrateError
from data.naming import own_names
from data.notice import Notice
from data.reading import RawTable
from data.workspace.durable import PENDING
from data.workspace.durable import replace as rename

ROW, WHY = "Row in {file}", "Why it was not read"
MARK = re.compile(r"'?Row in (?P<file>.+)$")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins with one of these
PARTED = " | "  # between the cells of a record that could not be a row


def rejected(tables: Sequence[RawTable], rejects: pl.DataFrame, file: str) -> bytes:
    """Return the rows of a file that were rejected, or hold a cell that was, as CSV with the file's header.

    `rejects` are those of the pipeline, `file` is the file's own name there ("deals.csv (2)" for the second
    deals.csv). One line per row; two columns in front name the row and the reasons.
    HitrateError where there are none.
    """
    why: dict[int, str] = {}
    mine = rejects.filter(pl.col("file") == file)
    for row, column, reason in mine.select("row", "column", "reason").rows():
        text = f"{column}: {reason}" if column else str(reason)
        why[row] = f"{why[row]}; {text}" if row in why else text
    names = own_names(t.file for t in tables)
    source = next((t for t, name in zip(tables, names, strict=True) if name == file), None)
    if source is None or not why:
        raise nothing_rejected(file)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=source.delimiter or ",", lineterminator="\r\n")
    writer.writerow([_safe(h) for h in (ROW.format(file=file), WHY, *source.columns)])
    for row, cells in sorted(_records(source, set(why)).items()):
        writer.writerow([row, _safe(why[row]), *(_safe(c or "") for c in cells)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _records(source: RawTable, rows: set[int]) -> dict[int, list[str | None]]:
    """Return the cells of these rows; of a record that could not be a row, what was kept of it."""
    found: dict[int, list[str | None]] = {
        r.row: list(r.text.split(PARTED)) for r in source.rejects if r.row in rows
    }
    kept = pl.scan_parquet(source.path).filter(pl.col("row").is_in(sorted(rows))).collect()
    return found | {row: list(cells) for row, *cells in kept.iter_rows()}


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def mended(tables: Sequence[RawTable]) -> list[RawTable]:
    """Return the tables with every repaired row in its place, and without the files that brought them.

    A row with a number replaces the row, or the rejected record, of that number; one without is a further
    row. Of two repairs of one row the later upload counts.
    """
    found = list(tables)
    for repair in tables:
        place = _of(found, repair)
        if place is not None:
            found[place] = _merge(found[place], repair)
            found.remove(repair)
    return found


def _of(tables: Sequence[RawTable], repair: RawTable) -> int | None:
    """Return the place of the table that a file repairs: that with this name of its own and this header, else
    the last that came under this name."""
    match = _mark(repair)
    if match is None:
        return None
    own = [_bare(repair.columns[skip:]) for skip in (1, 2)]
    exports = [i for i, t in enumerate(tables) if _mark(t) is None]
    names = own_names(tables[i].file for i in exports)
    fit = [(i, name) for i, name in zip(exports, names, strict=True) if _bare(tables[i].columns) in own]
    exact = [i for i, name in fit if name == match["file"]]
    return max(exact or [i for i, _ in fit if tables[i].file == match["file"]], default=None)


def _mark(table: RawTable) -> re.Match[str] | None:
    return MARK.match(table.columns[0]) if table.columns else None


def _bare(columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(header.removeprefix("'") for header in columns)


def _merge(target: RawTable, repair: RawTable) -> RawTable:
    skip = len(repair.columns) - len(target.columns)
    path = _written(target, repair, skip)
    numbers = set(pl.scan_parquet(path).filter(pl.col("again")).select("row").collect()["row"].to_list())
    (rows,) = pl.scan_parquet(path).select(pl.len()).collect().row(0)
    rejects = tuple(r for r in target.rejects if r.row not in numbers)
    told = Notice(
        code="repaired",
        level="info",
        file=target.file,
        count=len(numbers),
        values={"file": target.file, "repair": repair.file, "count": len(numbers)},
        message=N_("{count} rows of {file} come from {repair}, where they were repaired."),
    )
    return replace(
        target,
        path=path,
        rejects=rejects,
        rows_read=rows + len(target.junk) + len(rejects),
        notices=(*target.notices, *repair.notices, told),
    )


def _written(target: RawTable, repair: RawTable, skip: int) -> Path:
    """Write the rows of both, once: their names say what they are made of."""
    made_of = "\x1f".join((target.digest, target.path.name, repair.digest))
    path = repair.path.parent / f"repaired-{hashlib.sha256(made_of.encode()).hexdigest()[:16]}.parquet"
    if path.exists():
        return path
    columns = [f"c{i}" for i in range(len(target.columns))]
    whole = pl.scan_parquet(target.path)
    last = whole.select(pl.col("row").max()).collect().item() or 0
    number = pl.col("c0").str.replace_all(r"\D", "").cast(pl.Int64, strict=False)
    fixed = pl.read_parquet(repair.path).select(
        pl.coalesce(number, last + pl.col("row")).alias("row"),
        *(pl.col(f"c{i + skip}").alias(name) for i, name in enumerate(columns)),
    )
    fixed = fixed.unique("row", keep="last", maintain_order=True)
    left = whole.filter(~pl.col("row").is_in(fixed["row"].to_list())).select("row", *columns)
    pending = path.with_name(f"{PENDING}{token_hex(8)}")
    both = [left.with_columns(again=False), fixed.lazy().with_columns(again=True)]
    pl.concat(both).sink_parquet(pending)
    rename(pending, path)
    return path


def nothing_rejected(file: str) -> HitrateError:
    return HitrateError(
        N_("Nothing to repair"),
        N_("Every row of {file} was read, or the file is not here."),
        N_("Choose a file that has rows or cells that could not be read."),
        file=file,
    )
