"""Find the records of a sound delimited file that have more cells than there are columns.

Only looked for where the fast reader stumbles over one: the other records can then still be read fast.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from data.errors import N_
from data.reading.records import LONGEST
from data.reading.tables import Reject

CHUNK = 4 << 20
TOO_MANY = N_("The row has more cells than the header has columns.")
_QUOTE, _LF = 34, 10
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Record:
    """The number of a record among those of the file, from 0, and where its bytes begin and end."""

    number: int
    start: int
    end: int


def overlong(path: Path, start: int, delimiter: str, width: int) -> list[Record]:
    """Return the records from byte `start` on with more than `width` cells.

    The quoting must be sound: a delimiter or line feed is inside a cell where an odd number of quotes stands
    before it.
    """
    found: list[Record] = []
    quotes = number = seen = 0  # so far: quotes of the file, whole records, delimiters of the present record
    begin = start
    for offset, codes in _chunks(path, start):
        marks = np.flatnonzero(codes == _QUOTE)
        cuts = _outside(np.flatnonzero(codes == ord(delimiter)), marks, quotes)
        feeds = _outside(np.flatnonzero(codes == _LF), marks, quotes)
        quotes += marks.size
        before = np.searchsorted(cuts, feeds)
        counts = np.diff(before, prepend=0)
        if counts.size:
            counts[0] += seen
        for i in np.flatnonzero(counts >= width):
            first = begin if i == 0 else offset + int(feeds[i - 1]) + 1
            found.append(Record(number + int(i), first, offset + int(feeds[i])))
        if feeds.size:
            begin, seen = offset + int(feeds[-1]) + 1, 0
            number += feeds.size
        seen += cuts.size - (int(before[-1]) if before.size else 0)
    if seen >= width:
        found.append(Record(number, begin, path.stat().st_size))
    return found


def rejected(path: Path, records: list[Record], delimiter: str, width: int, before: int) -> list[Reject]:
    """Return those records that have a text beyond the last column; `before` records precede the first."""
    csv.field_size_limit(LONGEST)
    found = []
    with path.open("rb") as stream:
        for record in records:
            stream.seek(record.start)
            text = stream.read(record.end - record.start).decode("utf-8", "replace").removesuffix("\r")
            (cells,) = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            if any(cells[width:]):
                found.append(Reject(before + record.number + 1, None, " | ".join(cells), TOO_MANY))
    return found


def _chunks(path: Path, start: int) -> Iterator[tuple[int, npt.NDArray[np.uint8]]]:
    with path.open("rb") as stream:
        stream.seek(start)
        while chunk := stream.read(CHUNK):
            yield start, np.frombuffer(chunk, np.uint8)
            start += len(chunk)


def _outside(places: Places, quotes: Places, before: int) -> Places:
    """Return those places that are not inside a quoted cell; `before` quotes precede the chunk."""
    if not quotes.size and not before & 1:
        return places
    kept: Places = places[(np.searchsorted(quotes, places) + before) & 1 == 0]
    return kept
