"""Delimited text to a draft table: at full speed where the file is sound, record by record where not."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from data.errors import N_
from data.reading.dialect import NONE, Dialect, recognise
from data.reading.encoding import Text, as_utf8, from_bytes, is_utf8, without_nuls
from data.reading.overlong import TOO_MANY, overlong, rejected
from data.reading.records import LONGEST, Tokenizer
from data.reading.scan import Structure, structure
from data.reading.split import PLAIN, Split, split
from data.reading.tables import NULS, Draft, Reject, Task

BATCH = 50_000
CELLS = 4_000_000  # cells held in memory at once by the careful reader
READ = 1 << 20
MOST_LONG = 0.1  # share of records with too many cells from which the file is read record by record
Read = tuple[Split, list[Reject]]


def read_delimited(path: Path, task: Task, container: str) -> Draft:
    """Return the draft of a CSV (or tab- or pipe-separated) file of any encoding."""
    text, dialect, found = _looked_at(as_utf8(path, task), task)
    if any(not header.isascii() and not _is_text(header) for header in dialect.headers):
        text, dialect, found = _looked_at(from_bytes(path, task), task)
    task.step(0.3)
    made = _fast(text, dialect, found, task)
    if made is None and text.encoding == "utf-8" and not text.mixed and not is_utf8(path):
        text, dialect, found = _looked_at(from_bytes(path, task), task)
        made = _fast(text, dialect, found, task)
    task.step(0.6)
    made = made or _careful(text, dialect, found, task)
    return _draft(*made, text, dialect, container, task)


def _looked_at(text: Text, task: Task) -> tuple[Text, Dialect, Structure]:
    """Return what the text is like; where NUL characters are in it, a copy without them."""
    dialect = recognise(text)
    found = structure(text.path, dialect.start, dialect.delimiter)
    if found.nul or any("\x00" in header for header in dialect.headers):
        return _looked_at(without_nuls(text, task), task)
    return text, dialect, found


def _draft(
    made: Split, rejects: list[Reject], text: Text, dialect: Dialect, container: str, task: Task
) -> Draft:
    draft = Draft(
        split=made,
        headers=dialect.headers,
        container=container,
        header_row=dialect.header_row,
        encoding=text.encoding,
        delimiter=None if dialect.delimiter == NONE else dialect.delimiter,
        sep_line=dialect.sep_line,
        bom=text.bom,
        rejects=rejects,
    )
    if text.mixed:
        draft.notices.append(
            task.notice(
                "mixed_encoding",
                N_("{file} is UTF-8, but {count} bytes are not; they were read as Windows-1252."),
                count=text.mixed,
            )
        )
    if text.nuls:
        draft.notices.append(task.notice("nul_characters", NULS, count=text.nuls))
    if not dialect.header_row:
        draft.notices.append(
            task.notice(
                "no_header", N_("{file} seems to have no header: its first full row looks like data.")
            )
        )
    return draft


def _fast(text: Text, dialect: Dialect, found: Structure, task: Task) -> Read | None:
    """Return the parallel reader's rows, or None where it refuses the file or miscounts it.

    Where it stumbles over records with too many cells, it reads the file again without those.
    """
    if not found.regular or not found.records:
        return None
    if _first_byte(text.path, dialect.start) in b"\r\n":
        return None  # the reader takes the width from the first record, which is empty here
    made = _parallel(text, dialect, found, task, [])
    if made is not None:
        return made, []
    width = len(dialect.headers)
    long = overlong(text.path, dialect.start, dialect.delimiter, width)
    if not long or len(long) > MOST_LONG * found.records:
        return None
    task.step(0.4)
    rejects = rejected(text.path, long, dialect.delimiter, width, dialect.before)
    made = _parallel(text, dialect, found, task, [reject.row for reject in rejects], short=False)
    return None if made is None else (made, rejects)


def _parallel(
    text: Text, dialect: Dialect, found: Structure, task: Task, without: list[int], short: bool = True
) -> Split | None:
    """Return the rows but those numbered in `without`; `short` says that none has too many cells."""
    schema: dict[str, pl.DataType] = {f"c{i}": pl.String() for i in range(len(dialect.headers))}
    lazy = pl.scan_csv(
        text.path,
        separator=dialect.delimiter,
        has_header=False,
        skip_lines=dialect.lines,
        schema=schema,
        row_index_name="row",
        row_index_offset=dialect.before + 1,
        missing_columns="insert",
        truncate_ragged_lines=not short,
        glob=False,
    )
    if without:
        lazy = lazy.filter(~pl.col("row").is_in(pl.Series(without, dtype=pl.get_index_type()).implode()))
    try:
        last = dialect.before + found.records
        made = split(lazy, dialect.headers, last, task, dialect.vacant, found.quoted)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    return made if made.count() == found.records - len(without) else None


def _careful(text: Text, dialect: Dialect, found: Structure, task: Task) -> Read:
    """Return the rows of a file with uneven rows or loose quotes, and the records that fit no row."""
    width, number = len(dialect.headers), dialect.before
    batch = min(BATCH, max(100, CELLS // width))
    parts: list[Path] = []
    rows: list[list[str]] = []
    numbers: list[int] = []
    rejects: list[Reject] = []
    for cells in _records(text, dialect, found):
        number += 1
        if len(cells) > width and any(cells[width:]):
            rejects.append(Reject(number, None, " | ".join(cells), TOO_MANY))
            continue
        rows.append(cells[:width] + [""] * (width - len(cells)))
        numbers.append(number)
        if len(rows) >= batch:
            parts.append(_flush(rows, numbers, width, task, len(parts)))
            task.step(0.5)
    parts.append(_flush(rows, numbers, width, task, len(parts)))
    lazy = pl.scan_parquet(parts, glob=False)
    return split(lazy, dialect.headers, number, task, dialect.vacant), rejects


def _flush(rows: list[list[str]], numbers: list[int], width: int, task: Task, part: int) -> Path:
    target = task.scratch / f"part-{part:06d}.parquet"
    columns = list(zip(*rows, strict=True)) if rows else [()] * width
    frame = pl.DataFrame({"row": pl.Series(numbers, dtype=pl.Int64)}).with_columns(
        pl.Series(f"c{i}", column, dtype=pl.String) for i, column in enumerate(columns)
    )
    frame.write_parquet(target, compression=PLAIN)
    rows.clear()
    numbers.clear()
    return target


def _records(text: Text, dialect: Dialect, found: Structure) -> Iterator[list[str]]:
    with text.path.open("rb") as stream:
        stream.seek(dialect.start)
        if found.regular:
            csv.field_size_limit(LONGEST)
            lines = io.TextIOWrapper(stream, "utf-8", errors="replace", newline="")
            yield from csv.reader(lines, delimiter=dialect.delimiter)
        else:
            yield from Tokenizer(dialect.delimiter, dialect.joined).records(_texts(stream))


def _texts(stream: io.BufferedReader) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while chunk := stream.read(READ):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", True)


def _is_text(header: str) -> bool:
    """Return whether a header was UTF-8 as it stood; bytes that are not are kept as halves of a pair."""
    return not any("\udc80" <= c <= "\udcff" for c in header)


def _first_byte(path: Path, offset: int) -> bytes:
    with path.open("rb") as stream:
        stream.seek(offset)
        return stream.read(1) or b"\n"
