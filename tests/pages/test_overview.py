"""The first screen: the hit rate with its doubt, what it brings, where it leaks; and thin sets of deals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.build import pipeline
from tests.pages.open_page import clean, open_page

WON, LOST, OPEN = {"status": "won"}, {"status": "lost"}, {"status": "open"}
MIXED = [*[WON] * 3, *[LOST] * 7, *[OPEN] * 2]
LEAKY = [{"status": "won" if n % 2 else "lost", "source": "Web", "last": 3} for n in range(200)] + [
    {"status": "won" if n % 10 == 0 else "lost", "source": "Fair", "last": 3} for n in range(100)
]


def test_the_answer_is_the_hit_rate_with_its_interval(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = clean(open_page(monkeypatch, pipeline(MIXED, tmp_path), "overview.py"))
    assert "**30%** of the decided deals were won: 3 of 10. 95 % interval 11% – 60%." in said
    assert "too few to conclude" in said


def test_cards_say_what_they_rest_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = open_page(monkeypatch, pipeline(MIXED, tmp_path), "overview.py")
    cards = {m.label: m.value for m in app.metric}
    assert cards["Average won deal"] == "€1,000"
    assert cards["Cycle time"] == "30 days"
    assert cards["Sales velocity"] == "€20"  # 2 open x 30 % x 1 000 / 30 days


def test_a_leak_is_named_priced_and_leads_to_its_deals(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = open_page(monkeypatch, pipeline(LEAKY, tmp_path), "overview.py")
    assert "**Fair** (source) loses 40 more of 100 deals at **Offer**" in clean(app)
    app.button(key="see_leak_0").click().run()
    assert "**90 deals** lost at **Offer**" in clean(app)


def test_rows_read_are_accounted_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = clean(open_page(monkeypatch, pipeline([*MIXED, {"amount": None}], tmp_path), "overview.py"))
    assert "**13 rows read** = 13 kept + 0 rejected" in said
    assert "1 deal has no amount" in said


THIN: dict[str, tuple[list[dict[str, Any]], str]] = {
    "one deal": ([WON], "**100%** of the decided deals were won: 1 of 1."),
    "all open": ([OPEN] * 4, "There is no hit rate here: Nothing to divide by"),
    "all won": ([WON] * 40, "The data hold no lost deals, so the rate would be 100 % whatever happened."),
    "no amounts": ([{**d, "amount": None} for d in MIXED], "The file has no amounts"),
    "no dates": (
        [{**d, "created": None, "closed": None} for d in MIXED],
        "needs deals decided in at least two months",
    ),
    "one source": (MIXED, "comparisons were made"),
    "two currencies": ([*MIXED, {**WON, "currency": "DKK"}], "€3K · DKK"),
    "no stage": ([{**d, "visited": [], "last": 0, "furthest": 0} for d in MIXED], "**30%**"),
}


@pytest.mark.parametrize("name", THIN)
def test_thin_data_gets_a_sentence(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows, sentence = THIN[name]
    assert sentence in clean(open_page(monkeypatch, pipeline(rows, tmp_path), "overview.py"))


def test_false_alarms_are_spoken_of_only_where_a_leak_is_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = clean(open_page(monkeypatch, pipeline(MIXED, tmp_path), "overview.py"))
    assert "comparisons were made (columns: " in said
    assert "of the leaks shown" not in said


def test_a_filter_that_leaves_nothing_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = pipeline(MIXED, tmp_path)
    said = clean(
        open_page(
            monkeypatch, found, "overview.py", period="custom", **{"from": "2001-01-01", "to": "2001-01-02"}
        )
    )
    assert "No deals fit these filters." in said


def test_without_stages_leaks_are_of_the_hit_rate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = pipeline(LEAKY, tmp_path, stage_source="none")
    said = clean(open_page(monkeypatch, found, "overview.py"))
    assert "loses 40 more of 100 decided deals than the others would: 10.0% are won, 50.0% elsewhere" in said
