"""More columns for deals: sellers, customers, products and second deal files, joined by key.

A join never multiplies deals (the key must be unique on the joined side) and says what did not match,
both ways. Joining is done on text, before anything is typed, so a joined column is read like any other.
"""

from __future__ import annotations

from dataclasses import dataclass

from data.converting.looking import DIMENSIONS
from data.converting.run import Run
from data.converting.source import File, unique
from data.converting.told import tell
from data.engine.quoting import quote
from data.errors import N_, HitrateError
from data.notice import Notice

# What each kind of table describes: the field of deals that names it, and its own field.
ENTITY = {"people": "owner", "customers": "account", "products": "product", "more_deals": "deal_id"}
SAMPLE = 20_000  # rows of deals looked at to find which columns belong together
ENOUGH = 0.5  # share of a deals column's values that the joined key must know


@dataclass(frozen=True)
class Key:
    """Which column of deals meets which column of the joined table."""

    deals: str
    joined: str


def attach(run: Run, deals: File, other: File) -> tuple[File, list[Notice]]:
    """Join the columns of `other` to `deals`; HitrateError when its key is not unique.

    Where no column of the two files has values in common, nothing is joined and a notice says so.
    """
    key = _find_key(run, deals, other)
    if key is None:
        return deals, [tell("join_no_key", other.rows, about=other.name, deals=deals.name)]
    _check_unique(run, other, key.joined)
    notices = _left_over(run, deals, other, key)
    return _widen(deals, other, key), notices


def _find_key(run: Run, deals: File, other: File) -> Key | None:
    entity = ENTITY[other.recipe.table]
    mapped = Key(deals.recipe.fields.get(entity, ""), other.recipe.fields.get(entity, ""))
    if (
        mapped.deals in deals.cells
        and mapped.joined in other.cells
        and _coverage(run, deals, other, mapped) > 0
    ):
        return mapped
    if entity == "deal_id":
        return None
    ids = [h for h in other.cells if _is_unique(run, other, h)]
    wanted = deals.recipe.fields.get(entity)
    pairs = [
        (_coverage(run, deals, other, Key(mine, theirs)), mine == wanted, Key(mine, theirs))
        for mine in deals.cells
        if _is_text(run, deals, mine)
        for theirs in ids
    ]
    best = max(pairs, key=lambda p: (p[0], p[1]), default=None)
    return best[2] if best and best[0] >= ENOUGH else None


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


def _is_unique(run: Run, other: File, header: str) -> bool:
    cell = other.cells[header]
    filled, distinct = run.one(f"SELECT count({cell}), count(DISTINCT {cell}) FROM {other.relation}")
    return bool(filled > 1 and filled == distinct)


def _is_text(run: Run, deals: File, header: str) -> bool:
    """Say whether a column may be a key found by its values alone: small whole numbers match anything."""
    cell = deals.cells[header]
    found = run.one(
        f"SELECT max(length({cell})), bool_or(regexp_matches({cell}, '[^0-9., -]')) "
        f"FROM (SELECT * FROM {deals.relation} LIMIT {SAMPLE})"
    )
    return bool(found[1]) or (found[0] or 0) >= 5


def _check_unique(run: Run, other: File, header: str) -> None:
    cell = other.cells[header]
    twice = run.rows(
        f"SELECT {cell}, count(*) FROM {other.relation} WHERE {cell} IS NOT NULL "
        "GROUP BY 1 HAVING count(*) > 1 ORDER BY 2 DESC, 1"
    )
    if twice:
        raise HitrateError(
            N_("A key is not unique"),
            N_(
                '{count} values of "{column}" in {file} stand on more than one row (one of them on '
                "{rows} rows: "
                '"{example}"). Joining it would count deals more than once.'
            ),
            N_("Leave one row per {column} in {file}, or leave the file out."),
            count=len(twice),
            column=header,
            file=other.name,
            rows=twice[0][1],
            example=twice[0][0],
        )


