"""A first look at a text table: what its cells need before they can be read.

Reading a column as it is converts twice as fast as cleaning every cell, and nearly every column is
clean. Two queries find out: one that the file's statistics answer, one scan of the columns in use.
"""

from __future__ import annotations

from dataclasses import dataclass

from data.converting import values
from data.converting.run import Run
from data.engine.quoting import quote
from data.recipe import FileRecipe, NumberRule

DIMENSIONS = (
    "owner", "team", "source", "source_detail", "medium", "campaign", "account", "customer_type", "deal_type",
    "product", "industry", "company_size", "region", "country", "city", "age_group", "lost_reason",
    "status_reason", "competitor", "forecast_category",
)  # fmt: skip
NAMED = (*DIMENSIONS, "pipeline", "result")
NUMBERS = ("amount", "amount_actual", "recurring_amount", "probability")


@dataclass(frozen=True)
class Look:
    """`cells`: header -> SQL of its clean text; `nulls`: headers among whose cells a program may have
    written its word for nothing; `plain`: headers of numbers that are digits and a decimal sign only."""

    cells: dict[str, str]
    nulls: frozenset[str]
    plain: frozenset[str]


def look(run: Run, relation: str, columns: tuple[str, ...], recipe: FileRecipe) -> Look:
    """Find out what the cells of a table need. Of two columns with one header the first counts."""
    raw: dict[str, str] = {}
    for i, header in enumerate(columns):
        raw.setdefault(header, quote(f"c{i}"))
    numbers = {h for n, h in recipe.fields.items() if n in NUMBERS} & raw.keys()
    dims = {h for n, h in recipe.fields.items() if n in NAMED} | set(recipe.keep)
    used = {*recipe.fields.values(), *recipe.keep, *(c.column for c in recipe.stage_columns)} & raw.keys()
    names = used - numbers - {recipe.fields.get("deal_name")}
    rules = {h: recipe.numbers.get(h, NumberRule()) for h in numbers}
    found = _tests(run, relation, {
        **{("ends", h): f"min({raw[h]}) < '(' OR max({raw[h]}) > '~'" for h in raw}})  # fmt: skip
    found |= _tests(run, relation, {
        **{("tail", h): f"bool_or({raw[h]}[-1] NOT BETWEEN '!' AND '~')" for h in sorted(names)},
        **{("null", h): f"bool_or({values.is_null_word(raw[h])})" for h in sorted(dims & raw.keys())},
        **{("plain", h): f"count({raw[h]}) = count({values.plain_number(raw[h], rules[h], 'DECIMAL(15, 2)')})"
           for h in sorted(numbers)}})  # fmt: skip
    suspect = [h for h in raw if found["ends", h] or found.get(("tail", h))]
    found |= _tests(run, relation, {("odd", h): f"bool_or({values.is_odd(raw[h])})" for h in suspect})
    plain = frozenset(h for h in numbers if found["plain", h])
    cells = {h: values.text(raw[h], _edge(h, h in names or h in plain, found)) for h in raw}
    nulls = frozenset(h for h in dims & raw.keys() if found["null", h] or h in suspect)
    return Look(cells, nulls, plain)


def _edge(header: str, sure: bool, found: dict[tuple[str, str], bool]) -> values.Edge:
    """Say how much must come off the cells of a column; `sure`: its ends were looked at."""
    if found.get(("odd", header)):
        return "odd"
    return "clean" if sure and ("odd", header) not in found else "spaces"


def _tests(run: Run, relation: str, tests: dict[tuple[str, str], str]) -> dict[tuple[str, str], bool]:
    """Answer several yes-or-no questions about a table in one scan."""
    if not tests:
        return {}
    answers = run.one(f"SELECT {', '.join(tests.values())} FROM {relation}")
    return {key: bool(answer) for key, answer in zip(tests, answers, strict=True)}
