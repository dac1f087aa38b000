"""How each number column is written, decided over all of its cells."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from data.errors import N_
from data.notice import Notice
from data.reading.distinct import PLAIN
from data.recipe import NumberRule
from data.recognising import words
from data.recognising.profile import Column, Facts

_CORE = re.compile(r"9+(?:[.,' \u00a0\u202f’]9+)*")
_BEHIND = re.compile(r"(?<=\d)[\s\u00a0\u202f]*[^\W\d_]+\.?\s*[^\W\d_]*[^\w\s.,'()+-]?\.?\s*[)-]?$")
CENTS = ("Close",)  # systems whose exports hold amounts in cents, by their documentation
PAIRS = 200  # rows on which two columns are compared
COMMA = {"nl", "da", "de", "sv", "nb", "fr"}


@dataclass
class Signs:
    """What the cells of one column say about its decimal sign and its thousands sign."""

    decimal: Counter[str] = field(default_factory=Counter)
    thousands: Counter[str] = field(default_factory=Counter)
    unclear: Counter[str] = field(default_factory=Counter)


@dataclass
class Numbers:
    """The number rules of a file, and what must be asked."""

    rules: dict[str, NumberRule] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)


def signs(facts: Facts, column: Column) -> Signs:
    """Read every shape of a column: "9.999,99" says much, "99.999" alone says nothing."""
    found = Signs()
    if plain(facts, column):
        found.decimal["."] = column.filled
        return found
    for shape, cells, low, _ in facts.shapes(column):
        core = _CORE.search(shape)
        if not core:
            continue
        marks = [c for c in core.group() if c != "9"]
        last, tail = (marks[-1], len(core.group()) - core.group().rfind(marks[-1]) - 1) if marks else ("", 0)
        if not marks:
            continue
        if last in ".,":
            _read_last(found, marks, core.group(), tail, cells, low)
        for mark in marks[:-1] if last in ".," else marks:
            found.thousands[mark] += cells
    return found


def plain(facts: Facts, column: Column) -> bool:
    """True where every cell of a long column is digits, a point and one or two digits, as programs write
    numbers: that is seen in a third of the time that all shapes take."""
    if column.values is not None or not all(re.fullmatch(PLAIN, cell) for cell in column.sample):
        return False
    return facts.matching(column.index, PLAIN) == column.filled


def _read_last(found: Signs, marks: list[str], core: str, tail: int, cells: int, low: str) -> None:
    last, lead = marks[-1], len(core.split(marks[0])[0])
    if len(marks) > 1 and marks[-2] == last:
        found.thousands[last] += cells
    elif len(marks) > 1 or tail != 3 or lead > 3 or re.match(r"\D*0" + re.escape(last), low):
        found.decimal[last] += cells
    else:
        found.unclear[last] += cells


def decide(facts: Facts, columns: list[Column], language: str) -> Numbers:
    """Return how every number column is written; the columns of one file settle each other's sign."""
    found = Numbers()
    read = {c.index: signs(facts, c) for c in columns}
    settled: Counter[str] = Counter()
    for column in columns:
        decimal = read[column.index].decimal
        settled.update([max(decimal, key=lambda s: decimal[s])] if decimal else [])
    for column in columns:
        found.rules[column.name] = _decide_one(facts, column, read[column.index], settled, language, found)
    return found


def _decide_one(
    facts: Facts, column: Column, seen: Signs, settled: Counter[str], language: str, found: Numbers
) -> NumberRule:
    blanks = [m for m in seen.thousands if m not in ".,"]
    space = blanks[0] if blanks else ""
    both = set(seen.decimal)
    if len(both) == 2:
        found.notices.append(_mixed(facts, column, seen))
    if seen.decimal:
        decimal = seen.decimal.most_common(1)[0][0]
    elif "." in seen.thousands or "," in seen.thousands:
        decimal = "," if "." in seen.thousands else "."
    elif seen.unclear:
        decimal = _unclear(facts, column, seen, settled, language, found)
    else:
        decimal = settled.most_common(1)[0][0] if settled else ("," if language in COMMA else ".")
    other = "." if decimal == "," else ","
    used = space or (other if other in seen.thousands or other in seen.unclear else "")
    units = _units(column) | ({"": column.header.times} if column.header.times > 1 else {})
    if units.get("") or column.header.parts > 1:
        found.notices.append(_scaled(facts, column))
    decimal_: Literal[".", ","] = "," if decimal == "," else "."
    return NumberRule(decimal=decimal_, thousands=used, units=units, scale=column.header.parts)


