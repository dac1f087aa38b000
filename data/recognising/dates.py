"""How each date column is written, decided over all of its cells."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from data.errors import N_
from data.notice import Notice
from data.recipe import DateRule
from data.recognising import words
from data.recognising.profile import Column, Facts
from data.recognising.shapes import MONTH, shape

_TIME = re.compile(r"(?P<gap>,? |a)(?P<h>9{1,2}:99)(?P<s>:99)?(?P<f>\.9+)?(?P<ap> ?aa)?$")
_ZONE = re.compile(r"(?<=9)( ?(?P<z>a)| (?P<name>aaa)|(?P<gap> ?)(?P<off>[+-]99:?99))$")
_YEAR_FIRST = re.compile(r"9{4}(?P<sep>[-/.])9{1,2}(?P=sep)9{1,2}$")
_TWO_FIRST = re.compile(r"9{1,2}(?P<sep>[-/. ])9{1,2}(?P=sep)(?P<y>9{4}|9{2})$")
_MONTH_SECOND = re.compile(r"9{1,2}(?P<dot>\.?)(?P<sep>[-. ])(?P<m>a+)(?P=sep)(?P<y>9{4}|9{2})$")
_MONTH_FIRST = re.compile(r"(?P<m>a+) 9{1,2}(?P<comma>,?) 9{4}$")
_WORD_SECOND = re.compile(rf"9{{1,2}}(?P<dot>\.?)(?P<sep>[-. /]){MONTH}(?P=sep)(?P<y>9{{4}}|9{{2}})$")
_WORD_FIRST = re.compile(rf"{MONTH} 9{{1,2}}(?P<comma>,?) 9{{4}}$")
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


def _split(shape: str) -> tuple[str, str]:
    """Return the day part of a shape and the strptime text of its time and zone."""
    zone = ""
    found = _ZONE.search(shape)
    if found and ":" in shape[: found.start()]:
        zone = "Z" if found["z"] else " %Z" if found["name"] else f"{found['gap']}%z"
        shape = shape[: found.start()]
    time = _TIME.search(shape)
    if not time:
        return shape, zone
    hour = "%I" if time["ap"] else "%H"
    gap = "T" if time["gap"] == "a" else time["gap"]
    text = f"{gap}{hour}:%M" + (":%S" if time["s"] else "") + (".%f" if time["f"] else "")
    ap = time["ap"] or ""
    return shape[: time.start()], text + (" %p" if ap.startswith(" ") else "%p" if ap else "") + zone


def _pattern(day: str, order: str) -> str | None:
    """Return the strptime text of a day part, or None where the shape is no date."""
    if found := _YEAR_FIRST.match(day):
        return "%Y{0}%m{0}%d".format(found["sep"])
    if found := _TWO_FIRST.match(day):
        year = "%Y" if len(found["y"]) == 4 else "%y"
        first, second = ("%d", "%m") if order == "dmy" else ("%m", "%d")
        return found["sep"].join((first, second, year))
    if found := _MONTH_SECOND.match(day):
        year, month = "%Y" if len(found["y"]) == 4 else "%y", "%b" if len(found["m"]) == 3 else "%B"
        return f"%d{found['dot']}{found['sep']}{month}{found['sep']}{year}"
    if found := _MONTH_FIRST.match(day):
        return f"{'%b' if len(found['m']) == 3 else '%B'} %d{found['comma']} %Y"
    if found := _WORD_SECOND.match(day):
        year = "%Y" if len(found["y"]) == 4 else "%y"
        return f"%d{found['dot']}{found['sep']}%m{found['sep']}{year}"
    if found := _WORD_FIRST.match(day):
        return f"%m %d{found['comma']} %Y"
    return {"99999999": "%Y%m%d"}.get(day)


def _separator(day: str) -> str | None:
    found = _TWO_FIRST.match(day)
    return found["sep"] if found else None


def orders(facts: Facts, column: Column) -> dict[str, Order]:
    """Return, per separator, how many cells say day first or month first; counted over all cells."""
    found: dict[str, Order] = {}
    for cell, cells in facts.days(column):
        parts = _PARTS.match(cell.strip())
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
    for written, cells, _, _ in facts.shapes(column):
        day, time = _split(written)
        pattern = _pattern(day, ways.get(_separator(day) or "", "dmy"))
        if pattern:
            formats[pattern + time] += cells
    if formats:
        found.rules[column.name] = DateRule(
            formats=[f for f, _ in formats.most_common(6)], months=_months(column, language)
        )


def _months(column: Column, language: str) -> dict[str, int]:
    """Return the month names of the languages the cells use, or nothing where no cell has a foreign one.

    A name several languages share ("juni") is looked up in all; that of the header comes first.
    """
    seen = {
        found.group().rstrip(".").casefold()
        for cell in column.sample
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
