"""Make a pipeline of a few exports of different days, so that a test shows the very rows it compares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from data.converting import convert
from data.meta import Definitions
from data.pipeline import Pipeline
from data.reading.tables import RawTable
from data.recipe import DateRule, FileRecipe, NumberRule, OutcomeRule, Proposal

DAY = DateRule(formats=["%Y-%m-%d", "%Y-%m-%d %H:%M"])
STAGES = ["Lead", "Meeting", "Offer"]
FIELDS = {
    "deal_id": "Id", "deal_name": "Name", "account": "Account", "owner": "Owner", "team": "Team",
    "status": "Status", "stage": "Stage", "amount": "Amount", "currency": "Currency", "created_at": "Created",
    "closed_at": "Closed", "expected_close_at": "Expected",
}  # fmt: skip
WORDS = {"won": "won", "lost": "lost", "junk": "disqualified"}
Rows = Sequence[Mapping[str, Any]]


def recipe(columns: Sequence[str], **changes: object) -> FileRecipe:
    """The recipe of an export with some of the columns above."""
    made = FileRecipe(
        fields={field: header for field, header in FIELDS.items() if header in columns},
        dates={h: DAY for h in ("Created", "Closed", "Expected") if h in columns},
        numbers={"Amount": NumberRule()},
        outcome=OutcomeRule(source="status", column="Status", words=WORDS),  # type: ignore[arg-type]
        stage_order={"": STAGES},
        currency="EUR",
    )
    return made.model_copy(update=changes)


def table(folder: Path, name: str, columns: Sequence[str], rows: Rows) -> RawTable:
    """A text table; a cell that a row does not name is blank."""
    cells = {
        f"c{i}": [None if row.get(h) is None else str(row[h]) for row in rows] for i, h in enumerate(columns)
    }
    schema: dict[str, Any] = {"row": pl.Int64, **dict.fromkeys(cells, pl.String)}
    path = folder / f"{name}.parquet"
    pl.DataFrame({"row": range(2, len(rows) + 2), **cells}, schema=schema).write_parquet(path)
    return RawTable(
        file=name, path=path, columns=tuple(columns), container="csv", encoding="utf-8", delimiter=",",
        header_row=1, sheet=None, sep_line=False, bom=False, quotechar='"', rows_read=len(rows), junk=(),
        rejects=(), digest=name, notices=(),
    )  # fmt: skip


def proposal(name: str, made: FileRecipe, columns: Sequence[str], day: str | None) -> Proposal:
    return Proposal(
        file=name, fingerprint="x", container="csv", encoding=None, delimiter=None, header_row=1, sheet=None,
        language="en", system=None, rows=1, columns=list(columns), recipe=made, guesses=[], notices=[],
        snapshot_at=day,
    )  # fmt: skip


def exports(
    folder: Path,
    days: Sequence[tuple[str, Rows]] | Mapping[str, Rows],
    columns: Sequence[str] | None = None,
    history: Rows | None = None,
    as_of: date | None = None,
    **changes: object,
) -> Pipeline:
    """Import exports, each of a day ("2026-01-31") with its rows, uploaded in this order.

    A row names cells by header: Id, Name, Account, Owner, Team, Status (open, won, lost, junk), Stage (Lead,
    Meeting, Offer), Amount, Currency, Created, Closed, Expected, or any other. Headers that no row names
    are not in the files. `history` rows have Id, Stage, When. `changes` are of the recipe.
    """
    folder.mkdir(parents=True, exist_ok=True)
    listed = list(days.items()) if isinstance(days, Mapping) else list(days)
    names = list(columns or dict.fromkeys(h for _, rows in listed for row in rows for h in row))
    own = [h for h in names if h not in FIELDS.values()]
    made = recipe(names, **({"keep": own} | changes))
    parts = []
    for n, (day, rows) in enumerate(listed):
        text = table(folder, f"deals {n} {day}.csv", names, rows)
        parts.append((text, proposal(text.file, made, names, day)))
    if history is not None:
        text = table(folder, "history.csv", ["Id", "Stage", "When"], history)
        fields = {"deal_id": "Id", "stage": "Stage", "changed_at": "When"}
        told = FileRecipe(table="stage_entries", fields=fields, dates={"When": DAY})
        parts.append((text, proposal(text.file, told, ["Id", "Stage", "When"], None)))
    target = folder / "generation"
    convert([t for t, _ in parts], [p for _, p in parts], Definitions(), target, as_of)
    return Pipeline(target)
