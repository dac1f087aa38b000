"""Targets, bands and benchmarks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from scipy import stats

from data.errors import HitrateError
from data.slice import Slice
from metrics.hit_rate import rates
from metrics.targets import READINGS, Target, against_targets, benchmark, reading
from tests.build import pipeline

# Ann wins 30 of 100, Bo 50 of 100, Cy 2 of 2.
ROWS = [{"owner": o, "status": s} for o, won, lost in (("Ann", 30, 70), ("Bo", 50, 50), ("Cy", 2, 0))
        for s in ["won"] * won + ["lost"] * lost]  # fmt: skip


@pytest.fixture
def frame(tmp_path: Path) -> pl.DataFrame:
    return rates(pipeline(ROWS, tmp_path), Slice(by=("owner",)))


def judged(frame: pl.DataFrame, *target: float) -> dict[str, dict[str, Any]]:
    made = against_targets(frame, "owner", {}, Target(*target))
    return {row["owner"]: row for row in made.to_dicts()}


@pytest.mark.parametrize(("target", "verdicts"), [
    ((0.25,), ["not known", "above", "not known"]), ((0.45,), ["below", "not known", "not known"]),
    ((0.2, 0.45), ["within", "not known", "not known"]),
    ((0.65, 0.8), ["below", "below", "not known"])])  # fmt: skip
def test_the_verdict_is_what_the_interval_leaves_no_doubt_of(
    frame: pl.DataFrame, target: tuple[float, ...], verdicts: list[str]
) -> None:
    made = judged(frame, *target)
    assert [made[o]["verdict"] for o in ("Ann", "Bo", "Cy")] == verdicts


def test_gap_and_wins_short_by_eye(frame: pl.DataFrame) -> None:
    made = judged(frame, 0.45)
    assert (made["Ann"]["gap"], made["Ann"]["wins_short"]) == (pytest.approx(-0.15), 15)
    assert (made["Bo"]["gap"], made["Bo"]["wins_short"]) == (pytest.approx(0.05), 0)


def test_so_many_deals_show_the_gap_four_times_in_five(frame: pl.DataFrame) -> None:
    more = judged(frame, 0.25)["Ann"]["more_deals"]
    n = 100 + more
    power = stats.binom.sf(stats.binom.isf(0.025, n, 0.25), n, 0.30)
    assert power == pytest.approx(0.8, abs=0.03)  # the formula is the normal one, the power here exact
    assert judged(frame, 0.25)["Bo"]["more_deals"] == 0


def test_each_value_has_its_own_target_or_none(frame: pl.DataFrame) -> None:
    made = against_targets(frame, "owner", {"Ann": Target(0.2)})
    assert dict(made.select("owner", "verdict").rows()) == {"Ann": "above", "Bo": None, "Cy": None}
    assert against_targets(frame, None, {}, Target(0.5))["target_low"].to_list() == [0.5] * 3


def test_by_value_there_is_a_gap_but_no_verdict_of_certainty(tmp_path: Path) -> None:
    row = against_targets(rates(pipeline(ROWS, tmp_path), Slice(), "value"), None, {}, Target(0.9)).row(
        0, named=True
    )
    assert row["gap"] < 0
    assert (row["verdict"], row["more_deals"]) == ("not known", None)


def test_the_benchmark_is_the_best_of_those_with_enough_deals(frame: pl.DataFrame) -> None:
    found = benchmark(frame)
    assert found is not None
    assert found["owner"] == "Bo"
    assert benchmark(frame.filter(owner="Cy")) is None


@pytest.mark.parametrize(("rate", "key"), [(0.05, "low"), (0.3, "none"), (0.6, "high"), (None, "none")])
def test_a_rate_nobody_set_a_target_for_has_a_reading(rate: float | None, key: str) -> None:
    assert reading(rate) == key
    assert READINGS[key]


@pytest.mark.parametrize("wrong", [(25,), (-0.1,), (0.5, 0.4), (0.2, 1.1)])
def test_a_target_that_is_no_rate_is_refused(wrong: tuple[float, ...]) -> None:
    with pytest.raises(HitrateError, match="25 %"):
        Target(*wrong)
