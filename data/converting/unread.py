"""Cells that hold something nobody could read: listed one by one, never lost silently."""

from __future__ import annotations

from dataclasses import dataclass

from data.converting import activities, periods, plans, rows, typed, values, wide
from data.converting.describe import deals
from data.converting.lookup import answers
from data.converting.run import Run
from data.converting.source import File
from data.engine.quoting import literal, quote
from data.engine.tables import DEALS
from data.errors import N_
from data.recipe import NumberRule

NOT_A_DATE = N_("not a date between 1971 and 2104 as this column writes them")
NOT_A_NUMBER = N_("not a number as this column writes them")
NOT_A_SHARE = N_("not a probability between 0 and 100 %")
NOT_A_CURRENCY = N_("not a currency we know")
NOT_WHOLE = N_("not a whole number")
NOT_A_PERIOD = N_("not a day, week, month, quarter or year as this column writes them")
NOT_A_DURATION = N_("not a number or a time such as 1:30")
JOINED = ("customers", "products", "more_deals")
FURTHER = ("activities", "spend", "targets", "people")
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
    "activity_at",
    "started_at",
    "ended_at",
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

    if file.recipe.table in JOINED:  # the rest of it is read, and listed, where it is joined to the deals
        return _banded(file)
    written = {name: column for column, name in typed.TIMES.items() if column in DEALS}
    for name in TIMES:
        if file.has(name):
            add(file.recipe.fields[name], file.seconds(name), NOT_A_DATE, written.get(name))
    for column in file.recipe.stage_columns:
        if column.column in file.cells:
            rule = file.recipe.dates.get(column.column, file.date_rule("created_at"))
            add(column.column, values.seconds(file.cells[column.column], rule), NOT_A_DATE)
    found |= {(check.header, check.reason): check for check in _banded(file)}
    for name, read, reason in _further(file):
        add(file.recipe.fields[name], read, reason)
    for one in wide.columns(file):
        add(one.column, wide.amount(file, one.column), NOT_A_NUMBER)
    if file.recipe.table in ("stage_entries", *FURTHER):
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


def _banded(file: File) -> list[Check]:
    """Return the columns of a file that are cut into bands."""
    return [
        Check(made.header, made.cell, made.read, NOT_A_NUMBER)
        for made in file.banded.values()
        if made.header in file.columns
    ]


def _further(file: File) -> list[tuple[str, str, str]]:
    """Return what only the tables beside the deals have: field, what reading gives, and the reason."""
    if file.recipe.table not in FURTHER:
        return []
    found = [(n, periods.start(file, n), NOT_A_PERIOD) for n in ("starts_at", "ends_at")]
    found += [(n, plans.amount(file, n), NOT_A_NUMBER) for n in ("cost", "target", "monthly_cost")]
    found += [("target_count", plans.whole(file, "target_count"), NOT_WHOLE)]
    found += [("activity_duration", activities.duration(file), NOT_A_DURATION)]
    if file.recipe.table != "activities":
        found += [("currency", typed.currency(file), NOT_A_CURRENCY)]
    return [(name, read, reason) for name, read, reason in found if file.has(name)]


def collect(run: Run, file: File, alone: bool) -> int:
    """List the unread cells of one file among the rejects; return how many there are.

    `alone`: the deals written are the rows of this file and no other.
    """
    found = [check for check in checks(file) if not _sure(run, file, check)]
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


def _sure(run: Run, file: File, check: Check) -> bool:
    """Say whether every filled cell of a column is known to be read: by its few values, or because the first
    look found nothing but digits and a decimal sign in it."""
    known = answers(run, file, f"({check.cell}) IS NOT NULL AND ({check.read}) IS NULL")
    if known is not None:
        return not any(known.values())
    rule = file.recipe.numbers.get(check.header, NumberRule())
    plain = check.header in file.plain and rule.scale == 1 and not rule.units
    return plain and check.reason == NOT_A_NUMBER


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
