"""What was spent on lead sources, and what was to be reached: costs and targets per period."""

from __future__ import annotations

from data.converting import linking, periods, rows, typed, values, wide
from data.converting.run import Run
from data.converting.source import File
from data.converting.told import tell
from data.engine.quoting import literal, quote
from data.engine.tables import SPEND, TARGETS
from data.notice import Notice

ENOUGH = 0.5  # share of the values of a column that must be sellers for it to be a column of sellers
LIST = 5  # names told


def spend(run: Run, files: list[File], deals: str, has_source: bool) -> list[Notice]:
    """Create the table `spend`, one row per row of the files; tell which sources have no partner.

    `deals` names the files of deals; `has_source`: they have a lead source.
    """
    _create(run, "spend", SPEND)
    for file in files:
        text = {n: _text(file, n) for n in ("source", "source_detail", "medium", "campaign")}
        run.do(
            f"INSERT INTO spend SELECT {', '.join(text.values())}, {_period(file)}, "
            f"{amount(file, 'cost')}, {typed.currency(file)}, {literal(file.name)}, row "
            f"FROM {rows.kept(run, file)} ORDER BY frn"
        )
    periods.settle(run, "spend")
    if not has_source or not any(f.has("source") for f in files):
        return []
    name = ", ".join(dict.fromkeys(f.name for f in files))
    header = next(f.recipe.fields["source"] for f in files if f.has("source"))
    met = linking.meet(run, "SELECT source AS k FROM spend", "SELECT source AS k FROM typed_now")
    told = [
        tell("spend_unmatched", met.rows, about=name, header=header, rows=met.rows, keys=met.keys,
             names=_some(run, "spend", "source", "typed_now", "source")),
        tell("spend_missing", met.unused, about=name, header=header, deals=met.unused, keys=met.unused_keys,
             names=_some(run, "typed_now", "source", "spend", "source")),
    ]  # fmt: skip
    return [n for n in told if n.count] + near(met, name, header, deals)


def targets(run: Run, files: list[File], deals: str, has_team: bool) -> list[Notice]:
    """Create the table `targets`, one row per row of the files, or per name and period where these have a
    column each (a blank cell is no target); tell which sellers and teams have no partner.

    A row that names a seller is a target of that seller, one that names only a team is the team's, one that
    names neither is the company's. `sellers` must be there; `has_team`: the deals have a team.
    """
    _create(run, "targets", TARGETS)
    notices: list[Notice] = []
    for file in files:
        owner, found = _sellers_of(run, file)
        notices += found
        if not wide.dated(file):
            _undated(run, file)
        team = _text(file, "team")
        run.do(
            "INSERT INTO targets SELECT CASE WHEN o IS NOT NULL THEN 'seller' "
            "WHEN t IS NOT NULL THEN 'team' ELSE 'company' END, coalesce(s.name, o, t), t, p, r, "
            f"starts_on, ends_on, period, amount, currency, deals, {literal(file.name)}, row "
            f"FROM (SELECT {owner} AS o, {team} AS t, {_text(file, 'product')} AS p, "
            f"{_text(file, 'region')} AS r, {_aims(file)}, {typed.currency(file)} AS currency, "
            f"row, frn FROM {_planned(run, file)}) LEFT JOIN sellers s ON s.key = o ORDER BY frn, starts_on"
        )
    periods.settle(run, "targets")
    name = ", ".join(dict.fromkeys(f.name for f in files))
    notices += _whose(run, name, deals, "seller", "SELECT name AS k FROM sellers")
    return notices + (_whose(run, name, deals, "team", "SELECT team AS k FROM typed_now") if has_team else [])


def _planned(run: Run, file: File) -> str:
    """Return FROM text for the rows of a file of targets; one per filled period where these are columns."""
    kept = rows.kept(run, file)
    if not wide.columns(file):
        return kept
    aims = wide.cells(file, periods.start(file, "starts_at"))
    return f"(SELECT * FROM (SELECT *, unnest({aims}) AS aim FROM {kept}) WHERE aim.amount IS NOT NULL)"


def _aims(file: File) -> str:
    """Return SQL for the period and the target of a row."""
    if wide.columns(file):
        ends = f"{periods.UNKNOWN} AS ends_on"
        found = f"aim.starts_on AS starts_on, {ends}, aim.period AS period, aim.amount AS amount"
        return f"{found}, NULL::BIGINT AS deals"
    deals = f"{whole(file, 'target_count')} AS deals"
    return f"{_period(file, named=True)}, {amount(file, 'target')} AS amount, {deals}"


