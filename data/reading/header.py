"""Find the row that names the columns, below report titles and above the data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from data.reading.words import is_date, is_number, is_year

_FULL = 0.8  # share of the widest row that a header must fill
_VALUES = 0.3  # share of numbers and dates from which a row is data, not a header
_MONTH = re.compile(
    r"(?P<y>(?:19|20)\d\d)-?(?P<m>0[1-9]|1[0-2])(?:-01(?:[ T]00:00(?::00)?(?:\.0+)?)?)?"
    r"|0?1[-/.](?P<n>0?[1-9]|1[0-2])[-/.](?P<z>(?:19|20)\d\d)"
)
SEARCHED = 60  # rows among which the header is looked for


def find_header(rows: Sequence[Sequence[str | None]]) -> int | None:
    """Return the index of the header among the first rows, or None when there is none.

    It is the first row that fills nearly as many cells as the fullest row does, with texts that are
    mostly different and mostly neither numbers nor dates. A title or a banner fills too few cells.
    A file whose first full row looks like data has no header. A single row with too many cells, among
    rows that are alike, is no header: the fullest of the others counts.
    """
    found = _first_full(rows)
    if found is None:
        return None
    after = [len(row) for row in rows[found + 1 : SEARCHED]]
    usual, times = Counter(len(row) for row in rows[:SEARCHED]).most_common(1)[0]
    last = not after and usual > 1 and times > 2  # nothing below it, and a table above it
    extra = len(rows[found]) - usual  # a comma in a text makes a cell or two too many, not a table of its own
    if 0 < extra <= max(2, usual // 2) and (last or after.count(usual) * 2 > len(after)):
        earlier = _first_full([row if len(row) <= usual else [] for row in rows])
        return found if earlier is None else min(found, earlier)
    return found


def _first_full(rows: Sequence[Sequence[str | None]]) -> int | None:
    widths = [sum(1 for cell in row if cell and cell.strip()) for row in rows[:SEARCHED]]
    if not widths or not max(widths):
        return None
    for index, row in enumerate(rows[:SEARCHED]):
        if widths[index] < _FULL * max(widths):
            continue
        if _names(row, rows[index + 1 : index + 2]):
            return index
        break
    return _narrow_header(rows, widths)


def _narrow_header(rows: Sequence[Sequence[str | None]], widths: list[int]) -> int | None:
    """Return a header that fills fewer cells than the data do (unnamed columns), if one is clear."""
    common, times = Counter(w for w in widths if w > 1).most_common(1)[0] if max(widths) > 1 else (1, 0)
    for index, row in enumerate(rows[:SEARCHED]):
        if widths[index] >= max(2, 0.5 * common) and times > 1:
            return index if _names(row, rows[index + 1 : index + 2]) else None
    return None


def _names(row: Sequence[str | None], below: Sequence[Sequence[str | None]]) -> bool:
    cells = _filled(row)
    months = set() if any(_months(_filled(other)) for other in below) else _months(cells)
    values = sum(
        (is_number(cell) or is_date(cell)) and not is_year(cell) and cell not in months for cell in cells
    )
    different = len({cell.casefold() for cell in cells})
    return values < max(1.0, _VALUES * len(cells)) and different >= 0.5 * len(cells)


def _filled(row: Sequence[str | None]) -> list[str]:
    return [cell.strip() for cell in row if cell and cell.strip()]


def _months(cells: list[str]) -> set[str]:
    """Return the cells that name a month each, one after the other, as a plan has them above its columns
    ("202601", a spreadsheet's 2026-01-01): three or more behind a name."""
    if not cells or is_number(cells[0]) or is_date(cells[0]):
        return set()
    found = [
        (int(m["y"] or m["z"]), int(m["m"] or m["n"]), cell)
        for cell in cells
        if (m := _MONTH.fullmatch(cell))
    ]
    months = [12 * year + month for year, month, _ in found]
    rising = all(later > before for before, later in pairwise(months))
    return {cell for _, _, cell in found} if len(found) >= 3 and rising else set()


def clean(cells: Sequence[str | None], width: int) -> list[str]:
    """Return `width` headers, outer space, byte order mark and NUL stripped; "" where a column has none."""
    names = [(cell or "").replace("\ufeff", "").replace("\x00", "").strip() for cell in cells[:width]]
    return names + [""] * (width - len(names))


def vacant_columns(
    header: Sequence[str | None], rows: Iterable[Sequence[str | None]], width: int
) -> tuple[int, ...]:
    """Return the columns that have neither a name nor, in these rows, a value."""
    used = {i for row in (header, *rows) for i, cell in enumerate(row) if cell and cell.strip()}
    return tuple(i for i in range(width) if i not in used)


def unnamed(place: int) -> str:
    """Return what a column without a header is called; `place` counts from 1."""
    return f"Column {place}"
