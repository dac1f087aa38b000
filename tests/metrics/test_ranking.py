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


def test_the_posterior_is_a_beta_distribution() -> None:
    prior = shrinkage.Prior(0.25, 28)
    mean, low, high = shrinkage.posterior([2], [2], prior)
    assert (mean[0], low[0], high[0]) == pytest.approx(
        (9 / 30, *stats.beta.interval(0.95, 9, 21)))  # fmt: skip


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


def test_twelve_identical_sellers_are_told_to_be_alike() -> None:
    # 500 companies, 12 sellers, 40 deals each, all winning one in four.
    rng = np.random.default_rng(85)
    quarter = marked = 0
    for _ in range(500):
        made = ranking(table(rng.binomial(40, 0.25, 12), np.full(12, 40)))
        spread = made.select(pl.col("shrunk", "rate").max() - pl.col("shrunk", "rate").min()).row(0)
        quarter += spread[0] <= spread[1] / 4
        marked += made["mark"].count() > 0
    assert quarter / 500 >= 0.95
    assert marked / 500 <= 0.05


def test_true_ranks_lie_in_their_ranges() -> None:
    rng = np.random.default_rng(86)
    held = []
    for _ in range(60):
        truth = rng.beta(7, 21, 12)
        hits = rng.binomial(200, truth)
        low, high = shrinkage.rank_ranges(hits, np.full(12, 200), shrinkage.Prior(0.25, 28))
        place = stats.rankdata(-truth)
        held += list((low <= place) & (place <= high))
    assert 0.93 <= np.mean(held) <= 1


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
