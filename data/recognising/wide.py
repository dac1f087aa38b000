"""Targets in wide form: one row per seller, team or region and a column per month or quarter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from data.errors import N_
from data.notice import Notice
from data.reading.words import SUBTOTAL_RE, TOTAL_RE
from data.recipe import PeriodColumn
from data.recognising import numbers, words
from data.recognising.headers import matches
from data.recognising.headings import Heading, alike, headings, months_said
from data.recognising.profile import Column, Facts

if TYPE_CHECKING:
    from data.recognising.assigning import Assigned
    from data.recognising.draft import Draft

LEAST = 3  # columns that are periods, and different months or quarters among them
NUMBERS = 0.8  # share of the cells below them
ONCE = 0.9  # of the rows of a file name somebody, or a year, that no other row names
STRONG = 0.8  # of a name
OF_NAMES = ("owner", "team", "product", "region")
AIMS = ("target", "target_count")
# A list with one of these is about deals, customers, costs or calls, whatever its other columns are called.
ELSE = frozenset(
    {"deal_id", "deal_name", "account", "stage", "status", "probability", "source", "campaign", "medium",
     "created_at", "closed_at", "expected_close_at", "cost", "monthly_cost", "activity_type", "activity_at",
     "list_price", "contact"}
)  # fmt: skip
NAME = ("name", "naam", "navn", "namn", "nom")  # of a seller as well as of a deal
# Words for targets in the name of a file.
SAID = ("target", "quota", "budget", "goal", "doel", "maal", "mal", "ziel", "kvot", "objecti")
YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


def year_in(file: str) -> int | None:
    """Return the one year in a file's name, or None."""
    found = {int(year) for year in YEAR.findall(file)}
    return found.pop() if len(found) == 1 else None


def columns(facts: Facts) -> dict[int, Heading]:
    """Return the columns whose headers are the periods of a plan, by their place; empty where it is none.

    A plan has three such columns at least, numbers below them, and before them names that stand on one row
    each; nothing else in it speaks of deals, customers or costs. A month without a year needs a column of
    years, or a year in the file's name.
    """
    found = alike(headings(c.name for c in facts.columns))
    if len({one.number for one in found.values()}) < LEAST:
        return {}
    under = [facts.columns[i] for i in found]
    cells = sum(len(c.sample) for c in under)
    if not cells or sum(c.numbers * len(c.sample) for c in under) < NUMBERS * cells:
        return {}
    others = [c for c in facts.columns if c.index not in found and c.filled and c.header.key not in NAME]
    if any(_means(c) & ELSE for c in others):
        return {}
    if next(iter(found.values())).year is None and years(facts) is None and year_in(facts.file) is None:
        return {}
    return found if _named_once(facts, min(found)) else {}


def years(facts: Facts) -> Column | None:
    """Return the column that says of which year each row is."""
    for column in facts.columns:
        said = "starts_at" in _means(column, 0.5) and column.sample
        if said and all(YEAR.fullmatch(cell) for cell in column.sample):
            return column
    return None


def _means(column: Column, least: float = STRONG) -> set[str]:
    return {m.field for m in matches(column.name) if m.strength >= least}


def _names(facts: Facts, first: int) -> list[Column]:
    return [c for c in facts.columns[:first] if c.filled and c.kind in ("words", "text", "email", "id")]


def _named_once(facts: Facts, first: int) -> bool:
    names = _names(facts, first)
    if not names or max(c.filled for c in names) < 0.5 * facts.rows:
        return False
    of_years = [c for c in (years(facts),) if c is not None]
    cells = ", ".join(f"c{c.index}" for c in (*names, *of_years))
    ((each,),) = facts.ask(f"SELECT count(DISTINCT ({cells})) FROM {facts.view}")
    return bool(each * max(1, len(facts.paths)) >= ONCE * facts.rows)


def settle(facts: Facts, found: Assigned) -> None:
    """Let no column of a plan be the one of targets, and give its names a field where they have none."""
    periods = columns(facts)
    if not periods:
        return
    apart = years(facts)
    for name, column in list(found.fields.items()):
        dated = name in ("starts_at", "ends_at") and column is not apart
        if column.index in periods or name in AIMS or dated:
            found.guesses[found.fields.pop(name).index].field = None
    if apart is not None and found.column("starts_at") is not apart:
        found.fields["starts_at"] = apart
        found.guesses[apart.index].field = "starts_at"
    taken = {c.index for c in found.fields.values()}
    free = [c for c in _names(facts, min(periods)) if c.index not in taken]
    if free and not any(name in found.fields for name in OF_NAMES):
        name = "region" if "country" in _means(free[0], 0.5) else "owner"
        found.fields[name], guess = free[0], found.guesses[free[0].index]
        guess.field, guess.confidence = name, 0.7
        guess.reason = N_("It stands before the periods and names whose targets they are.")


