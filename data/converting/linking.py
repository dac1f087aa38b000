"""What two sides of a key have in common: left-overs both ways, and keys that nearly meet."""

from __future__ import annotations

from dataclasses import dataclass

from data.converting.run import Run
from data.engine.alike import plain

SHOWN = 20  # near misses told


@dataclass(frozen=True)
class Met:
    """How two sides of a key meet.

    `keys` and `rows` of the first side have no partner, `known_keys` and `known` rows have one; of the second
    `unused_keys` and `unused` rows have none. `near` lists (key of the first, key of the second, rows of the
    first) that differ only in signs, blanks, case or accents; most rows first.
    """

    keys: int
    rows: int
    unused_keys: int
    unused: int
    near: tuple[tuple[str, str, int], ...]
    known_keys: int
    known: int


def meet(run: Run, mine: str, theirs: str) -> Met:
    """Compare two sides of a key; both are queries that give a column `k`, blanks left out."""
    for name, query in (("mine", mine), ("theirs", theirs)):
        run.do(
            f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT k, count(*) AS n FROM ({query}) "
            "WHERE k IS NOT NULL GROUP BY 1"
        )
    keys, rows = run.one(_alone("mine", "theirs"))
    unused_keys, unused = run.one(_alone("theirs", "mine"))
    all_keys, all_rows = run.one("SELECT count(*), coalesce(sum(n), 0)::BIGINT FROM mine")
    near = run.rows(
        f"SELECT m.k, t.k, m.n FROM (SELECT k, n, {plain('k')} AS p FROM mine "
        "WHERE k NOT IN (SELECT k FROM theirs)) m "
        f"JOIN (SELECT k, {plain('k')} AS p FROM theirs WHERE k NOT IN (SELECT k FROM mine)) t "
        f"ON m.p = t.p AND m.p <> '' ORDER BY m.n DESC, 1 LIMIT {SHOWN}"
    )
    run.do("DROP TABLE mine")
    run.do("DROP TABLE theirs")
    return Met(keys, rows, unused_keys, unused, tuple(near), all_keys - keys, all_rows - rows)


def _alone(one: str, other: str) -> str:
    return (
        f"SELECT count(*), coalesce(sum(n), 0)::BIGINT FROM {one} "
        f"WHERE NOT EXISTS (SELECT 1 FROM {other} WHERE {other}.k = {one}.k)"
    )


def lengths_alike(run: Run, one: str, other: str) -> None:
    """Cut the column `key` of two tables to the 15 characters that are a Salesforce id.

    Reports write an id with 15 characters, everything else with 18, the last three of which only check the
    others. Nothing is cut where keys meet already or have any other length.
    """
    found = run.one(
        f"SELECT (SELECT count(*) FROM {one} WHERE key IN (SELECT key FROM {other})), "
        f"(SELECT max(length(key)) FROM {one}), (SELECT min(length(key)) FROM {one}), "
        f"(SELECT max(length(key)) FROM {other}), (SELECT min(length(key)) FROM {other})"
    )
    if found in ((0, 15, 15, 18, 18), (0, 18, 18, 15, 15)):
        for table in (one, other):
            run.do(f"UPDATE {table} SET key = left(key, 15)")
