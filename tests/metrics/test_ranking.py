"""Shrunken rates: against scipy, and as a league table that must not crown luck."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import optimize, stats
from statsmodels.stats.multitest import multipletests

from data.slice import Slice
from metrics.hit_rate import rates
from metrics.ranking import ranking
from metrics.stats import shrinkage
from tests.build import pipeline
from tests.metrics.company import STAGES, company


def table(hits: np.ndarray, cases: np.ndarray) -> pl.DataFrame:
    frame = pl.DataFrame(
        {"owner": [f"s{k}" for k in range(len(hits))], "numerator": hits, "denominator": cases}
    )
    return frame.with_columns(
        rate=pl.when(pl.col("denominator") > 0).then(pl.col("numerator") / pl.col("denominator"))
    )


def unlike(seed: int, groups: int, cases: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.binomial(cases, rng.beta(7, 21, groups))


def test_the_prior_is_the_best_that_scipy_finds() -> None:
    x, n = unlike(81, 40, 150), 150

    def loss(at: np.ndarray) -> float:
        mean, size = 1 / (1 + np.exp(-at[0])), np.exp(at[1])
        apart = 1 / np.sqrt(mean * (1 - mean) * (size + 1))
        return -stats.betabinom.logpmf(x, n, mean * size, (1 - mean) * size).sum() - np.log(0.01) * apart

    told = optimize.minimize(loss, [-1.0, 3.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10})
    made = shrinkage.fit(x, np.full(40, n))
    assert made is not None
    assert made.mean == pytest.approx(1 / (1 + np.exp(-told.x[0])), abs=2e-3)
    assert np.log(made.size) == pytest.approx(told.x[1], abs=0.05)


def test_the_law_behind_many_groups_is_found_again() -> None:
    made = shrinkage.fit(unlike(82, 2000, 100), np.full(2000, 100))
    assert made is not None
    assert made.mean == pytest.approx(0.25, abs=0.01)
    assert made.size == pytest.approx(28, rel=0.15)


def one_size(mean: float, size: float) -> shrinkage.Prior:
    return shrinkage.Prior(mean, size, np.array([size]), np.array([1.0]))


def test_draws_at_one_size_are_a_beta_distribution() -> None:
    # 200 groups of 10 000 cases settle the common mean, so the last one's posterior is beta(2 + 7, 0 + 21).
    x, n = np.append(np.full(200, 2500), 2), np.append(np.full(200, 10_000), 2)
    prior = one_size(0.25, 28)
    low, high = shrinkage.intervals(shrinkage.draws(x, n, prior))
    assert shrinkage.shrunk([2], [2], prior)[0] == pytest.approx(9 / 30)
    assert (low[-1], high[-1]) == pytest.approx(stats.beta.interval(0.95, 9, 21), abs=0.02)


@pytest.mark.parametrize("sd", [0.0, 0.02, 0.05, 0.1])
def test_intervals_and_rank_ranges_hold_the_truth_however_far_groups_lie_apart(sd: float) -> None:
    rng, held, placed = np.random.default_rng(88), [], []
    worth = 0.1875 / sd**2 - 1 if sd else np.inf
    for _ in range(60):
        truth = rng.beta(0.25 * worth, 0.75 * worth, 12) if sd else np.full(12, 0.25)
        hits, cases = rng.binomial(100, truth), np.full(12, 100)
        prior = shrinkage.fit(hits, cases)
        assert prior is not None
        drawn = shrinkage.draws(hits, cases, prior)
        (low, high), (best, worst) = shrinkage.intervals(drawn), shrinkage.rank_ranges(drawn)
        held += list((low <= truth) & (truth <= high))
        placed += list((best <= stats.rankdata(-truth)) & (stats.rankdata(-truth) <= worst))
    assert np.mean(held) >= 0.92
    assert np.mean(placed) >= 0.95


def test_holm_equals_statsmodels() -> None:
    p = np.random.default_rng(83).random(30) ** 3
    assert shrinkage.holm(np.append(p, np.nan))[:-1] == pytest.approx(multipletests(p, method="holm")[1])


def test_two_of_two_does_not_lead() -> None:
    hits, cases = np.append(unlike(84, 20, 100), 2), np.append(np.full(20, 100), 2)
    made = ranking(table(hits, cases))
    lucky = made.filter(owner="s20").row(0, named=True)
    assert (lucky["rate"], lucky["rank"] > 1, lucky["mark"]) == (1.0, True, None)
    assert lucky["rank_high"] - lucky["rank_low"] > 12


def test_a_seller_who_is_far_better_is_marked_and_ranked_first() -> None:
    made = ranking(table(np.array([70, *[25] * 9, 4]), np.full(11, 100)))
    assert made.row(0, named=True)["mark"] == "strong"
    assert made.row(-1, named=True)["mark"] == "weak"
    assert made.row(0, named=True)["rank_high"] == 1


@pytest.mark.parametrize("deals", [40, 120])
def test_twelve_identical_sellers_are_told_to_be_alike(deals: int) -> None:
    # 500 companies, 12 sellers, all winning one in four; with 40 deals each nobody has enough for a mark.
    rng = np.random.default_rng(85)
    quarter = marked = 0
    for _ in range(500):
        made = ranking(table(rng.binomial(deals, 0.25, 12), np.full(12, deals)))
        spread = made.select(pl.col("shrunk", "rate").max() - pl.col("shrunk", "rate").min()).row(0)
        quarter += spread[0] <= spread[1] / 4
        marked += made["mark"].count() > 0
    assert quarter / 500 >= 0.95
    assert marked / 500 <= 0.05


def test_groups_without_cases_come_last_and_unranked(tmp_path: Path) -> None:
    made = ranking(table(np.array([3, 0, 9]), np.array([10, 0, 12])))
    assert made["owner"].to_list() == ["s2", "s0", "s1"]
    assert made.row(2, named=True)["rank"] is None
    frame = rates(pipeline(company(87), tmp_path, STAGES), Slice(by=("owner",)), "value")
    assert ranking(frame)["rank"].null_count() == 3


@pytest.mark.parametrize(
    ("hits", "cases"), [([], []), ([1], [2]), ([0, 0], [5, 9]), ([5, 9], [5, 9]), ([0, 0], [0, 0])]
)
def test_degenerate_tables_have_no_nan(hits: list[int], cases: list[int]) -> None:
    made = ranking(table(np.array(hits, dtype=np.int64), np.array(cases, dtype=np.int64)))
    assert made.height == len(hits)
    assert (
        not made.select(pl.col("shrunk", "shrunk_low", "shrunk_high", "weight").is_nan().any())
        .row(0)
        .count(True)
    )
