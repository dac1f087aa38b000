"""Stale open deals: the limit, who is over it, and rates that count them as lost."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from data.cells import count, deals
from data.pipeline import Pipeline
from data.slice import Slice
from metrics.hit_rate import rates
from metrics.stale import limits, rates_stale_lost, stale, stale_slice
from tests.build import pipeline

# 40 won deals stood 1 .. 40 days in Lead: 38 of them (95 %) had left it after 38 days.
WON = [
    {
        "entries": [
            (1, "2025-01-01"),
            (2, (date(2025, 1, 1) + timedelta(days=d)).isoformat()),
            ("won", "2025-03-01"),
        ]
    }
    for d in range(1, 41)
]
OPEN = [
    {"entries": [(1, day)], "owner": "Bo"} for day in ("2025-12-30", "2025-11-24", "2025-11-23", "2025-11-22")
]


@pytest.fixture
def made(tmp_path: Path) -> Pipeline:
    return pipeline([*WON, *OPEN], tmp_path, stage_source="history")


def aged_rows(open_since: list[str | None], won: int = 40) -> list[dict[str, Any]]:
    """Return deals without stage dates: won after 1 .. n days, and open ones."""
    first = 1_735_689_600
    closed = [{"status": "won", "created": first, "closed": first + 86_400 * d} for d in range(1, won + 1)]
    return [*closed, *({"status": "open", "created": day} for day in open_since)]


def test_the_limit_is_the_day_by_which_95_percent_of_the_won_had_left(made: Pipeline) -> None:
    assert limits(made).row(0) == (1, 40, 38)


def test_open_deals_over_the_limit_are_stale_and_listed(made: Pipeline) -> None:
    # As of 31 December: open for 1, 37, 38 and 39 days; only the last is over 38.
    row = stale(made, Slice()).row(0, named=True)
    assert (row["stage"], row["open"], row["stale"], row["unknown"], row["amount"]) == ("Lead", 4, 1, 0, 1000)
    over = stale_slice(made, Slice())
    assert count(made, over) == 1
    assert deals(made, over)["deal_id"].to_list() == ["D44"]


def test_without_stage_dates_the_whole_age_counts(tmp_path: Path) -> None:
    made = pipeline(aged_rows(["2025-11-23", "2025-11-22", None]), tmp_path)
    assert limits(made).row(0) == (0, 40, 38)
    row = stale(made, Slice(basis="closed", start=date(2025, 1, 1))).row(0, named=True)
    assert (row["stage"], row["open"], row["stale"], row["unknown"]) == (None, 3, 1, 1)


def test_a_limit_from_under_20_won_deals_is_none(tmp_path: Path) -> None:
    made = pipeline(aged_rows(["2020-01-01"], won=19), tmp_path)
    assert limits(made).row(0) == (0, 19, None)
    assert count(made, stale_slice(made, Slice())) == 0
    assert stale(made, Slice())["stale"].to_list() == [0]


def test_nothing_won_and_nothing_at_all(tmp_path: Path) -> None:
    made = pipeline([{"status": "open"}], tmp_path)
    assert limits(made).is_empty()
    assert stale(made, Slice())["stale"].sum() == 0
    assert rates_stale_lost(made, Slice())["lost"].item() == 0


def test_the_limit_is_the_same_whatever_the_filter(made: Pipeline) -> None:
    only_bo = stale_slice(made, Slice(where=(("owner", ("Bo",)),)))
    assert only_bo.stale == stale_slice(made, Slice()).stale


@pytest.mark.parametrize(("name", "rate"), [("decided", 40 / 41), ("created", 40 / 44), ("leads", 40 / 44)])
def test_stale_deals_count_as_lost_under_every_definition(made: Pipeline, name: str, rate: float) -> None:
    row = rates_stale_lost(made, Slice(), name).row(0, named=True)
    assert (row["deals"], row["won"], row["lost"], row["open"]) == (44, 40, 1, 3)
    assert row["rate"] == pytest.approx(rate)


def test_by_closing_date_a_deal_is_lost_on_the_day_it_went_stale(made: Pipeline) -> None:
    # In Lead since 22 November: 38 days were full on 30 December; it went over on the 31st.
    def lost(start: date, end: date) -> int:
        return int(rates_stale_lost(made, Slice(basis="closed", start=start, end=end))["lost"].item())

    assert lost(date(2025, 12, 31), date(2025, 12, 31)) == 1
    assert lost(date(2025, 1, 1), date(2025, 12, 30)) == 0


def test_the_deals_of_a_breakdown_stay_the_same(made: Pipeline) -> None:
    both = [f(made, Slice(by=("owner",))) for f in (rates, rates_stale_lost)]
    assert both[0].select("owner", "deals").equals(both[1].select("owner", "deals"))
    assert both[1].filter(pl.col("owner") == "Bo")["lost"].item() == 1
