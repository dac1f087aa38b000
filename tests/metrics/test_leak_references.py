"""Leaks against the best group, an earlier period and a target; and pairs of fields."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from data.errors import HitrateError
from data.meta import Stage
from data.slice import Slice
from metrics import leaks
from metrics.leak_references import StepTarget
from metrics.leaks import finished, leak_report, measured
from metrics.stats import tests
from tests.build import pipeline
from tests.metrics.test_leaks import simulated

TWO = (Stage(number=1, label="Lead"), Stage(number=2, label="Offer"))


def deals(source: str, won: int, lost: int, month: int = 6, **more: Any) -> list[dict[str, Any]]:
    day = {"source": source, "created": f"2025-{month:02d}-05"} | more
    return [day | {"status": "won"}] * won + [day | {"status": "lost", "last": 1}] * lost


ROWS = deals("Web", 40, 60) + deals("Fair", 30, 70) + deals("Phone", 30, 20) + deals("Call", 5, 0)


def one(made: pl.DataFrame, value: str) -> dict[str, Any]:
    return made.filter(pl.col("value") == value, stage_no=1).row(0, named=True)


def test_the_best_group_is_the_one_with_the_highest_cautious_end(tmp_path: Path) -> None:
    # Call won 5 of 5, too few to measure by; Phone 30 of 50. p is multiplied by the two it was the best of.
    report = leak_report(pipeline(ROWS, tmp_path, ("Lead",)), ["source"], reference="best")
    fair = one(report.everything, "Fair")
    assert (fair["reference_value"], fair["reference"], fair["against"]) == ("Phone", 0.6, "best")
    assert fair["excess_lost"] == pytest.approx(30)
    assert fair["p"] == pytest.approx(2 * tests.two_proportions([30], [100], [30], [50])[0])
    assert "Phone" not in report.everything["value"]


def test_the_period_before_is_the_same_group_then(tmp_path: Path) -> None:
    rows = ROWS + deals("Web", 70, 30, 5) + deals("Fair", 1, 1, 5)
    asked = {"fields": ["source"], "start": "2025-06-01", "end": "2025-06-30", "reference": "before"}
    report = leak_report(pipeline(rows, tmp_path, ("Lead",)), **asked)  # type: ignore[arg-type]
    web = one(report.frame, "Web")
    assert (web["conversion"], web["reference"], web["state"]) == (0.4, 0.7, "leak")
    assert web["p"] == pytest.approx(tests.two_proportions([40], [100], [70], [100])[0])
    assert report.tested == 1  # Fair had two deals then, the others none
    assert one(report.everything, "Phone")["reference"] is None


def test_the_period_before_needs_a_period(tmp_path: Path) -> None:
    with pytest.raises(HitrateError, match="first day"):
        leaks(pipeline(ROWS, tmp_path), reference="before")


def test_the_most_specific_target_holds_and_is_taken_as_known(tmp_path: Path) -> None:
    aims = [StepTarget(0.5, field="source", value="Web"), StepTarget(0.45, stage=1), StepTarget(0.1)]
    report = leak_report(pipeline(ROWS, tmp_path, ("Lead",)), ["source"], reference="target", targets=aims)
    web, fair = one(report.everything, "Web"), one(report.everything, "Fair")
    assert (web["reference"], fair["reference"]) == (0.5, 0.45)
    assert fair["p"] == pytest.approx(2 * stats.binom.cdf(30, 100, 0.45))
    half = 1.959964 * 100 * np.sqrt(32 * 72 / 104**3)
    assert (fair["wins_low"], fair["wins_high"]) == pytest.approx((15 - half, 15 + half), rel=1e-6)


def test_a_target_for_one_value_leaves_the_others_out(tmp_path: Path) -> None:
    aims = [StepTarget(0.5, field="source", value="Web")]
    report = leak_report(pipeline(ROWS, tmp_path, ("Lead",)), reference="target", targets=aims)
    assert report.everything["value"].to_list() == ["Web"]
    assert leak_report(pipeline(ROWS, tmp_path), reference="target").everything.is_empty()


def test_pairs_of_fields_are_compared_on_request(tmp_path: Path) -> None:
    rows = [*deals("Web", 50, 50, country="NL"), *deals("Web", 10, 90, country="DK"),
            *deals("Fair", 50, 50, country="NL"), *deals("Fair", 50, 50, country="DK"),
            *deals("Fair", 9, 9, country=None)]  # fmt: skip
    made = leaks(pipeline(rows, tmp_path, ("Lead",)), fields=[], pairs=[("source", "country")])
    first = made.row(0, named=True)
    assert [first[c] for c in ("field", "value", "field_2", "value_2", "label")] == [
        "source", "Web", "country", "DK", "source × country"]  # fmt: skip
    assert (first["deals"], first["reference"], first["state"]) == (100, 159 / 318, "leak")
    assert made.filter(pl.col("value_2").is_null()).is_empty()


def test_pairs_count_among_the_comparisons(tmp_path: Path) -> None:
    rows = (
        deals("Web", 40, 60, country="NL")
        + deals("Fair", 30, 70, country="DK")
        + deals("Fair", 30, 70, country="NL")
    )
    made = pipeline(rows, tmp_path, ("Lead",))
    alone, both = leak_report(made), leak_report(made, pairs=[("source", "country")])
    assert both.tested == alone.tested + 3
    assert "source" in both.everything.filter(pl.col("field_2").is_null())["field"]


def test_a_pair_with_a_column_that_tells_the_outcome_is_left_out(tmp_path: Path) -> None:
    rows = (
        deals("Web", 60, 0, why=None) + deals("Web", 0, 40, why="price") + deals("Fair", 0, 40, why="timing")
    )
    report = leak_report(pipeline(rows, tmp_path, ("Lead",)), fields=["source"], pairs=[("source", "why")])
    assert report.everything["field_2"].null_count() == report.everything.height
    assert [n.values["label"] for n in report.notices] == ["source × why"]


@pytest.mark.parametrize("wrong", [{"reference": "bets"}, {"pairs": [("source", "contry")]},
                                   {"targets": [StepTarget(0.5, field="sorce")],
                                    "reference": "target"}])  # fmt: skip
def test_what_does_not_exist_is_refused_with_the_nearest(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(HitrateError, match=r"best|country|source"):
        leaks(pipeline([r | {"country": "NL"} for r in ROWS], tmp_path), **wrong)


def test_a_target_that_is_no_rate_is_refused() -> None:
    with pytest.raises(HitrateError, match="25 %"):
        StepTarget(25)


def test_an_exact_test_against_a_rate_equals_the_clopper_pearson_interval() -> None:
    x, n = np.arange(0, 31), np.full(31, 30)
    inside = [low <= 0.3 <= high for low, high in
              (stats.binomtest(int(k), 30).proportion_ci(method="exact") for k in x)]  # fmt: skip
    assert (tests.one_proportion(x, n, 0.3) >= 0.05).tolist() == inside
    assert np.isnan(tests.one_proportion([0], [0], [0.5])[0])


@pytest.mark.parametrize("reference", ["best", "before", "target"])
def test_no_leak_is_found_where_there_is_none(reference: Any) -> None:
    rng = np.random.default_rng(99)
    sizes = {"a": [400, 300, 200, 60, 40], "b": [500, 480, 20], "c": [50] * 20}
    alarms = 0
    for _ in range(200):
        now, then = simulated(rng, sizes), simulated(rng, sizes)
        part = measured(now, TWO, Slice(), reference, then, [StepTarget(0.5)])
        part = part.with_columns(pipeline=pl.lit(None, pl.String))
        alarms += "leak" in finished([part], {}, (), set(), by_stage=True).frame["state"]
    assert alarms / 200 <= 0.12
