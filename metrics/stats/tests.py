"""Tests between proportions, vectorised for thousands of comparisons, and their correction."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# At Cochran's 5 the z test's far tail, which a correction over hundreds of groups reads, is too thin:
# of 2,500 companies without a leak 9.7 % then showed one, and 6.9 % with 50.
SMALL = 50.0
TIE = 1 + 1e-7  # two tables count as equally likely within this factor, as in R's fisher.test


def two_proportions(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, small: float = SMALL
) -> Floats:
    """Return two-sided p-values of "the two proportions are equal", one per comparison.

    The pooled z test; Fisher's exact test where an expected count is under 50 (`small`). NaN where either
    side is empty; 1 where all cases of both sides ended alike, since nothing then tells them apart. Source:
    Agresti, Categorical Data Analysis (2013), 3.2 and 3.5.
    """
    counts = [np.atleast_1d(np.asarray(v, dtype=np.int64)) for v in (x1, n1, x2, n2)]
    a, m, b, n = np.broadcast_arrays(*counts)
    p = np.full(a.shape, np.nan)
    told = (m > 0) & (n > 0)
    least = np.zeros(a.shape)
    least[told] = expected(a[told], m[told], b[told], n[told])
    large = told & (least >= small)
    few = told & ~large
    p[large] = _pooled(a[large], m[large], b[large], n[large])
    p[few] = fisher(a[few], m[few], b[few], n[few])
    return p


def expected(x1: Ints, n1: Ints, x2: Ints, n2: Ints) -> Floats:
    """Return the smallest expected count of each two-by-two table."""
    total = n1 + n2
    hits = x1 + x2
    least: Floats = np.minimum(n1, n2) * (np.minimum(hits, total - hits) / total)
    return least


def _pooled(x1: Ints, n1: Ints, x2: Ints, n2: Ints) -> Floats:
    pool = (x1 + x2) / (n1 + n2)
    error = np.sqrt(pool * (1 - pool) * (1 / n1 + 1 / n2))
    p: Floats = 2 * stats.norm.sf(np.abs(x1 / n1 - x2 / n2) / error)
    return p


def fisher(x1: Ints, n1: Ints, x2: Ints, n2: Ints) -> Floats:
    """Return two-sided exact p-values: the sum over all tables no likelier than the one seen.

    The tables of one comparison run over max(0, x1+x2-n2) .. min(n1, x1+x2); all comparisons are
    laid end to end, so there is no loop. Source: Fisher (1935); same rule as R and scipy.
    """
    if x1.size == 0:
        return np.empty(0)
    total, hits = n1 + n2, x1 + x2
    first = np.maximum(0, hits - n2)
    size = np.minimum(n1, hits) - first + 1
    start = np.concatenate(([0], np.cumsum(size)[:-1]))
    seen_x = np.repeat(first - start, size) + np.arange(int(size.sum()))
    corners = (
        seen_x,
        np.repeat(hits, size) - seen_x,
        np.repeat(n1, size) - seen_x,
        np.repeat(n2 - hits, size) + seen_x,
    )
    # Log factorials: scipy's hypergeom.pmf gives the same numbers, tens of times slower.
    whole = sum(special.gammaln(v + 1) for v in (hits, total - hits, n1, n2)) - special.gammaln(total + 1)
    chance = np.exp(np.repeat(whole, size) - sum(special.gammaln(v + 1) for v in corners))
    seen = chance[start + (x1 - first)]
    chance = np.where(chance <= np.repeat(seen, size) * TIE, chance, 0.0)
    p: Floats = np.minimum(1.0, np.add.reduceat(chance, start))
    return p


def one_proportion(x: ArrayLike, n: ArrayLike, rate: ArrayLike) -> Floats:
    """Return two-sided exact p-values of "the proportion is `rate`": twice the smaller tail, at most 1.

    NaN where there are no cases. Source: Clopper and Pearson (1934): p < 0.05 just where their 95 %
    interval leaves the rate out.
    """
    hits, cases, told = (np.asarray(v, dtype=np.float64) for v in (x, n, rate))
    tail = np.minimum(stats.binom.cdf(hits, cases, told), stats.binom.sf(hits - 1, cases, told))
    p: Floats = np.where(cases > 0, np.minimum(1.0, 2 * tail), np.nan)
    return p


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """Return q-values: the false discovery rate at which each comparison would first be called.

    NaN (a comparison that could not be made) stays NaN and is not counted.
    Source: Benjamini and Hochberg (1995), through scipy.stats.false_discovery_control.
    """
    values = np.asarray(p, dtype=np.float64)
    q = np.full(values.shape, np.nan)
    made = ~np.isnan(values)
    if made.any():
        q[made] = stats.false_discovery_control(values[made], method="bh")
    return q


def cases_needed(
    rate_1: ArrayLike,
    n1: ArrayLike,
    rate_2: ArrayLike,
    n2: ArrayLike,
    level: float = 0.05,
    power: float = 0.8,
) -> Floats:
    """Return how many times as many cases, on both sides, would settle a difference of this size.

    ((z_a·sqrt(p(1-p)(1/n1+1/n2)) + z_b·sqrt(p1(1-p1)/n1 + p2(1-p2)/n2)) / (p1-p2))², at least 1.
    NaN where there is no difference to settle. Source: Fleiss, Levin and Paik (2003), 4.2.
    """
    p1, m, p2, n = (np.atleast_1d(np.asarray(v, dtype=np.float64)) for v in (rate_1, n1, rate_2, n2))
    with np.errstate(divide="ignore", invalid="ignore"):
        pool = (p1 * m + p2 * n) / (m + n)
        null = stats.norm.isf(level / 2) * np.sqrt(pool * (1 - pool) * (1 / m + 1 / n))
        apart = stats.norm.ppf(power) * np.sqrt(p1 * (1 - p1) / m + p2 * (1 - p2) / n)
        times = ((null + apart) / (p1 - p2)) ** 2
    out: Floats = np.where(np.isfinite(times), np.maximum(times, 1.0), np.nan)
    return out
