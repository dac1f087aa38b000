"""More columns for deals: sellers, customers, products and second deal files, joined by key.

A join never multiplies deals (the key must be unique on the joined side) and says what did not match,
both ways. Joining is done on text, before anything is typed, so a joined column is read like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from data.converting import linking, rows
from data.converting.keys import ENTITY, Key, find
from data.converting.looking import DIMENSIONS
from data.converting.run import Run
from data.converting.source import File
from data.converting.told import tell
from data.engine.quoting import quote
from data.errors import N_, HitrateError
from data.naming import unique
from data.notice import Notice

TELLS = ("status", "result", "stage", "is_won", "is_closed", "is_lost", "active")  # how a deal stands


@dataclass(frozen=True)
class Joined:
    """Deals files with the columns of all further tables, what to tell, and the key of each table."""

    deals: list[File]
    notices: list[Notice]
    keys: dict[int, Key]


def attach_all(run: Run, deals: list[File], others: Iterable[File]) -> Joined:
    """Join every table to the deals files it fits; HitrateError when a key is not unique.

    A table may fit only once another is joined (deals to order lines, those to prices, those to products),
    so what fits nothing is tried again after each round. What never fits is told.
    """
    done = Joined(deals, [], {})
    pending = stacked(run, list(others))
    while pending:
        left = []
        for other in pending:
            found = [find(run, file, other) for file in done.deals]
            if not any(found):
                left.append(other)
                continue
            _attach(run, done, other, found)
        if len(left) == len(pending):
            exports = {file.print: file for file in done.deals}.values()
            done.notices.extend(_unfit(other, file) for other in left for file in exports)
            break
        pending = left
    return done


def _attach(run: Run, done: Joined, other: File, keys: Sequence[Key | None]) -> None:
    """Join a table to every deals file it fits; what is left over is told once per export, not per day."""
    groups: dict[tuple[str, Key | None], list[File]] = {}
    for file, key in zip(done.deals, keys, strict=True):
        groups.setdefault((file.print, key), []).append(file)
    for (_, key), files in groups.items():
        if key is None:
            done.notices.append(_unfit(other, files[-1]))
            continue
        _check_unique(run, other, key.joined)
        done.notices.extend(_left_over(run, files, other, key))
        done.keys[other.number] = key
    done.deals[:] = [_widen(f, other, k) if k else f for f, k in zip(done.deals, keys, strict=True)]


def _unfit(other: File, deals: File) -> Notice:
    return tell("join_no_key", other.rows, about=other.name, deals=deals.name)


def stacked(run: Run, files: list[File]) -> list[File]:
    """Make one table of those with one header (last week's list and this week's, or one per region).

    What stands in a later file replaces the same in an earlier one: the row of the same seller, customer,
    product or deal, or, where no column names it, the same row.
    """
    groups: dict[tuple[str, str], list[File]] = {}
    for file in files:
        groups.setdefault((file.recipe.table, file.print), []).append(file)
    return [group[-1] if len(group) == 1 else _stack(run, group) for group in groups.values()]


def _stack(run: Run, group: list[File]) -> File:
    entity, parts, start = ENTITY[group[0].recipe.table], [], 0
    columns = ", ".join(quote(f"c{i}") for i in range(len(group[0].columns)))
    for i, file in enumerate(group):
        rows.replaced(run, file, group[i + 1 :], [entity] if file.has(entity) else [])
        parts.append(f"SELECT frn + {start} AS frn, row, {columns} FROM {rows.kept(run, file)}")
        start += file.rows
    relation = f"({' UNION ALL '.join(parts)})"
    return group[-1].with_(relation=relation, rows=start, joined=group[-1].columns)


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


def _left_over(run: Run, group: list[File], other: File, key: Key) -> list[Notice]:
    """Tell how many keys meet, which have no partner, on either side, and which nearly have one."""
    deals = group[-1]
    met = linking.meet(
        run,
        " UNION ALL ".join(f"SELECT {f.cells[key.deals]} AS k FROM {f.relation}" for f in group),
        f"SELECT {other.cells[key.joined]} AS k FROM {other.relation}",
    )
    headers = {"mine": key.deals, "theirs": key.joined}
    told = [
        tell(
            "joined",
            met.known,
            about=other.name,
            header=key.joined,
            deals=deals.name,
            known=met.known_keys,
            keys=met.known_keys + met.keys,
            **headers,
        ),
        tell(
            "join_unmatched",
            met.rows,
            about=deals.name,
            header=key.deals,
            file=other.name,
            keys=met.keys,
            rows=met.rows,
            column=key.deals,
            **headers,
        ),
        tell(
            "join_unused",
            met.unused,
            about=other.name,
            header=key.joined,
            unused=met.unused,
            deals=deals.name,
            **headers,
        ),
    ]
    near = [
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
        for mine, theirs, n in met.near
    ]
    return [n for n in told if n.count] + near


def _widen(deals: File, other: File, key: Key) -> File:
    """Return `deals` with the columns of `other` among its own, and the two recipes made one."""
    tag = f"j{other.number}_"
    inner = other.relation
    columns = [f"{quote(f'c{i}')} AS {quote(f'{tag}c{i}')}" for i in range(len(other.columns))]
    side = f"(SELECT {other.cells[key.joined]} AS {quote(tag + 'key')}, {', '.join(columns)} FROM {inner})"
    met = f"{deals.cells[key.deals]} = {quote(tag + 'key')}"
    relation = f"(SELECT * FROM {deals.relation} LEFT JOIN {side} ON {met})"
    cells, names = dict(deals.cells), dict[str, str]()
    ids = [h for h, why in other.recipe.drop.items() if why == "id"]  # a further table may join by one
    wanted = [h for h in (*other.recipe.fields.values(), *other.recipe.keep, *ids) if h in other.cells]
    for header in dict.fromkeys(wanted):
        name = header if header not in cells else f"{header} ({other.name.rsplit('.', 1)[0]})"
        names[header] = unique(name, cells)
        cells[names[header]] = other.cells[header].replace('"c', f'"{tag}c')
    theirs = {names[h]: made.elsewhere() for h, made in other.banded.items() if h in names}
    return _merge(deals, other, key, names).with_(
        relation=relation, cells=cells, joined=(*deals.joined, *names.values()), banded=deals.banded | theirs
    )


def _merge(deals: File, other: File, key: Key, names: dict[str, str]) -> File:
    """Put the recipe of the joined table into that of the deals; what deals have already stays theirs."""
    mine, theirs = deals.recipe, other.recipe
    entity = ENTITY[theirs.table]
    fields, keep, stands = dict(mine.fields), list(mine.keep), dict(deals.ids)
    decided = mine.outcome.source != "none"
    for name, header in theirs.fields.items():
        if header not in names or (header == key.joined and name == entity):
            continue
        if name == entity and mine.fields.get(entity) in (None, key.deals):
            fields[name] = names[header]  # an id in the deals becomes the name it stands for
            stands[name] = key.deals
        elif decided and name in TELLS:
            continue
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
    return deals.with_(recipe=mine.model_copy(update=changes), ids=stands)
