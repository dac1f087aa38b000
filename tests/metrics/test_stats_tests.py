"""Tests of proportions against scipy and statsmodels."""

from __future__ import annotations

import time

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportions_ztest

from metrics.stats import tests as st


def random_tables(n: int, top: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(7)
    n1, n2 = rng.integers(1, top, n), rng.integers(1, top, n)
    return rng.binomial(n1, 0.3), n1, rng.binomial(n2, 0.4), n2


def test_pooled_z_equals_statsmodels() -> None:
    tables = random_tables(80, 900)
    large = st.expected(*tables) >= st.SMALL
    told = [proportions_ztest([a, c], [b, d])[1] for a, b, c, d in zip(*tables, strict=True)]
    assert st.two_proportions(*tables)[large] == pytest.approx(np.array(told)[large], abs=1e-12)
    assert large.sum() > 20


def test_fisher_equals_scipy() -> None:
    tables = random_tables(300, 25)
    told = [stats.fisher_exact([[a, b - a], [c, d - c]])[1] for a, b, c, d in zip(*tables, strict=True)]
    assert st.fisher(*tables) == pytest.approx(np.array(told), abs=1e-9)


def test_fisher_lady_tasting_tea() -> None:
    # Fisher's own table: 3 of 4 against 1 of 4; tables as likely or less: 34 of 70.
    assert st.two_proportions(3, 4, 1, 4) == pytest.approx([34 / 70])


def test_small_expected_counts_take_the_exact_test() -> None:
    assert st.two_proportions(0, 8, 60, 100) == pytest.approx([stats.fisher_exact([[0, 8], [60, 40]])[1]])


def test_an_empty_side_has_no_p() -> None:
    assert np.isnan(st.two_proportions([0, 3], [0, 5], [3, 0], [5, 0])).all()


def test_all_alike_is_no_difference() -> None:
    assert st.two_proportions([5, 0], [5, 5], [9, 0], [9, 9]) == pytest.approx([1, 1])


def test_benjamini_hochberg_equals_statsmodels_and_skips_nan() -> None:
    p = np.array([0.001, 0.2, np.nan, 0.02, 0.03, 0.9])
    q = st.benjamini_hochberg(p)
    assert np.isnan(q[2])
    assert np.delete(q, 2) == pytest.approx(multipletests(np.delete(p, 2), method="fdr_bh")[1])


def test_cases_needed_reaches_the_power_it_promises() -> None:
    # 60 % against 50 %, as many on both sides: Fleiss, Levin and Paik give 387 a side for 80 % power.
    times = st.cases_needed(0.6, 100, 0.5, 100)
    assert times * 100 == pytest.approx([387.3], abs=0.5)
    effect = 2 * (np.arcsin(np.sqrt(0.6)) - np.arcsin(np.sqrt(0.5)))
    assert NormalIndPower().power(effect, 388, 0.05) == pytest.approx(0.8, abs=0.005)


def test_no_difference_needs_no_number() -> None:
    assert np.isnan(st.cases_needed(0.5, 100, 0.5, 100)).all()


def test_five_thousand_comparisons_take_well_under_a_second() -> None:
    start = time.perf_counter()
    st.two_proportions(*random_tables(5000, 3000))
    st.fisher(*random_tables(2000, 200))
    assert time.perf_counter() - start < 2
