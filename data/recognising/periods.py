"""Periods written as such: months, quarters, weeks and years, in plans and costs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from data.recipe import DateRule
from data.recognising import words
from data.recognising.profile import Column, Facts

if TYPE_CHECKING:
    from data.recognising.dates import Dates

NAMED = re.compile(
    r"(?:(?:19|20)\d{2}[\s./-]*(?:[qkt][1-4]|(?:w|wk|week|kw|u|uge|v|vecka)\s*\d{1,2})"
    r"|[qkt][1-4][\s./-]*(?:19|20)\d{2}|(?:19|20)\d{2}[/-]?(?:0[1-9]|1[0-2])|(?:19|20)\d{2}"
    r"|(?:0?[1-9]|1[0-2])[/-](?:19|20)\d{2})$",
    re.IGNORECASE,
)
MONTH = re.compile(r"([^\W\d_]{3,})\.?[\s-]+(?:19|20)\d{2}$")
# A year or a month alone is its first day. Each text fits one of these only.
FORMATS = ["%Y-%m", "%Y/%m", "%m-%Y", "%m/%Y", "%m %Y", "%Y%m", "%Y"]
FIRST_TWO = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ]\d{2}")
SEVERAL = 3  # months that must begin
SWAP = str.maketrans("dm", "md")
SURE = 0.9  # share of the cells


def is_period(column: Column) -> bool:
    """True where (nearly) every cell names a month, quarter, week or year and none a day."""
    known = sum(_names_one(cell.strip()) for cell in column.sample)
    return bool(column.sample) and known >= SURE * len(column.sample)


def _names_one(text: str) -> bool:
    found = MONTH.match(text)
    return bool(NAMED.match(text)) or bool(found and found[1].casefold() in _months())


def rule(column: Column) -> DateRule:
    """Return how the months and years of a column are read; quarters and weeks need no rule."""
    seen = {found[1].casefold() for cell in column.sample if (found := MONTH.match(cell.strip()))}
    known = _months()
    return DateRule(formats=list(FORMATS), months={name: known[name] for name in sorted(seen & {*known})})


def settle(facts: Facts, column: Column, read: Dates) -> None:
    """Decide the date order of beginnings of months, where days up to 12 alone leave it open.

    Dates that all have a 1 in the same place and several numbers in the other are firsts of months; read
    the other way they would be twelve days of one month, year after year.
    """
    asked = [n for n in read.notices if n.code == "date_order_unknown" and n.column == column.name]
    parts = [p for cell, _ in facts.days(column) if (p := FIRST_TWO.match(cell.strip()))]
    ones, others = ({int(p[place]) for p in parts} for place in (1, 2))
    if not asked or {1} not in (ones, others) or max(len(ones), len(others)) < SEVERAL:
        return
    day_first = ones == {1}
    read.notices = [n for n in read.notices if n not in asked]
    old = read.rules[column.name]
    formats = [f if f.startswith("%d") == day_first else f.translate(SWAP) for f in old.formats]
    read.rules[column.name] = old.model_copy(update={"formats": formats})


def _months() -> dict[str, int]:
    return {name.rstrip("."): number for known in words.months().values() for name, number in known.items()}
