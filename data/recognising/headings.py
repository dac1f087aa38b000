"""Headers that are periods: "Jan 2026", "2026-01", "Q1 2026", "1. kvartal 2026", "Doel mei 2026"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from data.recognising import words
from data.recognising.headers import parse

LONGEST = 48  # characters; a period with a word for target beside it is shorter
_YEAR = r"(?P<year>(?:19|20)\d\d|'?\d\d(?!\d))"
_FULL = r"(?P<year>(?:19|20)\d\d)"
_GAP = r"[\s./'’-]*"
_WORD = r"(?:quarter|qtr|kwartaal|kvartal|quartal|trimestre|trim)\.?"
# One letter alone is no quarter: "T1" may be a territory. With a year beside it, it is.
_LETTER = r"(?:q|kv|k|t)\.?"
_ORDER = r"(?:\.|:[ae]|e|er|de|ste|st|nd|rd|th)?"
_MONTHS = tuple(
    re.compile(p)
    for p in (
        rf"{_FULL}[-/. ]?(?P<month>0[1-9]|1[0-2])(?:-01(?:[ t]00:00(?::00)?(?:\.0+)?)?)?$",
        rf"(?P<month>0?[1-9]|1[0-2])[-/. ]{_FULL}$",
        rf"(?P<name>[^\W\d_]{{3,}})\.?(?:{_GAP}{_YEAR})?$",
        rf"{_FULL}{_GAP}(?P<name>[^\W\d_]{{3,}})\.?$",
    )
)
_QUARTERS = tuple(
    re.compile(p)
    for p in (
        rf"(?:{_WORD}|q)\s*(?P<quarter>[1-4])(?:{_GAP}{_YEAR})?$",
        rf"{_LETTER}\s*(?P<quarter>[1-4]){_GAP}{_YEAR}$",
        rf"{_FULL}{_GAP}(?:{_WORD}|{_LETTER})\s*(?P<quarter>[1-4])$",
        rf"(?P<quarter>[1-4]){_ORDER}\s*{_WORD}(?:{_GAP}{_YEAR})?$",
        rf"(?P<quarter>[1-4]){_LETTER}{_GAP}{_YEAR}$",
    )
)
_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.]((?:19|20)\d\d)$")


@dataclass(frozen=True)
class Heading:
    """A header that is a period; `aim`: a word for target stands beside it."""

    period: Literal["month", "quarter"]
    number: int
    year: int | None
    aim: bool = False


@cache
def heading(header: str) -> Heading | None:
    """Return the month or quarter that a header is, or None."""
    if len(header) > LONGEST:
        return None
    text = parse(header).text.casefold().strip(" '")
    if (found := _read(text)) is not None:
        return found
    parts = text.split()
    for at in range(1, len(parts)):
        for rest, said in ((parts[at:], parts[:at]), (parts[:at], parts[at:])):
            if _is_aim(" ".join(said)) and (found := _read(" ".join(rest))) is not None:
                return replace(found, aim=True)
    return None


def headings(names: Iterable[str]) -> dict[int, Heading]:
    """Return the periods among headers by their place; days that all are firsts of months are months."""
    listed = list(names)
    found = {i: one for i, name in enumerate(listed) if (one := heading(name)) is not None}
    days = {i: day for i, name in enumerate(listed) if (day := _DAY.match(name.strip()))}
    for part, other in ((1, 2), (2, 1)):
        months = [int(day[other]) for day in days.values()]
        if {int(day[part]) for day in days.values()} == {1} and len({*months}) > 1 and max(months) <= 12:
            found |= {i: Heading("month", int(day[other]), int(day[3])) for i, day in days.items()}
            break
    return found


def alike(found: dict[int, Heading]) -> dict[int, Heading]:
    """Return the periods of the kind most columns have: months or quarters, with a word for target where
    some have one, with a year where more have one. Empty where two columns are of one period."""
    for part in ("period", "aim", "year"):
        counted = Counter(_part(one, part) for one in found.values())
        best = max(counted, key=lambda key: (counted[key], key is True), default=None)
        found = {i: one for i, one in found.items() if _part(one, part) == best}
    return found if len({(one.year, one.number) for one in found.values()}) == len(found) else {}


def _part(one: Heading, part: str) -> object:
    return {"period": one.period, "aim": one.aim, "year": one.year is not None}[part]


def months_said(names: Iterable[str]) -> set[str]:
    """Return the names of months among the words of headers, in small letters."""
    known = _months()
    return {w for name in names for w in re.findall(r"[^\W\d_]{3,}", name.casefold()) if w in known}


def _read(text: str) -> Heading | None:
    for pattern in _MONTHS:
        if (found := pattern.match(text)) is None:
            continue
        parts = found.groupdict()
        number = _months().get(parts["name"]) if parts.get("name") else int(parts["month"])
        return Heading("month", number, _year(parts.get("year"))) if number else None
    for pattern in _QUARTERS:
        if found := pattern.match(text):
            return Heading("quarter", int(found["quarter"]), _year(found.groupdict().get("year")))
    return None


def _year(text: str | None) -> int | None:
    bare = (text or "").lstrip("'")
    return None if not bare else int(bare) if len(bare) == 4 else 2000 + int(bare)


@cache
def _is_aim(text: str) -> bool:
    return any(
        label.field == "target" and label.strength >= 0.8 for label in words.labels().get(words.key(text), ())
    )


@cache
def _months() -> dict[str, int]:
    return {name.rstrip("."): number for known in words.months().values() for name, number in known.items()}
