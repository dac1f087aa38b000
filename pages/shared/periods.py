"""Periods by name, counted from the day the data speak of, never from today."""

from __future__ import annotations

from datetime import date, timedelta

from data.errors import N_

ALL, CUSTOM = "all", "custom"
PERIODS: dict[str, str] = {
    ALL: N_("All time"),
    "12months": N_("Last 12 months"),
    "year": N_("This fiscal year"),
    "lastyear": N_("Last fiscal year"),
    "quarter": N_("This quarter"),
    "lastquarter": N_("Last quarter"),
    "month": N_("This month"),
    CUSTOM: N_("Own dates"),
}


def _months(day: date, months: int) -> date:
    """Return the first day of the month that lies `months` after that of `day`."""
    total = day.year * 12 + day.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


def bounds(name: str, as_of: date, fiscal_month: int = 1) -> tuple[date | None, date | None]:
    """Return the first and last day of a named period, both included; None is open-ended."""
    year = _months(as_of, -((as_of.month - fiscal_month) % 12))
    quarter = _months(as_of, -((as_of.month - fiscal_month) % 3))
    start, end = {
        "12months": (_months(as_of, -11), None),
        "year": (year, None),
        "lastyear": (_months(year, -12), year),
        "quarter": (quarter, None),
        "lastquarter": (_months(quarter, -3), quarter),
        "month": (as_of.replace(day=1), None),
    }.get(name, (None, None))
    if start is None:
        return None, None
    return start, (end - timedelta(days=1) if end else as_of)
