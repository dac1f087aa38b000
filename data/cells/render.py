"""From a question to the text of its query, and from the answer to a tidy frame of cells.

The queries keep to core SQL, the part of DuckDB's SQL that other engines were shown to answer identically
(listed in tests/data/cells/core.py, which checks it). A query is a `.sql` file beside this one with gaps
in braces; what fills them is a checked and quoted name, a literal made by one function, or fixed text.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, get_args

import polars as pl

from data.cells.filters import condition
from data.cells.names import one_of, resolve
from data.engine.quoting import quote
from data.errors import N_, HitrateError
from data.slice import Basis, Grain, Slice

if TYPE_CHECKING:
    from data.pipeline import Pipeline

CELLS = {
    "BIGINT": pl.Int64,
    "INTEGER": pl.Int64,
    "SMALLINT": pl.Int64,
    "TINYINT": pl.Int64,
    "UBIGINT": pl.Int64,
    "UINTEGER": pl.Int64,
    "USMALLINT": pl.Int64,
    "UTINYINT": pl.Int64,
    "DOUBLE": pl.Float64,
    "FLOAT": pl.Float64,
    "VARCHAR": pl.String,
    "DATE": pl.Date,
    "BOOLEAN": pl.Boolean,
}


@dataclass(frozen=True)
class Breakdown:
    """The leading columns of a query: what was asked for, and under which name each comes back.

    In the query they are called by_1, by_2, ...: a header of a user's file can be any text, and two that
    differ only in case would be one name to an engine.
    """

    columns: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]

    def select(self) -> str:
        """Return the SELECT items, each with a comma after it."""
        return "".join(f"{quote(column)} AS by_{n},\n  " for n, column in enumerate(self.columns, 1))

    def keys(self, own: int | Sequence[int]) -> str:
        """Return GROUP BY positions for these columns and the query's own keys after them.

        `own` is how many, or the places (from 0) of those that are columns: grouping by a constant as well
        costs a tenth of the time.
        """
        behind = range(own) if isinstance(own, int) else own
        places = [*range(len(self.columns)), *(len(self.columns) + n for n in behind)]
        return ", ".join(str(place + 1) for place in places)


def breakdown(pipeline: Pipeline, question: Slice, own: Collection[str], same: Collection[str]) -> Breakdown:
    """Return the breakdown of a slice, `period` last; a column that the query returns anyway is left out.

    `own` are the names of the query's own columns, `same` those that are the stored column itself. A column
    comes back under the name it was asked by, or, where that is one of `own`, under its stored name.
    """
    schema = pipeline.engine.schema("deals")
    taken = {*own, "period"} if question.grain else {*own}
    chosen: dict[str, str] = {}
    for asked in question.by:
        column = resolve(pipeline, asked)
        name = column if asked in taken else asked
        if name in taken and name not in same:
            raise ambiguous(name)
        if name not in taken:
            chosen[name] = column
    if question.grain is not None:
        one_of("grain", question.grain, get_args(Grain))
        chosen["period"] = f"{one_of('date basis', question.basis, get_args(Basis))}_month"
    return Breakdown(tuple(chosen.values()), tuple(chosen), tuple(schema[c] for c in chosen.values()))


def ambiguous(name: str) -> HitrateError:
    return HitrateError(
        N_("This column cannot be a breakdown"),
        N_("“{name}” is also the name of a column of the answer."),
        N_("Rename the column in the file and import it again."),
        name=name,
    )


@cache
def template(name: str) -> str:
    """Return the text of one `.sql` file without its comment lines."""
    text = files("data.cells").joinpath(f"{name}.sql").read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("--")).strip()


def render(
    name: str,
    pipeline: Pipeline,
    question: Slice,
    parts: Breakdown,
    own_keys: int | Sequence[int],
    **gaps: object,
) -> str:
    """Return a query's text with its gaps filled."""
    return template(name).format(
        by=parts.select(), keys=parts.keys(own_keys), where=condition(pipeline, question), **gaps
    )


def answer(pipeline: Pipeline, sql: str, parts: Breakdown, own: dict[str, str]) -> pl.DataFrame:
    """Run a query and return its cells: canonical types, names as asked, sorted by all key columns.

    Engines differ in case of names, width of integers and order of rows; after this they do not.
    """
    types = [*parts.kinds, *own.values()]
    frame = pipeline.engine.fetch(sql)
    frame.columns = [*parts.names, *own]
    frame = frame.cast({name: CELLS[kind] for name, kind in zip(frame.columns, types, strict=True)})
    keys = [name for name in frame.columns if name not in MEASURES]
    return frame.sort(keys, nulls_last=True) if keys else frame


MEASURES = {"deals", "amount_minor", "amount_known", "contacted", "opportunities", "meetings", "squares"}


def whole(number: int, what: str) -> int:
    """Return `number` if it is a whole number from 0 on, else raise HitrateError: it may come from a URL."""
    if isinstance(number, int) and 0 <= number < 2**31:
        return number
    raise HitrateError(
        N_("No such page of the list"),
        N_("{what} must be a whole number, not below zero."),
        N_("Start again from the first page."),
        what=what,
    )
