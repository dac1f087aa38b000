"""Named periods are counted from the day of the data, both ends included."""

from __future__ import annotations

from datetime import date

import pytest

from pages.shared.periods import bounds

AS_OF = date(2025, 11, 21)


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("all", None, None),
        ("12months", date(2024, 12, 1), AS_OF),
        ("year", date(2025, 1, 1), AS_OF),
        ("lastyear", date(2024, 1, 1), date(2024, 12, 31)),
        ("quarter", date(2025, 10, 1), AS_OF),
        ("lastquarter", date(2025, 7, 1), date(2025, 9, 30)),
        ("month", date(2025, 11, 1), AS_OF),
    ],
)
def test_periods_of_a_calendar_year(name: str, start: date | None, end: date | None) -> None:
    assert bounds(name, AS_OF) == (start, end)


def test_a_fiscal_year_from_april() -> None:
    assert bounds("year", date(2025, 2, 3), fiscal_month=4)[0] == date(2024, 4, 1)
    assert bounds("quarter", date(2025, 2, 3), fiscal_month=4)[0] == date(2025, 1, 1)
    assert bounds("lastyear", date(2025, 2, 3), fiscal_month=4) == (date(2023, 4, 1), date(2024, 3, 31))
