"""A first look at a text table: what its cells need before they can be read.

Reading a column as it is converts twice as fast as cleaning every cell, and nearly every column is
clean. The file's own statistics and one scan of the columns in use find out; of a column that the file
keeps as a list of values only the values are looked at.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.converting import values
from data.converting.run import Run
from data.engine.quoting import literal, quote
from data.reading.distinct import LOOSE, PLAIN, listed, loose, matching
from data.recipe import FileRecipe, NumberRule

DIMENSIONS = (
    "owner", "team", "source", "source_detail", "medium", "campaign", "account", "customer_type", "deal_type",
    "product", "industry", "company_size", "region", "country", "city", "age_group", "lost_reason",
    "status_reason", "competitor", "forecast_category",
)  # fmt: skip
NAMED = (*DIMENSIONS, "pipeline", "result", "manager", "activity_type", "activity_outcome",
         "activity_direction")  # fmt: skip
WIDE = 400  # columns
BATCH = 100  # questions per query
FEW = 1_000  # values up to which a column's are listed
NUMBERS = ("amount", "amount_actual", "recurring_amount", "probability", "cost", "target", "target_count",
           "monthly_cost", "activity_duration")  # fmt: skip


@dataclass(frozen=True)
class Look:
    """`cells`: header -> SQL of its clean text; `nulls`: headers among whose cells a program may have
    written its word for nothing; `plain`: headers of numbers that are digits and a decimal sign only;
    `bare`: headers without a cell that begins with an apostrophe; `listed`: a column (`"c3"`) -> all its
    different filled cells, of the columns in use that repeat few."""

    cells: dict[str, str]
    nulls: frozenset[str]
    plain: frozenset[str]
    bare: frozenset[str]
    listed: dict[str, tuple[str, ...]]


def look(run: Run, path: Path, relation: str, columns: tuple[str, ...], recipe: FileRecipe) -> Look:
    """Find out what the cells of a table need; `relation` reads the file at `path`. Of two columns with
    one header the first counts."""
    raw: dict[str, str] = {}
    for i, header in enumerate(columns):
        raw.setdefault(header, quote(f"c{i}"))
    said = _recorded(run, path)
    ends, coded = ({h for h in raw if said[_bare(raw[h])][i]} for i in (0, 1))
    numbers = {h for n, h in recipe.fields.items() if n in NUMBERS} & raw.keys()
    dims = {h for n, h in recipe.fields.items() if n in NAMED} | set(recipe.keep)
    used = {*recipe.fields.values(), *recipe.keep, *(c.column for c in recipe.stage_columns)}
    used = (used | {str(recipe.outcome.column), str(recipe.outcome.second)}) & raw.keys()
    names = used - numbers
    # A question of its own per column binds every column: in a wide table that takes longer than it saves.
    few = _values(run, path, relation, [raw[h] for h in sorted(coded & names)] if len(raw) <= WIDE else [])
    rules = {h: recipe.numbers.get(h, NumberRule()) for h in sorted(numbers)}
    easy = {h for h, rule in rules.items() if rule.decimal == "." and _is_plain(path, raw[h], said)}
    found = _tests(run, relation, {
        ("plain", h): f"count({raw[h]}) = count({values.plain_number(raw[h], rule, 'DECIMAL(15, 2)')})"
        for h, rule in rules.items() if h not in easy})  # fmt: skip
    plain = frozenset(h for h in numbers if h in easy or found["plain", h])
    tests = [("null", h, f"bool_or({values.is_null_word(raw[h])})") for h in sorted(dims & raw.keys())]
    found |= _tests(run, relation, {(what, h): test for what, h, test in tests if raw[h] not in few})
    for column, cells in few.items():
        own = {(what, h): test for what, h, test in tests if raw[h] == column}
        found |= _tests(run, table(column), own, [list(cells)])
    odd = _loose(path, {h: raw[h] for h in sorted(names)}, few)
    suspect = [h for h in raw if h in ends or h in odd]
    found |= _tests(run, relation, {("odd", h): f"bool_or({values.is_odd(raw[h])})" for h in suspect})
    clean = {h: values.text(raw[h], _edge(h, h in names or h in plain, found)) for h in raw}
    nulls = frozenset(h for h in dims & raw.keys() if found["null", h] or h in suspect)
    return Look(clean, nulls, plain, frozenset(raw.keys() - ends), few)


def _values(run: Run, path: Path, relation: str, columns: list[str]) -> dict[str, tuple[str, ...]]:
    """Return all different filled cells of those columns that have few.

    Recognition knows most of them; asked of columns that the file keeps as a list of values, the others cost
    next to nothing.
    """
    found = {}
    for column in columns:
        known = listed(path, _bare(column))
        if known is None:
            rows = run.rows(
                f"SELECT DISTINCT {column} FROM {relation} WHERE {column} IS NOT NULL LIMIT {FEW + 1}"
            )
            known = tuple(str(value) for (value,) in rows)
        if len(known) <= FEW:
            found[column] = tuple(sorted(known))
    return found


def table(column: str) -> str:
    """Return FROM text for a table of one column of text; $1 stands for the list of its cells."""
    return f"(SELECT unnest($1::VARCHAR[]) AS {column})"


def _recorded(run: Run, path: Path) -> dict[str, tuple[bool, bool, int | None, str | None]]:
    """Return what the file records of each column: whether a cell may begin with a space, an apostrophe or
    no plain letter; whether its cells are kept as numbers into a list of values; how many are filled; and
    the greatest."""
    found = run.rows(
        "SELECT path_in_schema, bool_or(CASE WHEN stats_min_value IS NULL "
        "THEN coalesce(stats_null_count, -1) <> num_values "
        "ELSE stats_min_value < '(' OR stats_max_value > '~' END), "
        "bool_and(contains(encodings, 'DICTIONARY')), "
        "CASE WHEN count(*) = count(stats_null_count) THEN sum(num_values - stats_null_count)::BIGINT END, "
        f"max(stats_max_value) FROM parquet_metadata({literal(str(path.resolve()))}) GROUP BY 1"
    )
    return defaultdict(lambda: (False, False, None, None), {column: told for column, *told in found})


def _is_plain(path: Path, raw: str, said: dict[str, tuple[bool, bool, int | None, str | None]]) -> bool:
    """Say whether all cells of a column are numbers as programs write them. Recognition asked the same, so
    the answer is known; a column whose greatest cell is written otherwise is not looked at."""
    _, _, filled, greatest = said[_bare(raw)]
    if filled is None or not re.fullmatch(PLAIN, greatest or ""):
        return False
    return matching([path], _bare(raw), PLAIN) == filled


def _loose(path: Path, raw: dict[str, str], few: dict[str, tuple[str, ...]]) -> set[str]:
    """Return the headers with a cell that ends in a space or no plain letter."""
    tail = re.compile(LOOSE)
    found = {h for h, c in raw.items() if any(tail.search(cell) for cell in few.get(c, ()))}
    rest = {_bare(c): h for h, c in raw.items() if c not in few}
    return found | {rest[column] for column in loose(path, list(rest))}


def _bare(raw: str) -> str:
    return raw.strip('"')


def _edge(header: str, sure: bool, found: dict[tuple[str, str], bool]) -> values.Edge:
    """Say how much must come off the cells of a column; `sure`: its ends were looked at."""
    if found.get(("odd", header)):
        return "odd"
    return "clean" if sure and ("odd", header) not in found else "spaces"


def _tests(
    run: Run, relation: str, tests: dict[tuple[str, str], str], values_: Sequence[Any] = ()
) -> dict[tuple[str, str], bool]:
    """Answer several yes-or-no questions about a table, each in one scan of its column.

    Asked all at once, the questions about 3 000 columns take two minutes to plan.
    """
    found: dict[tuple[str, str], bool] = {}
    for start in range(0, len(tests), BATCH):
        some = dict(list(tests.items())[start : start + BATCH])
        answers = run.one(f"SELECT {', '.join(some.values())} FROM {relation}", values_)
        found |= {key: bool(answer) for key, answer in zip(some, answers, strict=True)}
    return found
