"""Targets in wide form: one row per seller, team or region and a column per month or quarter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from data.converting import values
from data.converting.run import Run
from data.converting.told import tell
from data.engine.quoting import literal
from data.errors import N_
from data.notice import Notice
from data.reading.tables import TOTAL, Junk
from data.reading.words import NAMED_TOTAL_RE, SUBTOTAL_RE, TOTAL_RE
from data.recipe import NumberRule, PeriodColumn
from data.recognising.wide import OF_NAMES, year_in

if TYPE_CHECKING:
    from data.converting.source import File

NO_YEAR = N_("neither a column nor the name of the file says of which year its months or quarters are")
TOTALS = "|".join(f"(?:{p})" for p in (TOTAL_RE, SUBTOTAL_RE, NAMED_TOTAL_RE)).replace("(?i)", "")


def columns(file: File) -> list[PeriodColumn]:
    """Return the columns of a file whose cells are targets of the period in their header."""
    if file.recipe.table != "targets":
        return []
    return [c for c in file.recipe.period_columns if c.column in file.cells]


def year(file: File) -> int | None:
    """Return the year that the file's name says, where neither its headers nor its rows say one."""
    needed = any(c.year is None for c in columns(file)) and not file.has("starts_at")
    return year_in(file.table.file) if needed else None


def dated(file: File) -> bool:
    """Say whether it is known of which year the periods are."""
    return all(c.year is not None for c in columns(file)) or file.has("starts_at") or year(file) is not None


def amount(file: File, header: str) -> str:
    """Return SQL for the target in a cell: whole hundredths, null where there is none."""
    return values.minor(file.cells[header], file.recipe.numbers.get(header, NumberRule()))


def cells(file: File, start: str) -> str:
    """Return SQL for the targets of one row, a list of structs: starts_on, period, amount.

    `start` is SQL for the day in the row's own column of years.
    """
    said = year(file)
    parts = []
    for one in columns(file):
        of_year = str(one.year or said or "") or f"year({start})"
        month = one.number if one.period == "month" else 3 * one.number - 2
        begin = f"CAST(make_date({of_year}, {month}, 1) AS DATE)"
        parts.append(
            f"{{'starts_on': {begin}, 'period': {literal(one.period)}, 'amount': {amount(file, one.column)}}}"
        )
    return f"[{', '.join(parts)}]"


def opened(run: Run, file: File) -> File:
    """Return a plan without the rows that add up others, and with what is to be told of its periods.

    Those rows are junk, as totals of any file are. Any other file is returned as it is.
    """
    if not columns(file):
        return file
    found = _totals(run, file)
    told = [_told(file)]
    if found:
        told.append(tell("targets_total_rows", len(found), about=file.name, rows=len(found)))
        gone = ", ".join(map(str, found))
        file = file.with_(
            relation=f"(SELECT * FROM {file.relation} WHERE frn NOT IN ({gone}))",
            rows=file.rows - len(found),
            table=replace(file.table, junk=(*file.table.junk, *found.values())),
        )
    return file.with_(notices=(*file.notices, *told))


def _totals(run: Run, file: File) -> dict[int, Junk]:
    """Return the rows that are called a total, by their position in the file."""
    wanted = {file.recipe.fields.get(name) for name in OF_NAMES}
    every = [h for h in dict.fromkeys(file.columns) if h in file.cells]
    named = [file.cells[h] for h in every if h in wanted]
    if not named:
        return {}
    found = run.rows(
        f"SELECT frn, row, [{', '.join(file.cells[h] for h in every)}] FROM {file.relation} "
        f"WHERE regexp_matches(coalesce({', '.join(named)}), {literal(TOTALS)}, 'i')"
    )
    return {frn: _junk(row, dict(zip(every, texts, strict=True))) for frn, row, texts in found}


def _junk(row: int, texts: dict[str, str | None]) -> Junk:
    filled = {header: text for header, text in texts.items() if text is not None}
    return Junk(row, " | ".join(filled.values()), TOTAL, filled)


def _told(file: File) -> Notice:
    found, said = columns(file), year(file)
    gaps = {"first": found[0].column, "last": found[-1].column} | ({"year": str(said)} if said else {})
    code = f"targets_by_{found[0].period}" + ("_of_year" if said else "")
    notice = tell(code, len(found), about=file.name)
    return notice.model_copy(update={"count": None, "values": notice.values | gaps | {"columns": len(found)}})
