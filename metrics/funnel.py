"""The funnel: how many deals enter each stage, how they leave it, and how long they stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from data.cells import flow, stage_ages
from data.cells.names import one_of
from data.errors import N_, HitrateError
from data.meta import Meta, Stage
from data.slice import Basis, Slice
from metrics import flow as paths
from metrics import money
from metrics.flow import EXITS, Back, Skipped
from metrics.names import By, Day, Where, keyed, keys, named, question
from metrics.stats import intervals
from metrics.stats.survival import quantiles

if TYPE_CHECKING:
    from data.pipeline import Pipeline

DAYS = ("median_days", "p75_days", "p90_days")
COLUMNS = (
    "stage",
    "entered",
    *EXITS,
    "conversion",
    "low",
    "high",
    "from_top",
    *DAYS,
    "amount",
    "lost_amount",
    "currency",
    "enough",
    "stage_no",
)


def funnel(
    pipeline: Pipeline,
    by: By = None,
    skipped: Skipped = "passed",
    back: Back = "stands",
    where: Where = None,
    start: Day = None,
    end: Day = None,
    basis: Basis | None = None,
    pipeline_name: str | None = None,
) -> pl.DataFrame:
    """Return one row per stage in order (and per value of `by`): who entered, how they left, how long.

    `skipped`: a stage that was passed over counts as "passed", or "not". `back`: an advance "stands" after
    the deal falls back, or that "cancels" it. `basis` is the creation date when not given.
    Columns out: the `by` fields; stage; entered, advanced, lost, disqualified, moved_back, still_there
    (deals; the last five add up to the first); conversion = advanced / (advanced + lost) with low, high
    (0..1, Wilson 95 %; null when nothing was decided here); from_top = entered / deals that entered any
    stage; median_days, p75_days, p90_days (whole days until that share has left, open deals censored;
    null when not reached or not known); amount (of deals that entered), lost_amount (of those lost
    here), in currency units, null when unknown or mixed; currency;
    enough; stage_no. Deals with no stage: see `unplaced`.
    Raises HitrateError where the data say nothing about stages, or several pipelines differ in them.
    """
    sliced, names = question(pipeline, by, where, basis or "created", start, end, pipeline_name)
    frame = stage_table(pipeline, sliced.with_(skipped=skipped, back=back))
    own = frame.columns[: len(names)]
    return frame.rename({o: f"{n} (2)" if n in COLUMNS else n for o, n in zip(own, names, strict=True)})


def stage_table(pipeline: Pipeline, slice: Slice) -> pl.DataFrame:
    """Return the funnel of a slice as it is; columns as `funnel`, breakdown columns by their own names."""
    paths.checked(slice.skipped, slice.back)
    stages = stages_of(pipeline.meta, slice.pipeline)
    if slice.skipped == "not" and pipeline.meta.stage_source != "history":
        raise HitrateError(
            N_("Skipped stages are not known"),
            N_("These data tell how far a deal came, not which stages it visited on the way."),
            N_("Upload the stage history, or let skipped stages count as passed."),
        )
    by = keys(slice.by)
    counted = tally(keyed(flow(pipeline, slice), slice.by), by, stages, slice.skipped, slice.back)
    lasted = durations(keyed(stage_ages(pipeline, slice, pipeline.meta.as_of), slice.by), by)
    frame = counted.join(lasted, on=[*by, "stage_no"], how="left", nulls_equal=True, maintain_order="left")
    return named(frame.select(*by, *COLUMNS), slice.by)


def stages_of(meta: Meta, name: str | None) -> tuple[Stage, ...]:
    """Return the stages of the one pipeline asked about.

    Raises HitrateError where nothing supports a funnel, where `name` is unknown, and where no name is
    given although the pipelines have different stages.
    """
    if meta.stage_source == "none":
        raise HitrateError(
            N_("No funnel from this export"),
            N_("It does not say in which stage a deal was lost: every lost deal stands in a closing stage."),
            N_(
                "Upload the stage history, an export with the dates each stage was entered, "
                "or a second, earlier export."
            ),
        )
    if name is not None:
        one_of("pipeline", name, [p.name for p in meta.pipelines])
    stages = meta.stages(name)
    if not stages and len(meta.pipelines) > 1:
        raise HitrateError(
            N_("Which pipeline?"),
            N_("A funnel is of one pipeline; these have different stages: {names}."),
            N_("Choose one of them."),
            names=", ".join(p.name for p in meta.pipelines),
        )
    if not stages:
        raise HitrateError(
            N_("No stages"),
            N_("The order of the stages is not known."),
            N_("Put the stages in order on the review page."),
        )
    return stages


def tally(
    cells: pl.DataFrame,
    by: Sequence[str],
    stages: Sequence[Stage],
    skipped: Skipped = "passed",
    back: Back = "stands",
) -> pl.DataFrame:
    """Add up flow cells into one row per group and stage; one nobody entered is there with zeros. Pure."""
    spread = paths.by_stage(cells, len(stages), skipped, back)
    frame = spread.group_by([*by, "stage_no"]).agg(
        *paths.counts(),
        money.amount(pl.lit(True)).alias("amount"),
        money.amount(pl.col("exit") == "lost").alias("lost_amount"),
        money.currency().alias("currency"),
    )
    frame = grid(cells, by, stages).join(
        frame, on=[*by, "stage_no"], how="left", nulls_equal=True, maintain_order="left"
    )
    blank = pl.col("entered").is_null()
    zero = ("entered", *EXITS, "amount", "lost_amount")
    frame = frame.with_columns(pl.when(blank).then(0).otherwise(pl.col(c)).alias(c) for c in zero)
    frame = _with_top(frame, paths.placed(cells, skipped), by).with_columns(
        decided=pl.col("advanced") + pl.col("lost")
    )
    low, high = intervals.wilson("advanced", "decided")
    frame = frame.with_columns(
        conversion=intervals.rate("advanced", "decided"),
        low=low,
        high=high,
        from_top=intervals.rate("entered", "top"),
    )
    return frame.with_columns(enough=intervals.enough(pl.col("decided"), pl.col("low"), pl.col("high")))


def grid(cells: pl.DataFrame, by: Sequence[str], stages: Sequence[Stage]) -> pl.DataFrame:
    """Return every group, the largest first, with every stage in order."""
    steps = pl.DataFrame({"stage_no": [s.number for s in stages], "stage": [s.label for s in stages]})
    if not by:
        return steps
    groups = cells.group_by(list(by)).agg(size=pl.col("deals").sum())
    order = groups.sort(["size", *by], descending=[True, *[False] * len(by)], nulls_last=True)
    return order.drop("size").join(steps, how="cross")


def _with_top(frame: pl.DataFrame, placed: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Add `top`: the deals of the group that entered any stage."""
    total = pl.col("deals").sum().alias("top")
    if not by:
        return frame.join(placed.select(total), how="cross")
    tops = placed.group_by(list(by)).agg(total)
    return frame.join(tops, on=list(by), how="left", nulls_equal=True, maintain_order="left")


def durations(cells: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Return days until half, three quarters and nine tenths have left each stage. Pure."""
    found = quantiles(cells, [*by, "stage_no"], "ended", "deals")
    return found.rename({"p50": "median_days", "p75": "p75_days", "p90": "p90_days"})


def unplaced(
    pipeline: Pipeline,
    by: By = None,
    where: Where = None,
    start: Day = None,
    end: Day = None,
    basis: Basis | None = None,
    pipeline_name: str | None = None,
) -> pl.DataFrame:
    """Return the deals no funnel stage can hold: closed (or open) with no stage recorded.

    Columns out: the `by` fields, status, deals, amount (currency units; null when unknown or mixed).
    Won deals are never here: a won deal passed every stage.
    """
    sliced, names = question(pipeline, by, where, basis or "created", start, end, pipeline_name)
    cells = keyed(flow(pipeline, sliced), sliced.by)
    apart = cells.filter((pl.col("furthest_no") == 0) & (pl.col("status") != "won"))
    group = [*keys(names), "status"]
    frame = apart.group_by(group).agg(pl.col("deals").sum(), money.amount(pl.lit(True)).alias("amount"))
    return named(
        frame.sort(["deals", *group], descending=[True, *[False] * len(group)], nulls_last=True), names
    )
