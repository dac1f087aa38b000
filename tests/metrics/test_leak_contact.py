"""A leak of deals that nobody called is one of follow-up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from data.slice import Slice
from metrics.leak_contact import uncontacted
from metrics.leaks import leak_report
from tests.build import pipeline

STAGES = ("Lead", "Offer")


def group(source: str, won: int, lost: int, called: int) -> list[dict[str, Any]]:
    """Return deals of a source; of the lost ones, so many were contacted."""
    gone = [
        {"status": "lost", "last": 1, "first_contact": "2025-01-02" if n < called else None}
        for n in range(lost)
    ]
    return [
        {"source": source, **row}
        for row in [*[{"status": "won", "first_contact": "2025-01-02"}] * won, *gone]
    ]


@pytest.mark.parametrize(("called", "told"), [(20, [(100, 80, 0.8)]), (50, [(100, 50, 0.5)]), (51, [])])
def test_half_of_the_lost_deals_without_contact_by_eye(
    called: int, told: list[tuple[int, int, float]], tmp_path: Path
) -> None:
    found = pipeline([*group("Web", 100, 40, 40), *group("Fair", 60, 100, called)], tmp_path, STAGES)
    made = uncontacted(found, Slice(), leak_report(found, fields=["source"]).frame)
    assert made.select("lost", "no_contact", "share").rows() == told


def test_without_contact_dates_nothing_is_said(tmp_path: Path) -> None:
    rows = [row | {"first_contact": None} for row in [*group("Web", 100, 40, 0), *group("Fair", 60, 100, 0)]]
    found = pipeline(rows, tmp_path, STAGES)
    made = uncontacted(found, Slice(), leak_report(found, fields=["source"]).frame)
    assert (made.height, "share" in made.columns) == (0, True)


def test_where_stages_are_not_known_all_lost_deals_count(tmp_path: Path) -> None:
    rows = [*group("Web", 100, 40, 40), *group("Fair", 60, 100, 10)]
    found = pipeline(rows, tmp_path, STAGES, stage_source="none")
    made = uncontacted(found, Slice(), leak_report(found, fields=["source"]).frame)
    assert made.select("value", "lost", "no_contact").rows() == [("Fair", 100, 90)]
