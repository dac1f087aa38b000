"""Cells that must have one shape, put together: rewriting a million cells to see their shapes takes seconds.

Dates of one length share a shape where their first ten characters agree; numbers of one length where the
signs stand in the same places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.reading.distinct import list_all

if TYPE_CHECKING:
    from data.recognising.profile import Column, Facts

LISTED = 1_000  # dates that are listed before they are grouped: those of three years
Groups = list[tuple[int, str, str]]


def groups(facts: Facts, column: Column) -> Groups:
    """Return the groups of a column's filled cells: how many cells, the least and the greatest of each."""
    days = column.dates >= 0.3
    listed = _listed(facts, column) if days and column.repeats else None
    return _by_day(listed) if listed is not None else _grouped(facts, column, days)


def _grouped(facts: Facts, column: Column, days: bool) -> Groups:
    keys = (
        "left(v, 10)" if days else "strpos(v, '.'), strpos(v, ','), strpos(v, ' '), left(v, 1), right(v, 1)"
    )
    cell, count, group = f"c{column.index}", "1", ""
    if column.repeats:
        count, group = "count(*)", f"GROUP BY {cell}"
    cells = f"SELECT trim({cell}) AS v, {count} AS n FROM {facts.view} WHERE {cell} IS NOT NULL {group}"
    return facts.con.execute(
        f"SELECT sum(n)::BIGINT, min(v), max(v) FROM ({cells}) GROUP BY length(v), {keys}"
    ).fetchall()


def _listed(facts: Facts, column: Column) -> list[tuple[str, int]] | None:
    """Return the different cells of a column, each with its count; None where there are many."""
    cell = f"c{column.index}"
    rows = facts.con.execute(
        f"SELECT {cell}, count(*) FROM {facts.view} WHERE {cell} IS NOT NULL GROUP BY 1 LIMIT {LISTED + 1}"
    ).fetchall()
    if len(rows) > LISTED:
        return None
    if len(facts.paths) == 1:
        list_all(facts.paths[0], cell, [value for value, _ in rows])
    return rows


def _by_day(cells: list[tuple[str, int]]) -> Groups:
    found: dict[tuple[int, str], tuple[int, str, str]] = {}
    for cell, count in cells:
        bare = cell.strip(" ")
        seen, low, high = found.get(key := (len(bare), bare[:10]), (0, bare, bare))
        found[key] = (seen + count, min(low, bare), max(high, bare))
    return list(found.values())
