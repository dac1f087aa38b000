"""Periods and the ones they are set against."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from data.errors import HitrateError
from data.slice import Slice
from metrics.periods import against, period_before, year_before
from tests.build import pipeline

AS_OF = date(2025, 12, 31)


def days(first: str, last: str | None) -> Slice:
    return Slice(start=date.fromisoformat(first), end=None if last is None else date.fromisoformat(last))


@pytest.mark.parametrize(("now", "before", "year"), [
    (("2025-03-01", "2025-03-31"), ("2025-02-01", "2025-02-28"), ("2024-03-01", "2024-03-31")),
    (("2025-01-01", "2025-03-31"), ("2024-10-01", "2024-12-31"), ("2024-01-01", "2024-03-31")),
    (("2025-01-01", "2025-12-31"), ("2024-01-01", "2024-12-31"), ("2024-01-01", "2024-12-31")),
    (("2025-03-10", "2025-03-16"), ("2025-03-03", "2025-03-09"), ("2024-03-10", "2024-03-16")),
    (("2025-02-01", "2025-02-28"), ("2025-01-01", "2025-01-31"), ("2024-02-01", "2024-02-29")),
    (("2024-02-29", "2024-02-29"), ("2024-02-28", "2024-02-28"), ("2023-02-28", "2023-02-28")),
    (("2025-10-01", None), ("2025-07-01", "2025-09-30"), ("2024-10-01", "2024-12-31"))])  # fmt: skip
def test_the_period_before_and_the_year_before(now: tuple, before: tuple, year: tuple) -> None:  # type: ignore[type-arg]
    assert period_before(days(*now), AS_OF) == days(*before)
    assert year_before(days(*now), AS_OF) == days(*year)


def test_without_a_first_day_there_is_no_period_before() -> None:
    with pytest.raises(HitrateError, match="first day"):
        period_before(Slice(end=AS_OF), AS_OF)


ROWS = [{"status": s, "source": source, "closed": f"2025-{month:02d}-10"} for source, month, won, lost in (
    ("Web", 3, 50, 50), ("Web", 4, 75, 25), ("Fair", 3, 5, 5), ("New", 4, 1, 0))
    for s in ["won"] * won + ["lost"] * lost]  # fmt: skip


def test_each_group_beside_itself_a_month_before(tmp_path: Path) -> None:
    april = days("2025-04-01", "2025-04-30").with_(basis="closed", by=("source",))
    made = against(pipeline(ROWS, tmp_path), april, period_before(april, AS_OF))
    web = made.row(0, named=True)
    assert (web["source"], web["rate"], web["before_rate"], web["changed"]) == ("Web", 0.75, 0.5, True)
    assert (web["difference_low"], web["difference_high"]) == pytest.approx(
        confint_proportions_2indep(75, 100, 50, 100, method="newcomb"))  # fmt: skip
    assert made.select("source", "deals", "before_denominator", "difference").rows()[1:] == [
        ("New", 1, None, None), ("Fair", 0, 10, None)]  # fmt: skip


def test_without_groups_and_by_value(tmp_path: Path) -> None:
    april = days("2025-04-01", "2025-04-30").with_(basis="closed")
    deals = pipeline(ROWS, tmp_path)
    assert against(deals, april, period_before(april, AS_OF))["before_rate"].item() == 0.5
    made = against(deals, april, period_before(april, AS_OF), "value").row(0, named=True)
    assert (made["difference"], made["p"], made["changed"]) == (pytest.approx(76 / 101 - 0.5), None, False)
