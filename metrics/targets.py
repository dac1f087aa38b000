"""Targets and benchmarks: a rate beside what it should be, as far as the data can say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import stats

from data.errors import N_, HitrateError

LEVEL, POWER = 0.05, 0.8
READINGS = {
    "low": N_(
        "Under 10 % usually means heavy comparison shopping: many ask, few mean to buy. Look at lead "
        "quality first."
    ),
    "high": N_(
        "50 % can still be poor where there is little competition; it may also mean that only sure deals "
        "are entered."
    ),
    "none": N_("There is no right hit rate for everybody: compare with your own teams, periods and targets."),
}
LOW, HIGH = 0.10, 0.50


@dataclass(frozen=True)
class Target:
    """A hit rate to reach (0..1), or a band from `low` to `high` to stay in."""

    low: float
    high: float | None = None

    def __post_init__(self) -> None:
        top = self.low if self.high is None else self.high
        if not 0 <= self.low <= top <= 1:
            raise HitrateError(
                N_("Not a target"),
                N_("A target is a rate from 0 to 100 %, a band runs from its lower end up."),
                N_("Write it as 0.25 for 25 %."),
            )  # fmt: skip


def against_targets(
    frame: pl.DataFrame,
    column: str | None,
    targets: Mapping[str | None, Target],
    everyone: Target | None = None,
) -> pl.DataFrame:
    """Return `rates` beside the target of each value of `column`, or `everyone`'s where it has none.

    Further columns out: target_low, target_high (0..1; equal without a band, null without a target); gap =
    rate - the nearer end of the band (0 within; 0.05 is five points); verdict: "above" or "below" where the
    whole interval is outside, "within" where it lies in a band, "not known" where it does not say or the
    deals are not enough, null without target or rate; wins_short (further wins the same deals would have
    needed; 0 from the target on; null by value); more_deals (decided deals still needed before a gap of
    this size would show four times in five; 0 when it shows).
    Source for more_deals: Fleiss, Levin and Paik (2003), 2.5.
    """
    values = frame[column].to_list() if column is not None else [None] * frame.height
    chosen = [targets.get(v, everyone) if column is not None else everyone for v in values]
    low = pl.Series("target_low", [None if t is None else t.low for t in chosen], dtype=pl.Float64)
    high = pl.Series(
        "target_high",
        [None if t is None else t.low if t.high is None else t.high for t in chosen],
        dtype=pl.Float64,
    )
    frame = frame.with_columns(low, high)
    rate, down, up = pl.col("rate"), pl.col("target_low"), pl.col("target_high")
    gap = (
        pl.when(rate < down)
        .then(rate - down)
        .when(rate > up)
        .then(rate - up)
        .when(rate.is_not_null() & down.is_not_null())
        .then(0.0)
    )
    frame = frame.with_columns(gap=gap).with_columns(verdict=_verdict())
    by_value = frame["denominator"].dtype == pl.Float64
    if by_value:
        none = pl.lit(None, pl.Int64)
        return frame.with_columns(wins_short=none, more_deals=none)
    short = (down * pl.col("denominator") - pl.col("numerator")).ceil().clip(lower_bound=0).cast(pl.Int64)
    return frame.with_columns(wins_short=pl.when(rate.is_not_null()).then(short), more_deals=_more(frame))


def _verdict() -> pl.Expr:
    """Say what the interval leaves no doubt of."""
    inside = (pl.col("low") >= pl.col("target_low")) & (pl.col("high") <= pl.col("target_high"))
    return (
        pl.when(pl.col("rate").is_null() | pl.col("target_low").is_null())
        .then(None)
        .when(~pl.col("enough"))
        .then(pl.lit("not known"))
        .when(pl.col("high") < pl.col("target_low"))
        .then(pl.lit("below"))
        .when(pl.col("low") > pl.col("target_high"))
        .then(pl.lit("above"))
        .when(inside)
        .then(pl.lit("within"))
        .otherwise(pl.lit("not known"))
    )


def _more(frame: pl.DataFrame) -> pl.Series:
    """Return how many more cases would settle the gap to the nearer end of the target."""
    p, n = frame["rate"].to_numpy(), frame["denominator"].to_numpy()
    aim = p - frame["gap"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = stats.norm.isf(LEVEL / 2) * np.sqrt(aim * (1 - aim)) + stats.norm.isf(1 - POWER) * np.sqrt(
            p * (1 - p)
        )
        needed = np.ceil((spread / (p - aim)) ** 2) - n
    settled = frame["verdict"].is_in(["above", "below", "within"]).fill_null(False).to_numpy()
    more = np.where(settled, 0.0, np.where(np.isfinite(needed), np.maximum(needed, 1.0), np.nan))
    return pl.Series("more_deals", more, nan_to_null=True).cast(pl.Int64)


def reading(rate: float | None) -> str:
    """Return the key of READINGS that goes with a rate nobody set a target for."""
    if rate is None or LOW <= rate < HIGH:
        return "none"
    return "low" if rate < LOW else "high"


def benchmark(frame: pl.DataFrame) -> dict[str, object] | None:
    """Return the row of `rates` to measure by: the best cautious end (`low`) of those with `enough` deals.

    Null where none has. Another measure than the best bare rate, which is often the luckiest of the small.
    """
    able = frame.filter("enough", pl.col("low").is_not_null())
    return (
        None if able.is_empty() else able.sort("low", descending=True, maintain_order=True).row(0, named=True)
    )
