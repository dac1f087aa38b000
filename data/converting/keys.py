"""Which columns of two files hold the same things: by what they are mapped to, else by their values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.converting.run import Run
from data.converting.source import File

# What each kind of table describes: the field of deals that names it, and its own field.
ENTITY = {"people": "owner", "customers": "account", "products": "product", "more_deals": "deal_id"}
SAMPLE = 20_000  # rows of deals looked at to find which columns belong together
USUAL = 40  # columns of a deals file; of wider ones fewer rows are looked at
BATCH = 100  # columns per query
ENOUGH = 0.5  # share of a deals column's values that the joined key must know


@dataclass(frozen=True)
class Key:
    """Which column of deals meets which column of the joined table."""

    deals: str
    joined: str


def find(run: Run, deals: File, other: File) -> Key | None:
    """Return the columns of the two files that hold the same things; None where none do.

    The mapped columns count if they share most values, or any and no other pair shares most: an id in the
    deals meets the id of a customer, not the name.
    """
    entity = ENTITY[other.recipe.table]
    mapped = Key(deals.recipe.fields.get(entity, ""), other.recipe.fields.get(entity, ""))
    both = mapped.deals in deals.cells and mapped.joined in other.cells
    share = _coverage(run, deals, other, mapped) if both else 0.0
    if share >= ENOUGH or entity == "deal_id":
        return mapped if share > 0 else None
    return _by_values(run, deals, other) or (mapped if share > 0 else None)


def _by_values(run: Run, deals: File, other: File) -> Key | None:
    """Return the pair of columns that share most values, in three queries whatever the number of columns."""
    ids = _unique_columns(run, other)
    mine = list(deals.cells)
    _values_of(run, "mine", deals.relation, deals.cells, SAMPLE * USUAL // max(USUAL, len(mine)))
    _values_of(run, "theirs", other.relation, {h: other.cells[h] for h in ids}, None)
    pairs = run.rows(
        "SELECT m.i, t.i, count(*) / any_value(a.n) AS share FROM mine m JOIN theirs t ON t.k = m.k "
        "JOIN (SELECT i, count(*) AS n, max(length(k)) >= 5 OR bool_or(regexp_matches(k, '[^0-9., -]')) AS "
        "telling FROM mine GROUP BY 1) a ON a.i = m.i WHERE a.telling GROUP BY 1, 2"
    )
    for name in ("mine", "theirs"):
        run.do(f"DROP TABLE {name}")
    wanted = deals.recipe.fields.get(ENTITY[other.recipe.table])
    ranked = [(share, mine[m] == wanted, -m, -t) for m, t, share in pairs]
    share, _, m, t = max(ranked, default=(0.0, False, 0, 0))
    return Key(mine[-m], ids[-t]) if share >= ENOUGH else None


def _values_of(run: Run, name: str, relation: str, cells: Mapping[str, str], most: int | None) -> None:
    """Create a table of the different values `k` of each column, `i` its place; of the first rows only.

    Small whole numbers match anything, so columns of nothing else are no keys: see `telling` above.
    """
    each = ", ".join(f"{{'i': {i}, 'k': {cell}}}" for i, cell in enumerate(cells.values()))
    each = each or "{'i': 0, 'k': NULL::VARCHAR}"
    some = f"(SELECT * FROM {relation} LIMIT {most})" if most else relation
    run.do(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT DISTINCT e.i AS i, e.k AS k "
        f"FROM (SELECT UNNEST([{each}]) AS e FROM {some}) WHERE e.k IS NOT NULL"
    )


def _unique_columns(run: Run, other: File) -> list[str]:
    """Return the headers of a table whose filled cells all differ."""
    headers, found = list(other.cells), []
    for start in range(0, len(headers), BATCH):
        some = headers[start : start + BATCH]
        asked = ", ".join(f"count({other.cells[h]}), count(DISTINCT {other.cells[h]})" for h in some)
        counts = run.one(f"SELECT {asked} FROM {other.relation}")
        pairs = zip(some, counts[::2], counts[1::2], strict=True)
        found += [h for h, filled, distinct in pairs if filled > 1 and filled == distinct]
    return found


def _coverage(run: Run, deals: File, other: File, key: Key) -> float:
    """Return the share of the distinct values of a deals column that the joined column knows."""
    mine = (
        f"SELECT DISTINCT {deals.cells[key.deals]} AS k FROM (SELECT * FROM {deals.relation} LIMIT {SAMPLE})"
    )
    theirs = f"SELECT {other.cells[key.joined]} FROM {other.relation}"
    known, found = run.one(
        f"SELECT count(*), count(*) FILTER (k IN ({theirs})) FROM ({mine}) WHERE k IS NOT NULL"
    )
    return float(found / known) if known else 0.0
