"""Cells of a few deals that one can add up by eye."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from data import cells
from data.pipeline import Pipeline
from data.slice import Slice
from tests.build import pipeline

AS_OF = date(2025, 3, 1)


@pytest.fixture
def five(tmp_path: Path) -> Pipeline:
    """Web: won, lost from Meeting, fell back to Lead. Fair: open without an amount, lost from nowhere."""
    return pipeline(
        [
            {
                "status": "won",
                "amount": 100.0,
                "first_contact": "2025-01-02",
                "entries": [(1, "2025-01-01"), (2, "2025-01-11"), (3, "2025-01-16"), ("won", "2025-01-31")],
            },
            {"amount": 50.25, "entries": [(1, "2025-01-01"), (2, "2025-01-05"), ("lost", "2025-01-08")]},
            {"amount": 10.0, "entries": [(1, "2025-02-01"), (2, "2025-02-03"), (1, "2025-02-10")]},
            {"amount": None, "source": "Fair", "currency": None, "entries": [(2, "2025-02-26 12:00")]},
            {
                "status": "lost",
                "source": "Fair",
                "visited": [],
                "last": 0,
                "created": "2025-02-01",
                "closed": None,
            },
        ],
        tmp_path,
    )


def test_outcomes_by_source(five: Pipeline) -> None:
    frame = cells.outcomes(five, Slice(by=("source",)), opportunity_stage=2, meeting_stage=3)
    assert frame.rows() == [
        ("Fair", "lost", "EUR", 1, 100_000, 1, 0, 0, 0),
        ("Fair", "open", None, 1, 0, 0, 0, 1, 0),
        ("Web", "lost", "EUR", 1, 5_025, 1, 0, 1, 0),
        ("Web", "open", "EUR", 1, 1_000, 1, 0, 1, 0),
        ("Web", "won", "EUR", 1, 10_000, 1, 1, 1, 1),
    ]


def test_outcomes_by_closing_month_keep_the_undated_apart(five: Pipeline) -> None:
    frame = cells.outcomes(five, Slice(basis="closed", grain="month")).select("period", "status", "deals")
    january = date(2025, 1, 1)
    assert frame.rows() == [
        (january, "lost", 1),
        (january, "won", 1),
        (None, "lost", 1),
        (None, "open", 1),
        (None, "open", 1),
    ]


def test_flow_of_web(five: Pipeline) -> None:
    frame = cells.flow(five, Slice(where=(("source", ("Web",)),)))
    assert frame.rows() == [
        (0b011, 2, 1, "open", "EUR", 1, 1_000, 1),
        (0b011, 2, 2, "lost", "EUR", 1, 5_025, 1),
        (0b111, 3, 3, "won", "EUR", 1, 10_000, 1),
    ]


def test_ages_run_to_closing_or_to_the_end_of_the_as_of_day(five: Pipeline) -> None:
    assert cells.ages(five, Slice(), AS_OF).rows() == [
        (3, "open", 1),
        (7, "lost", 1),
        (28, "open", 1),
        (30, "won", 1),
        (None, "lost", 1),
    ]


def test_stage_ages_add_visits_and_mark_who_is_still_there(five: Pipeline) -> None:
    frame = cells.stage_ages(five, Slice(), AS_OF)
    assert frame.rows() == [
        (1, 4, 1, 1),
        (1, 10, 1, 1),
        (1, 2 + 19, 0, 1),
        (2, 3, 0, 1),
        (2, 3, 1, 1),
        (2, 5, 1, 1),
        (2, 7, 1, 1),
        (3, 15, 1, 1),
    ]


def test_stage_ages_without_history_are_empty_with_their_columns(tmp_path: Path) -> None:
    frame = cells.stage_ages(pipeline([{}], tmp_path), Slice(by=("source",)), AS_OF)
    assert frame.schema == {
        "source": pl.String,
        "stage_no": pl.Int64,
        "days": pl.Int64,
        "ended": pl.Int64,
        "deals": pl.Int64,
    }
    assert frame.height == 0


def test_the_list_shows_units_a_person_reads(five: Pipeline) -> None:
    frame = cells.deals(five, Slice(by=("status",), status=("won",)))
    assert frame.row(0, named=True) == {
        "deal_id": "D1",
        "deal_name": "Deal 1",
        "owner": "Ann",
        "source": "Web",
        "account": None,
        "stage": "Won",
        "status": "won",
        "created": datetime(2025, 1, 1),
        "closed": datetime(2025, 1, 31),
        "amount": 100.0,
        "currency": "EUR",
        "file": "deals.csv",
        "row": 2,
    }


@pytest.mark.parametrize(
    ("order", "descending", "expected"),
    [
        ("amount", True, "D5 D1 D2 D3 D4"),
        ("amount", False, "D3 D2 D1 D5 D4"),
        ("closed", True, "D1 D2 D3 D4 D5"),
        ("source", False, "D4 D5 D1 D2 D3"),
        ("account", True, "D1 D2 D3 D4 D5"),
    ],
)
def test_the_list_is_ordered_blanks_last_and_ties_as_imported(
    five: Pipeline, order: str, descending: bool, expected: str
) -> None:
    frame = cells.deals(five, order=order, descending=descending)
    assert frame["deal_id"].to_list() == expected.split()


def test_pages_follow_one_another(five: Pipeline) -> None:
    pages = [cells.deals(five, Slice(), offset, 2, "amount")["deal_id"].to_list() for offset in (0, 2, 4, 6)]
    assert pages == [["D5", "D1"], ["D2", "D3"], ["D4"], []]


def test_the_unplaced_are_counted_apart(five: Pipeline) -> None:
    assert cells.count(five, Slice(exit="no_stage")) == 1
    assert cells.count(five, Slice(exit="no_stage", skipped="not")) == 1


@pytest.mark.parametrize(
    ("stage", "exit", "skipped", "back", "deals"),
    [
        (1, "entered", "passed", "stands", 4),
        (1, "entered", "not", "stands", 3),
        (2, "moved_back", "passed", "stands", 1),
        (2, "lost", "passed", "stands", 1),
        (1, "still_there", "passed", "stands", 1),
        (2, "still_there", "not", "cancels", 1),
        (3, "advanced", "passed", "stands", 1),
        (3, "lost", "passed", "stands", 0),
    ],
)
def test_a_bar_of_the_funnel(
    five: Pipeline, stage: int, exit: str, skipped: str, back: str, deals: int
) -> None:
    assert cells.count(five, Slice(stage=stage, exit=exit).with_(skipped=skipped, back=back)) == deals
