"""Intervals against statsmodels."""

from __future__ import annotations

import polars as pl
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from metrics.stats import intervals

PAIRS = [(0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (7, 30), (500, 1000), (1, 100_000)]


def frame(pairs: list[tuple[int, int]]) -> pl.DataFrame:
    low, high = intervals.wilson("x", "n")
    return pl.DataFrame(pairs, schema=["x", "n"], orient="row").with_columns(
        rate=intervals.rate("x", "n"), low=low, high=high
    )


@pytest.mark.parametrize("row", frame(PAIRS).rows())
def test_wilson_equals_statsmodels(row: tuple[float, ...]) -> None:
    x, n, _, low, high = row
    assert (low, high) == pytest.approx(proportion_confint(x, n, method="wilson"), abs=1e-12)


def test_wilson_by_hand() -> None:
    # 2 of 4, z = 1.96: centre (2 + 1.92) / (4 + 3.84) = 0.5, half 1.96·sqrt(1 + 0.96) / 7.84 = 0.35
    assert frame([(2, 4)]).rows()[0][3:] == pytest.approx((0.15, 0.85), abs=1e-4)


def test_an_empty_denominator_is_not_available() -> None:
    assert frame([(0, 0)]).rows()[0][2:] == (None, None, None)


def test_ends_stay_within_0_and_1_exactly() -> None:
    made = frame([(0, 7), (7, 7)])
    assert (made["low"][0], made["high"][1]) == (0.0, 1.0)


@pytest.mark.parametrize("case", [(30, 60, 20, 90), (0, 12, 5, 40), (9, 10, 900, 1000)])
def test_newcombe_equals_statsmodels(case: tuple[int, int, int, int]) -> None:
    x1, n1, x2, n2 = case
    one, two = frame([(x1, n1)]), frame([(x2, n2)]).select(pl.all().name.suffix("_2"))
    low, high = intervals.newcombe("rate", "low", "high", "rate_2", "low_2", "high_2")
    made = pl.concat([one, two], how="horizontal").select(a=low, b=high).row(0)
    assert made == pytest.approx(confint_proportions_2indep(x1, n1, x2, n2, method="newcomb"), abs=1e-12)


def test_enough_needs_30_cases_and_20_points() -> None:
    made = frame([(1, 29), (15, 30), (1, 60), (60, 120)])
    assert made.select(
        intervals.enough(pl.col("n"), pl.col("low"), pl.col("high"))
    ).to_series().to_list() == [False, False, True, True]
