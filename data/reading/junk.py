"""Which records are not data: empty lines, footers, totals, group lines, a header said twice.

Words alone never decide. A total is a word like Total in the first filled cell with nothing but
numbers beside it; a footer is a known sentence alone on its row, or any row with one filled cell
that stands below an empty line at the end of the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from typing import Any

import polars as pl

from data.reading.header import unnamed
from data.reading.tables import BANNER, EMPTY, FOOTER, GROUP, SUBTOTAL, TOTAL, Junk, Reject
from data.reading.words import (
    AGGREGATE_WORDS,
    FOOTER_RE,
    GROUP_RE,
    NAMED_TOTAL_RE,
    SUBTOTAL_RE,
    TOTAL_RE,
    is_date,
    is_number,
)

Cells = Mapping[str, Any]


def find_junk(suspects: pl.DataFrame, headers: Sequence[str], last: int, footers: Set[int]) -> list[Junk]:
    """Return those of `suspects` (`row`, `c0`..) that are not data, in file order.

    `last` is the number of the file's last record; `footers` are records known to be footers already.
    """
    names = [f"c{i}" for i in range(len(headers))]
    empty = pl.all_horizontal(pl.col(name).is_null() for name in names)
    found = {row: Junk(row, "", EMPTY) for row in suspects.filter(empty)["row"].to_list()}
    rest = {cells["row"]: cells for cells in suspects.filter(~empty).iter_rows(named=True)}
    for row, cells in rest.items():
        reason = _reason(cells, names, headers)
        if reason is not None:
            found[row] = _junk(cells, names, headers, reason)
    known = {row: junk.reason for row, junk in found.items()} | dict.fromkeys(footers, FOOTER)
    for row, reason in _ending(rest, known, last, names):
        found[row] = _junk(rest[row], names, headers, reason)
    return [found[row] for row in sorted(found)]


def footers_among(rejects: Sequence[Reject]) -> tuple[list[Junk], list[Reject]]:
    """Split rejects into footer lines that only look too wide (commas in a sentence) and the rest."""
    sentence = re.compile(FOOTER_RE)
    junk = [Junk(r.row, r.text, FOOTER) for r in rejects if sentence.match(r.text)]
    return junk, [r for r in rejects if not sentence.match(r.text)]


def _reason(cells: Cells, names: list[str], headers: Sequence[str]) -> str | None:
    filled = [(name, str(cells[name])) for name in names if cells[name] is not None]
    label, others = " ".join(filled[0][1].split()), [text for _, text in filled[1:]]
    if _is_header(cells, names, headers):
        return BANNER
    if re.match(FOOTER_RE, label) and len(others) <= 1:
        return FOOTER
    if not all(_counts(text) for text in others) or (len(others) > 1 and len(filled) == len(names)):
        return None
    if re.match(TOTAL_RE, label):
        return TOTAL
    if re.match(SUBTOTAL_RE, label):
        return SUBTOTAL
    if others and len(names) > 3 and re.match(NAMED_TOTAL_RE, label):
        return SUBTOTAL
    if not others and len(names) > 2 and re.match(GROUP_RE, label):
        return GROUP
    return None


def _is_header(cells: Cells, names: list[str], headers: Sequence[str]) -> bool:
    named = [(cells[name], header) for name, header in zip(names, headers, strict=True) if header]
    return bool(named) and all(text is not None and text.strip() == header for text, header in named)


def _counts(text: str) -> bool:
    """Return whether a cell is a number, or a word such as Sum that stands beside one."""
    return is_number(text) or text.strip().casefold() in AGGREGATE_WORDS


def _ending(
    rest: Mapping[int, Cells], known: Mapping[int, str], last: int, names: list[str]
) -> list[tuple[int, str]]:
    """Return the further rows at the end of the file that belong to its footer.

    The block is what follows the last row of data: known junk and rows with one filled cell. Such a
    row is a footer when known junk stands above it in the block, or a footer sentence below it.
    """
    if len(names) < 2:
        return []
    start = last
    while start in known or (start in rest and _alone(rest[start], names)):
        start -= 1
    block = range(start + 1, last + 1)
    sentence = max((row for row in block if known.get(row) == FOOTER), default=0)
    first = next((row for row in block if row in known), last + 1)
    found = [(row, FOOTER) for row in block if row not in known and (row > first or row < sentence)]
    if start in rest and start - 1 not in known and _bare_total(rest[start], names):
        found.append((start, TOTAL))
    return found


def _alone(cells: Cells, names: list[str]) -> bool:
    """Return whether a row has one filled cell, a text, in its first or second column."""
    filled = [name for name in names if cells[name] is not None]
    return len(filled) == 1 and filled[0] in names[:2] and not is_number(str(cells[filled[0]]))


def _bare_total(cells: Cells, names: list[str]) -> bool:
    """Return whether a row holds a few numbers and nothing else, as totals without a label do."""
    filled = [str(cells[name]) for name in names if cells[name] is not None]
    numbers = all(is_number(text) and not is_date(text) for text in filled)
    return len(names) > 3 and cells[names[0]] is None and numbers and len(filled) <= len(names) / 3


def _junk(cells: Cells, names: list[str], headers: Sequence[str], reason: str) -> Junk:
    filled = [(i, str(cells[name])) for i, name in enumerate(names) if cells[name] is not None]
    by_header: dict[str, str] = {}
    for place, text in filled:
        by_header.setdefault(headers[place] or unnamed(place + 1), text)
    return Junk(cells["row"], " | ".join(text for _, text in filled), reason, by_header)


def group_columns(headers: Sequence[str]) -> list[int]:
    """Return the leading columns whose header ends in a sort arrow: a formatted report writes their
    value only on a group's first row."""
    arrows = [bool(re.search(r"\s[↑↓]$", header)) for header in headers]
    return list(range(arrows.index(False) if False in arrows else len(arrows)))
