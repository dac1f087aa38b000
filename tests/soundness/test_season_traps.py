"""Traps in the season: each test is named after the wrong number it keeps out."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from data.slice import Slice
from metrics.season import season
from tests.build import pipeline


def test_the_half_month_in_which_the_data_begin_called_a_quiet_month(tmp_path: Path) -> None:
    # One lead a day from 16 June 2023 to 10 July 2025: 15 of the 30 days of the first June, 10 of the 31
    # days of the last July. June and July are months like any other.
    days = [
        date(2023, 6, 16) + timedelta(days=k) for k in range((date(2025, 7, 10) - date(2023, 6, 16)).days + 1)
    ]
    made = season(pipeline([{"created": day} for day in days], tmp_path, as_of=date(2025, 7, 10)), Slice())
    june, july = made.filter(month=6).row(0, named=True), made.filter(month=7).row(0, named=True)
    assert (june["years"], june["deals"]) == (2, 60)  # of 2024 and 2025, not 75 of three years
    assert (july["years"], july["deals"]) == (2, 62)  # of 2023 and 2024
    assert 0.95 < june["inflow_index"] < 1.02
    assert not made["inflow_different"].any()
