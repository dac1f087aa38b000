"""What the cells of a deals file say about each other: when a column is filled, what follows what.

These are statements about sales, not about a system: a reason for losing stands on lost deals only, nothing
happens to a deal before it was created, a deal is usually named after its customer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import permutations

from data.engine.quoting import literal
from data.recognising import words
from data.recognising.dates import decide
from data.recognising.meaning import known_share, meaning
from data.recognising.profile import Column, Facts

ROWS = 300  # on which columns are compared cell by cell
TEXTS = 20  # columns of which each is compared with each
WIDE = 150  # columns: beyond that a file is a form, and comparing all of them takes seconds
ENOUGH = 8  # closed deals, and rows, from which a pattern is one
_PARTICLE = r"(?:(?:van|von|de|der|den|ten|ter|te|la|le|du|di|da|af|av|zu|zur|'t)\s+)*"
_NAME = r"[^\W\d_a-zà-ÿ](?:[^\W\d_]|['’.-])*"
_PERSON = re.compile(rf"{_NAME}\s+(?:{_NAME}\s+){{0,2}}{_PARTICLE}{_NAME}$")


@dataclass
class Cues:
    """A table looked at as a whole; every answer is worked out once, when it is asked."""

    facts: Facts
    of: dict[int, dict[str, float]] = field(default_factory=dict)

    @cached_property
    def outcome(self) -> Column | None:
        """The column whose words say won and lost most surely."""
        told = []
        for column in self.facts.columns:
            if column.kind == "words" and column.values and column.distinct <= 60:
                said = {meaning(v).status for v in column.values}
                if {"won", "lost"} <= said:
                    told.append((known_share(column), -column.index, column))
        return max(told)[2] if told else None

    @cached_property
    def filled(self) -> dict[int, dict[str, float]]:
        """Per column the share of won, lost and open deals on which it is filled; empty where not known."""
        told = self.outcome
        if told is None or len(self.facts.columns) > WIDE:
            return {}
        cases = " ".join(
            f"WHEN {literal(v.strip())} THEN {literal(status)}"
            for v in told.values or ()
            if (status := meaning(v).status) in ("won", "lost")
        )
        counts = ", ".join(f"count(c{c.index})" for c in self.facts.columns)
        found: dict[int, dict[str, float]] = {c.index: {} for c in self.facts.columns}
        for status, rows, *own in self.facts.ask(
            f"SELECT CASE trim(c{told.index}) {cases} ELSE 'open' END, count(*), {counts} "
            f"FROM {self.facts.view} GROUP BY 1"
        ):
            for column, count in zip(self.facts.columns, own, strict=True):
                if rows >= ENOUGH // 2:
                    found[column.index][status] = count / rows
        return {i: shares for i, shares in found.items() if len(shares) >= 2}

    def on(self, column: Column, status: str, unknown: float = 0.5) -> float:
        """Return the share of deals of a status on which a column is filled."""
        return self.filled.get(column.index, {}).get(status, unknown)

    def only_on(self, column: Column, *statuses: str, least: float) -> bool:
        """True where a column is filled on these deals and (nearly) never on others."""
        shares = self.filled.get(column.index, {})
        on = [shares[s] for s in statuses if s in shares]
        off = [share for s, share in shares.items() if s not in statuses]
        return bool(on) and bool(off) and min(on) >= least and max(off) <= 0.05

    def is_flag_of(self, column: Column, *statuses: str) -> bool:
        """True for a flag that says yes on these deals and no on all others."""
        told = self.outcome
        if told is None or column.kind != "flag":
            return False
        status = [meaning(r[told.index] or "").status or "open" for r in self.rows]
        said = [words.flag_words().get((r[column.index] or "").strip().casefold(), False) for r in self.rows]
        agree = [yes == (s in statuses) for yes, s in zip(said, status, strict=True)]
        return any(said) and len(agree) >= ENOUGH and sum(agree) >= 0.97 * len(agree)

    def ends_at_the_ends(self, column: Column) -> bool:
        """True where a number is at its highest on (nearly) all won deals, or 0 on (nearly) all lost ones; a
        number that does not follow the outcome at all is no chance of winning."""
        told = self.outcome
        if told is None:
            return False
        status = [meaning(r[told.index] or "").status for r in self.rows]
        read = [(s, number(r[column.index] or "")) for s, r in zip(status, self.rows, strict=True)]
        top = max((n for _, n in read if n is not None), default=0.0)
        won = [n == top for s, n in read if s == "won" and n is not None]
        lost = [n == 0 for s, n in read if s == "lost" and n is not None]
        sides = [side for side in (won, lost) if len(side) >= ENOUGH // 2]
        return bool(sides) and all(sum(side) >= 0.8 * len(side) for side in sides)

    @cached_property
    def rows(self) -> list[tuple[str | None, ...]]:
        """The first rows of the table."""
        if len(self.facts.columns) > WIDE:
            return []
        cells = ", ".join(f"c{c.index}" for c in self.facts.columns)
        return self.facts.ask(f"SELECT {cells} FROM {self.facts.view} LIMIT {ROWS}")

    @cached_property
    def days(self) -> dict[int, list[date | None]]:
        """The days in the date columns of the first rows."""
        dated = [c for c in self.facts.columns if c.kind == "date"]
        rules = decide(self.facts, dated, "en").rules
        return {
            c.index: [_day(row[c.index], rules[c.name].formats) for row in self.rows]
            for c in dated
            if c.name in rules
        }

    @cached_property
    def created(self) -> Column | None:
        """The one date that stands on every deal and that no other date comes before."""
        share = {i: sum(d is not None for d in days) / len(days) for i, days in self.days.items() if days}
        full = [i for i, filled in share.items() if filled >= 0.98]
        first = [i for i in full if all(self._follows(i, j) for j in self.days if j != i)]
        return self.facts.columns[first[0]] if len(first) == 1 and len(self.days) > 1 else None

    def _follows(self, i: int, j: int) -> bool:
        both = [(a, b) for a, b in zip(self.days[i], self.days[j], strict=True) if a and b]
        return sum(a <= b for a, b in both) >= 0.97 * len(both)

    def is_ahead(self, column: Column) -> bool:
        """True for dates of which some lie after every date of the other columns: they are expected."""
        days = [d for d in self.days.get(column.index, ()) if d]
        past = [d for i, other in self.days.items() if i != column.index for d in other if d]
        if len(days) < ENOUGH or not past:
            return False
        last = max(past)
        return sum(d > last for d in days) >= 0.05 * len(days)

    @cached_property
    def named_after(self) -> tuple[Column, Column] | None:
        """The column of deal names and that of the customers whose names begin them."""
        texts = [c for c in self.facts.columns if c.kind in ("words", "text") and c.distinct > 3]
        names = [c for c in texts if c.unique > 0.1][:TEXTS]
        best: tuple[float, Column, Column] | None = None
        for name, account in permutations(names, 2):
            pairs = ((row[name.index], row[account.index]) for row in self.rows)
            both = [(a, b) for a, b in pairs if a and b]
            share = sum(_begins(a, b) for a, b in both) / len(both) if len(both) >= ENOUGH else 0.0
            if share >= 0.5 and (best is None or share > best[0]):
                best = share, name, account
        return best[1:] if best is not None else None


def _begins(name: str, account: str) -> bool:
    a, b = name.casefold().strip(), account.casefold().strip()
    return len(b) >= 4 and len(a) > len(b) and b in a


def _day(cell: str | None, formats: list[str]) -> date | None:
    text = (cell or "").strip()
    for pattern in formats if text else ():
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None


def is_person(column: Column) -> bool:
    """True where (nearly) every cell looks like a person's first and last name, and like no firm's."""
    forms = words.value_words("company_form")
    firms = [any(words.key(word) in forms for word in cell.split()) for cell in column.sample]
    names = [bool(_PERSON.match(c)) and not firm for c, firm in zip(column.sample, firms, strict=True)]
    return column.kind == "words" and bool(names) and sum(names) >= 0.8 * len(names)


def number(cell: str) -> float | None:
    """Return about what a cell holds: the last sign with one or two digits behind it marks decimals."""
    bare = re.sub(r"[^\d.,-]", "", cell)
    cut = re.search(r"[.,](\d{1,2})$", bare)
    whole, part = (bare[: cut.start()], cut[1]) if cut else (bare, "")
    try:
        return float(f"{re.sub(r'[.,]', '', whole) or 0}.{part or 0}")
    except ValueError:
        return None


def is_chance(column: Column) -> bool:
    """True for numbers from 0 to 1, or round ones from 0 to 100: what people give as a probability."""
    read = [n for cell in column.sample if (n := number(cell)) is not None]
    if column.kind != "number" or len(read) < 2 or min(read) < 0 or max(read) > 100:
        return False
    if max(read) <= 1 and any(0 < n < 1 for n in read):
        return True
    return max(read) >= 20 and column.distinct <= 40 and sum(n % 5 == 0 for n in read) >= 0.8 * len(read)


def is_money(column: Column) -> bool:
    """True for numbers that may be amounts: of some size or with cents, and no chance, count or id."""
    read = [n for cell in column.sample if (n := number(cell)) is not None]
    if column.kind != "number" or not read or is_chance(column) or is_id(column):
        return False
    return max(read) >= 1000 or (any(n != int(n) for n in read) and max(read) > 100)


def is_id(column: Column) -> bool:
    """True for whole numbers or codes without spaces, each once, that count on or are all of one length."""
    cells = column.sample
    if column.rows < ENOUGH or column.filled < column.rows or column.unique < 0.999 or not cells:
        return False
    if column.kind == "words":
        codes = [bool(re.fullmatch(r"[A-Za-z]{1,6}[-_/]?\d{2,}", cell)) for cell in cells]
        return all(codes)
    if column.kind != "number" or not all(cell.isdecimal() for cell in cells):
        return column.kind == "id"
    read = [int(cell) for cell in cells]
    steady = max(read) - min(read) < 2 * column.rows or (len(set(map(len, cells))) == 1 and len(cells[0]) > 5)
    return steady and max(read) > 99
