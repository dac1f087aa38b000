"""How each date column is written, decided over all of its cells."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from data.errors import N_
from data.notice import Notice
from data.recipe import DateRule
from data.recognising import dateforms, words, written
from data.recognising.profile import Column, Facts
from data.recognising.shapes import MONTH, is_spoken, shape

_PARTS = re.compile(r"(?P<a>\d{1,2})(?P<sep>[-/. ])(?P<b>\d{1,2})(?P=sep)\d{2}")
SOME = 0.3  # share of date-shaped cells from which a column called a date is read as one
# Languages whose dates put the day first wherever the order is open.
DAY_FIRST = {"nl", "da", "de", "sv", "nb", "fr"}


@dataclass
class Order:
    """How many cells of one column and separator only make sense one way round."""

    day_first: int = 0
    month_first: int = 0
    either: int = 0
    neither: int = 0

    @property
    def answer(self) -> str | None:
        """Return "dmy", "mdy", "mixed", or None where no cell has a number over 12."""
        if self.day_first and self.month_first:
            return "mixed"
        return "dmy" if self.day_first else "mdy" if self.month_first else None


@dataclass
class Dates:
    """The date rules of a file, and what must be asked."""

    rules: dict[str, DateRule] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)


def orders(facts: Facts, column: Column) -> dict[str, Order]:
    """Return, per separator, how many cells say day first or month first; counted over all cells."""
    found: dict[str, Order] = {}
    for cell, cells in facts.days(column):
        parts = _PARTS.match(written.bare(cell.strip().lstrip("'")))
        if parts is None:
            continue
        order = found.setdefault(parts["sep"], Order())
        first, second = int(parts["a"]) > 12, int(parts["b"]) > 12
        way = (
            "neither" if first and second else "day_first" if first else "month_first" if second else "either"
        )
        setattr(order, way, getattr(order, way) + cells)
    return found


def decide(facts: Facts, columns: list[Column], language: str) -> Dates:
    """Return how every date column is written; the columns of one file settle each other's order."""
    found = Dates()
    tallies = {c.index: orders(facts, c) for c in columns if _written_as_date(c)}
    settled: dict[str, Counter[str]] = {}
    for tally in tallies.values():
        for separator, order in tally.items():
            if order.answer in ("dmy", "mdy"):
                settled.setdefault(separator, Counter())[order.answer] += 1
    for column in columns:
        if _written_as_date(column):
            _decide_one(facts, column, tallies[column.index], settled, language, found)
        elif column.filled and (number := _number_date(facts, column)):
            found.rules[column.name] = DateRule(formats=[number])
    return found


def _written_as_date(column: Column) -> bool:
    """True where enough cells are shaped like a date; the others are listed when they are read."""
    return column.kind == "date" or (column.kind != "number" and column.dates >= SOME)


def _decide_one(
    facts: Facts,
    column: Column,
    tally: dict[str, Order],
    settled: dict[str, Counter[str]],
    language: str,
    found: Dates,
) -> None:
    ways: dict[str, str] = {}
    for separator, order in tally.items():
        ways[separator] = _way(facts, column, separator, order, settled, language, found)
    if len(set(ways.values())) > 1:
        known = {s: o.answer for s, o in tally.items()}
        counts = {way: sum(_cells(o) for s, o in tally.items() if ways[s] == way) for way in ("dmy", "mdy")}
        sure = all(a in ("dmy", "mdy") for a in known.values())
        found.notices.append(
            Notice(
                code="date_orders_differ",
                level="warning" if sure else "question",
                file=facts.file,
                column=column.name,
                count=min(counts.values()),
                message=N_(
                    "“{column}” holds dates written two ways: {day_first} with the day first and "
                    "{month_first} with the month first. Each is read by its own separator; check them, "
                    "a swapped day and month moves a deal to another month."
                ),
                values={"column": column.name, "day_first": counts["dmy"], "month_first": counts["mdy"]},
            )
        )
    formats: Counter[str] = Counter()
    for form, cells, _, _ in facts.shapes(column):
        day, time = dateforms.split(form)
        pattern = dateforms.pattern(day, ways.get(dateforms.separator(day) or "", "dmy"))
        if pattern:
            formats[pattern + time] += cells
    if formats:
        found.rules[column.name] = DateRule(
            formats=[f for f, _ in formats.most_common(6)],
            months=_months(column, language),
            skip=written.said([cell for cell in column.sample if is_spoken(cell)]),
        )
        found.notices += _without_day(facts, column, formats)


