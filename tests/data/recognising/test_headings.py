"""Headers that are periods, in the ways people write them; others that only look so."""

from __future__ import annotations

import pytest

from data.recognising.headings import alike, heading, headings


@pytest.mark.parametrize(
    ("header", "period", "number", "year"),
    [
        ("Jan 2026", "month", 1, 2026),
        ("2026-02", "month", 2, 2026),
        ("03/2026", "month", 3, 2026),
        ("mrt-26", "month", 3, 2026),
        ("Maj '26", "month", 5, 2026),
        ("Dezember 2026", "month", 12, 2026),
        ("2026-04-01 00:00:00", "month", 4, 2026),
        ("Februari", "month", 2, None),
        ("Q1 2026", "quarter", 1, 2026),
        ("2026-Q4", "quarter", 4, 2026),
        ("K2 2026", "quarter", 2, 2026),
        ("3. kvartal 2026", "quarter", 3, 2026),
        ("1e kwartaal 2026", "quarter", 1, 2026),
        ("Q3", "quarter", 3, None),
        ("Doel mei 2026", "month", 5, 2026),
        ("Jan 2026 (€)", "month", 1, 2026),
    ],
)
def test_a_period_is_read_as_people_write_it(header: str, period: str, number: int, year: int | None) -> None:
    found = heading(header)
    assert found is not None
    assert (found.period, found.number, found.year) == (period, number, year)


@pytest.mark.parametrize(
    "header", ["2026", "Q5 2026", "T1", "Market 26", "KW 12 2026", "Jan 2026 Actual", "Total", "13/2026", ""]
)
def test_other_headers_are_no_period(header: str) -> None:
    assert heading(header) is None


def test_days_are_months_where_they_all_are_the_first_of_one() -> None:
    assert [one.number for one in headings(["01-01-2026", "01-02-2026", "01-03-2026"]).values()] == [1, 2, 3]
    assert [one.number for one in headings(["1/1/2026", "2/1/2026", "3/1/2026"]).values()] == [1, 2, 3]
    assert headings(["05-01-2026", "12-01-2026", "19-01-2026"]) == {}


def test_quarters_among_months_and_actuals_beside_targets_are_not_of_the_kind() -> None:
    names = ["Jan 2026", "Feb 2026", "Mar 2026", "Q1 2026"]
    assert list(alike(headings(names))) == [0, 1, 2]
    paired = ["Jan 2026", "Jan 2026 target", "Feb 2026", "Feb 2026 target"]
    assert list(alike(headings(paired))) == [1, 3]


def test_a_period_twice_decides_nothing() -> None:
    assert alike(headings(["Jan 2026", "Feb 2026", "Mar 2026", "2026-03"])) == {}
