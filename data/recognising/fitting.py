"""How well the values of a column suit a field."""

from __future__ import annotations

import re

from data.recognising.cues import number
from data.recognising.dates import number_like_date
from data.recognising.fields import ASIDE, DATES, FLAGS, FREE_TEXT, NUMBERS, PERIODS, PERSONAL
from data.recognising.meaning import known_share
from data.recognising.periods import is_period
from data.recognising.profile import Column, Facts
from data.recognising.supporting import share_of_codes

CLOCK = re.compile(r"\d{1,3}:\d{2}(:\d{2})?$")
WAYS = ("in", "out", "uit", "ud", "ut", "aus", "ein", "sort", "entr", "received", "sent")


def fit(facts: Facts, column: Column, name: str) -> float:
    """Return how well the values of a column suit a field: 0 not at all, 1 fully."""
    if not column.filled:
        return 0.1
    kind = column.kind
    if name in PERIODS and is_period(column):
        return 1.0
    if name == "activity_duration" and is_clock(column):
        return 1.0
    if name == "activity_direction":
        return _fit_direction(column)
    if name in DATES:
        return _fit_date(facts, column)
    if name == "days_open":
        return _fit_days(column)
    if name in NUMBERS:
        return _fit_number(column, name)
    if name in FLAGS:
        return 1.0 if column.flag else 0.0
    if name in ("status", "result", "stage", "from_stage"):
        return _fit_words(column, name)
    if name == "deal_id":
        return 0.0 if kind in ("date", "flag") else 1.0 if column.header.deal else _fit_id(column)
    if name == "currency":
        return share_of_codes(column)
    if name == "email":
        return 1.0 if kind == "email" else 0.0
    if kind == "date":
        return 0.0
    if name in PERSONAL or name in FREE_TEXT or name in ASIDE or name == "deal_name":
        return 0.3 if kind in ("flag", "number") and name not in ("phone", *ASIDE) else 1.0
    return _fit_dimension(column, name)


def _fit_date(facts: Facts, column: Column) -> float:
    if column.kind == "date":
        return 1.0
    if number_like_date(facts, column):
        return 0.9
    return 0.5 if column.dates >= 0.3 else 0.0


def _fit_number(column: Column, name: str) -> float:
    if column.kind == "flag" and name != "founded":
        return 0.5
    if column.kind != "number":
        return 0.5 if column.kind in ("words", "text") and column.numbers >= 0.3 else 0.0
    if name == "probability":
        top = [c for c in column.sample if len(c.split(".")[0].split(",")[0].strip(" %")) > 3]
        return 0.0 if len(top) > 0.02 * len(column.sample) else 1.0
    return 0.2 if column.header.unit == "%" else 1.0


def _fit_days(column: Column) -> float:
    """How well the values are days: "Age" may be a person's too, and then none is under 16 or over 100."""
    read = [n for cell in column.sample if (n := number(cell)) is not None]
    if column.kind != "number" or not read:
        return 0.0
    return 0.5 if column.rows >= 30 and min(read) >= 16 and max(read) <= 100 else 1.0


def is_clock(column: Column) -> bool:
    """True where the cells are written like 1:30 or 00:02:10."""
    known = sum(bool(CLOCK.match(cell.strip())) for cell in column.sample)
    return bool(column.sample) and known >= 0.9 * len(column.sample)


def _fit_direction(column: Column) -> float:
    """How well the values say which way a call or a message went."""
    ways = [w.casefold().startswith(WAYS) for w in column.values or ()]
    return 1.0 if ways and sum(ways) >= 0.5 * len(ways) else 0.3


def _fit_words(column: Column, name: str) -> float:
    if column.kind in ("date", "email", "text") or column.distinct > 100:
        return 0.0
    if column.kind == "flag":
        return 0.1
    if column.kind == "number":
        return 0.4
    known = known_share(column)
    if name in ("stage", "from_stage"):
        return 1.0
    return 1.0 if known >= 0.4 else 0.7 if column.distinct <= 6 else 0.35


def _fit_id(column: Column) -> float:
    if column.filled < 0.8 * column.rows:
        return 0.4
    return 1.0 if column.unique > 0.5 else 0.6


def _fit_dimension(column: Column, name: str) -> float:
    if column.kind == "flag":
        return 0.75 if name in ("customer_type", "deal_type", "competitor") else 0.2
    if column.kind == "number" or column.kind == "id":
        return 0.9 if name in ("company_size", "age_group") else 0.6
    if name == "region" and known_share(column) > 0.5:
        return 0.1
    if name in ("owner", "team", "source", "region", "country") and column.rows > 50 and column.unique > 0.9:
        return 0.4
    return 0.9 if column.kind == "text" else 1.0
