"""What the cells of each column look like, from all rows, without a Python loop over rows.

Column kinds are told from a sample of distinct cells. Whatever a decision rests on (how many blanks,
which values, which shapes of date or number) is counted over every row by the engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from data.reading.distinct import PLAIN, all_differ, begin, different, list_all, matching
from data.recognising import grouping, words
from data.recognising.headers import Header, parse
from data.recognising.sampling import counts, sample
from data.recognising.shapes import DATE, ID, is_number, shape, shapes_of, share

FEW = 400  # columns with at most about this many values are listed in full

AHEAD = 12  # columns whose cells begin to be counted before anybody asks: most exports have no more
ROWS = 20  # row numbers named with a notice
REPEATED = 4  # cells per value from which a column's values are grouped before they are looked at


@dataclass
class Column:
    """One column: its header and what is known of its cells.

    `values` lists every distinct cell with its count, most frequent first, where there are few;
    else it is null. `repeats`: the sample holds each of its values several times. Words for "nothing" count
    as blank.
    """

    index: int
    name: str
    header: Header
    rows: int
    filled: int
    counted: int | None
    sample: tuple[str, ...]
    values: dict[str, int] | None = None
    alone: float | None = None
    count: Callable[[], int] | None = None  # counts the distinct values, when somebody asks
    repeats: bool = False

    @property
    def distinct(self) -> int:
        """The number of different cells."""
        if self.counted is None:
            self.counted = min(self.count(), self.filled) if self.count else 0
        return self.counted

    @property
    def blanks(self) -> int:
        return self.rows - self.filled

    @cached_property
    def dates(self) -> float:
        """Share of the sampled cells that are shaped like a date."""
        return share(self.sample, lambda c: bool(DATE.match(shape(c))))

    @cached_property
    def numbers(self) -> float:
        """Share of the sampled cells that are shaped like a number."""
        return share(self.sample, is_number)

    @cached_property
    def ids(self) -> float:
        """Share of the sampled cells that are shaped like a record id of a known system."""
        return share(self.sample, lambda c: bool(ID.match(c)))

    @cached_property
    def emails(self) -> float:
        return share(self.sample, lambda c: "@" in c and "." in c.rpartition("@")[2])

    @cached_property
    def flag(self) -> bool:
        """True where every cell is a word for yes or no."""
        known = words.flag_words()
        return bool(self.values) and all(v.strip().casefold() in known for v in self.values or ())

    @cached_property
    def kind(self) -> str:
        """One of empty, date, flag, number, email, id, text, words."""
        if not self.filled:
            return "empty"
        if self.dates >= 0.8:
            return "date"
        if self.flag:
            return "flag"
        if self.numbers >= 0.8:
            return "number"
        if self.emails >= 0.5:
            return "email"
        if self.ids >= 0.8:
            return "id"
        long = sum(map(len, self.sample)) / len(self.sample)
        return "text" if long > 60 and self.distinct > 0.3 * self.filled else "words"

    @property
    def unique(self) -> float:
        """Distinct values per filled cell; of several files profiled as one, within each file."""
        if self.alone is not None:
            return self.alone
        return min(1.0, self.distinct / self.filled) if self.filled else 0.0


@dataclass
class Facts:
    """A table and its profiled columns, with the connection that can count more."""

    con: duckdb.DuckDBPyConnection
    view: str
    file: str
    columns: list[Column]
    rows: int
    paths: list[Path] = field(default_factory=list)
    shapes_seen: dict[int, list[tuple[str, int, str, str]]] = field(default_factory=dict)
    answers: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    groups: dict[int, list[tuple[str, int]]] = field(default_factory=dict)
    cues: Any = None  # what its columns say about each other, once somebody asks

    def by_name(self, name: str | None) -> Column | None:
        """Return the first column with this header."""
        return self._names.get(name) if name is not None else None

    @cached_property
    def _names(self) -> dict[str, Column]:
        return {c.name: c for c in reversed(self.columns)}

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query; asked again, the same ones."""
        if sql not in self.answers:
            self.answers[sql] = self.con.execute(sql).fetchall()
        return self.answers[sql]

    def count(self, index: int) -> int:
        """Count the filled cells of a column."""
        return int(self.ask(f"SELECT count(c{index}) FROM {self.view}")[0][0])

    def different(self, index: int) -> int:
        """Count the distinct cells of a column of a large file."""
        return different(self.paths, f"c{index}")

    def matching(self, index: int, pattern: str) -> int:
        """Count the cells of a column that a regular expression fits as a whole."""
        return matching(self.paths, f"c{index}", pattern)

    def exact(self, column: Column) -> int:
        """Count the distinct cells of a column."""
        if column.values is not None:
            return column.distinct
        if len(self.paths) == 1 and all_differ(self.paths[0], f"c{column.index}"):
            return column.filled
        return int(self.ask(f"SELECT count(DISTINCT c{column.index}) FROM {self.view}")[0][0])

    def shapes(self, column: Column) -> list[tuple[str, int, str, str]]:
        """Return (shape, cells, least cell, greatest cell) over all filled cells, most frequent first."""
        if column.index not in self.shapes_seen:
            self.shapes_seen[column.index] = (
                shapes_of(column.values) if column.values is not None else self._shapes_all(column)
            )
        return self.shapes_seen[column.index]

    def _shapes_all(self, column: Column) -> list[tuple[str, int, str, str]]:
        """Read the shape of one cell of each group of cells that must have one shape."""
        rows = grouping.groups(self, column)
        self.groups[column.index] = [(low, cells) for cells, low, _ in rows]
        found: dict[str, tuple[int, str, str]] = {}
        for cells, low, high in rows:
            if low.casefold() in words.NULL_WORDS:
                continue
            seen, least, most = found.get(s := shape(low), (0, low, high))
            found[s] = (seen + cells, min(least, low), max(most, high))
        return sorted(((s, *rest) for s, rest in found.items()), key=lambda item: -item[1])

    def rows_where(self, test: str, most: int = ROWS) -> list[int]:
        """Return the numbers of the first rows on which a piece of SQL is true."""
        return [n for (n,) in self.ask(f"SELECT row FROM {self.view} WHERE {test} LIMIT {most}")]

    def rows_of_each(self, group: str, test: str, most: int = ROWS) -> list[int]:
        """Return first one row of each group, the rarest group first, then further rows of the test."""
        firsts = self.ask(
            f"SELECT min(row) FROM {self.view} WHERE {test} GROUP BY {group} "
            f"ORDER BY count(*), 1 LIMIT {most}"
        )
        return list(dict.fromkeys([*(n for (n,) in firsts), *self.rows_where(test, most)]))[:most]

    def days(self, column: Column) -> list[tuple[str, int]]:
        """Return, for a date column, one cell of each day as written and how many cells share that day."""
        if column.values is not None:
            return list(column.values.items())
        self.shapes(column)
        return self.groups[column.index]