def _left_over(run: Run, deals: File, other: File, key: Key) -> list[Notice]:
    """Tell which keys have no partner, on either side, and which nearly have one."""
    run.do(
        f"CREATE OR REPLACE TEMP TABLE mine AS SELECT {deals.cells[key.deals]} AS k, count(*) AS n "
        f"FROM {deals.relation} WHERE {deals.cells[key.deals]} IS NOT NULL GROUP BY 1"
    )
    run.do(
        f"CREATE OR REPLACE TEMP TABLE theirs AS SELECT {other.cells[key.joined]} AS k "
        f"FROM {other.relation} WHERE {other.cells[key.joined]} IS NOT NULL"
    )
    keys, rows = run.one(
        "SELECT count(*), coalesce(sum(n), 0)::BIGINT FROM mine WHERE k NOT IN (SELECT k FROM theirs)"
    )
    (unused,) = run.one("SELECT count(*) FROM theirs WHERE k NOT IN (SELECT k FROM mine)")
    told = [
        tell(
            "join_unmatched",
            rows,
            about=deals.name,
            header=key.deals,
            file=other.name,
            keys=keys,
            rows=rows,
            column=key.deals,
        ),
        tell("join_unused", unused, about=other.name, header=key.joined, unused=unused),
    ]
    return [n for n in told if n.count] + _near_misses(run, deals, other, key)


def _near_misses(run: Run, deals: File, other: File, key: Key) -> list[Notice]:
    plain = "regexp_replace(lower(strip_accents(k)), '[^\\p{L}\\p{N}]', '', 'g')"
    pairs = run.rows(f"""
        SELECT m.k, t.k, m.n FROM (SELECT k, n,
          {plain} AS p FROM mine WHERE k NOT IN (SELECT k FROM theirs)) m
        JOIN (SELECT k, {plain} AS p FROM theirs WHERE k NOT IN (SELECT k FROM mine)) t ON m.p = t.p AND
          m.p <> ''
        ORDER BY m.n DESC, 1 LIMIT 20""")
    return [
        tell(
            "join_near_miss",
            n,
            about=deals.name,
            header=key.deals,
            mine=mine,
            theirs=theirs,
            deals=deals.name,
            file=other.name,
        )
        for mine, theirs, n in pairs
    ]


def _widen(deals: File, other: File, key: Key) -> File:
    """Return `deals` with the columns of `other` among its own, and the two recipes made one."""
    tag = f"j{other.number}_"
    inner = other.relation
    columns = [f"{quote(f'c{i}')} AS {quote(f'{tag}c{i}')}" for i in range(len(other.columns))]
    side = f"(SELECT {other.cells[key.joined]} AS {quote(tag + 'key')}, {', '.join(columns)} FROM {inner})"
    met = f"{deals.cells[key.deals]} = {quote(tag + 'key')}"
    relation = f"(SELECT * FROM {deals.relation} LEFT JOIN {side} ON {met})"
    cells, names = dict(deals.cells), dict[str, str]()
    wanted = [h for h in (*other.recipe.fields.values(), *other.recipe.keep) if h in other.cells]
    for header in dict.fromkeys(wanted):
        name = header if header not in cells else f"{header} ({other.name.rsplit('.', 1)[0]})"
        names[header] = unique(name, cells)
        cells[names[header]] = other.cells[header].replace('"c', f'"{tag}c')
    return _merge(deals, other, key, names).with_(
        relation=relation, cells=cells, joined=(*deals.joined, *names.values())
    )


def _merge(deals: File, other: File, key: Key, names: dict[str, str]) -> File:
    """Put the recipe of the joined table into that of the deals; what deals have already stays theirs."""
    mine, theirs = deals.recipe, other.recipe
    entity = ENTITY[theirs.table]
    fields, keep = dict(mine.fields), list(mine.keep)
    for name, header in theirs.fields.items():
        if header not in names or (header == key.joined and name == entity):
            continue
        if name == entity and mine.fields.get(entity) in (None, key.deals):
            fields[name] = names[header]  # an id in the deals becomes the name it stands for
        elif name not in fields and (theirs.table == "more_deals" or name in DIMENSIONS):
            fields[name] = names[header]
        elif name in DIMENSIONS and name != "owner":  # whose account it is says nothing of the deal's seller
            keep.append(names[header])
    keep += [names[h] for h in theirs.keep if h in names and h != key.joined]
    changes: dict[str, object] = {
        "fields": fields,
        "keep": keep,
        "dates": {**mine.dates, **{names[h]: r for h, r in theirs.dates.items() if h in names}},
        "numbers": {**mine.numbers, **{names[h]: r for h, r in theirs.numbers.items() if h in names}},
    }
    rule = theirs.outcome
    if mine.outcome.source == "none" and rule.source != "none" and rule.column in names:
        changes["outcome"] = rule.model_copy(
            update={"column": names[rule.column], "second": names.get(rule.second or "")}
        )
    return deals.with_(recipe=mine.model_copy(update=changes))
