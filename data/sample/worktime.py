"""Working time: a running number of working days, and the clock time it stands for.

Stage lengths are drawn in working days, so that nothing happens at night or in the weekend and no
order of events is ever turned round: `clock` rises strictly with its argument (minutes apart).
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DAY = 86_400
MONDAY = (date(2024, 9, 30) - date(1970, 1, 1)).days
OPENS, LONG = 8.5 * 3600, 9 * 3600


def clock(working: Floats) -> Ints:
    """Return epoch seconds (whole minutes) of working-day numbers; 0.0 is Monday 30-09-2024 08:30."""
    day = np.floor(working).astype(np.int64)
    seconds = (MONDAY + day // 5 * 7 + day % 5) * DAY + OPENS + (working - day) * LONG
    return (seconds // 60 * 60).astype(np.int64)


def working_day(day: date) -> int:
    """Return the number of the first working day on or after `day`."""
    since = (day - date(1970, 1, 1)).days - MONDAY
    week, weekday = divmod(since, 7)
    return week * 5 + min(weekday, 5)


def month_of(working: Floats) -> Ints:
    """Return the month of the year, 0 = January."""
    days = (clock(working) // DAY).astype("datetime64[D]")
    return days.astype("datetime64[M]").astype(np.int64) % 12


def epoch(day: date) -> int:
    """Return the epoch second at which `day` begins."""
    return (day - date(1970, 1, 1)).days * DAY


def end_of(day: date) -> int:
    """Return the last epoch second of `day`."""
    return epoch(day) + DAY - 1


def month_ends(last: date, count: int) -> list[date]:
    """Return `count` month ends, the last one being the month of `last`."""
    months = np.datetime64(last, "M") - np.arange(count)[::-1] + 1
    return [d.astype(object) for d in months.astype("datetime64[D]") - 1]
