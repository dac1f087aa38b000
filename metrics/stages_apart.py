"""Two funnels beside one another: at which stage two groups, or two periods, really differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from data.slice import Slice
from metrics.funnel import stage_table
from metrics.stats import intervals, tests

if TYPE_CHECKING:
    from data.pipeline import Pipeline

APART = 0.05  # q below which a step of two funnels differs
SIDE = ("entered", "lost", "conversion", "low", "high", "median_days")


def stages_apart(pipeline: Pipeline, a: Slice, b: Slice) -> pl.DataFrame:
    """Return the step conversion of two slices stage by stage, and where they differ.

    The two may be groups or periods, of one pipeline. Columns out, one row per stage in order: stage_no,
    stage; entered_a, lost_a, decided_a (advanced + lost), conversion_a with low_a, high_a (0..1, Wilson
    95 %), median_days_a; the same of b; difference = conversion_a - conversion_b with difference_low,
    difference_high (0.05 is five points; Newcombe 95 %); p (two proportions, exact where small); q
    (corrected over the stages); enough (both sides); different (q < 0.05 and enough). Null where nothing was
    decided on a side. Raises HitrateError as `funnel` does. Source: Newcombe (1998), method 10; Benjamini and
    Hochberg (1995).
    """
    tables = [stage_table(pipeline, side.with_(by=(), grain=None)) for side in (a, b)]
    return apart(*tables)


def apart(a: pl.DataFrame, b: pl.DataFrame) -> pl.DataFrame:
    """Set two funnels of the same stages against each other. Pure; see `stages_apart`."""
    sides = [_side(frame, name) for frame, name in ((a, "a"), (b, "b"))]
    frame = sides[0].join(sides[1].drop("stage"), on="stage_no", maintain_order="left")
    rates = ("conversion_a", "low_a", "high_a", "conversion_b", "low_b", "high_b")
    low, high = intervals.newcombe(*rates)
    frame = frame.with_columns(
        difference=pl.col("conversion_a") - pl.col("conversion_b"), difference_low=low, difference_high=high
    )
    counts = ("advanced_a", "decided_a", "advanced_b", "decided_b")
    x, n, other_x, other_n = (frame[c].to_numpy() for c in counts)
    p = tests.two_proportions(x, n, other_x, other_n)
    q = pl.Series("q", tests.benjamini_hochberg(p), nan_to_null=True)
    both = pl.col("enough_a") & pl.col("enough_b")
    frame = frame.with_columns(pl.Series("p", p, nan_to_null=True), q, enough=both)
    different = ((pl.col("q") < APART) & pl.col("enough")).fill_null(False)
    return frame.with_columns(different=different).drop("advanced_a", "advanced_b", "enough_a", "enough_b")


def _side(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return one funnel with its columns named after its side."""
    decided = pl.col("advanced") + pl.col("lost")
    own = [pl.col(c).alias(f"{c}_{name}") for c in (*SIDE, "advanced", "enough")]
    return frame.select("stage_no", "stage", *own, decided.alias(f"decided_{name}"))
