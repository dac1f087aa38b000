"""Survival from histograms against lifelines and statsmodels."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from lifelines.utils import qth_survival_time
from statsmodels.duration.survfunc import CumIncidenceRight

from metrics.stats import survival

RNG = np.random.default_rng(3)
DAYS = RNG.integers(0, 40, 300)  # many ties, some on day 0
ENDED = RNG.integers(0, 2, 300)
WAYS = RNG.integers(0, 3, 300)


def histogram(days: np.ndarray, ending: np.ndarray, name: str = "ended") -> pl.DataFrame:
    rows = pl.DataFrame({"days": days, name: ending})
    return rows.group_by("days", name).agg(cases=pl.len()).sample(fraction=1, shuffle=True, seed=1)


def test_kaplan_meier_by_hand() -> None:
    # day 1: 1 of 4 ends; day 2: one censored; day 3: 1 of 2 ends; day 5: the last is censored.
    made = survival.kaplan_meier(histogram(np.array([1, 2, 3, 5]), np.array([1, 0, 1, 0])))
    assert made["n"].to_list() == [4, 3, 2, 1]
    assert made["survival"].to_list() == pytest.approx([3 / 4, 3 / 4, 3 / 8, 3 / 8])


def test_kaplan_meier_equals_lifelines_with_ties_and_censoring() -> None:
    made = survival.kaplan_meier(histogram(DAYS, ENDED))
    fitted = KaplanMeierFitter().fit(DAYS, ENDED).survival_function_at_times(made["days"].to_numpy())
    assert made["survival"].to_numpy() == pytest.approx(fitted.to_numpy(), abs=1e-9)


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75, 0.9])
def test_quantiles_equal_lifelines(share: float) -> None:
    told = qth_survival_time(1 - share, KaplanMeierFitter().fit(DAYS, ENDED).survival_function_)
    made = survival.quantiles(histogram(DAYS, ENDED), shares=(share,)).item()
    assert (math.inf if made is None else made) == told


def test_a_quantile_not_reached_is_null() -> None:
    made = survival.quantiles(histogram(np.array([1, 2, 9, 9]), np.array([1, 0, 0, 0])))
    assert made.row(0) == (None, None, None)


def test_an_exact_half_counts_as_reached() -> None:
    # 10 cases, one a day: after five days 0.9 x 8/9 x ... x 5/6 = 0.5 but for rounding.
    assert survival.quantiles(histogram(np.arange(1, 11), np.ones(10, int)))["p50"].item() == 5


def test_groups_are_kept_apart() -> None:
    cells = pl.concat([histogram(DAYS, ENDED).with_columns(team=pl.lit(t)) for t in ("A", None)])
    made = survival.quantiles(cells, by=["team"])
    alone = survival.quantiles(histogram(DAYS, ENDED)).row(0)
    assert {row[0]: row[1:] for row in made.rows()} == {"A": alone, None: alone}


def test_rows_without_days_are_left_out() -> None:
    cells = pl.DataFrame({"days": [None, -3, 2], "ended": [1, 1, 1], "cases": [50, 50, 2]})
    assert survival.quantiles(cells).row(0) == (2, 2, 2)


def test_incidence_equals_statsmodels_with_ties() -> None:
    made = survival.cumulative_incidence(histogram(DAYS, WAYS, "ending"))
    told = CumIncidenceRight(DAYS, WAYS)
    at = np.searchsorted(told.times, made["days"].to_numpy(), side="right") - 1
    assert made["incidence"].to_numpy() == pytest.approx(told.cinc[0][at], abs=1e-9)


def test_incidence_and_variance_equal_lifelines() -> None:
    days = RNG.permutation(np.arange(1, 121))  # lifelines moves ties apart, so none here
    ways = RNG.integers(0, 3, 120)
    made = survival.cumulative_incidence(histogram(days, ways, "ending")).filter(pl.col("first") > 0)
    fitted = AalenJohansenFitter(calculate_variance=True).fit(days, ways, event_of_interest=1)
    at = made["days"].to_numpy()
    assert made["incidence"].to_numpy() == pytest.approx(
        np.ravel(fitted.cumulative_density_.loc[at]), abs=1e-9
    )
    assert made["variance"].to_numpy() == pytest.approx(np.ravel(fitted.variance_.loc[at]), abs=1e-9)


@pytest.mark.parametrize("left_over", [True, False])
def test_incidence_equals_lifelines_with_ties_and_censoring(left_over: bool) -> None:
    # lifelines moves ties apart at random; moved apart by hand, events before censoring, each event still
    # adds S(day before) / at risk, so the two must agree. `left_over`: some are censored after all events.
    ways = WAYS if left_over else np.where(DAYS.max() == DAYS, 1, WAYS)
    days = np.where((ways == 0) & left_over & (RNG.random(DAYS.size) < 0.1), 60, DAYS)
    apart = days + np.where(ways == 0, 0.5, 0.0) + np.arange(DAYS.size) * 1e-3
    fitted = AalenJohansenFitter(calculate_variance=False).fit(apart, ways, event_of_interest=1)
    curve = fitted.cumulative_density_.iloc[:, 0]
    made = survival.cumulative_incidence(histogram(days, ways, "ending"))
    told = [float(curve.loc[: day + 0.999].iloc[-1]) for day in made["days"]]
    assert made["incidence"].to_numpy() == pytest.approx(told, abs=1e-9)


def test_incidence_without_competition_is_one_minus_survival() -> None:
    cells = histogram(DAYS, ENDED)
    made = survival.cumulative_incidence(cells, ending="ended")
    left = survival.kaplan_meier(cells)
    assert made["incidence"].to_numpy() == pytest.approx(1 - left["survival"].to_numpy(), abs=1e-12)


def test_incidence_without_censoring_is_a_plain_proportion_with_its_variance() -> None:
    ways = RNG.integers(1, 3, 300)
    last = survival.cumulative_incidence(histogram(DAYS, ways, "ending")).row(-1, named=True)
    share = float((ways == 1).mean())
    assert last["incidence"] == pytest.approx(share)
    assert last["variance"] == pytest.approx(share * (1 - share) / 300)
    assert last["low"] < share < last["high"]
