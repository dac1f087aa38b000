"""Hit rates by month, quarter and year, and which of them will still move."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data.errors import HitrateError
from data.slice import Slice
from metrics.hit_rate import rates
from metrics.over_time import GRAINS, trend
from tests.build import pipeline
from tests.metrics.company import STAGES, company

# Two won and one lost in November 2024; one won in February 2025; one lost in October 2025.
ROWS = [
    {"status": status, "closed": closed, "created": "2024-01-01"}
    for status, closed in (
        ("won", "2024-11-03"), ("won", "2024-11-30"), ("lost", "2024-11-04"), ("won", "2025-02-01"),
        ("lost", "2025-10-31"),
    )
]  # fmt: skip
CLOSED = Slice(basis="closed")
SUMS = [pl.col(c).sum() for c in ("deals", "won", "lost", "numerator", "denominator")]


@pytest.mark.parametrize(
    ("grain", "periods", "decided"),
    [
        ("quarter", ["2024-10-01", "2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01"], [3, 1, 0, 0, 1]),
        ("year", ["2024-01-01", "2025-01-01"], [3, 2]),
    ],
)
def test_quarters_and_years_by_eye(
    grain: str, periods: list[str], decided: list[int], tmp_path: Path
) -> None:
    made = trend(pipeline(ROWS, tmp_path), CLOSED, "decided", grain)
    assert [day.isoformat() for day in made["period"]] == periods
    assert made["denominator"].to_list() == decided
    assert made["reason"].to_list() == [None if n else "empty" for n in decided]


@pytest.mark.parametrize("grain", GRAINS)
def test_periods_add_up_to_the_whole(grain: str, tmp_path: Path) -> None:
    deals = pipeline(company(91), tmp_path, STAGES)
    asked = Slice(by=("owner",), basis="created")
    periods = trend(deals, asked, "cohort", grain).group_by("owner").agg(SUMS).sort("owner")
    assert periods.equals(rates(deals, asked, "cohort").group_by("owner").agg(SUMS).sort("owner"))


@pytest.mark.parametrize(("as_of", "last"), [("2025-10-31", True), ("2025-10-30", False)])
def test_a_month_is_mature_when_it_is_over(as_of: str, last: bool, tmp_path: Path) -> None:
    made = trend(pipeline(ROWS, tmp_path, as_of=date.fromisoformat(as_of)), CLOSED)
    assert made["mature"].to_list() == [True] * 11 + [last]


@pytest.mark.parametrize(("still_open", "mature"), [(1, True), (2, False)])
def test_a_cohort_is_mature_when_nine_in_ten_are_decided(
    still_open: int, mature: bool, tmp_path: Path
) -> None:
    rows = [{"status": "won" if n >= still_open else "open", "created": "2025-01-05"} for n in range(10)]
    assert trend(pipeline(rows, tmp_path), Slice(), "cohort")["mature"].to_list() == [mature]


def test_an_unknown_grain_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(HitrateError):
        trend(pipeline(ROWS, tmp_path), CLOSED, None, "week")
