"""Empirical-Bayes shrinkage of many proportions towards what they have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special, stats

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
UNLIKELY = 0.01  # prior chance that groups differ by more than 1 (standard deviation, log-odds)
STEPS = 40  # sizes tried before the best is refined: the likelihood may have two peaks
ALIKE = 1e6  # a prior worth so many cases: the groups are alike
SEED, DRAWS, BUDGET = 20, 4000, 4_000_000


@dataclass(frozen=True)
class Prior:
    """A beta distribution of the groups' true proportions: its mean, and the cases it is worth."""

    mean: float
    size: float

    @property
    def a(self) -> float:
        return self.mean * self.size

    @property
    def b(self) -> float:
        return (1 - self.mean) * self.size


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
    if x.sum() in (0, n.sum()):
        return Prior((x.sum() + 0.5) / (n.sum() + 1), ALIKE)  # never 0 or 1: a prior must leave both open
    sizes = np.linspace(np.log(0.5), np.log(ALIKE), STEPS)
    best = int(np.argmin([_loss(size, x, n) for size in sizes]))
    around = (sizes[max(0, best - 1)], sizes[min(STEPS - 1, best + 1)])
    found = optimize.minimize_scalar(_loss, around, args=(x, n), bounds=around, method="bounded")
    size = float(np.exp(found.x if best < STEPS - 1 else sizes[-1]))
    return Prior(_mean(size, x, n), size)


def _mean(size: float, x: Floats, n: Floats) -> float:
    """Return the common proportion: groups weigh by what they tell of it, n / (1 + (n-1) / (size+1))."""
    weight = n / (1 + (n - 1) / (size + 1))
    return float((weight * x / n).sum() / weight.sum())


def _loss(log_size: float, x: Floats, n: Floats) -> float:
    """Return minus the penalised log-likelihood."""
    size = float(np.exp(log_size))
    mean = _mean(size, x, n)
    a, b = mean * size, (1 - mean) * size
    likely = (special.betaln(x + a, n - x + b) - special.betaln(a, b)).sum()
    apart = 1 / np.sqrt(mean * (1 - mean) * (size + 1))
    return float(-np.log(UNLIKELY) * apart - likely)


def posterior(hits: ArrayLike, cases: ArrayLike, prior: Prior) -> tuple[Floats, Floats, Floats]:
    """Return the mean and the 95 % interval of each group's proportion, given the prior."""
    a = np.asarray(hits, dtype=np.float64) + prior.a
    b = np.asarray(cases, dtype=np.float64) - np.asarray(hits, dtype=np.float64) + prior.b
    return a / (a + b), stats.beta.ppf(0.025, a, b), stats.beta.ppf(0.975, a, b)


def rank_ranges(hits: ArrayLike, cases: ArrayLike, prior: Prior) -> tuple[Ints, Ints]:
    """Return the best and worst rank (1 is highest) of each group in 95 % of draws from the posterior.

    Seeded, so that the same counts give the same ranks; at most 4 000 draws, fewer for very many groups.
    """
    a = np.asarray(hits, dtype=np.float64) + prior.a
    b = np.asarray(cases, dtype=np.float64) - np.asarray(hits, dtype=np.float64) + prior.b
    draws = max(200, min(DRAWS, BUDGET // max(1, a.size)))
    drawn = np.random.default_rng(SEED).beta(a, b, size=(draws, a.size))
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
