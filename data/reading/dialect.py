"""How one delimited text is written: its delimiter, its header, where its data begin."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from data.errors import N_, HitrateError
from data.reading import sample
from data.reading.encoding import Text
from data.reading.header import SEARCHED, clean, find_header, vacant_columns
from data.reading.records import Tokenizer
from data.reading.tables import MAX_COLUMNS

DELIMITERS = (",", ";", "\t", "|")
NONE = "\x1f"  # stands in where a file has one column and so no delimiter
_SEP = re.compile(r'"?sep=(.)"?\r*\n', re.IGNORECASE)


@dataclass(frozen=True)
class Dialect:
    """`vacant` are the columns without a header or, as far as was looked, a value; `start` is the byte
    at which the records after the header begin, `lines` the line feeds before it, `before` the records
    before it (the `sep=` line counts as one, as it does to a person)."""

    delimiter: str
    joined: bool
    headers: list[str]
    vacant: tuple[int, ...]
    header_row: int
    start: int
    lines: int
    before: int
    sep_line: bool


def recognise(text: Text, size: int = sample.PIECE) -> Dialect:
    """Return the dialect of a file, judged by its head and a piece of its middle."""
    while True:
        first = sample.head(text.path, text.start + size)[text.start :]
        whole = len(first) < size
        content = _decode(first)
        enough = content.count("\n") >= SEARCHED or size >= 16 * sample.PIECE
        if whole or enough:
            break
        size *= 4
    middle = [] if whole else [_decode(sample.after_line(p)) for p in sample.pieces(text.path)[1:3]]
    match = _SEP.match(content)
    body = match.end() if match else 0
    delimiter = match[1] if match else choose_delimiter([content, *middle], whole)
    joined = _joined(content[body:], delimiter)
    rows, ends = _rows(content, body, delimiter, joined, whole)
    if not any(cell.strip() for row in rows for cell in row):
        raise HitrateError(
            N_("Nothing to read"),
            N_("The file holds no text."),
            N_("Export the data again and upload the new file."),
            code="empty",
        )
    return _dialect(text, content, rows, ends, delimiter, joined, match is not None, body)


def _dialect(
    text: Text,
    content: str,
    rows: list[list[str]],
    ends: list[int],
    delimiter: str,
    joined: bool,
    sep_line: bool,
    body: int,
) -> Dialect:
    place = find_header(rows)
    if place is None and len(rows) == 1:
        place = 0  # one line alone is a header without rows
    skipped = 0 if place is None else place + 1
    cut = body if place is None else ends[place]
    names = [] if place is None else rows[place]
    width = max(len(names), _common_width(rows[skipped:]), 1)
    if width > MAX_COLUMNS:
        raise HitrateError(
            N_("Too many columns"),
            N_("The file has {columns} columns; {limit} is the most."),
            N_("Export fewer columns."),
            columns=width,
            limit=MAX_COLUMNS,
        )
    before = content[:cut]
    return Dialect(
        delimiter=delimiter,
        joined=joined,
        headers=clean(names, width),
        vacant=vacant_columns(names, rows[skipped:], width),
        header_row=0 if place is None else skipped + sep_line,
        before=skipped + sep_line,
        start=text.start + len(before.encode("utf-8", "surrogateescape")),
        lines=before.count("\n"),
        sep_line=sep_line,
    )


def choose_delimiter(texts: Sequence[str], whole: bool = True) -> str:
    """Return the delimiter that gives most records of one width above 1, wide rather than narrow.

    `whole` says that the texts are not pieces whose last record is cut.
    """
    best, score = NONE, 0.0
    for delimiter in DELIMITERS:
        widths = [w for text in texts for w in _widths(text, delimiter, whole)]
        for width, alike in Counter(w for w in widths if w > 1).items():
            found = alike * (1 - 1 / width)
            if found > score and _steady(widths, width, alike):
                best, score = delimiter, found
    return best


def _steady(widths: list[int], width: int, alike: int) -> bool:
    """Return whether records of one width follow each other, and not single cells with a comma here and
    there: few records between the first and the last of them hold one cell."""
    first, last = widths.index(width), len(widths) - widths[::-1].index(width)
    if alike == 1:
        return 1 not in widths[first:]
    return alike * 2 >= len(widths) - first and widths[first:last].count(1) <= 0.2 * (last - first)


def _widths(text: str, delimiter: str, whole: bool) -> list[int]:
    """Return the number of cells of each record that is not empty; a cut last one is left out."""
    rows = list(Tokenizer(delimiter).records([text]))
    return [len(row) for row in (rows if whole else rows[:-1]) if row != [""]]


def _rows(
    content: str, body: int, delimiter: str, joined: bool, whole: bool
) -> tuple[list[list[str]], list[int]]:
    """Return the records of the sample and the character at which each ends."""
    rows, ends = [], []
    for cells, end in Tokenizer(delimiter, joined).located([content[body:]]):
        rows.append(cells)
        ends.append(body + end)
    if not whole and len(rows) > 1:  # the sample ends inside its last record
        rows, ends = rows[:-1], ends[:-1]
    return rows, ends


def _joined(content: str, delimiter: str) -> bool:
    """Return whether quoted cells are joined with `","` and hold quotes that are not doubled."""
    lines = [line for line in content.splitlines()[:400] if line.strip()]
    if len(lines) < 2 or sum(line.startswith('"') for line in lines) < 0.9 * len(lines):
        return False
    mark = re.escape(delimiter)
    bare = re.compile(rf'"{mark}(?![ ]*")')
    if sum(bool(bare.search(line)) for line in lines) > 0.05 * len(lines):
        return False  # some cells are written without quotes: an ordinary writer
    stray = re.compile(rf'(?<=[^"{mark}])"(?=[^\s"{mark}])')
    inner = (re.sub(rf'"{mark}[ ]*"|""', "", line[1:-1]) for line in lines if line.endswith('"'))
    return any(stray.search(line) for line in inner)


def _common_width(rows: list[list[str]]) -> int:
    """Return the number of cells most records have, or 0 when no width is had by half of them."""
    widths = Counter(len(row) for row in rows if any(row))
    if not widths:
        return 0
    width, times = widths.most_common(1)[0]
    return width if times * 2 >= sum(widths.values()) else 0


def _decode(piece: bytes) -> str:
    """Decode a piece cut anywhere; a byte that is no UTF-8 is kept as it is for counting."""
    return codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(piece)
