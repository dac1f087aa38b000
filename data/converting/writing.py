"""The Parquet files of a generation."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

import polars as pl

from data.converting import values
from data.converting.history import days_name
from data.converting.run import Run
from data.converting.source import File
from data.converting.stages import StagePlan
from data.converting.typed import DECIDED, Column
from data.engine.quoting import literal, quote
from data.engine.tables import OPTIONAL

# Snappy writes 1.6 times as fast as zstd for 1.8 times the bytes; an import is waited for.
# A list of more values than DICTIONARY_SIZE_LIMIT saves nothing, and making it takes time.
# Version 2 writes numbers as differences: keys that count up take no room and half the time.
PARQUET = "(FORMAT parquet, PARQUET_VERSION v2, COMPRESSION snappy, DICTIONARY_SIZE_LIMIT 5000)"
LAST = "coalesce(t.stage_no, f.last_no, 0)"
LOOKED_UP = 100  # values up to which a list is searched; searching longer ones row by row would be slow
MONTHS = {
    "created_month": "created_s",
    "closed_month": "closed_s",
    "expected_close_month": "expected_close_s",
}
Line = tuple[str, int, str | None, str, str]


def write_deals(
    run: Run,
    plan: StagePlan,
    columns: list[Column],
    with_flow: bool,
    listed: dict[str, list[str]],
    said: Container[str],
) -> None:
    """Write deals.parquet: the typed columns, the way through the stages, and the dimensions.

    Of the columns that may be left out those not in `said` are: they would be null on every deal.

    `listed` are columns with all their values: as numbers into that list they are written in half the time
    (the file says text all the same).
    """
    source = "typed_now t LEFT JOIN flow f USING (deal_key)" if with_flow else "typed_now t"
    wanted = [*_base(), *_flow(plan, with_flow), *(f"t.{quote(c.name)}" for c in columns)]
    inner = f"SELECT {', '.join(wanted)} FROM {source}"
    months = ", ".join(f"{values.month(when)} AS {name}" for name, when in MONTHS.items())
    first = (
        "deal_key",
        "deal_id",
        "deal_name",
        "file",
        "row",
        "status",
        "stage",
        "pipeline",
        "created_s",
        "closed_s",
        "expected_close_s",
        "first_contact_s",
        "last_activity_s",
        "stage_entered_s",
    )
    rest = "* EXCLUDE (" + ", ".join(quote(c) for c in first) + ")"
    straight = not with_flow and not run.left_out.total()
    kinds = ", ".join(f"{_number(name, known, straight)} AS {quote(name)}" for name, known in listed.items())
    inner = f"SELECT * REPLACE ({kinds}) FROM ({inner})" if kinds else inner
    unsaid = ", ".join(sorted(c for c in OPTIONAL if c not in said))
    every = f"SELECT {', '.join(quote(c) for c in first)}, {months}, {rest} FROM ({inner})"
    _copy(run, f"SELECT * EXCLUDE ({unsaid}) FROM ({every})" if unsaid else every, "deals")


def _number(name: str, known: list[str], straight: bool) -> str:
    """Return SQL for a column of text as numbers into the list of its values.

    `straight`: the rows come as the file has them. DuckDB then calls a function once per value of the file's
    own list, but makes a CAST row by row.
    """
    texts = ", ".join(map(literal, known))
    if not straight or len(known) > LOOKED_UP:
        return f"CAST({quote(name)} AS ENUM ({texts}))"
    return f"list_extract([{texts}]::ENUM ({texts})[], list_position([{texts}], {quote(name)}))"


def write_entries(run: Run) -> int:
    """Write stage_entries.parquet if there are entries; return how many."""
    (count,) = run.one("SELECT count(*) FROM entries")
    if count:
        _copy(
            run,
            "SELECT e.deal_key, t.deal_id, e.seq, e.stage, e.stage_no, e.entered_s, e.left_s, e.kind, "
            "e.after_s, e.until_s, e.origin "
            "FROM entries e "
            "JOIN typed_now t ON t.deal_key = e.deal_key ORDER BY e.deal_key, e.seq",
            "stage_entries",
        )
    return int(count)


def write_left_out(run: Run, files: list[File]) -> None:
    """Write rejects.parquet and junk.parquet: every row and cell that is not in the tables, and why."""
    rejects: list[Line] = [
        (f.name, r.row, r.column, r.text, r.reason) for f in files for r in f.table.rejects
    ]
    junk: list[Line] = [(f.name, j.row, None, j.text, j.reason) for f in files for j in f.table.junk]
    _frame(junk).sort("file", "row").write_parquet(run.target / "junk.parquet")
    parts = ["SELECT * FROM rejects"]
    if rejects:
        early = run.target / ".rejects.parquet"
        _frame(rejects).write_parquet(early)
        parts.append(f"SELECT * FROM read_parquet({literal(str(early))})")
    _copy(run, f"SELECT * FROM ({' UNION ALL '.join(parts)}) ORDER BY file, row", "rejects")
    if rejects:
        early.unlink()


def _base() -> list[str]:
    plain = (
        "deal_key",
        "deal_id",
        "deal_name",
        "file",
        "row",
        "status",
        "stage",
        "pipeline",
        "created_s",
        "expected_close_s",
        "first_contact_s",
        "last_activity_s",
        "amount_minor",
        "currency",
        "recurring_minor",
        "probability",
        "stage_no",
    )
    return [f"t.{quote(name)}" for name in plain]


def _flow(plan: StagePlan, with_flow: bool) -> list[str]:
    """Return SQL for the way through the stages; the present stage counts as visited.

    A closing stage has no number, so a lost deal that stands in "Closed Lost" adds nothing here.
    """
    if not with_flow:
        return [
            "t.here_mask AS visited_mask",
            "t.here_no AS furthest_no",
            "t.here_no AS last_no",
            "false AS reopened",
            "NULL::BIGINT AS stood_days",
            "t.stage_entered_s",
            "t.closed_s",
        ]
    return [
        "coalesce(f.visited_mask, 0) | t.here_mask AS visited_mask",
        "greatest(coalesce(f.furthest_no, 0), t.here_no) AS furthest_no",
        f"{LAST} AS last_no",
        "coalesce(f.reopened, false) AS reopened",
        "coalesce(f.entered_s, t.stage_entered_s) AS stage_entered_s",
        f"CASE WHEN t.status IN {DECIDED} THEN coalesce(t.closed_s, f.closing_s) END AS closed_s",
        *_spent(plan),
    ]


def _spent(plan: StagePlan) -> list[str]:
    """Return SQL for the days in each stage.

    A visit that goes on is not over: its earlier days lie apart in `stood_days`, so that one column alone
    tells how long those stayed who left.
    """
    days = {k: f"f.{quote(days_name(k))}" for k in range(1, plan.most + 1)}
    here = f"t.status = 'open' AND {LAST}"
    left = [
        f"CASE WHEN {here} = {k} THEN NULL ELSE {d} END AS {quote(days_name(k))}" for k, d in days.items()
    ]
    stood = " ".join(f"WHEN {here} = {k} THEN {d}" for k, d in days.items())
    return [f"CASE {stood} END AS stood_days" if stood else "NULL::BIGINT AS stood_days", *left]


def _frame(found: list[Line]) -> pl.DataFrame:
    text = pl.String
    schema = {"file": text, "row": pl.Int64, "column": text, "text": text, "reason": text}
    return pl.DataFrame(found, schema=schema, orient="row")


def _copy(run: Run, select: str, name: str) -> None:
    path: Path = run.target / f"{name}.parquet"
    run.do(f"COPY ({select}) TO {literal(str(path))} {PARQUET}")
