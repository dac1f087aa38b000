"""The figures of the first screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.slice import Slice
from metrics.overview import overview, velocity
from tests.build import pipeline

ROWS = [
    {"status": "won", "amount": 1000.0, "created": "2025-01-01", "closed": "2025-01-11"},   # 10 days
    {"status": "won", "amount": 3000.0, "created": "2025-01-01", "closed": "2025-01-21"},   # 20 days
    {"status": "won", "amount": None, "created": "2025-01-01", "closed": "2025-02-10"},     # 40 days
    {"status": "lost", "created": "2025-01-01", "closed": "2025-01-06"},                    # 5 days
    {"status": "open", "created": "2025-12-01"},
    {"status": "open", "created": "2025-12-01"},
]  # fmt: skip


def test_six_deals_by_eye(tmp_path: Path) -> None:
    made = overview(pipeline(ROWS, tmp_path), Slice(basis="closed"))
    assert (made.rate["rate"], made.rate["average_deal"]) == (0.75, 2000.0)
    assert (made.cycle_days, made.opportunities) == (20, 2)
    assert made.velocity == pytest.approx(2 * 0.75 * 2000 / 20)  # EUR 150 a day


def test_open_deals_are_censored_not_left_out_of_the_time_to_a_decision(tmp_path: Path) -> None:
    # 6 deals; decided on days 5, 10, 20, 40, the open ones seen for 30: S = 5/6, 4/6, 3/6 on day 20.
    assert overview(pipeline(ROWS, tmp_path), Slice()).decision_days == 20


def test_velocity_is_not_available_without_each_factor() -> None:
    assert velocity(4, None, 10.0, 5) is None
    assert velocity(4, 0.5, None, 5) is None
    assert velocity(4, 0.5, 10.0, None) is None
    assert velocity(4, 0.5, 10.0, 0) is None


def test_without_dates_there_is_no_cycle(tmp_path: Path) -> None:
    made = overview(pipeline([{"status": "won", "created": None, "closed": None}], tmp_path), Slice())
    assert (made.cycle_days, made.velocity) == (None, None)
