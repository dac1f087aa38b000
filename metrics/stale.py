"""Stale open deals: open longer in their stage than nearly all won deals were; and rates without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from data.cells import ages, outcomes, stage_ages
from data.slice import Slice
from metrics import money
from metrics.definitions import Definition
from metrics.definitions import definition as find
from metrics.hit_rate import counted, has_lost, summarise
from metrics.names import keyed, keys, named
from metrics.stats.survival import quantiles

if TYPE_CHECKING:
    from data.pipeline import Pipeline

SHARE = 0.95  # of the won deals had left the stage by then
LEAST = 20  # won deals below which the slowest twentieth is nobody
MEASURES = ("deals", "amount_minor", "amount_known", "contacted", "opportunities", "meetings")
LIMITS = {"stage_no": pl.Int64, "won": pl.Int64, "limit_days": pl.Int64}


def limits(pipeline: Pipeline, pipeline_name: str | None = None) -> pl.DataFrame:
    """Return after how many days an open deal is stale: longer than 95 % of the won deals took.

    Columns out: stage_no (0: since creation, where nobody recorded when stages were entered, or the
    pipelines differ in their stages), won (deals the limit rests on), limit_days (whole days; null under 20
    won deals). From all won deals of the pipeline, so that a filter does not make a deal stale.
    """
    asked = Slice(pipeline=pipeline_name, status=("won",))
    if pipeline.meta.stage_source != "none" and pipeline.meta.stages(pipeline_name):
        table = limit_table(stage_ages(pipeline, asked, pipeline.meta.as_of))
        if table["limit_days"].count():
            return table
    return limit_table(ages(pipeline, asked, pipeline.meta.as_of).with_columns(stage_no=pl.lit(0, pl.Int64)))


def limit_table(cells: pl.DataFrame) -> pl.DataFrame:
    """Return the limit of each stage from the day histogram of won deals. Pure."""
    known = cells.drop_nulls("days").filter(pl.col("days") >= 0)
    if known.is_empty():
        return pl.DataFrame(schema=LIMITS)
    lasted = quantiles(known.with_columns(ended=pl.lit(1)), ["stage_no"], "ended", "deals", (SHARE,))
    won = known.group_by("stage_no").agg(won=pl.col("deals").sum())
    limit = pl.when(pl.col("won") >= LEAST).then(pl.col(f"p{round(SHARE * 100)}"))
    frame = won.join(lasted, on="stage_no").with_columns(limit_days=limit)
    return frame.select(pl.col(name).cast(kind) for name, kind in LIMITS.items()).sort("stage_no")


def stale_slice(pipeline: Pipeline, slice: Slice) -> Slice:
    """Return the slice of the stale deals in a slice: what the list of deals and their count are asked by.

    A slice that has its limits (`Slice.stale`) keeps them, so that several questions ask for them once.
    """
    return slice if slice.stale is not None else slice.with_(stale=pairs(limits(pipeline, slice.pipeline)))


def pairs(table: pl.DataFrame) -> tuple[tuple[int, int], ...]:
    """Return the limits as `Slice.stale` has them."""
    return tuple(table.drop_nulls("limit_days").select("stage_no", "limit_days").iter_rows())


def still_open(slice: Slice) -> Slice:
    """Return the open deals of a slice. A period by closing date does not cut them: they have none."""
    asked = slice.with_(by=(), grain=None, status=("open",))
    return asked.with_(basis="created", start=None, end=None) if asked.basis == "closed" else asked


def stale(pipeline: Pipeline, slice: Slice) -> pl.DataFrame:
    """Return how many open deals are stale: open longer in their stage than 95 % of the won deals were.

    Columns out: stage, stage_no (null and 0: since creation), limit_days, won (deals the limit rests on),
    open, stale, unknown (open deals that do not say since when; never called stale), amount (of the stale
    ones, in currency units; null when unknown or mixed), currency. A slice by closing date is not cut: open
    deals have none. The deals themselves: `stale_slice`.
    """
    slice = still_open(slice)
    table = limits(pipeline, slice.pipeline)
    over = slice.with_(stale=pairs(table))
    whole = table.is_empty() or table["stage_no"].to_list() == [0]
    there = _standing(pipeline, slice, whole).group_by("stage_no").agg(open=pl.col("deals").sum())
    gone = (
        _standing(pipeline, over, whole)
        .group_by("stage_no")
        .agg(stale=pl.col("deals").sum(), amount=money.amount(pl.lit(True)), currency=money.currency())
    )
    blank = _unknown(pipeline, slice, whole)
    names = {0: None} | {s.number: s.label for s in pipeline.meta.stages(slice.pipeline)}
    frame = table.join(there, on="stage_no", how="full", coalesce=True)
    frame = frame.join(gone, on="stage_no", how="left").join(blank, on="stage_no", how="left")
    frame = frame.filter((pl.col("stage_no") > 0) | whole).with_columns(
        pl.col("won", "open", "stale", "unknown").fill_null(0),
        amount=pl.when(pl.col("stale").is_null()).then(0.0).otherwise(pl.col("amount")),
        stage=pl.col("stage_no").replace_strict(names, default=None, return_dtype=pl.String),
    )
    own = ("stage", "stage_no", "limit_days", "won", "open", "stale", "unknown", "amount", "currency")
    return frame.select(own).sort("stage_no")


def _standing(pipeline: Pipeline, slice: Slice, whole: bool) -> pl.DataFrame:
    """Return outcome cells by the stage a deal stands in; stage 0 for all of them when `whole`."""
    cells = outcomes(pipeline, slice.with_(by=() if whole else ("last_no",)))
    return (
        cells.with_columns(stage_no=pl.lit(0, pl.Int64)) if whole else cells.rename({"last_no": "stage_no"})
    )


def _unknown(pipeline: Pipeline, slice: Slice, whole: bool) -> pl.DataFrame:
    if whole:
        cells = ages(pipeline, slice, pipeline.meta.as_of).with_columns(stage_no=pl.lit(0, pl.Int64))
    else:
        cells = stage_ages(pipeline, slice, pipeline.meta.as_of).filter(ended=0)
    blank = pl.col("deals").filter(pl.col("days").is_null())
    return cells.group_by("stage_no").agg(unknown=blank.sum())


def counted_stale_lost(pipeline: Pipeline, slice: Slice) -> pl.DataFrame:
    """Return the outcome cells of a slice with stale open deals moved from open to lost.

    By closing date, such a deal counts as lost on the day it went stale; it has no month (`period`).
    """
    whole = counted(pipeline, slice.with_(stale=None))
    gone = counted(pipeline, stale_slice(pipeline, slice))
    there = slice.basis == "created" or (slice.start is None and slice.end is None)
    return moved(whole, gone, there)


def moved(cells: pl.DataFrame, gone: pl.DataFrame, there: bool = True) -> pl.DataFrame:
    """Return cells in which the open deals of `gone` are lost; `there`: they are among `cells`. Pure."""
    less = gone.with_columns(-pl.col(c) for c in MEASURES if c in gone.columns)
    lost = gone.with_columns(status=pl.lit("lost"))
    group = [c for c in cells.columns if c not in MEASURES]
    every = pl.concat([cells, *([less] if there else []), lost])
    summed = every.group_by(group).agg(pl.col(c).sum() for c in cells.columns if c in MEASURES)
    return summed.filter(pl.col("deals") != 0).select(cells.columns).sort(group, nulls_last=True)


def rates_stale_lost(
    pipeline: Pipeline, slice: Slice, definition: str | Definition | None = None
) -> pl.DataFrame:
    """Return `rates` with stale open deals counted as lost; same columns."""
    chosen = find(definition, pipeline.meta.definitions)
    cells = keyed(counted_stale_lost(pipeline, slice), slice.by)
    group = keys(slice.by) + (["period"] if slice.grain else [])
    meta = pipeline.meta
    frame = summarise(cells, group, chosen, meta.definitions, meta.has_contact, has_lost(meta))
    return named(frame, slice.by)
