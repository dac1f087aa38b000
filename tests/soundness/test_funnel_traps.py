"""Traps in funnels: each test is named after the wrong number it keeps out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from data.errors import HitrateError
from metrics import funnel
from metrics.funnel import unplaced
from tests.build import pipeline

EXITS = ("advanced", "lost", "disqualified", "moved_back", "still_there")


def line(rows: list[dict[str, Any]], tmp_path: Path, stage: int, **reading: Any) -> dict[str, Any]:
    return funnel(pipeline(rows, tmp_path, stage_source="history"), **reading).row(stage - 1, named=True)


def test_skipped_stage_leaks_the_deal(tmp_path: Path) -> None:
    # From Lead straight to Offer: it passed Meeting, it was not lost there.
    rows = [{"status": "open", "visited": [1, 3]}]
    assert [line(rows, tmp_path, 2)[c] for c in ("entered", "advanced")] == [1, 1]
    assert line(rows, tmp_path, 2, skipped="not")["entered"] == 0


def test_open_deals_counted_as_not_converted(tmp_path: Path) -> None:
    rows = [{"status": "open", "last": 1}] * 8 + [
        {"status": "open", "last": 2},
        {"status": "lost", "last": 1},
    ]
    assert line(rows, tmp_path, 1)["conversion"] == 1 / 2


def test_disqualified_counted_as_lost_at_the_stage(tmp_path: Path) -> None:
    rows = [{"status": "disqualified", "last": 1}] * 5 + [{"status": "won"}, {"status": "lost", "last": 1}]
    assert line(rows, tmp_path, 1)["conversion"] == 1 / 2


def test_moved_back_deal_lost_at_two_stages(tmp_path: Path) -> None:
    rows = [{"status": "lost", "visited": [1, 2, 3], "last": 1}]
    for back in ("stands", "cancels"):
        made = funnel(pipeline(rows, tmp_path), back=back)  # type: ignore[arg-type]
        assert made["lost"].to_list() == [1, 0, 0]


def test_reopened_deal_lost_and_won(tmp_path: Path) -> None:
    story = [
        (1, "2025-01-01"),
        (2, "2025-01-05"),
        ("lost", "2025-02-01"),
        (2, "2025-03-01"),
        ("won", "2025-03-09"),
    ]
    made = funnel(pipeline([{"entries": story, "reopened": True}], tmp_path, stage_source="history"))
    assert made.select("entered", "advanced", "lost").rows() == [(1, 1, 0)] * 3


def test_lost_in_the_closing_stage_drawn_as_a_leak(tmp_path: Path) -> None:
    with pytest.raises(HitrateError, match="closing stage"):
        funnel(pipeline([{"status": "lost", "visited": [], "last": 0}], tmp_path, stage_source="none"))


def test_deal_without_a_stage_dropped_in_silence(tmp_path: Path) -> None:
    rows = [{"status": "lost", "visited": [], "last": 0}] * 2 + [{"status": "lost", "last": 1}]
    deals = pipeline(rows, tmp_path)
    assert funnel(deals)["lost"].to_list() == [1, 0, 0]
    assert unplaced(deals).rows() == [("lost", 2, 2000.0)]


def test_won_deal_without_stages_not_through_the_funnel(tmp_path: Path) -> None:
    rows = [{"status": "won", "visited": [], "last": 0}]
    assert line(rows, tmp_path, 3)["advanced"] == 1


def test_median_of_those_who_left_only(tmp_path: Path) -> None:
    # 3 deals left Lead after 2 days; 7 have been there for 30: half have not left, so no median.
    rows = [{"entries": [(1, "2025-12-01"), (2, "2025-12-03")]}] * 3 + [{"entries": [(1, "2025-12-01")]}] * 7
    assert line(rows, tmp_path, 1)["median_days"] is None


def test_currencies_added_up_in_a_funnel(tmp_path: Path) -> None:
    rows = [{"status": "lost", "last": 1}, {"status": "lost", "last": 1, "currency": "DKK"}]
    row = line(rows, tmp_path, 1)
    assert (row["amount"], row["lost_amount"], row["currency"]) == (None, None, None)


def test_the_parts_do_not_add_up(tmp_path: Path) -> None:
    rows = [
        {"status": s, "visited": [1, 2, 3], "last": n} for s in ("open", "lost", "won") for n in (1, 2, 3)
    ]
    for stage in (1, 2, 3):
        row = line(rows, tmp_path, stage)
        assert row["entered"] == sum(row[c] for c in EXITS) == 9


def test_a_header_called_stage(tmp_path: Path) -> None:
    made = funnel(pipeline([{"status": "won", "lost": "no"}], tmp_path), by="lost")
    assert made.select("lost (2)", "lost").rows() == [("no", 0)] * 3
