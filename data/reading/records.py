"""Cut delimited text into records, also where quotes are not doubled as they should be.

Well-formed text gives what RFC 4180 says. Beyond it: a quote that no delimiter or line end follows
is part of the cell, blanks around a quoted cell are dropped, a quote that never closes is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from data.errors import N_, HitrateError

WINDOW = 64 * 1024  # a quoted cell longer than this, in a file with loose quotes, is a stray quote
LONGEST = 32 * 1024 * 1024  # no record is this long
MAX_STRAYS = 50  # after so many stray quotes a quoted cell may no longer hold a line break

_END = r"\r*\n|\r|\Z"


class Tokenizer:
    """Cut text into records for one delimiter.

    `joined` is for writers that join cells with `","` and double nothing (vtiger): there a cell ends
    only at a quote with a delimiter and another quote after it, or at the end of a line.
    """

    def __init__(self, delimiter: str, joined: bool = False) -> None:
        mark = re.escape(delimiter)
        blank = "[ ]*"
        if joined:
            ends = rf'{blank}(?:{mark}{blank}(?=")|(?:\r*\n|\r)(?=["\r\n]|\Z)|\Z)'
            inner = rf'(?:[^"]++|"(?!{ends}))*+'
            self._narrow = re.compile(rf'{blank}"((?:[^"\r\n]++|"(?!{ends}))*+)"{blank}({mark}|{_END})')
        else:
            ends = rf"{blank}(?:{mark}|{_END})"
            inner = rf'(?:[^"]++|""|"(?!{ends}))*+'
            self._narrow = re.compile(rf'{blank}"((?:[^"\r\n]++|""|"(?!{ends}))*+)"{blank}({mark}|{_END})')
        self._wide = re.compile(rf'{blank}"({inner})"{blank}({mark}|{_END})')
        self._plain = re.compile(rf"([^{mark}\r\n]*)({mark}|{_END})")
        self._delimiter = delimiter
        self._joined = joined
        self._strays = 0

    def records(self, chunks: Iterable[str]) -> Iterator[list[str]]:
        """Yield every record of the text whose pieces are `chunks`; an empty line is `[""]`."""
        for cells, _ in self.located(chunks):
            yield cells

    def located(self, chunks: Iterable[str]) -> Iterator[tuple[list[str], int]]:
        """Yield every record with the position just after it, in characters from the start."""
        buffer, base = "", 0
        for chunk in chunks:
            buffer += chunk
            position = 0
            # A record is only certain once the longest possible cell after it is in view.
            while len(buffer) - position > 2 * WINDOW:
                cells, end = self._record(buffer, position)
                if end > len(buffer) - WINDOW:
                    break
                position = end
                yield cells, base + position
            buffer, base = buffer[position:], base + position
            if len(buffer) > LONGEST:
                raise HitrateError(
                    N_("Not a table"),
                    N_("A line is longer than {limit} MB."),
                    N_("Export the data again as CSV."),
                    limit=LONGEST >> 20,
                )
        position = 0
        while position < len(buffer):
            cells, position = self._record(buffer, position)
            yield cells, base + position

    def _record(self, text: str, position: int) -> tuple[list[str], int]:
        cells: list[str] = []
        while True:
            cell, end, position = self._cell(text, position)
            cells.append(cell)
            if end != self._delimiter:
                return cells, position

    def _cell(self, text: str, position: int) -> tuple[str, str, int]:
        if text.startswith(('"', " "), position):
            found = self._quoted(text, position)
            if found is not None:
                return self._unescape(found[1]), found[2], found.end()
        plain = self._plain.match(text, position)
        assert plain is not None  # the pattern matches the empty text
        return plain[1], plain[2], plain.end()

    def _quoted(self, text: str, position: int) -> re.Match[str] | None:
        if self._strays > MAX_STRAYS:
            return self._narrow.match(text, position)
        limit = position + WINDOW
        found = self._wide.match(text, position, limit)
        if found is not None and (found.end() < limit or limit >= len(text)):
            return found
        if text[position : position + 64].lstrip(" ").startswith('"'):
            self._strays += 1
        return None

    def _unescape(self, cell: str) -> str:
        if '"' not in cell:
            return cell
        if self._joined and '"' in cell.replace('""', ""):
            return cell
        return cell.replace('""', '"')
