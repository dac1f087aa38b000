"""Sellers: who stands behind an id or a name, and what is known of them."""

from __future__ import annotations

from data.converting import rows, typed, values
from data.converting.keys import Key
from data.converting.run import Run
from data.converting.source import File
from data.engine.quoting import literal

NOBODY = "SELECT NULL::VARCHAR AS key, NULL::VARCHAR AS name WHERE false"


def names(run: Run, deals: list[File], people: list[tuple[File, Key]]) -> None:
    """Create `sellers`: key (a name or an id that some file has for a seller) -> name as the deals write it.

    A key that stands for two names stands for neither.
    """
    parts = [NOBODY]
    for file in deals:
        if not file.has("owner"):
            continue
        parts.append(f"SELECT DISTINCT {file.cell('owner')}, {file.cell('owner')} FROM {file.relation}")
        if (id_ := file.ids.get("owner")) in file.cells:
            parts.append(f"SELECT DISTINCT {file.cells[id_]}, {file.cell('owner')} FROM {file.relation}")
    for file, key in people:
        if file.has("owner"):
            parts.append(f"SELECT {file.cell('owner')}, {file.cell('owner')} FROM {file.relation}")
            parts.append(f"SELECT {file.cells[key.joined]}, {file.cell('owner')} FROM {file.relation}")
    run.do(
        "CREATE OR REPLACE TEMP TABLE sellers AS SELECT key, min(name) AS name "
        f"FROM ({' UNION ALL '.join(parts)}) WHERE key IS NOT NULL AND name IS NOT NULL "
        "GROUP BY 1 HAVING count(DISTINCT name) = 1"
    )


def people(run: Run, files: list[File]) -> None:
    """Create the table `people`: one row per row of the files that describe sellers."""
    parts = [_select(run, file) for file in files]
    run.do("CREATE TABLE people AS " + " UNION ALL ".join(parts))


def _select(run: Run, file: File) -> str:
    text = {n: file.word(file.recipe.fields[n]) if file.has(n) else "NULL::VARCHAR" for n in
            ("owner", "team", "manager", "region", "country")}  # fmt: skip
    rule = file.number_rule("monthly_cost")
    cost = values.minor(file.cell("monthly_cost"), rule) if file.has("monthly_cost") else "NULL::BIGINT"
    return (
        f"SELECT coalesce(s.name, {text['owner']}) AS seller, {text['team']} AS team, {text['manager']} AS "
        f"manager, {text['region']} AS region, {text['country']} AS country, {_day(file, 'started_at')} AS "
        f"started_on, {_day(file, 'ended_at')} AS ended_on, {cost} AS monthly_cost_minor, "
        f"{typed.currency(file)} AS currency, {literal(file.name)} AS file, row "
        f"FROM {rows.kept(run, file)} LEFT JOIN sellers s ON s.key = {text['owner']}"
    )


def _day(file: File, name: str) -> str:
    if not file.has(name):
        return "NULL::DATE"
    when = values.seconds(file.cell(name), file.date_rule(name))
    return f"CAST(make_timestamp({when} * 1000000) AS DATE)"
