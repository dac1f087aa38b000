"""A first look at a text table: what its cells need before they can be read.

Reading a column as it is converts twice as fast as cleaning every cell, and nearly every column is
clean. The file's own statistics and one scan of the columns in use find out; of a column that the file
keeps as a list of values only the values are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from data.converting import values
from data.converting.run import Run
from data.engine.quoting import literal, quote
from data.recipe import FileRecipe, NumberRule

DIMENSIONS = (
    "owner", "team", "source", "source_detail", "medium", "campaign", "account", "customer_type", "deal_type",
    "product", "industry", "company_size", "region", "country", "city", "age_group", "lost_reason",
    "status_reason", "competitor", "forecast_category",
)  # fmt: skip
NAMED = (*DIMENSIONS, "pipeline", "result")
WIDE = 400  # columns
BATCH = 100  # questions per query
NUMBERS = ("amount", "amount_actual", "recurring_amount", "probability")


@dataclass(frozen=True)
class Look:
    """`cells`: header -> SQL of its clean text; `nulls`: headers among whose cells a program may have
    written its word for nothing; `plain`: headers of numbers that are digits and a decimal sign only;
    `coded`: headers of columns that repeat few values, so that listing the values costs next to nothing."""

    cells: dict[str, str]
    nulls: frozenset[str]
    plain: frozenset[str]
    coded: frozenset[str]


def look(run: Run, path: Path, relation: str, columns: tuple[str, ...], recipe: FileRecipe) -> Look:
    """Find out what the cells of a table need; `relation` reads the file at `path`. Of two columns with
    one header the first counts."""
    raw: dict[str, str] = {}
    for i, header in enumerate(columns):
        raw.setdefault(header, quote(f"c{i}"))
    ends, coded = _recorded(run, path, raw)
    coded = coded if len(raw) <= WIDE else set()  # a question of its own per column binds every column
    numbers = {h for n, h in recipe.fields.items() if n in NUMBERS} & raw.keys()
    dims = {h for n, h in recipe.fields.items() if n in NAMED} | set(recipe.keep)
    used = {*recipe.fields.values(), *recipe.keep, *(c.column for c in recipe.stage_columns)} & raw.keys()
    names = used - numbers - {recipe.fields.get("deal_name")}
    rules = {h: recipe.numbers.get(h, NumberRule()) for h in numbers}
    found = _tests(run, relation, {
        ("plain", h): f"count({raw[h]}) = count({values.plain_number(raw[h], rules[h], 'DECIMAL(15, 2)')})"
        for h in sorted(numbers)})  # fmt: skip
    tests = [("tail", h, f"bool_or({raw[h]}[-1] NOT BETWEEN '!' AND '~')") for h in sorted(names)]
    tests += [("null", h, f"bool_or({values.is_null_word(raw[h])})") for h in sorted(dims & raw.keys())]
    found |= _tests(run, relation, {(what, h): test for what, h, test in tests if h not in coded})
    for header in coded:
        own = {(what, h): test for what, h, test in tests if h == header}
        found |= _tests(run, f"(SELECT DISTINCT {raw[header]} FROM {relation})", own)
    suspect = [h for h in raw if h in ends or found.get(("tail", h))]
    found |= _tests(run, relation, {("odd", h): f"bool_or({values.is_odd(raw[h])})" for h in suspect})
    plain = frozenset(h for h in numbers if found["plain", h])
    cells = {h: values.text(raw[h], _edge(h, h in names or h in plain, found)) for h in raw}
    nulls = frozenset(h for h in dims & raw.keys() if found["null", h] or h in suspect)
    return Look(cells, nulls, plain, frozenset(coded))


def _recorded(run: Run, path: Path, raw: dict[str, str]) -> tuple[set[str], set[str]]:
    """Return, from what the file records of itself, the headers with a cell that may begin with a space, an
    apostrophe or no plain letter, and the headers whose cells are kept as numbers into a list of values."""
    known = {
        column: (ends, coded)
        for column, ends, coded in run.rows(
            "SELECT path_in_schema, bool_or(CASE WHEN stats_min_value IS NULL "
            "THEN coalesce(stats_null_count, -1) <> num_values "
            "ELSE stats_min_value < '(' OR stats_max_value > '~' END), "
            "bool_and(contains(encodings, 'DICTIONARY')) "
            f"FROM parquet_metadata({literal(str(path.resolve()))}) GROUP BY 1"
        )
    }
    said = {header: known.get(cell.strip('"'), (False, False)) for header, cell in raw.items()}
    return {h for h, (ends, _) in said.items() if ends}, {h for h, (_, coded) in said.items() if coded}


def _edge(header: str, sure: bool, found: dict[tuple[str, str], bool]) -> values.Edge:
    """Say how much must come off the cells of a column; `sure`: its ends were looked at."""
    if found.get(("odd", header)):
        return "odd"
    return "clean" if sure and ("odd", header) not in found else "spaces"


def _tests(run: Run, relation: str, tests: dict[tuple[str, str], str]) -> dict[tuple[str, str], bool]:
    """Answer several yes-or-no questions about a table, each in one scan of its column.

    Asked all at once, the questions about 3 000 columns take two minutes to plan.
    """
    found: dict[tuple[str, str], bool] = {}
    for start in range(0, len(tests), BATCH):
        some = dict(list(tests.items())[start : start + BATCH])
        answers = run.one(f"SELECT {', '.join(some.values())} FROM {relation}")
        found |= {key: bool(answer) for key, answer in zip(some, answers, strict=True)}
    return found
