"""Hit rates by group, over time and crossed: never a bare rate, a sentence where nothing can be ranked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from data import Slice
from metrics.comparison import compare
from metrics.hit_rate import rates
from pages.shared import marks
from tests.build import pipeline
from tests.pages.open_page import clean, open_page


def group(name: str | None, won: int, lost: int, **more: Any) -> list[dict[str, Any]]:
    return [{"status": "won", "source": name, **more}] * won + [
        {"status": "lost", "source": name, **more}
    ] * lost


APART = [*group("Partner", 60, 40), *group("Web", 80, 120), *group("Fair", 1, 1)]


def test_the_surest_difference_is_the_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = [*group("Partner", 60, 40), *group("Web", 36, 64), *group("Fair", 36, 64)]
    said = clean(open_page(monkeypatch, pipeline(rows, tmp_path), "hit_rates.py"))
    assert "**Partner** converts 24 points better than the rest (95 % interval" in said


def test_dots_are_sorted_and_carry_their_n(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = open_page(monkeypatch, pipeline(APART, tmp_path), "hit_rates.py")
    spec = json.loads(app.get("vega_lite_chart")[0].proto.spec)
    assert '[["Partner"], ["Web"], ["Fair"]][datum.value]' in str(spec)
    assert '[["100"], ["200"], ["2"]][datum.value]' in str(spec)


def test_a_click_on_a_dot_leads_to_its_deals(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = open_page(monkeypatch, pipeline(APART, tmp_path), "hit_rates.py")
    app.session_state["dots_source"] = {"selection": {"pick": [{"key": "Partner"}]}}
    app.run()
    app.button(key="deals_dot").click().run()
    assert "**100 deals**: won €60,000, lost €40,000." in clean(app)


def test_a_click_can_become_a_filter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = open_page(monkeypatch, pipeline(APART, tmp_path), "hit_rates.py")
    app.session_state["dots_source"] = {"selection": {"pick": [{"key": "Partner"}]}}
    app.run()
    app.button(key="filter_dot").click().run()
    assert "All these deals have the same source" in clean(app)


def test_groups_alike_are_not_ranked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    alike = [*group("Web", 100, 100), *group("Fair", 120, 100)]
    said = clean(open_page(monkeypatch, pipeline(alike, tmp_path), "hit_rates.py"))
    assert "No source differs from the rest by more than chance would give." in said


def test_a_blank_group_has_a_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = [*group(None, 10, 10), *group("<b>Web</b>", 12, 10)]
    app = open_page(monkeypatch, pipeline(rows, tmp_path), "hit_rates.py")
    clean(app)
    assert "(blank)" in json.loads(app.get("vega_lite_chart")[0].proto.spec).__str__()


def test_over_time_compares_the_last_full_period(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = [*group("Web", 60, 60, closed="2025-10-15"), *group("Web", 90, 30, closed="2025-11-15")]
    said = clean(open_page(monkeypatch, pipeline(rows, tmp_path), "hit_rates.py", show="time"))
    assert "Nov 2025: **75.0%**, 25 points above Oct 2025" in said


def test_a_small_group_is_never_called_better_or_worse(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = [*group("Web", 20, 180), *group("Fair", 20, 0)]
    found = pipeline(rows, tmp_path)
    app = open_page(monkeypatch, found, "hit_rates.py")
    assert "**Fair**" not in clean(app)
    assert app.dataframe[0].value.set_index("source").loc["Fair", "verdict"] == "too few to conclude"
    drawn = marks.dot_frame(compare(rates(found, Slice(by=("source",)))), "source")
    assert drawn.filter(key="Fair")["side"].item() == "same"


def test_a_small_month_is_not_compared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = [*group("Web", 10, 0, closed="2025-10-15"), *group("Web", 0, 10, closed="2025-11-15")]
    said = clean(open_page(monkeypatch, pipeline(rows, tmp_path), "hit_rates.py", show="time"))
    assert "Nov 2025: **0%**, too few deals to compare with Oct 2025." in said


@pytest.mark.parametrize("grain", ["month", "quarter", "year", "nonsense"])
def test_every_grain_draws(grain: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = open_page(
        monkeypatch, pipeline(APART, tmp_path), "hit_rates.py", show="time", grain=grain, lines="groups"
    )
    clean(app)
    assert app.get("vega_lite_chart")


def test_a_thin_pair_of_groups_stays_empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = [
        *group("Web", 60, 60, owner="Ann"),
        *group("Web", 1, 0, owner="Bo"),
        *group("Fair", 40, 80, owner="Bo"),
    ]
    app = open_page(monkeypatch, pipeline(rows, tmp_path), "hit_rates.py", show="two")
    assert "Highest: Web × Ann: 50.0%" in clean(app).replace("\\", "")


THIN: dict[str, list[dict[str, Any]]] = {
    "one deal": group("Web", 1, 0),
    "all open": [{"status": "open"}] * 5,
    "all won": group("Web", 9, 0),
    "no dates": [{**d, "created": None, "closed": None} for d in APART],
    "one source": group("Web", 5, 5),
    "no amounts": [{**d, "amount": None} for d in APART],
}


@pytest.mark.parametrize("show", ["groups", "time", "two"])
@pytest.mark.parametrize("name", THIN)
def test_thin_data_gets_a_sentence(
    name: str, show: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert clean(open_page(monkeypatch, pipeline(THIN[name], tmp_path), "hit_rates.py", show=show))


@pytest.mark.parametrize(
    "rate", ["created", "cohort", "broad", "value", "leads", "contacted", "qualified", "meetings"]
)
def test_every_definition_can_be_read(rate: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert clean(open_page(monkeypatch, pipeline(APART, tmp_path), "hit_rates.py", rate=rate))


def test_stale_deals_may_count_as_lost(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    won = [{"status": "won", "created": "2025-01-01"}] * 60 + [{"status": "won", "source": "Fair"}] * 60
    rows = [*won, *[{"status": "lost"}] * 60, *[{"status": "open", "created": "2025-01-15"}] * 40]
    found = pipeline(rows, tmp_path, stage_source="none")
    rate = [
        open_page(monkeypatch, found, "hit_rates.py", rate="cohort", **query).dataframe[0].value
        for query in ({}, {"stale": "lost"})
    ]
    assert [table.set_index("source").loc["Web", "rate"] for table in rate] == [50.0, 37.5]
    said = [
        clean(open_page(monkeypatch, found, "matured.py", horizon="365", stale=way))
        for way in ("open", "lost")
    ]
    assert "**54.5%** of these deals are won within 365 days" in said[1]
    assert said[0] != said[1]
