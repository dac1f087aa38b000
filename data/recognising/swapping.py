"""Days and months a spreadsheet swapped: it reads 02/05 its own way and leaves 02/25 the text it was."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from data.errors import N_
from data.notice import Notice
from data.recognising.dates import SOME, Dates
from data.recognising.profile import Column, Facts

TWO_FIRST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2\d{2,4}")
YEAR_FIRST = re.compile(r"\d{4}([-/.])(\d{1,2})\1(\d{1,2})")
LEAST = 10  # cells of either way of writing; by chance ten days up to 12 in a row are one in ten thousand
CODES = ("date_order_unknown", "date_order_mixed", "date_orders_differ")


@dataclass
class Written:
    """How many cells of one way of writing dates have a number over 12 first, second or nowhere."""

    first: int = 0
    second: int = 0
    neither: int = 0


def settle(facts: Facts, columns: list[Column], read: Dates) -> None:
    """Read the cells a spreadsheet turned into dates the way they were meant, and tell.

    Such a column is written two ways: one only with days and months up to 12 (what the spreadsheet could
    read as a date), one only with a number over 12 (what it could not, left as text). The text says which
    comes first; what it turned into a date has the two swapped.
    """
    for column in columns:
        if column.name not in read.rules or column.dates < SOME:
            continue
        ways = _ways(facts, column)
        left = {
            w: n for w, n in ways.items() if w != "iso" and not n.neither and max(n.first, n.second) >= LEAST
        }
        turned = [w for w, n in ways.items() if n.neither >= LEAST and not n.first and not n.second]
        if len(left) != 1 or len(turned) != 1 or len(ways) != 2:
            continue
        ((text, counts),) = left.items()
        if counts.first and counts.second:
            continue
        _swap(facts, column, read, turned[0], ways[turned[0]].neither, day_first=counts.first > 0, text=text)


def _ways(facts: Facts, column: Column) -> dict[str, Written]:
    """Return, per separator (or "iso" where the year comes first), what the cells hold."""
    found: dict[str, Written] = {}
    counted: Counter[tuple[str, str]] = Counter()
    for cell, cells in facts.days(column):
        text = cell.strip()
        if match := YEAR_FIRST.match(text):
            way, first, second = "iso", int(match[2]), int(match[3])
        elif match := TWO_FIRST.match(text):
            way, first, second = match[2], int(match[1]), int(match[3])
        else:
            continue
        counted[way, "first" if first > 12 else "second" if second > 12 else "neither"] += cells
    for (way, kind), cells in counted.items():
        setattr(found.setdefault(way, Written()), kind, cells)
    return found


def _swap(
    facts: Facts, column: Column, read: Dates, turned: str, cells: int, *, day_first: bool, text: str
) -> None:
    rule = read.rules[column.name]
    formats = [_mended(pattern, turned, day_first, text) for pattern in rule.formats]
    read.rules[column.name] = rule.model_copy(update={"formats": list(dict.fromkeys(formats))})
    read.notices = [n for n in read.notices if not (n.code in CODES and n.column == column.name)]
    read.notices.append(
        Notice(
            code="dates_swapped",
            level="warning",
            file=facts.file,
            column=column.name,
            count=cells,
            values={"column": column.name, "count": cells},
            message=N_(
                "A spreadsheet has swapped day and month in {count} cells of “{column}”: every date up to "
                "the 12th is written one way and every later one another. They are swapped back; check them."
            ),
        )
    )


def _mended(pattern: str, turned: str, day_first: bool, text: str) -> str:
    if turned == "iso":
        match = re.match(r"%Y([-/.])%m\1%d", pattern)
        return pattern.replace(match[0], f"%Y{match[1]}%d{match[1]}%m") if match else pattern
    order = ("%d", "%m") if day_first else ("%m", "%d")
    for separator in (turned, text):
        for old in (("%d", "%m"), ("%m", "%d")):
            pattern = pattern.replace(separator.join(old), separator.join(order), 1)
            if pattern.startswith(separator.join(order)):
                return pattern
    return pattern
