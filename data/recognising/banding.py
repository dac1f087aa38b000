"""Where a column of numbers could be cut into bands: by custom where there is one, else by its quantiles."""

from __future__ import annotations

from math import floor, log10

from data.recipe import FileRecipe, NumberRule
from data.recognising import numbers, words
from data.recognising.numbers import as_number
from data.recognising.profile import Column, Facts

AGES = [18.0, 25.0, 35.0, 45.0, 55.0, 65.0]
STAFF = [10.0, 50.0, 250.0]  # micro, small, medium and large in the European definition
SHARES = (0.2, 0.4, 0.6, 0.8)
FEW = 8  # values up to which a column needs no bands
MOST = 12  # columns looked at
STEPS = (1.0, 2.0, 5.0, 10.0)
FIELDS = ("company_size", "age_group", "amount", "recurring_amount", "annual_revenue")
AGE_WORDS = ("age", "leeftijd", "alder", "ålder", "alter", "âge")
STAFF_WORDS = ("employee", "medewerker", "werknemer", "ansat", "medarbej", "anställ", "ansatt", "mitarbeiter")


def offers(facts: Facts, recipe: FileRecipe, language: str) -> dict[str, list[float]]:
    """Return header -> edges for the columns of numbers that deals could be sliced by in bands."""
    found: dict[str, list[float]] = {}
    for column in [c for c in facts.columns if _may_be_cut(c, recipe)][:MOST]:
        rule = recipe.numbers.get(column.name)
        if rule is None:
            rule = numbers.decide(facts, [column], language).rules[column.name]
        edges = _edges(column, recipe, rule)
        if edges:
            found[column.name] = edges
            recipe.numbers.setdefault(column.name, rule)
    return found


def _may_be_cut(column: Column, recipe: FileRecipe) -> bool:
    field = next((n for n, h in recipe.fields.items() if h == column.name), None)
    named = field in FIELDS or column.name in recipe.keep or recipe.drop.get(column.name) == "number"
    # "Age" is how long a deal is open in some systems, and how old a customer is in others.
    named = named or (recipe.drop.get(column.name) == "derived" and _is_age(column))
    named = named and column.name not in recipe.bands
    # The sample holds different cells: where they are enough, the others need not be counted.
    return named and column.kind == "number" and (len(column.sample) > FEW or column.distinct > FEW)


def _quantiles(known: list[tuple[float, int]]) -> list[float]:
    """Return the numbers below which the shares of the cells lie."""
    total, passed, found = sum(n for _, n in known), 0, []
    wanted = list(SHARES)
    for x, n in known:
        passed += n
        while wanted and passed >= wanted[0] * total:
            found.append(x)
            wanted.pop(0)
    return found


def _is_age(column: Column) -> bool:
    return any(words.key(word) in words.fold(column.name).split() for word in AGE_WORDS)


def _edges(column: Column, recipe: FileRecipe, rule: NumberRule) -> list[float]:
    cells = column.values if column.values is not None else dict.fromkeys(column.sample, 1)
    known = [(x, n) for cell, n in cells.items() if (x := as_number(cell.strip(), rule)) is not None]
    if len({x for x, _ in known}) < 2:
        return []
    known = sorted((x / rule.scale, n) for x, n in known)
    low, high = known[0][0], known[-1][0]
    cuts = _quantiles(known)
    plain = words.key(column.name)
    if recipe.fields.get("age_group") == column.name or _is_age(column):
        wanted = AGES if high <= 130 else []
    elif recipe.fields.get("company_size") == column.name or any(words.key(w) in plain for w in STAFF_WORDS):
        wanted = STAFF
    else:
        wanted = []
    wanted = [edge for edge in wanted if low < edge <= high]
    return wanted if len(wanted) > 1 else sorted({edge for c in cuts if low < (edge := rounded(c)) <= high})


def rounded(value: float) -> float:
    """Return the nearest number that begins with 1, 2 or 5 and has zeros behind it.

    >>> [rounded(x) for x in (0, 7, 38, 1240, 0.033)]
    [0.0, 5.0, 50.0, 1000.0, 0.05]
    """
    if not value:
        return 0.0
    size = 10.0 ** floor(log10(abs(value)))
    lead = min(STEPS, key=lambda step: abs(step - abs(value) / size))
    return float(f"{(lead * size if value > 0 else -lead * size):.12g}")
