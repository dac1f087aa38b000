"""What a generation says of itself: counts, dimensions, the day it speaks of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

import polars as pl

from data.converting.run import Run
from data.converting.source import File
from data.converting.typed import Column
from data.engine.quoting import literal, quote
from data.engine.source import with_unsaid
from data.meta import STATUSES, Dimension

OUTCOME = ("lost_reason", "status_reason", "forecast_category", "result")
ONE_SIDED = 0.95  # share of filled cells on one outcome above which a column tells the outcome
MANY = 10_000  # up to here values are counted exactly
YEAR_S = 366 * 86_400
HAPPENED = ("created_s", "first_contact_s", "last_activity_s", "stage_entered_s")


def deals(run: Run) -> str:
    """Return FROM text for the deals written."""
    path = run.target / "deals.parquet"
    return f"({with_unsaid(f'read_parquet({literal(str(path))})', pl.read_parquet_schema(path))})"


@dataclass
class Seen:
    """What one pass over the deals written counts.

    `counts` is what Meta tells; `undated` decided deals have no closing date; `negative` amounts are below
    zero; `worth` counts, by status, the amounts other than 0; `last_closed` is the latest closing;
    `currencies` are those of the deals with an amount, most used first.
    """

    counts: dict[str, int]
    undated: int
    negative: int
    worth: dict[str, int]
    last_closed: int | None
    currencies: tuple[str, ...]


KNOWN = ("created_s", "closed_s", "amount_minor", "first_contact_s", "probability")
RARE = {
    "zero": "amount_minor = 0",
    "negative": "amount_minor < 0",
    "closed_before_created": "closed_s < created_s",
    "reopened": "reopened",
}  # asked each by itself: mostly the file's own statistics rule them out


def see(run: Run) -> Seen:
    """Count the deals, by outcome and by what is known of them."""
    source = deals(run)
    rows = run.rows(
        f"SELECT status, currency, max(closed_s), count(*), {', '.join(f'count({k})' for k in KNOWN)} "
        f"FROM {source} GROUP BY 1, 2"
    )
    rare = {
        name: Counter(dict(run.rows(f"SELECT status, count(*) FROM {source} WHERE {test} GROUP BY 1")))
        for name, test in RARE.items()
    }
    found = Counter({name: counts.total() for name, counts in rare.items()})
    worth: Counter[str] = Counter()
    money: Counter[str] = Counter()
    for status, currency, _, every, *known in rows:
        told = dict(zip(KNOWN, known, strict=True))
        found.update({"deals": every, status: every, **{f"with_{k}": n for k, n in told.items()}})
        found["with_currency"] += every if currency is not None else 0
        worth[status] += told["amount_minor"]
        money[str(currency)] += told["amount_minor"] if currency is not None else 0
        found["undated"] += every - told["closed_s"] if status != "open" else 0
    worth.subtract(rare["zero"])
    names = ("deals", *STATUSES, *(f"with_{k}" for k in KNOWN), "with_currency", "closed_before_created",
             "reopened")  # fmt: skip
    order = sorted((c for c, n in money.items() if n), key=lambda c: (-money[c], c))
    last = max((int(row[2]) for row in rows if row[2] is not None), default=None)
    return Seen({n: found[n] for n in names}, found["undated"], found["negative"], worth, last, tuple(order))


def pipelines(run: Run, files: list[File]) -> tuple[str | None, list[str]]:
    """Return the header of the pipeline column (None: there is no pipeline) and the pipelines, most used
    first; [""] where there is none."""
    header = next((f.recipe.fields["pipeline"] for f in files if f.has("pipeline")), None)
    if header is None and any(f.pipeline for f in files):
        header = "Pipeline"
    if header is None:
        return None, [""]
    found = run.rows("SELECT pipeline FROM typed_now GROUP BY 1 ORDER BY count(*) DESC, 1")
    return header, [str(n or "") for (n,) in found]


def dimensions(
    run: Run, columns: list[Column], with_pipeline: str | None, counts: dict[str, int], few: Container[str]
) -> tuple[Dimension, ...]:
    """Describe the columns to slice by; those with no value at all are left out. `few` are known to have
    few values."""
    listed = ([Column("pipeline", with_pipeline, {}, "pipeline")] if with_pipeline else []) + columns
    totals = tuple(counts[s] for s in STATUSES)
    described = []
    for column in listed:
        distinct, by_status, apart = _values(run, column, column.name in few)
        filled = sum(by_status)
        if not filled:
            continue
        role = _role(column, filled, by_status, counts["deals"], totals)
        if role == "dimension" and _gives_away(distinct, apart, by_status, totals[1:3]):
            role = "outcome"
        described.append(
            Dimension(
                column=column.name,
                label=column.label,
                values=distinct,
                blanks=counts["deals"] - filled,
                role=role,
            )
        )
    return tuple(described)


def _values(run: Run, column: Column, few: bool) -> tuple[int, list[int], int]:
    """Return how many values a column has (an estimate where there are very many), its filled cells by
    status, and how many won and lost deals are left when the rarer outcome of each value is taken away."""
    name, source = quote(column.name), deals(run)
    ways = ", ".join(f"count(*) FILTER (status = {literal(s)})" for s in STATUSES)
    about = 0 if few else run.one(f"SELECT approx_count_distinct({name}) FROM {source}")[0]
    if about > MANY:
        (*by_status,) = run.one(f"SELECT {ways} FROM {source} WHERE {name} IS NOT NULL")
        return int(about), [int(n) for n in by_status], 0
    found: dict[str, Counter[str]] = {}
    for value, status, cells in run.rows(
        f"SELECT {name}, status, count(*) FROM {source} WHERE {name} IS NOT NULL GROUP BY 1, 2"
    ):
        found.setdefault(value, Counter())[status] = cells
    by_status = [sum(cells[s] for cells in found.values()) for s in STATUSES]
    return len(found), by_status, sum(max(cells["won"], cells["lost"]) for cells in found.values())


def _role(
    column: Column, filled: int, by_status: list[int], deals_: int, totals: tuple[int, ...]
) -> Literal["dimension", "outcome"]:
    """Say whether a column is only known because of how the deal ended.

    Such a column is filled (nearly) only on one outcome, or only on decided deals, while the file holds
    plenty of others; comparing hit rates by it would compare an outcome with itself.
    """
    if column.field in OUTCOME:
        return "outcome"
    if filled < 5:
        return "dimension"
    for part, total in zip(by_status[1:], totals[1:], strict=True):  # won, lost, disqualified
        if part >= ONE_SIDED * filled and total <= 0.9 * deals_ and deals_ - total >= 5:
            return "outcome"
    decided, all_decided = sum(by_status[1:]), sum(totals[1:])
    if decided >= 0.98 * filled and all_decided <= 0.9 * deals_ and totals[0] >= 20:
        return "outcome"
    return "dimension"


def _gives_away(distinct: int, apart: int, by_status: list[int], decided: tuple[int, ...]) -> bool:
    """Say whether a column's values are words for the outcome: each stands on won or on lost deals only.

    Asked of columns with few values in files with 100 decided deals of both kinds; below that, chance
    does it.
    """
    if distinct > 50 or sum(decided) < 100 or min(decided) < 0.02 * sum(decided):
        return False
    known = sum(by_status[1:3])
    return known >= 100 and apart >= 0.995 * known


def as_of(
    run: Run, files: list[File], given: date | None, last_closed: int | None
) -> tuple[date, Literal["given", "file name", "latest date", "upload date"]]:
    """Return the day the data speak of: as given, as the file name says, the latest date that can only
    lie in the past (an expected closing cannot), or the day the file came in when nothing has a date."""
    if given is not None:
        return given, "given"
    named = [(f.snapshot, f.said) for f in files if f.recipe.table == "deals" and f.snapshot is not None]
    if named:
        day, said = max(named)
        return day, "given" if said else "file name"
    shown = any(f.has("snapshot_at") for f in files if f.recipe.table == "deals")
    past = (run.one("SELECT max(snapshot_s) FROM typed_now")[0] if shown else None) or _latest(
        run, any(f.has("modified_at") for f in files), last_closed
    )
    if past is not None:
        return datetime.fromtimestamp(past, UTC).date(), "latest date"
    return date.fromtimestamp(max(f.table.path.stat().st_mtime for f in files)), "upload date"


def _latest(run: Run, modified: bool, last_closed: int | None) -> int | None:
    """Return the latest time anything happened. A deal "closed" over a year after anything else that is
    known was given a date in the future by mistake, and does not count."""
    told = [*run.one(f"SELECT {', '.join(f'max({c})' for c in HAPPENED)} FROM {deals(run)}")]
    told += run.one("SELECT max(entered_s) FROM entries")
    told += run.one("SELECT max(modified_s) FROM typed_now") if modified else ()
    happened = max((int(s) for s in told if s is not None), default=None)
    closed = last_closed
    if happened is not None and closed is not None and closed > happened + YEAR_S:
        (closed,) = run.one(f"SELECT max(closed_s) FROM {deals(run)} WHERE closed_s <= {happened + YEAR_S}")
    return max((int(s) for s in (happened, closed) if s is not None), default=None)
