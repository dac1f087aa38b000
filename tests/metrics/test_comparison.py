"""Each group against the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from data.slice import Slice
from metrics.comparison import compare
from metrics.hit_rate import rates
from tests.build import pipeline

# Ann wins 30 of 100, Bo 50 of 100, Cy 1 of 2.
ROWS = [
    {"owner": owner, "status": status}
    for owner, won, lost in (("Ann", 30, 70), ("Bo", 50, 50), ("Cy", 1, 1))
    for status in ["won"] * won + ["lost"] * lost
]


def compared(tmp_path: Path) -> dict[str, dict[str, object]]:
    frame = compare(rates(pipeline(ROWS, tmp_path), Slice(by=("owner",))))
    return {row["owner"]: row for row in frame.to_dicts()}


def test_ann_against_the_rest_by_eye(tmp_path: Path) -> None:
    ann = compared(tmp_path)["Ann"]
    assert ann["rest_rate"] == 51 / 102
    assert ann["difference"] == pytest.approx(-0.2)
    told = confint_proportions_2indep(30, 100, 51, 102, method="newcomb")
    assert (ann["difference_low"], ann["difference_high"]) == pytest.approx(told)
    assert (ann["different"], ann["more_deals"]) == (True, 0)


def test_cy_is_not_yet_known(tmp_path: Path) -> None:
    cy = compared(tmp_path)["Cy"]
    assert cy["p"] == pytest.approx(stats.fisher_exact([[1, 1], [80, 120]])[1])
    assert (cy["different"], cy["enough"]) == (False, False)
    assert cy["more_deals"] > 100  # type: ignore[operator]


def test_by_value_there_is_no_interval_to_compare(tmp_path: Path) -> None:
    frame = compare(rates(pipeline(ROWS, tmp_path), Slice(by=("owner",)), "value"))
    assert frame["p"].null_count() == frame.height


def test_a_single_group_has_no_rest(tmp_path: Path) -> None:
    row = compare(rates(pipeline(ROWS, tmp_path), Slice())).row(0, named=True)
    assert (row["rest_rate"], row["p"], row["more_deals"]) == (None, None, None)
