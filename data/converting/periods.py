"""Periods of plans and costs: the day one begins, the day it ends, and what it is called."""

from __future__ import annotations

from data.converting import values
from data.converting.run import Run
from data.converting.source import File
from data.engine.quoting import literal

SPACE = r"[\s\x{00a0}\x{202f}]*"
# "Q1 2026", "K1-2026" (Danish kvartal), "T1 2026" (French trimestre), "1Q26" is too short to be sure of.
QUARTER_LAST = rf"^(\d{{4}}){SPACE}[-/.]?{SPACE}[QqKkTt]([1-4])$"
QUARTER_FIRST = rf"^[QqKkTt]([1-4]){SPACE}[-/.]?{SPACE}(\d{{4}})$"
WEEK = rf"^(\d{{4}}){SPACE}[-/.]?{SPACE}(?:[WwUuVv]|KW|kw|wk|week|uge|vecka){SPACE}(\d{{1,2}})$"
STEPS = {12: "year", 6: "half", 3: "quarter", 1: "month"}  # months apart
UNKNOWN = "NULL::DATE"


def start(file: File, name: str) -> str:
    """Return SQL for the first day of the period that a cell names; NULL where it names none."""
    if not file.has(name):
        return UNKNOWN
    cell = file.cell(name)
    when = values.seconds(cell, file.date_rule(name))
    return f"coalesce({_quarter(cell)}, {_week(cell)}, CAST(make_timestamp({when} * 1000000) AS DATE))"


def kind(file: File, name: str) -> str:
    """Return SQL for what a cell says its period is; NULL where it is a plain day."""
    if not file.has(name):
        return "NULL::VARCHAR"
    cell = file.cell(name)
    formats = file.date_rule(name).formats
    plain = "NULL"
    if formats and all("%" in f and "%d" not in f for f in formats):
        years = [f for f in formats if "%m" not in f and "%b" not in f]
        months = [f for f in formats if f not in years]
        as_year = f"try_strptime({cell}, {_list(years)}) IS NOT NULL" if years else "false"
        plain = f"CASE WHEN {as_year} THEN 'year' " + ("ELSE 'month' END" if months else "END")
    return (
        f"CASE WHEN {cell} IS NULL THEN NULL WHEN {_quarter(cell)} IS NOT NULL THEN 'quarter' "
        f"WHEN {_week(cell)} IS NOT NULL THEN 'week' ELSE {plain} END"
    )


def settle(run: Run, table: str) -> None:
    """Fill `period` and `ends_on` of a table that has `starts_on`, per file.

    With both ends given the period is what their distance says. With a beginning only, the file's steps
    say: beginnings on the first of a month that are 1, 3, 6 or 12 months apart are months, quarters, half
    years or years, beginnings whole weeks apart are weeks, others days. One lone first of a month is a month.
    """
    for (file,) in run.rows(f"SELECT DISTINCT file FROM {table}"):
        here = f"file = {literal(file)}"
        found = _step(run, table, here)
        run.do(
            f"UPDATE {table} SET period = {literal(found)} WHERE {here} AND period IS NULL "
            "AND starts_on IS NOT NULL AND ends_on IS NULL"
        )
    length = {name: f"INTERVAL {step} MONTH" for step, name in STEPS.items()}
    length |= {"week": "INTERVAL 7 DAY", "day": "INTERVAL 1 DAY"}
    ends = " ".join(
        f"WHEN {literal(name)} THEN CAST(starts_on + {step} AS DATE) - 1" for name, step in length.items()
    )
    run.do(f"UPDATE {table} SET ends_on = CASE period {ends} END WHERE ends_on IS NULL")
    named = " ".join(
        f"WHEN ends_on = CAST(starts_on + {step} AS DATE) - 1 THEN {literal(name)}"
        for name, step in length.items()
    )
    run.do(
        f"UPDATE {table} SET period = CASE {named} ELSE 'other' END "
        "WHERE period IS NULL AND starts_on IS NOT NULL AND ends_on IS NOT NULL"
    )


def _step(run: Run, table: str, here: str) -> str:
    starts = f"SELECT DISTINCT starts_on AS d FROM {table} WHERE {here} AND starts_on IS NOT NULL"
    first, months, days = run.one(
        "SELECT bool_and(day(d) = 1), min(date_diff('month', before, d)), min(d - before) "
        f"FROM (SELECT d, lag(d) OVER (ORDER BY d) AS before FROM ({starts}))"
    )
    if first:
        return next(name for step, name in STEPS.items() if (months or 1) % step == 0)
    return "week" if days is not None and days % 7 == 0 else "day"


def _quarter(cell: str) -> str:
    last = f"regexp_extract({cell}, {literal(QUARTER_LAST)}, ['y', 'q'])"
    first = f"regexp_extract({cell}, {literal(QUARTER_FIRST)}, ['q', 'y'])"
    return f"coalesce({_first_of(last)}, {_first_of(first)})"


def _first_of(found: str) -> str:
    return f"try_strptime({found}.y || '-' || (TRY_CAST({found}.q AS INTEGER) * 3 - 2), '%Y-%m')::DATE"


def _week(cell: str) -> str:
    found = f"regexp_extract({cell}, {literal(WEEK)}, ['y', 'w'])"
    # 4 January is always in week 1.
    begin = f"date_trunc('week', make_date(TRY_CAST({found}.y AS INTEGER), 1, 4))"
    number = f"TRY_CAST({found}.w AS INTEGER)"
    return f"CASE WHEN {number} BETWEEN 1 AND 53 THEN CAST({begin} + to_days(7 * ({number} - 1)) AS DATE) END"


def _list(formats: list[str]) -> str:
    return "[" + ", ".join(literal(f) for f in formats) + "]"