def _undated(run: Run, file: File) -> None:
    """Leave out the rows of months of no year."""
    rows.drop(
        run,
        file,
        f'SELECT frn, row, NULL AS "column", NULL AS text, {literal(wide.NO_YEAR)} AS reason '
        f"FROM {rows.kept(run, file)}",
    )


def amount(file: File, name: str) -> str:
    """Return SQL for money of a field: whole hundredths, a blank is unknown."""
    return values.minor(file.cell(name), file.number_rule(name)) if file.has(name) else "NULL::BIGINT"


def whole(file: File, name: str) -> str:
    """Return SQL for a number of deals."""
    if not file.has(name):
        return "NULL::BIGINT"
    read = values.number(file.cell(name), file.number_rule(name), "DECIMAL(15, 2)")
    return f"CASE WHEN {read} = floor({read}) THEN CAST({read} AS BIGINT) END"


def _create(run: Run, table: str, columns: dict[str, str]) -> None:
    run.do(f"CREATE TABLE {table} ({', '.join(f'{quote(n)} {kind}' for n, kind in columns.items())})")


def _text(file: File, name: str) -> str:
    return file.word(file.recipe.fields[name]) if file.has(name) else "NULL::VARCHAR"


def _period(file: File, named: bool = False) -> str:
    """Return SQL for the first and last day of a row's period, and what it is called."""
    parts = {
        "starts_on": periods.start(file, "starts_at"),
        "ends_on": periods.start(file, "ends_at"),
        "period": periods.kind(file, "starts_at"),
    }
    return ", ".join(f"{sql} AS {name}" if named else sql for name, sql in parts.items())


def _sellers_of(run: Run, file: File) -> tuple[str, list[Notice]]:
    """Return SQL for the seller of a target: the mapped column, or, where the deals know none of its names,
    another column whose values they know (an id beside a name that nobody updates)."""
    owner = _text(file, "owner")
    if not file.has("owner") or _known(run, file, owner) > 0:
        return owner, []
    header = file.recipe.fields["owner"]
    shares = {
        h: _known(run, file, cell)
        for h, cell in file.cells.items()
        if h not in file.recipe.fields.values() or file.recipe.fields.get("owner") == h
    }
    best = max(shares, key=lambda h: shares[h], default=None)
    if best is None or shares[best] < ENOUGH:
        return owner, []
    told = {"column": header, "other": best}
    return file.cells[best], [
        tell("targets_by_other_column", file.rows, about=file.name, header=header, **told)
    ]


def _known(run: Run, file: File, cell: str) -> float:
    every, known = run.one(
        f"SELECT count(*), count(*) FILTER (k IN (SELECT key FROM sellers)) "
        f"FROM (SELECT DISTINCT {cell} AS k FROM {file.relation}) WHERE k IS NOT NULL"
    )
    return known / every if every else 0.0


def _whose(run: Run, name: str, deals: str, scope: str, known: str) -> list[Notice]:
    """Tell which sellers or teams have a target and no deal, and which have deals and no target."""
    mine = f"SELECT name AS k FROM targets WHERE scope = {literal(scope)}"
    if not run.one(f"SELECT count(*) FROM ({mine})")[0]:
        return []
    column = "owner" if scope == "seller" else "team"
    met = linking.meet(run, mine, known)
    alone = _some(run, f"(SELECT * FROM targets WHERE scope = {literal(scope)})", "name", f"({known})", "k")
    without = _some(run, f"({known})", "k", "targets", "name")
    told = [
        tell(f"targets_unmatched_{column}", met.rows, about=name, rows=met.rows, keys=met.keys, names=alone),
        tell(f"targets_missing_{column}", met.unused_keys, about=name, keys=met.unused_keys, names=without),
    ]
    return [n for n in told if n.count] + near(met, name, None, deals)


def near(met: linking.Met, name: str, header: str | None, other: str) -> list[Notice]:
    """Offer the keys of one file that nearly meet one of another."""
    return [
        tell("join_near_miss", n, about=name, header=header, mine=mine, theirs=theirs, deals=name, file=other)
        for mine, theirs, n in met.near
    ]


def _some(run: Run, one: str, column: str, other: str, theirs: str) -> str:
    known = f"SELECT {theirs} FROM {other} WHERE {theirs} IS NOT NULL"
    found = run.rows(
        f"SELECT {column} FROM {one} WHERE {column} IS NOT NULL AND {column} NOT IN ({known}) "
        f"GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT {LIST}"
    )
    return ", ".join(str(text) for (text,) in found)