def profile(
    con: duckdb.DuckDBPyConnection, view: str, paths: list[Path], file: str, names: tuple[str, ...]
) -> Facts:
    """Profile every column of one text Parquet file, or of several with the same columns as one."""
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    con.execute(f"CREATE VIEW {view} AS SELECT * FROM read_parquet([{listed}])")
    size = int(pl.scan_parquet(paths).select(pl.len()).collect().item())
    sampled = sample(paths, size)
    facts = Facts(con, view, file, [], size, paths)
    whole = sampled.height == size
    few = [] if whole else [i for i in range(len(names)) if sampled[f"c{i}"].n_unique() <= FEW]
    rest = counts(sampled.lazy(), len(names)) if whole else _filled(facts, len(names))
    made = {i: _column(facts, i, name, *rest[i], sampled) for i, name in enumerate(names) if i not in {*few}}
    if not whole:
        _begin(facts, list(made.values()))
    for i, values in _listed(facts, few).items():
        made[i] = _few(Column(i, names[i], parse(names[i]), size, 0, 0, ()), values)
    facts.columns = [
        made[i] if i in made else _column(facts, i, name, *rest[i], sampled) for i, name in enumerate(names)
    ]
    return facts


def _begin(facts: Facts, columns: list[Column]) -> None:
    """Begin to count what deciding will ask of the first columns that have many values."""
    many = [c for c in columns if c.values is None and c.sample][:AHEAD]
    numbers = [c for c in many if all(re.fullmatch(PLAIN, cell) for cell in c.sample)]
    texts = [c for c in many if c.numbers < 0.8 and c.dates < 0.8]
    begin(facts.paths, [f"c{c.index}" for c in texts], [f"c{c.index}" for c in numbers])


def _listed(facts: Facts, few: list[int]) -> dict[int, list[tuple[str, int]]]:
    """Return the values, each with its count, of the columns that have few not only in the sample.

    Grouping a column of few values is the cheapest of all questions: the file lists them already.
    """
    found = {}
    for i in few:
        rows = facts.con.execute(
            f"SELECT c{i}, count(*) FROM {facts.view} WHERE c{i} IS NOT NULL "
            f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {FEW + 1}"
        ).fetchall()
        if len(rows) <= FEW:
            found[i] = rows
            if len(facts.paths) == 1:
                list_all(facts.paths[0], f"c{i}", [value for value, _ in rows])
    return found


def _filled(facts: Facts, columns: int) -> list[tuple[int, int | None]]:
    """Return, for each column of a large file, its filled cells, as the file records them; distinct values
    are counted when somebody asks."""
    paths = ", ".join("'" + str(path).replace("'", "''") + "'" for path in facts.paths)
    recorded = dict(
        facts.con.execute(
            "SELECT path_in_schema, sum(num_values - stats_null_count)::BIGINT FROM "
            f"parquet_metadata([{paths}]) GROUP BY 1 HAVING count(*) = count(stats_null_count)"
        ).fetchall()
    )
    return [(recorded[f"c{i}"] if f"c{i}" in recorded else facts.count(i), None) for i in range(columns)]


def _column(
    facts: Facts, i: int, name: str, filled: int, distinct: int | None, sampled: pl.DataFrame
) -> Column:
    column = Column(i, name, parse(name), facts.rows, filled, distinct, ())
    column.count = partial(facts.different, i)
    if not filled:
        column.values = {}
        return column
    if distinct is not None and distinct <= FEW:
        counted = sampled[f"c{i}"].drop_nulls().value_counts().rows()
        return _few(column, sorted(counted, key=lambda found: (-found[1], found[0])))
    drawn = sampled[f"c{i}"].drop_nulls()
    cells = drawn.unique(maintain_order=True)
    column.repeats = REPEATED * cells.len() < drawn.len()
    some = (c.strip() for c in cells.head(500).to_list())
    column.sample = tuple(c for c in some if c.casefold() not in words.NULL_WORDS)
    return column


def _few(column: Column, values: list[tuple[str, int]]) -> Column:
    """Complete a column all of whose values are known."""
    column.values = {v: n for v, n in values if v.strip().casefold() not in words.NULL_WORDS}
    column.filled, column.counted = sum(column.values.values()), len(column.values)
    column.sample = tuple(v.strip() for v in list(column.values)[:500])
    return column
