"""Months above the columns of a plan are names; in a row of data they are data."""

from __future__ import annotations

import pytest

from data.reading.header import find_header

PLAN = ["Ann", "1000", "2000", "3000"]


@pytest.mark.parametrize(
    "months",
    [
        ["2026-01-01", "2026-02-01", "2026-03-01"],
        ["2026-01-01 00:00:00", "2026-02-01 00:00:00", "2026-03-01 00:00:00"],
        ["202511", "202512", "202601"],
        ["01-01-2026", "01-02-2026", "01-03-2026"],
        ["2026-01", "2026-04", "2026-07"],
    ],
)
def test_months_in_order_are_a_header(months: list[str]) -> None:
    assert find_header([["Owner", *months], PLAN, PLAN]) == 0
    assert find_header([["Quota 2026"], ["Owner", *months], PLAN]) == 1


@pytest.mark.parametrize(
    "row",
    [
        ["Deal 1", "2026-01-01", "2026-02-01"],  # two dates
        ["Deal 1", "2026-03-01", "2026-02-01", "2026-04-01"],  # in no order
        ["Deal 1", "2026-01-01", "2026-02-01", "2026-02-15"],  # days
        ["17", "2026-01-01", "2026-02-01", "2026-03-01"],  # no name before them
    ],
)
def test_dates_of_a_deal_are_not(row: list[str]) -> None:
    assert find_header([row, ["Deal 2", *row[1:]]]) is None


def test_where_the_row_below_has_months_too_they_are_data() -> None:
    row = ["Deal 1", "2026-01-01", "2026-02-01", "2026-03-01"]
    assert find_header([row, ["Deal 2", "2026-04-01", "2026-05-01", "2026-06-01"]]) is None
