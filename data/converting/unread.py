"""Cells that hold something nobody could read: listed one by one, never lost silently."""

from __future__ import annotations

from dataclasses import dataclass

from data.converting import rows, typed, values
from data.converting.describe import deals
from data.converting.run import Run
from data.converting.source import File
from data.engine.quoting import literal, quote
from data.engine.tables import DEALS
from data.errors import N_

NOT_A_DATE = N_("not a date between 1971 and 2104 as this column writes them")
NOT_A_NUMBER = N_("not a number as this column writes them")
NOT_A_SHARE = N_("not a probability between 0 and 100 %")
NOT_A_CURRENCY = N_("not a currency we know")
TIMES = (
    "created_at",
    "closed_at",
    "expected_close_at",
    "first_contact_at",
    "last_activity_at",
    "stage_entered_at",
    "modified_at",
    "won_at",
    "lost_at",
    "snapshot_at",
    "changed_at",
)


@dataclass(frozen=True)
class Check:
    """One column to be read: its cell, what reading gives, and the reason when that is nothing."""

    header: str
    cell: str
    read: str
    reason: str
    column: str | None = None  # the deals column that holds exactly what was read


def checks(file: File) -> list[Check]:
    """Return what is read in a file of deals or stage entries, once per column."""
    found: dict[tuple[str, str], Check] = {}

    def add(header: str, read: str, reason: str, column: str | None = None) -> None:
        found.setdefault((header, reason), Check(header, file.cells[header], read, reason, column))

    written = {name: column for column, name in typed.TIMES.items() if column in DEALS}
    for name in TIMES:
        if file.has(name):
            read = values.seconds(file.cell(name), file.date_rule(name))
            add(file.recipe.fields[name], read, NOT_A_DATE, written.get(name))
    for column in file.recipe.stage_columns:
        if column.column in file.cells:
            rule = file.recipe.dates.get(column.column, file.date_rule("created_at"))
            add(column.column, values.seconds(file.cells[column.column], rule), NOT_A_DATE)
    if file.recipe.table == "stage_entries":
        return list(found.values())
    for column_name, read in typed.money(file).items():
        name = typed.MONEY[column_name]
        name = "amount_actual" if name == "amount" and not file.has("amount") else name
        if file.has(name):
            add(file.recipe.fields[name], read, NOT_A_NUMBER, column_name)
    if file.has("probability"):
        add(
            file.recipe.fields["probability"],
            values.share(
                file.cell("probability"), file.number_rule("probability"), file.is_plain("probability")
            ),
            NOT_A_SHARE,
            "probability",
        )
    if file.has("currency"):
        plain = file.with_(recipe=file.recipe.model_copy(update={"currency": None}))  # a blank is not unread
        add(file.recipe.fields["currency"], typed.currency(plain), NOT_A_CURRENCY)
    return list(found.values())


def collect(run: Run, file: File, alone: bool) -> int:
    """List the unread cells of one file among the rejects; return how many there are.

    `alone`: the deals written are the rows of this file and no other.
    """
    found = checks(file)
    if not found:
        return 0
    # Counting filled and read cells is nearly free; the slow search runs on the columns that differ.
    source = rows.kept(run, file)
    filled = run.one(f"SELECT {', '.join(f'count({c.cell})' for c in found)} FROM {source}")
    counted = _written(run, found) if alone else {}
    total = 0
    for check, cells in zip(found, filled, strict=True):
        read = counted.get(check.column or "")
        read = run.one(f"SELECT count({check.read}) FROM {source}")[0] if read is None else read
        if read != cells:
            total += _list(run, file, check, source)
    return total


def _written(run: Run, found: list[Check]) -> dict[str, int]:
    """Count what was read, from the deals already written."""
    columns = [c.column for c in found if c.column and c.column != "stage_entered_s"]
    if not columns:
        return {}
    counts = run.one(f"SELECT {', '.join(f'count({quote(c)})' for c in columns)} FROM {deals(run)}")
    return dict(zip(columns, counts, strict=True))


def _list(run: Run, file: File, check: Check, source: str) -> int:
    (before,) = run.one("SELECT count(*) FROM rejects")
    run.do(
        f"INSERT INTO rejects SELECT {literal(file.name)}, row, {literal(check.header)}, "
        f"{check.cell}, "
        f"{literal(check.reason)} FROM {source} WHERE {values.is_filled(check.cell)} AND "
        f"({check.read}) IS NULL"
    )
    return int(run.one("SELECT count(*) FROM rejects")[0] - before)
