"""Each group against the rest: how far apart, how sure, and how many more deals until we know."""

from __future__ import annotations

import numpy as np
import polars as pl

from metrics.stats import intervals, tests

SETTLED = 0.05  # q below which a difference is called one
COLUMNS = (
    "rest_rate",
    "difference",
    "difference_low",
    "difference_high",
    "p",
    "q",
    "different",
    "more_deals",
)


def compare(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `rates` with each row set against all the other rows together.

    Columns in: those of `rates` (numerator and denominator as counts). Further columns out:
    rest_rate (0..1); difference = rate - rest_rate with difference_low, difference_high (0.05 is five
    points; Newcombe 95 %); p (two proportions, exact where small); q (corrected over the rows); different
    (q < 0.05 and enough deals); more_deals (decided deals this group still needs, the rest growing alike,
    before a difference of this size would show four times in five; 0 when it shows already, null when it
    shows but rests on too few deals). Null where a side is empty, where there is no difference, and by
    value, which has no interval.
    Source: Newcombe (1998); Benjamini and Hochberg (1995); Fleiss, Levin and Paik (2003).
    """
    if (
        frame.is_empty()
        or frame["denominator"].dtype == pl.Float64
        or frame["low"].null_count() == frame.height
    ):
        floats = [pl.lit(None, dtype=pl.Float64).alias(c) for c in COLUMNS[:6]]
        return frame.with_columns(*floats, different=pl.lit(False), more_deals=pl.lit(None, dtype=pl.Int64))
    x, n = pl.col("numerator"), pl.col("denominator")
    frame = frame.with_columns(rest_x=x.sum() - x, rest_n=n.sum() - n)
    low, high = intervals.wilson("rest_x", "rest_n")
    frame = frame.with_columns(rest_rate=intervals.rate("rest_x", "rest_n"), rest_low=low, rest_high=high)
    down, up = intervals.newcombe("rate", "low", "high", "rest_rate", "rest_low", "rest_high")
    frame = frame.with_columns(
        difference=pl.col("rate") - pl.col("rest_rate"), difference_low=down, difference_high=up
    )
    return _judged(frame).drop("rest_x", "rest_n", "rest_low", "rest_high")


def _judged(frame: pl.DataFrame) -> pl.DataFrame:
    """Add p, q, different and more_deals."""
    x, n, rest_x, rest_n = (frame[c].to_numpy() for c in ("numerator", "denominator", "rest_x", "rest_n"))
    p = tests.two_proportions(x, n, rest_x, rest_n)
    with np.errstate(divide="ignore", invalid="ignore"):
        times = tests.cases_needed(x / n, n, rest_x / rest_n, rest_n)
    more = pl.Series("more_deals", np.ceil(n * (times - 1)), nan_to_null=True).cast(pl.Int64)
    frame = frame.with_columns(
        pl.Series("p", p, nan_to_null=True),
        more,
        pl.Series("q", tests.benjamini_hochberg(p), nan_to_null=True),
    )
    shows = (pl.col("q") < SETTLED).fill_null(False)
    more_deals = pl.when(shows & pl.col("enough")).then(0).when(~shows).then("more_deals")
    return frame.with_columns(different=shows & pl.col("enough"), more_deals=more_deals)
