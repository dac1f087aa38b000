"""What a generation says of itself: counts, dimensions, the day it speaks of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Literal

from data.converting.run import Run
from data.converting.source import File
from data.converting.typed import Column
from data.engine.quoting import literal, quote
from data.meta import STATUSES, Dimension

OUTCOME = ("lost_reason", "status_reason", "forecast_category", "result")
ONE_SIDED = 0.95  # share of filled cells on one outcome above which a column tells the outcome
MANY = 10_000  # up to here values are counted exactly
YEAR_S = 366 * 86_400


def deals(run: Run) -> str:
    """Return FROM text for the deals written."""
    return f"read_parquet({literal(str(run.target / 'deals.parquet'))})"


def counts(run: Run) -> dict[str, int]:
    """Count the deals, by outcome and by what is known of them."""
    states = ", ".join(f"count(*) FILTER (status = {literal(s)})" for s in STATUSES)
    known = ("created_s", "closed_s", "amount_minor", "currency", "first_contact_s", "probability")
    row = run.one(
        f"SELECT count(*), {states}, {', '.join(f'count({k})' for k in known)}, "
        f"count(*) FILTER (closed_s < created_s), count(*) FILTER (reopened) FROM {deals(run)}"
    )
    names = ("deals", *STATUSES, *(f"with_{k}" for k in known), "closed_before_created", "reopened")
    return dict(zip(names, (int(x) for x in row), strict=True))


def currencies(run: Run) -> tuple[str, ...]:
    """Return the currencies of the deals that have an amount, most used first."""
    found = run.rows(
        f"SELECT currency, count(*) FROM {deals(run)} WHERE currency IS NOT NULL AND amount_minor IS "
        "NOT NULL "
        "GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    return tuple(str(c) for c, _ in found)


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


def dimensions(run: Run, columns: list[Column], with_pipeline: str | None) -> tuple[Dimension, ...]:
    """Describe the columns to slice by; those with no value at all are left out."""
    listed = ([Column("pipeline", with_pipeline, {}, "pipeline")] if with_pipeline else []) + columns
    if not listed:
        return ()
    per = ", ".join(
        f"approx_count_distinct({quote(c.name)}), count({quote(c.name)})"
        + "".join(f", count({quote(c.name)}) FILTER (status = {literal(s)})" for s in STATUSES)
        for c in listed
    )
    width = 2 + len(STATUSES)
    found = run.one(f"SELECT {per} FROM {deals(run)}")
    row = run.one(
        f"SELECT count(*), {', '.join(f'count(*) FILTER (status = {literal(s)})' for s in STATUSES)} "
        f"FROM {deals(run)}"
    )
    described = []
    for i, column in enumerate(listed):
        about, filled, *by_status = found[i * width : (i + 1) * width]
        if not filled:
            continue
        exact = (
            run.one(f"SELECT count(DISTINCT {quote(column.name)}) FROM {deals(run)}")[0]
            if about <= MANY
            else about
        )
        role = _role(column, filled, by_status, row[0], row[1:])
        if role == "dimension" and _gives_away(run, column, int(exact), row[2:4]):
            role = "outcome"
        described.append(
            Dimension(
                column=column.name,
                label=column.label,
                values=int(exact),
                blanks=int(row[0] - filled),
                role=role,
            )
        )
    return tuple(described)


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


def _gives_away(run: Run, column: Column, distinct: int, decided: tuple[int, ...]) -> bool:
    """Say whether a column's values are words for the outcome: each stands on won or on lost deals only.

    Asked of columns with few values in files with 100 decided deals of both kinds; below that,
      chance does it.
    """
    if distinct > 50 or sum(decided) < 100 or min(decided) < 0.02 * sum(decided):
        return False
    name = quote(column.name)
    apart, known = run.one(
        "SELECT sum(greatest(won, lost))::BIGINT, sum(won + lost)::BIGINT FROM (SELECT count(*) "
        "FILTER (status = 'won') AS won, "
        f"count(*) FILTER (status = 'lost') AS lost FROM {deals(run)} WHERE {name} IS NOT NULL GROUP "
        f"BY {name})"
    )
    return bool(known >= 100 and apart >= 0.995 * known)


def as_of(
    run: Run, files: list[File], given: date | None
) -> tuple[date, Literal["given", "file name", "latest date", "upload date"]]:
    """Return the day the data speak of: as given, as the file name says, the latest date that can only
    lie in the past (an expected closing cannot), or the day the file came in when nothing has a date."""
    if given is not None:
        return given, "given"
    named = [f.snapshot for f in files if f.recipe.table == "deals" and f.snapshot is not None]
    if named:
        return max(named), "file name"
    shown = any(f.has("snapshot_at") for f in files if f.recipe.table == "deals")
    past = (run.one("SELECT max(snapshot_s) FROM typed_now")[0] if shown else None) or _latest(
        run, any(f.has("modified_at") for f in files)
    )
    if past is not None:
        return datetime.fromtimestamp(past, UTC).date(), "latest date"
    return date.fromtimestamp(max(f.table.path.stat().st_mtime for f in files)), "upload date"


def _latest(run: Run, modified: bool) -> int | None:
    """Return the latest time anything happened. A deal "closed" over a year after anything else that is
    known was given a date in the future by mistake, and does not count."""
    (happened,) = run.one(
        "SELECT max(s) FROM (SELECT max(greatest(created_s, first_contact_s, last_activity_s, "
        "stage_entered_s)) AS s "
        f"FROM {deals(run)} {'UNION ALL SELECT max(modified_s) FROM typed_now' if modified else ''} "
        "UNION ALL SELECT max(entered_s) FROM entries)"
    )
    until = "" if happened is None else f"WHERE closed_s <= {int(happened) + YEAR_S}"
    (closed,) = run.one(f"SELECT max(closed_s) FROM {deals(run)} {until}")
    return max((int(s) for s in (happened, closed) if s is not None), default=None)
