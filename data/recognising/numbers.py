"""How each number column is written, and in which currency, decided over all of its cells."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from data.errors import N_
from data.notice import Notice
from data.recipe import NumberRule
from data.recognising import words
from data.recognising.profile import Column, Facts

_CORE = re.compile(r"9+(?:[.,' \u00a0\u202f’]9+)*")
_BEHIND = re.compile(r"(?<=\d)[\s\u00a0\u202f]*[^\W\d_]+\.?\s*[^\W\d_]*[^\w\s.,'()+-]?\.?\s*[)-]?$")
_POINT = re.compile("-?[0-9]+[.][0-9]{1,2}")
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
    if _plain(facts, column):
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


def _plain(facts: Facts, column: Column) -> bool:
    """True where every cell of a long column is digits, a point and one or two digits, as programs write
    numbers: that is seen in a third of the time that all shapes take."""
    if column.values is not None or not all(_POINT.fullmatch(cell) for cell in column.sample):
        return False
    cell = f"c{column.index}"
    match = f"regexp_full_match({cell}, '{_POINT.pattern}')"
    return bool(facts.ask(f"SELECT count(*) FILTER ({match}) FROM {facts.view}")[0][0] == column.filled)


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
    return NumberRule(decimal="," if decimal == "," else ".", thousands=used, units=_units(column))


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


@dataclass
class Currency:
    """The currency of a file: of all amounts, or per word of a column."""

    code: str | None = None
    words: dict[str, str] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)


def currency(facts: Facts, amount: Column | None, column: Column | None, language: str) -> Currency:
    """Decide the currency by column, sign in the cells, header, and last the header language."""
    found = Currency()
    if column is not None and column.filled:
        codes = {v: words.currency_code(v) for v in (column.values or dict.fromkeys(column.sample, 1))}
        found.words = {v: code for v, code in codes.items() if code}
        return found
    if amount is None or not amount.filled:
        return found
    seen = _signs_in_cells(facts, amount, language)
    if len(seen) > 1:
        found.notices.append(
            Notice(
                code="currencies_in_cells",
                level="question",
                file=facts.file,
                column=amount.name,
                count=sum(seen.values()) - max(seen.values()),
                values={"column": amount.name, "currencies": ", ".join(sorted(seen))},
                message=N_(
                    "“{column}” holds amounts in several currencies ({currencies}) and no column says "
                    "which. They cannot be added; the most frequent one is taken for all."
                ),
            )
        )
    if seen:
        found.code = seen.most_common(1)[0][0]
    elif amount.header.unit and amount.header.unit != "%":
        found.code = amount.header.unit
    else:
        found.code = words.LANGUAGE_CURRENCY.get(language)
        found.notices.append(_guessed(facts, amount, found.code))
    return found


def _guessed(facts: Facts, amount: Column, code: str | None) -> Notice:
    if code is None:
        return Notice(
            code="currency_unknown",
            level="warning",
            file=facts.file,
            column=amount.name,
            values={"column": amount.name},
            message=N_(
                "Nothing says in which currency “{column}” is; amounts are shown without "
                "one. Set the currency to show it."
            ),
        )
    return Notice(
        code="currency_guessed",
        level="question",
        file=facts.file,
        column=amount.name,
        values={"column": amount.name, "currency": code},
        message=N_(
            "Nothing says in which currency “{column}” is; {currency} is a guess from the "
            "language of the headers. It changes what is shown, not the hit rate."
        ),
    )


def _signs_in_cells(facts: Facts, amount: Column, language: str) -> Counter[str]:
    """Count the currency signs and codes written in the amounts themselves."""
    if _plain(facts, amount):
        return Counter()
    written = {re.sub(r"[9.,'()\s+\u00a0\u202f’-]", "", s) for s, *_ in facts.shapes(amount)} - {"", "%"}
    if not written:
        return Counter()
    cell = f"c{amount.index}"
    rows = facts.con.execute(
        f"SELECT regexp_replace({cell}, '[\\d.,''()\\s\\x{{00a0}}\\x{{202f}}’+-]', '', 'g') AS sign, "
        f"count(*) "
        f"FROM {facts.view} WHERE {cell} IS NOT NULL GROUP BY 1"
    ).fetchall()
    krone = {"da": "DKK", "sv": "SEK", "nb": "NOK"}.get(language)
    seen: Counter[str] = Counter()
    for mark, cells in rows:
        sign = words.without_unit(mark)
        code = krone if sign.casefold().rstrip(".") == "kr" else words.currency_words().get(sign.casefold())
        if code:
            seen[code] += int(cells)
    return seen
