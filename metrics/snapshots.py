"""Several snapshots of one pipeline compared: what moved, what slipped, what was rewritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from data.cells.bars import ANY, MEMO, MOVEMENTS
from data.errors import N_
from data.snapshots import reading
from data.snapshots.reading import contradictions, doubtful, has_versions
from metrics.names import Where
from metrics.snapshot_ledger import explain_ledger, ledger, movement_count, movement_deals
from metrics.snapshot_moves import ENDS, by_pushes, coverage, moves, slippage, slippage_amounts
from metrics.snapshot_rewrites import REWRITES, rewrite_counts, rewrites

if TYPE_CHECKING:
    from data.pipeline import Pipeline

__all__ = [
    "ANY",
    "ENDS",
    "MEMO",
    "MOVEMENTS",
    "REASONS",
    "REWRITES",
    "by_pushes",
    "contradictions",
    "coverage",
    "doubtful",
    "entry_windows",
    "explain_ledger",
    "has_versions",
    "ledger",
    "movement_count",
    "movement_deals",
    "moves",
    "rewrite_counts",
    "rewrites",
    "slippage",
    "slippage_amounts",
    "snapshot_days",
]

REASONS = {
    "filtered": N_("Shows a part only: {values}."),
    "shrunk": N_("Many deals are missing, and no column explains why."),
    "twice": N_("Several files of this day differ; the later upload counts."),
}


def snapshot_days(pipeline: Pipeline, where: Where = None) -> pl.DataFrame:
    """Return the snapshots there are, one row per day, in order; no rows where there is one day only.

    Columns out: day, deals (in view, those carried over included), open (of them; in `where`), partial,
    reason (a key of REASONS or null), column and values (what a partial export was filtered by and to),
    absent (deals it does not show, taken as they were last seen), missing (exports missing before it by the
    usual rhythm), files (of that day).
    """
    found = reading.days(pipeline)
    if not has_versions(pipeline):
        return found.with_columns(pl.lit(0, dtype=pl.Int64).alias("open"))
    opened = coverage(pipeline, where=where).group_by("day").agg(pl.col("deals").sum().alias("open"))
    joined = found.join(opened, on="day", how="left").with_columns(pl.col("open").fill_null(0)).sort("day")
    return joined.select("day", "deals", "open", *(c for c in found.columns if c not in ("day", "deals")))


def entry_windows(pipeline: Pipeline, deal_id: str) -> pl.DataFrame:
    """Return when a deal entered its stages, as exactly as it is known, in order.

    Columns out: stage, window_start (null: unknown), window_end (entered between these days, both
    included), exact (the day itself is known), origin ("history": uploaded; "snapshots": from comparing).
    """
    return reading.windows(pipeline, deal_id)
