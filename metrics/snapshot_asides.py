"""Beside the ledger: pushed, pulled, moved through the stages, handed over; and the deals of one flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from data.cells import asides as cells
from data.cells import movements
from data.cells.bars import ASIDES
from metrics import money
from metrics.names import Day, Where, named
from metrics.snapshot_ledger import between, readable

if TYPE_CHECKING:
    from data.pipeline import Pipeline

__all__ = ["ASIDES", "asides", "flow_count", "flow_deals"]


def asides(
    pipeline: Pipeline,
    start: Day,
    end: Day,
    by: str | None = None,
    where: Where = None,
    due_start: Day = None,
    due_end: Day = None,
) -> pl.DataFrame:
    """Return what happened, without changing the total, to deals that stayed open between two snapshots.

    Of the deals open and in `where` in both snapshots (with `due_start`, `due_end`: those expected to close
    in the period in the first): pushed_later, pulled_earlier: expected to close at least a day later,
    earlier; stage_forward, stage_back: a higher, a lower stage number; owner_changed: another owner. A deal
    can be in several; one whose date, stage or owner is unknown in either snapshot is not in that one.
    Columns out: [by] (its value after), currency, movement, deals, amount (currency units, after; unknown
    counts as 0). Zeros where nothing happened. HitrateError for days without a snapshot.
    """
    asked, names = between(pipeline, start, end, by, where, due_start, due_end)
    frame = cells.asides(pipeline, asked)
    keys = [*(["part_2"] if names else []), "currency"]
    parts = [
        frame.select(
            *keys, pl.lit(name).alias("movement"), pl.col(name).alias("deals"),
            money.units(pl.col(f"{name}_amount")).alias("amount"),
        )
        for name in ASIDES
    ]  # fmt: skip
    place = pl.col("movement").replace_strict(ASIDES, range(len(ASIDES)))
    table = pl.concat(parts).sort(*keys, place, nulls_last=True)
    return named(table.rename({"part_2": "#0"} if names else {}), names)


def flow_deals(
    pipeline: Pipeline,
    start: Day,
    end: Day,
    from_kind: str,
    from_stage: str | None,
    to_kind: str,
    to_stage: str | None,
    where: Where = None,
    limit: int = 100,
    offset: int = 0,
) -> pl.DataFrame:
    """Return the deals behind one row of `moves`, largest amount first; columns as of `movement_deals`.

    HitrateError for a kind that `moves` does not have.
    """
    asked, _ = between(pipeline, start, end, None, where)
    kept = cells.flow_condition(from_kind, from_stage, to_kind, to_stage)
    return readable(movements.moved(pipeline, asked, kept, offset=offset, limit=limit))


def flow_count(
    pipeline: Pipeline,
    start: Day,
    end: Day,
    from_kind: str,
    from_stage: str | None,
    to_kind: str,
    to_stage: str | None,
    where: Where = None,
) -> int:
    """Return how many deals are behind one row of `moves`: the length of `flow_deals` over all its pages."""
    asked, _ = between(pipeline, start, end, None, where)
    return movements.moved_count(
        pipeline, asked, cells.flow_condition(from_kind, from_stage, to_kind, to_stage)
    )