def _scaled(facts: Facts, column: Column) -> Notice:
    times, parts = column.header.times, column.header.parts
    return Notice(
        code="scale_in_header",
        level="info",
        file=facts.file,
        column=column.name,
        count=column.filled,
        values={"column": column.name, "factor": times if times > 1 else parts},
        message=N_(
            "“{column}” is in thousands or millions, as its name says: its numbers are multiplied by "
            "{factor}."
        )
        if times > 1
        else N_("“{column}” is in cents or smaller, as its name says: its numbers are divided by {factor}."),
    )


def _units(column: Column) -> dict[str, int]:
    """Return the words behind the numbers that multiply them ("45 k€", "1,2 mio. kr.")."""
    known = words.units()
    marks = {mark.group().strip(" .") for cell in column.sample if (mark := _BEHIND.search(cell))}
    found = {mark[: len(mark) - len(words.without_unit(mark))].strip(" .").casefold() for mark in marks}
    return {unit: known[unit] for unit in sorted(found) if unit in known}


def _mixed(facts: Facts, column: Column, seen: Signs) -> Notice:
    return Notice(
        code="decimal_signs_differ",
        level="question",
        file=facts.file,
        column=column.name,
        count=min(seen.decimal.values()),
        values={"column": column.name, "comma": seen.decimal[","], "point": seen.decimal["."]},
        message=N_(
            "“{column}” has {comma} numbers with a decimal comma and {point} with a decimal point. "
            "The larger group decides; the others are listed as unreadable, and their amounts are "
            "missing from sums."
        ),
    )


def _unclear(
    facts: Facts, column: Column, seen: Signs, settled: Counter[str], language: str, found: Numbers
) -> str:
    """Decide a column in which every mark could be either, such as 12.345 and nothing else."""
    mark = seen.unclear.most_common(1)[0][0]
    other = "," if mark == "." else "."
    if settled:
        return settled.most_common(1)[0][0]
    decimal = "," if language in COMMA else "."
    found.notices.append(
        Notice(
            code="decimal_unknown",
            level="question",
            file=facts.file,
            column=column.name,
            count=sum(seen.unclear.values()),
            values={"column": column.name, "mark": mark},
            message=N_(
                "Every “{mark}” in “{column}” has three digits behind it, so it may part thousands or "
                "mark decimals. It is taken to part thousands; if it marks decimals, amounts are a "
                "thousand times too high."
            )
            if decimal == other
            else N_(
                "Every “{mark}” in “{column}” has three digits behind it, so it may part thousands or mark "
                "decimals. It is taken to mark decimals; if it parts thousands, amounts are a thousand times "
                "too low."
            ),
        )
    )
    return decimal


def probability_scale(facts: Facts, column: Column, rule: NumberRule) -> int:
    """Return 100 where probabilities run to 100, 1 where they run to 1.

    A "%" in the cells or a value over 1 says 100; where every value is 0 or 1 the header's "%" decides.
    """
    top = 0.0
    for shape, _, _, high in facts.shapes(column):
        if "%" in shape:
            return 100
        number = as_number(high, rule)
        top = max(top, number if number is not None else 0.0)
    if top > 1:
        return 100
    fraction = any(len(s) > 1 and s[0] in "9" for s, *_ in facts.shapes(column) if "." in s or "," in s)
    return 100 if column.header.unit == "%" and not fraction else 1


def as_number(text: str, rule: NumberRule) -> float | None:
    """Return the number a cell holds under a rule, or None."""
    bare = re.sub(r"[^\d.,-]", "", text).replace(rule.thousands if rule.thousands in ".," else "", "")
    try:
        return float(bare.replace(rule.decimal, "."))
    except ValueError:
        return None


def in_cents(facts: Facts, column: Column, system: str | None) -> bool:
    """True where whole amounts are cents: beside every one stands a hundredth of it with a currency, or the
    system is one that exports cents."""
    if any("." in cell or "," in cell for cell in column.sample) or column.header.parts > 1:
        return False
    for other in facts.columns:
        if other is not column and other.kind == "number" and _is_hundredth(facts, column, other):
            return True
    return system in CENTS


def _is_hundredth(facts: Facts, column: Column, other: Column) -> bool:
    if not any(re.search(r"[^\d.,' -]", cell) for cell in other.sample):
        return False
    rows = facts.ask(
        f"SELECT c{column.index}, c{other.index} FROM {facts.view} "
        f"WHERE c{column.index} IS NOT NULL AND c{other.index} IS NOT NULL LIMIT {PAIRS}"
    )
    seen = signs(facts, other)
    decimal: Literal[".", ","] = "," if seen.decimal[","] > seen.decimal["."] else "."
    rule = NumberRule(decimal=decimal, thousands="." if decimal == "," else ",")
    pairs = [(as_number(a, NumberRule()), as_number(b, rule)) for a, b in rows]
    told = [a == round(100 * b) for a, b in pairs if a and b is not None]
    return len(told) >= 2 and all(told)