def below(facts: Facts) -> list[Column]:
    """Return the columns of numbers below the periods."""
    return [facts.columns[i] for i in columns(facts)]


def rules(draft: Draft, cells: list[Column], others: numbers.Numbers) -> numbers.Numbers:
    """Return how the numbers below the periods are written, each notice once for all of them, and what
    `others` says of the other columns."""
    read = numbers.decide(draft.facts, cells, _language(draft, cells))
    read.rules |= others.rules
    told: dict[str, Notice] = {}
    for notice in [*others.notices, *read.notices]:
        known = told.get(notice.code, notice)
        count = (known.count or 0) + (notice.count or 0) if notice.code in told else notice.count
        told[notice.code] = known.model_copy(update={"count": count})
    read.notices = list(told.values())
    return read


def _language(draft: Draft, cells: list[Column]) -> str:
    """Return the language of the months' names where that of the other headers has other months."""
    said = months_said(c.name for c in cells)
    known = {code: {m.rstrip(".") for m in names} for code, names in words.months().items()}
    speak = [code for code in words.LANGUAGES if said <= known.get(code, set())]
    return draft.language if not said or not speak or draft.language in speak else speak[0]


def write(draft: Draft) -> None:
    """Put the periods into the recipe, tell them, and leave out what adds them up."""
    facts, recipe = draft.facts, draft.recipe
    found = columns(facts)
    if not found:
        return
    names = [facts.columns[i].name for i in found]
    recipe.period_columns = [
        PeriodColumn(column=facts.columns[i].name, period=one.period, number=one.number, year=one.year)
        for i, one in found.items()
    ]
    for i in found:
        guess = draft.found.guesses[i]
        guess.reason = N_("Its name is a period; the numbers below are targets of it.")
        guess.confidence = 0.95
    recipe.drop = {h: why for h, why in recipe.drop.items() if h not in names}
    recipe.keep = [h for h in recipe.keep if h not in names]
    left = [c for c in facts.columns if c.index not in found and c.filled and _adds_up(c, min(found))]
    for column in left:
        recipe.keep = [h for h in recipe.keep if h != column.name]
        recipe.drop[column.name] = "derived"
        draft.found.guesses[column.index].reason = N_("It is worked out from other columns.")
    draft.notices += [_left_out(facts, left)] if left else []
    owner = draft.found.column("owner")
    if owner is not None and _unsaid(facts, found, owner):
        draft.notices.append(_asked(facts, owner))


def _adds_up(column: Column, first: int) -> bool:
    """True for a total of the periods: by its name, or for any other number behind the first of them."""
    named = re.match(TOTAL_RE, column.name) or re.match(SUBTOTAL_RE, column.name)
    return bool(named) or (column.index > first and column.kind in ("number", "flag"))


def _unsaid(facts: Facts, found: dict[int, Heading], names: Column) -> bool:
    """True where neither the file's name nor a header says that these are targets, or whose."""
    name = words.fold(facts.file).split()
    said = next(iter(found.values())).aim or any(w.startswith(SAID) or w.endswith(SAID) for w in name)
    return not said and names.header.key not in NAME and not _means(names, 0.3) & {"owner", "person_name"}


def _asked(facts: Facts, names: Column) -> Notice:
    return Notice(
        code="targets_by_shape",
        level="question",
        file=facts.file,
        column=names.name,
        count=names.filled,
        values={"file": facts.file, "column": names.name},
        message=N_(
            "“{column}” of {file} is taken for sellers, and the numbers per period beside it for their "
            "targets. Leave the file out if they are something else."
        ),
    )


def _left_out(facts: Facts, left: list[Column]) -> Notice:
    return Notice(
        code="targets_total_column",
        level="info",
        file=facts.file,
        column=left[0].name,
        values={"columns": ", ".join(c.name for c in left)},
        message=N_("Not used as targets, because they stand beside the periods: {columns}."),
    )
