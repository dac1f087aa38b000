"""Empirical-Bayes shrinkage of many proportions towards what they have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
UNLIKELY = 0.01  # prior chance that groups differ by more than 1 (standard deviation, log-odds)
STEPS = 40  # sizes tried before the best is refined: the likelihood may have two peaks
MOST = 20  # a prior worth so many times the cases it was learnt from says that the groups are alike
SEED, DRAWS, BUDGET = 20, 4000, 4_000_000


@dataclass(frozen=True)
class Prior:
    """What the groups have in common: a beta distribution of their true proportions.

    `mean`, and `size`: how many cases it is worth (the likeliest). `sizes` and `chances`: how likely every
    other size is, given the counts.
    """

    mean: float
    size: float
    sizes: Floats
    chances: Floats


def fit(hits: ArrayLike, cases: ArrayLike) -> Prior | None:
    """Return the beta prior that makes the counts likeliest; null for fewer than two groups with cases.

    Maximises sum log BetaBinomial(x | n, a, b) - 4.6 sd, sd = 1 / sqrt(m (1-m) (size+1)) being how far
    groups lie apart in log-odds. The second term asks for evidence before it believes in differences;
    without it twelve groups that are alike look unlike in one of two samples. It is lost among many cases.
    The mean m is Kleinman's for each size. Source: Kleinman (1973); Efron (2010), 1; penalty: Simpson et
    al. (2017), P(sd > 1) = 0.01.
    """
    x, n = np.asarray(hits, dtype=np.float64), np.asarray(cases, dtype=np.float64)
    x, n = x[n > 0], n[n > 0]
    if x.size < 2:
        return None
    sizes: Floats = np.linspace(np.log(0.5), np.log(MOST * n.sum()), STEPS)
    loss = np.array([_loss(size, x, n) for size in sizes])
    best = int(np.argmin(loss))
    around = (sizes[max(0, best - 1)], sizes[min(STEPS - 1, best + 1)])
    found = optimize.minimize_scalar(_loss, around, args=(x, n), bounds=around, method="bounded")
    size = float(np.exp(found.x if best < STEPS - 1 else sizes[-1]))
    sizes = np.exp(sizes)
    # Chances have no penalty: any sd as likely as another, and the steps are even in log size.
    likely = np.array([_loss(size, x, n, 1.0) for size in np.log(sizes)])
    chances = np.exp(likely.min() - likely) * sizes / (sizes + 1) ** 1.5
    return Prior(_mean(size, x, n), size, sizes, chances / chances.sum())


def _mean(size: float, x: Floats, n: Floats) -> float:
    """Return the common proportion: groups weigh by what they tell of it, n / (1 + (n-1) / (size+1))."""
    weight = n / (1 + (n - 1) / (size + 1))
    mean = float((weight * x / n).sum() / weight.sum())
    edge = 0.5 / float(n.sum() + 1)  # never 0 or 1: a prior must leave both open
    return min(max(mean, edge), 1 - edge)


def _loss(log_size: float, x: Floats, n: Floats, unlikely: float = UNLIKELY) -> float:
    """Return minus the penalised log-likelihood; `unlikely` 1 is without penalty."""
    size = float(np.exp(log_size))
    mean = _mean(size, x, n)
    a, b = mean * size, (1 - mean) * size
    likely = (special.betaln(x + a, n - x + b) - special.betaln(a, b)).sum()
    apart = 1 / np.sqrt(mean * (1 - mean) * (size + 1))
    return float(-np.log(unlikely) * apart - likely)


def shrunk(hits: ArrayLike, cases: ArrayLike, prior: Prior) -> Floats:
    """Return each group's proportion drawn to the common mean: (x + size m) / (n + size)."""
    x, n = np.asarray(hits, dtype=np.float64), np.asarray(cases, dtype=np.float64)
    out: Floats = (x + prior.size * prior.mean) / (n + prior.size)
    return out


def draws(hits: ArrayLike, cases: ArrayLike, prior: Prior) -> Floats:
    """Return draws of the groups' true proportions: one row per draw, one column per group.

    Each draw takes a size by its chance, a common mean by what the groups tell of it at that size, then
    every group's proportion. So intervals are as wide as our doubt about how far groups lie apart, which
    the likeliest size alone would hide. Seeded; at most 4 000 draws, fewer for very many groups.
    """
    x, n = np.asarray(hits, dtype=np.float64), np.asarray(cases, dtype=np.float64)
    count = max(200, min(DRAWS, BUDGET // max(1, x.size)))
    rng = np.random.default_rng(SEED)
    place = np.sort(rng.choice(prior.sizes.size, size=count, p=prior.chances))
    told = [(_mean(size, x, n), float((n / (1 + (n - 1) / (size + 1))).sum())) for size in prior.sizes]
    middle, worth = np.array(told).T[:, place]
    mean = rng.beta(middle * worth, (1 - middle) * worth)
    mean = np.clip(mean, 1e-9, 1 - 1e-9)[:, None]
    size = prior.sizes[place][:, None]
    out: Floats = rng.beta(mean * size + x, (1 - mean) * size + n - x)
    return out


def intervals(drawn: Floats) -> tuple[Floats, Floats]:
    """Return the ends between which 95 % of the draws of each group lie."""
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return low, high


def rank_ranges(drawn: Floats) -> tuple[Ints, Ints]:
    """Return the best and worst rank (1 is highest) of each group in 95 % of the draws."""
    place = np.argsort(np.argsort(-drawn, axis=1, kind="stable"), axis=1) + 1
    low, high = np.quantile(place, [0.025, 0.975], axis=0, method="inverted_cdf")
    return low.astype(np.int64), high.astype(np.int64)


def holm(p: ArrayLike) -> Floats:
    """Return p corrected so that one false alarm among all is as rare as one p says; NaN stays NaN.

    Source: Holm (1979).
    """
    values = np.asarray(p, dtype=np.float64)
    out = np.full(values.shape, np.nan)
    made = np.flatnonzero(~np.isnan(values))
    order = made[np.argsort(values[made], kind="stable")]
    steps = values[order] * np.arange(order.size, 0, -1)
    out[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return out
