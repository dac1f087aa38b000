"""Confidence intervals as Polars expressions, so that a whole table costs one pass."""

from __future__ import annotations

from statistics import NormalDist

import polars as pl

Z95 = NormalDist().inv_cdf(0.975)
ENOUGH_CASES = 30
ENOUGH_WIDTH = 0.20


def rate(numerator: str, denominator: str) -> pl.Expr:
    """Return numerator / denominator (0..1); null, never 0 or NaN, where the denominator is empty."""
    n = pl.col(denominator)
    return pl.when(n > 0).then(pl.col(numerator) / n)


def wilson(numerator: str, denominator: str, z: float = Z95) -> tuple[pl.Expr, pl.Expr]:
    """Return the low and high end of the Wilson score interval of a proportion.

    (p + z²/2n ± z·sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n), p = numerator / denominator.
    Columns in: two counts. Out: two proportions within 0..1; null where the denominator is empty.
    Source: Wilson (1927); Brown, Cai and DasGupta (2001), who advise it for small n.
    """
    x, n = pl.col(numerator).cast(pl.Float64), pl.col(denominator).cast(pl.Float64)
    middle = (x + z * z / 2) / (n + z * z)
    half = z * (x * (n - x) / n + z * z / 4).sqrt() / (n + z * z)
    low = pl.when(x == 0).then(0.0).otherwise(middle - half)
    high = pl.when(x == n).then(1.0).otherwise(middle + half)
    return pl.when(n > 0).then(low), pl.when(n > 0).then(high)


def enough(denominator: pl.Expr, low: pl.Expr, high: pl.Expr) -> pl.Expr:
    """Return True where a rate may be read: at least 30 cases and an interval of at most 20 points."""
    return ((denominator >= ENOUGH_CASES) & (high - low <= ENOUGH_WIDTH)).fill_null(False)


def newcombe(
    rate_1: str, low_1: str, high_1: str, rate_2: str, low_2: str, high_2: str
) -> tuple[pl.Expr, pl.Expr]:
    """Return the interval of rate_1 - rate_2 from the two Wilson intervals.

    d - sqrt((p1-l1)² + (u2-p2)²)  to  d + sqrt((u1-p1)² + (p2-l2)²); null where either rate is null.
    Source: Newcombe (1998), method 10.
    """
    p1, l1, u1 = pl.col(rate_1), pl.col(low_1), pl.col(high_1)
    p2, l2, u2 = pl.col(rate_2), pl.col(low_2), pl.col(high_2)
    down = ((p1 - l1) ** 2 + (u2 - p2) ** 2).sqrt()
    up = ((u1 - p1) ** 2 + (p2 - l2) ** 2).sqrt()
    return p1 - p2 - down, p1 - p2 + up
