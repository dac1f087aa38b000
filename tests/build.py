"""Build a small workspace from a few plain rows, so that a test shows the very deals it counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

from data.engine.tables import DEALS, STAGE_ENTRIES
from data.meta import STATUSES, Definitions, Dimension, FileLedger, Meta, Pipeline_, Stage
from data.pipeline import Pipeline

TYPES = {
    "BIGINT": pl.Int64,
    "VARCHAR": pl.String,
    "DATE": pl.Date,
    "DOUBLE": pl.Float64,
    "BOOLEAN": pl.Boolean,
}
TIMES = ("created", "closed", "expected_close", "first_contact", "last_activity", "stage_entered")
PLAIN = {*TIMES, "amount", "recurring", "visited", "last", "furthest", "days", "entries"}
OUTCOME = ("lost_reason", "status_reason", "forecast_category")
DAY = 86_400
AS_OF = date(2025, 12, 31)


def seconds(when: str | date | int | None) -> int | None:
    """Return epoch seconds of '2025-01-31', '2025-01-31 09:30', a date, or seconds themselves."""
    if when is None or isinstance(when, int):
        return when
    moment = datetime.fromisoformat(when if isinstance(when, str) else when.isoformat())
    return int(moment.replace(tzinfo=UTC).timestamp())


def month(second: int | None) -> date | None:
    return None if second is None else datetime.fromtimestamp(second, UTC).date().replace(day=1)


def pipeline(
    rows: list[dict[str, Any]],
    tmp_path: Path,
    stages: Sequence[str] = ("Lead", "Meeting", "Offer"),
    **meta: Any,
) -> Pipeline:
    """Write deals.parquet, stage_entries.parquet (if any row has `entries`) and meta.json; open them.

    A row may say, with these defaults: status ("open"), source ("Web"), owner ("Ann"), amount (1000.0, in
    currency units), currency ("EUR"), created (2025-01-01), closed (30 days after created when the deal is
    closed, else null), first_contact, expected_close, last_activity, stage_entered (null), recurring,
    visited (stage numbers; default 1..last, all stages when won), last (stage number; default the highest
    visited), furthest (the same), days ({stage number: days}), entries ([(stage number or "won"|"lost"|
    "disqualified", when), ...], from which visited, last, days, stage_entered are worked out), any column
    of the deals table by its own name, and any further name as a text dimension. `meta` overrides fields
    of Meta.
    """
    deals = [deal(number, row, stages) for number, row in enumerate(rows, 1)]
    names = list(dict.fromkeys(name for row in deals for name in row))
    schema = {name: TYPES[kind_of(name)] for name in [*DEALS, *(n for n in names if n not in DEALS)]}
    frame = pl.DataFrame(deals, schema=schema, orient="row")
    frame.write_parquet(tmp_path / "deals.parquet")
    entries = [e for number, row in enumerate(rows, 1) for e in entry_rows(number, row, stages)]
    if entries:
        kinds = {name: TYPES[kind] for name, kind in STAGE_ENTRIES.items()}
        pl.DataFrame(entries, schema=kinds, orient="row").write_parquet(tmp_path / "stage_entries.parquet")
    (tmp_path / "meta.json").write_text(describe(frame, stages, meta).model_dump_json())
    return Pipeline(tmp_path)


def kind_of(name: str) -> str:
    return "BIGINT" if name.startswith("days_") else DEALS.get(name, "VARCHAR")


def deal(number: int, row: dict[str, Any], stages: Sequence[str]) -> dict[str, Any]:
    row = {**from_entries(row), **row}
    status = row.get("status", "open")
    created = seconds(row.get("created", "2025-01-01"))
    closed = None if status == "open" else 30 * DAY + (created or seconds("2025-01-01") or 0)
    last = row.get("last", max(row.get("visited") or [len(stages) if status == "won" else 1]))
    visited = row.get("visited", range(1, (len(stages) if status == "won" else last) + 1))
    out: dict[str, Any] = {
        "deal_key": number,
        "deal_id": f"D{number}",
        "deal_name": f"Deal {number}",
        "file": "deals.csv",
        "row": number + 1,
        "status": status,
        "pipeline": "Sales",
        "source": "Web",
        "owner": "Ann",
        "currency": "EUR",
        "reopened": False,
        "visited_mask": mask(visited),
        "last_no": last,
        "furthest_no": row.get("furthest", max(visited, default=0)),
        "stage": stages[last - 1] if status == "open" and last else status.capitalize(),
        "stage_no": last if status == "open" and last else None,
        "amount_minor": minor(row.get("amount", 1000.0)),
        "recurring_minor": minor(row.get("recurring")),
    }
    given = {"created": created, "closed": closed}
    for name in TIMES:
        out[f"{name}_s"] = seconds(row[name]) if name in row else given.get(name)
    for name in ("created", "closed", "expected_close"):
        out[f"{name}_month"] = month(out[f"{name}_s"])
    if "days" in row or "entries" in row:
        days, here = row.get("days", {}), last if status == "open" else None
        out |= {f"days_{k:02d}": days.get(k) if k != here else None for k in range(1, len(stages) + 1)}
        out["stood_days"] = days.get(here)
    return out | {name: value for name, value in row.items() if name not in PLAIN}


def mask(visited: Iterable[int]) -> int:
    return sum(1 << (number - 1) for number in set(visited) if number > 0)


def minor(amount: float | None) -> int | None:
    return None if amount is None else round(amount * 100)


def from_entries(row: dict[str, Any]) -> dict[str, Any]:
    """Return what a deal's stage entries say: visited, last, days per stage, when the present one began."""
    entries = [(stage, seconds(when) or 0) for stage, when in row.get("entries", [])]
    if not entries:
        return {}
    seen = [stage for stage, _ in entries if isinstance(stage, int)]
    spent: dict[int, int] = {}
    for (stage, entered), (_, left) in pairwise(entries):
        if isinstance(stage, int):
            spent[stage] = spent.get(stage, 0) + left - entered
    ended = entries[-1][0]
    out: dict[str, Any] = {
        "visited": seen,
        "last": seen[-1] if seen else 0,
        "created": entries[0][1],
        "days": {stage: total // DAY for stage, total in spent.items()},
        "stage_entered": entries[-1][1],
    }
    return out if isinstance(ended, int) else out | {"status": ended, "closed": entries[-1][1]}


def entry_rows(number: int, row: dict[str, Any], stages: Sequence[str]) -> list[dict[str, Any]]:
    entries = [(stage, seconds(when)) for stage, when in row.get("entries", [])]
    ends = [*(when for _, when in entries[1:]), None]
    return [
        {
            "deal_key": number,
            "deal_id": row.get("deal_id", f"D{number}"),
            "seq": seq,
            "entered_s": entered,
            "stage": stages[stage - 1] if isinstance(stage, int) else stage.capitalize(),
            "left_s": left,
            "stage_no": stage if isinstance(stage, int) else None,
            "kind": "open" if isinstance(stage, int) else stage,
        }
        for seq, ((stage, entered), left) in enumerate(zip(entries, ends, strict=False), 1)
    ]


def describe(frame: pl.DataFrame, stages: Sequence[str], meta: dict[str, Any]) -> Meta:
    """Return the Meta of a frame of deals, with the given fields changed."""
    texts = [c for c in frame.columns if c not in DEALS and frame.schema[c] == pl.String]
    dimensions = tuple(
        Dimension(
            column=c,
            label=c,
            values=frame[c].drop_nulls().n_unique(),
            blanks=frame[c].null_count(),
            role="outcome" if c in OUTCOME else "dimension",
        )
        for c in texts
    )
    steps = tuple(Stage(number=k, label=label) for k, label in enumerate(stages, 1))
    names = frame["pipeline"].drop_nulls().unique().sort().to_list() or ["Sales"]
    dated = ("created_s", "closed_s", "amount_minor", "first_contact_s")
    known = {c: frame[c].null_count() < frame.height for c in dated}
    ledger = FileLedger(
        file="deals.csv",
        table="deals",
        rows_read=frame.height,
        rows_kept=frame.height,
        rows_rejected=0,
        rows_junk=0,
    )
    fields: dict[str, Any] = {
        "as_of": AS_OF,
        "as_of_source": "given",
        "currencies": tuple(frame["currency"].drop_nulls().unique().sort()),
        "dimensions": dimensions,
        "labels": {c: c for c in texts},
        "pipelines": tuple(Pipeline_(name=n, stages=steps) for n in names),
        "stage_source": "stage",
        "has_created": known["created_s"],
        "has_closed": known["closed_s"],
        "has_amount": known["amount_minor"],
        "has_contact": known["first_contact_s"],
        "definitions": Definitions(),
        "files": (ledger,),
        "notices": (),
        "counts": {s: frame.filter(pl.col("status") == s).height for s in STATUSES},
    }
    return Meta.model_validate(fields | meta)