def _without_day(facts: Facts, column: Column, formats: Counter[str]) -> list[Notice]:
    """Tell which day a week or a month counts as, where a column holds no days."""
    told = {
        "week_is_monday": (
            sum(n for f, n in formats.items() if f == "week"),
            N_("“{column}” holds weeks ({count} cells), not days: each counts as its Monday."),
        ),
        "month_is_first": (
            sum(n for f, n in formats.items() if f != "week" and "%d" not in f),
            N_("“{column}” holds months ({count} cells), not days: each counts as its first day."),
        ),
    }
    return [
        Notice(
            code=code,
            level="info",
            file=facts.file,
            column=column.name,
            count=count,
            values={"column": column.name, "count": count},
            message=message,
        )
        for code, (count, message) in told.items()
        if count
    ]


def _months(column: Column, language: str) -> dict[str, int]:
    """Return the month names of the languages the cells use, or nothing where no cell has a foreign one.

    A name several languages share ("juni") is looked up in all; that of the header comes first.
    """
    seen = {
        found.group().rstrip(".").casefold()
        for cell in map(written.bare, column.sample)
        if (found := words.month_names().search(cell)) and MONTH in shape(cell)
    }
    order = [language, *(code for code in words.LANGUAGES if code != language)]
    used: dict[str, int] = {}
    for code in order:
        known = words.months()[code]
        if left := {name for name in seen if name in known}:
            used = known | used
            seen -= left
    return used


def _cells(order: Order) -> int:
    return order.day_first + order.month_first + order.either + order.neither


def _way(
    facts: Facts,
    column: Column,
    separator: str,
    order: Order,
    settled: dict[str, Counter[str]],
    language: str,
    found: Dates,
) -> str:
    """Return "dmy" or "mdy" for one separator of one column, asking where nothing settles it."""
    if order.answer in ("dmy", "mdy"):
        return order.answer
    values: dict[str, str | int | float] = {"column": column.name}
    if order.answer == "mixed":
        values |= {"day_first": order.day_first, "month_first": order.month_first}
        way = "dmy" if order.day_first >= order.month_first else "mdy"
        found.notices.append(
            Notice(
                code="date_order_mixed",
                level="question",
                file=facts.file,
                column=column.name,
                values=values,
                count=min(order.day_first, order.month_first),
                message=N_(
                    "“{column}” mixes two date orders with the same separator: {day_first} cells only "
                    "make sense with the day first, {month_first} only with the month first. The larger "
                    "group decides; the other cells are listed as unreadable."
                ),
            )
        )
        return way
    if others := settled.get(separator):
        return others.most_common(1)[0][0]
    if separator == ".":
        return "dmy"
    if separator == "/" and any(" aa" in s for s, *_ in facts.shapes(column)):
        return "mdy"
    way = "dmy" if language in DAY_FIRST or separator == "-" else "mdy"
    found.notices.append(
        Notice(
            code="date_order_unknown",
            level="question",
            file=facts.file,
            column=column.name,
            count=_cells(order),
            values=values | {"language": language},
            message=N_(
                "No date in “{column}” has a day over 12, so 03/04 may be 3 April or March 4. The day is "
                "taken to come first. A wrong order moves deals to other months."
            )
            if way == "dmy"
            else N_(
                "No date in “{column}” has a day over 12, so 03/04 may be 3 April or March 4. The month is "
                "taken to come first. A wrong order moves deals to other months."
            ),
        )
    )
    return way


def _number_date(facts: Facts, column: Column) -> str | None:
    """Return how a date stored as a bare number is to be read, or None."""
    shapes = facts.shapes(column)
    if not shapes:
        return None
    low, high = min(s[2] for s in shapes), max(s[3] for s in shapes)
    kinds = {re.sub(r"\.9+$", "", s[0]) for s in shapes}
    if kinds == {"99999"} and low >= "20000" and high < "80000":
        return "excel"
    if kinds == {"9" * 13} and high < "4200000000000":
        return "epoch_ms"
    if kinds == {"9" * 10} and high < "4200000000":
        return "epoch_s"
    if kinds == {"9" * 8} and low >= "19000101" and high <= "21001231":
        return "%Y%m%d"
    return None


def number_like_date(facts: Facts, column: Column) -> bool:
    """True where a column of bare numbers could be dates (a date saved as General, epoch milliseconds)."""
    return column.kind == "number" and _number_date(facts, column) is not None
