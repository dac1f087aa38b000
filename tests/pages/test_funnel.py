"""The funnel and its leaks: what each stage keeps and loses, under readings that live in the address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from data.meta import Pipeline_, Stage
from tests.build import pipeline
from tests.pages.open_page import clean, open_page

ROWS = [
    *[{"status": "won"}] * 4,
    *[{"status": "lost", "last": 2}] * 3,
    {"status": "lost", "last": 1},
    {"status": "open", "last": 3},
]


def test_the_answer_is_the_stage_that_loses_most(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = clean(open_page(monkeypatch, pipeline(ROWS, tmp_path), "funnel.py"))
    assert "Most deals are lost at **Meeting**: 3 of the 8 decided there." in said


def test_a_click_on_a_part_leads_to_its_deals(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = open_page(monkeypatch, pipeline(ROWS, tmp_path), "funnel.py")
    app.session_state["stages"] = {"selection": {"pick": [{"stage_no": 2, "part": "lost"}]}}
    app.run()
    app.button(key="deals_stage").click().run()
    assert "**3 deals** lost at **Meeting**: lost €3,000." in clean(app)


BACK = [
    {"entries": [(1, "2025-01-01"), (2, "2025-01-05"), (1, "2025-01-09")]},
    {"entries": [(1, "2025-01-01"), (3, "2025-01-05"), ("won", "2025-01-09")]},
]


@pytest.mark.parametrize(("back", "moved"), [("stands", 1), ("cancels", 1)])
def test_readings_come_from_the_address(
    back: str, moved: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = pipeline(BACK, tmp_path, stage_source="history")
    app = open_page(monkeypatch, found, "funnel.py", back=back, skipped="not")
    assert app.session_state["choose_back"] == back
    assert app.session_state["choose_skipped"] == "not"
    assert clean(app)


def test_without_stages_it_says_what_to_upload_and_still_finds_leaks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = [{"status": "won" if n % 2 else "lost"} for n in range(200)] + [
        {"status": "won" if n % 10 == 0 else "lost", "source": "Fair"} for n in range(100)
    ]
    said = clean(open_page(monkeypatch, pipeline(rows, tmp_path, stage_source="none"), "funnel.py"))
    assert "Upload the stage history" in said
    assert "**Fair** (source) loses 40 more of 100 decided deals" in said


def test_deals_without_a_stage_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = [*ROWS, {"status": "lost", "visited": [], "last": 0, "furthest": 0}]
    app = open_page(monkeypatch, pipeline(rows, tmp_path), "funnel.py")
    assert "1 deal has no stage recorded" in clean(app)
    app.button(key="unplaced").click().run()
    assert "**1 deal** with no stage recorded" in clean(app)


def test_pipelines_with_different_stages_are_shown_one_at_a_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    steps = tuple(Stage(number=k, label=label) for k, label in enumerate(("Lead", "Meeting", "Offer"), 1))
    runs = (Pipeline_(name="Sales", stages=steps), Pipeline_(name="Renewals", stages=steps[:2]))
    rows = [*ROWS, {"status": "won", "pipeline": "Renewals"}]
    app = open_page(monkeypatch, pipeline(rows, tmp_path, pipelines=runs), "funnel.py")
    assert "3 of the 8 decided there" in clean(app)
    app = open_page(monkeypatch, pipeline(rows, tmp_path, pipelines=runs), "funnel.py", pipeline="Renewals")
    assert "1 deal entered the funnel and it was not lost." in clean(app)


def test_the_number_of_comparisons_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = [{**d, "source": s} for d in ROWS * 4 for s in ("Web", "Fair")]
    assert "6 comparisons were made (columns: 1)" in clean(
        open_page(monkeypatch, pipeline(rows, tmp_path), "funnel.py")
    )


THIN: dict[str, list[dict[str, Any]]] = {
    "one deal": [{"status": "won"}],
    "all open": [{"status": "open"}] * 4,
    "all won": [{"status": "won"}] * 9,
    "no amounts": [{**d, "amount": None} for d in ROWS],
    "no dates": [{**d, "created": None, "closed": None} for d in ROWS],
    "nothing but lost": [{"status": "lost", "last": 1}] * 3,
    "two currencies": [*ROWS, {**ROWS[0], "currency": "DKK"}],
}


@pytest.mark.parametrize("name", THIN)
def test_thin_data_gets_a_sentence(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert clean(open_page(monkeypatch, pipeline(THIN[name], tmp_path), "funnel.py"))


def test_a_filter_that_leaves_nothing_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    query = {"period": "custom", "from": "2001-01-01", "to": "2001-01-02"}
    said = clean(open_page(monkeypatch, pipeline(ROWS, tmp_path), "funnel.py", **query))
    assert "No deal entered a stage within these filters." in said


def funnel_of(source: str, year: int, at_two: int) -> list[dict[str, Any]]:
    ends = (("lost", 1, 120), ("lost", 2, at_two), ("won", 3, 180 - at_two))
    own = {"source": source, "created": f"{year}-03-01", "closed": f"{year}-06-01"}
    return [{**own, "status": status, "last": last} for status, last, n in ends for _ in range(n)]


TWO = [*funnel_of("Web", 2024, 90), *funnel_of("Fair", 2025, 30)]


def test_two_groups_side_by_side(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = open_page(monkeypatch, pipeline(TWO, tmp_path), "funnel.py", a="Web", b="Fair")
    said = "**Meeting**: Fair 83.3% go on, Web 50.0%; 33 points apart (95 % interval 24 to 42)."
    assert said in clean(app)
    table = app.dataframe[-1].value
    assert table["conversion_a"].tolist() == [60.0, 50.0, 100.0]
    assert table["verdict"].tolist()[:2] == ["no difference shown", "second is better"]


def test_two_periods_side_by_side_lead_to_their_deals(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = open_page(monkeypatch, pipeline(TWO, tmp_path), "funnel.py", sides="periods")
    assert "1 Jan 2025 – 31 Dec 2025 83.3% go on, 1 Jan 2024 – 31 Dec 2024 50.0%" in clean(app)
    app.session_state["side_1"] = {"selection": {"pick": [{"stage_no": 2, "part": "lost"}]}}
    app.run()
    app.button(key="deals_side_1").click().run()
    assert "**90 deals** lost at **Meeting**" in clean(app)


def test_one_group_has_nothing_beside_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = clean(open_page(monkeypatch, pipeline(ROWS, tmp_path), "funnel.py"))
    assert "All these deals have the same source, so there is nothing to compare." in said
