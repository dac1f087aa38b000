"""What a cell is shaped like: a date, a number, the record id of a known system."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from data.recognising import words, written

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
MONTH = "\x01"
LONGEST_DATE = 40
SOME = 60  # cells that tell what kind a column is where they agree; a third of others would show up
GUARDED = ("+", "-", "=", "@")
DATE = re.compile(
    r"(9{4}[-/.]9{1,2}[-/.]9{1,2}|9{1,2}[-/. ]9{1,2}[-/. ]9{2,4}"
    r"|9{1,2}\.?[-. ]a+\.?[-. ]9{2,4}|a+\.? 9{1,2},? 9{4}"
    r"|9{1,2}\.?[-. /]\x01[-. /]9{2,4}|\x01 9{1,2},? 9{4}|\x02|\x03.+)"
    r"(,?[ a]?9{1,2}:99(:99(\.9+)?)?( ?a{2})?)?( ?(a|aaa|[+-]99:?99))?$"
)
NUMBER = re.compile(
    r"[(+-]?\s*([^\w\s.,'()+%-]{1,2}|a{1,3}\.?)?\s*-?\s*9+([.,' \u00a0\u202f’]9+)*"
    r"(a[+-]9{1,3})?\s*(a{1,4}\.?\s*)?([^\w\s.,'()+-]{1,2}|a{1,3}\.?)?\s*[)-]?$"
)
ID = re.compile(
    r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|00[0-9A-Za-z]{13}(?:[0-9A-Za-z]{3})?"
    r"|zcrm_\d+|(?:oppo|lead|stat|user|cont)_[0-9A-Za-z]{20,}|[0-9a-f]{24,64})$",
    re.IGNORECASE,
)
_SHAPE = str.maketrans({**dict.fromkeys("0123456789", "9"), **dict.fromkeys(LETTERS, "a")})


@lru_cache(maxsize=2_048)  # a column is looked at for dates, then for numbers
def shape(text: str) -> str:
    """Return `text` with every digit as 9, every plain letter as a, and a month's name that no date pattern
    knows (any but English) as MONTH. A date with a weekday has the shape of the date alone; a week is WEEK,
    and a month without a day has PERIOD before its shape. An apostrophe that guards a number or a date
    against being taken for a formula is left out."""
    if text[:1] == "'" and (text[1:2].isdigit() or text[1:2] in GUARDED):
        text = text[1:]
    if len(text) > LONGEST_DATE or not (text[:1].isdigit() or text[-1:].isdigit()):
        return text.translate(_SHAPE)
    plain = _plain(text)
    if (said := written.period(text)) is not None:
        return said if said == written.WEEK else said + plain
    if DATE.match(plain):
        return plain
    if (alone := written.bare(text)) != text:
        return date if DATE.match(date := _plain(alone)) else plain
    return plain


def _plain(text: str) -> str:
    plain = text.translate(_SHAPE)
    if text.isascii() and ("a" not in plain or not words.may_name_month(text)):
        return plain  # looking for a month's name takes five times as long
    return words.month_names().sub(MONTH, text).translate(_SHAPE)


def is_spoken(text: str) -> bool:
    """True for a date that is only one without the words beside it ("Monday, 4 May 2026")."""
    return bool(DATE.match(shape(text))) and not DATE.match(_plain(text)) and written.period(text) is None


def is_number(cell: str) -> bool:
    """True for a number as people write it, with or without a currency; "S-20500" is not one."""
    if not NUMBER.match(shape(cell)):
        return False
    letters = re.findall(r"[A-Za-z]+", re.sub(r"(?<=\d)[eE][+-]\d+", "", cell))
    known = (words.without_unit(w).casefold() for w in letters)
    return all(w in ("", "kr") or w in words.currency_words() for w in known)


def shapes_of(values: dict[str, int]) -> list[tuple[str, int, str, str]]:
    """Return (shape, cells, least cell, greatest cell) of counted cells, most frequent shape first."""
    cells: Counter[str] = Counter()
    ends: dict[str, tuple[str, str]] = {}
    for value, count in values.items():
        bare = value.strip()
        s = shape(bare)
        cells[s] += count
        low, high = ends.get(s, (bare, bare))
        ends[s] = (min(low, bare), max(high, bare))
    return [(s, n, *ends[s]) for s, n in cells.most_common()]


def share(cells: tuple[str, ...], test: Callable[[str], bool]) -> float:
    """Return the share of cells that pass: of some, spread over all, where these agree."""
    some = cells[:: max(1, len(cells) // SOME)]
    passed = sum(map(test, some))
    if passed in (0, len(some)) or len(some) == len(cells):
        return passed / len(some) if some else 0.0
    return sum(map(test, cells)) / len(cells)
