"""Every number one can click opens exactly the deals that it counts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data import Slice
from data.cells import count
from data.meta import Definitions
from metrics.definitions import BY_NAME, basis_of
from metrics.hit_rate import rates
from metrics.over_time import trend
from pages.shared import drilling
from pages.shared.leak_facts import leak_facts
from tests.build import pipeline
from tests.pages.open_page import clean, open_page

STATED = Definitions(opportunity_stage=2, meeting_stage=3)
KINDS: list[dict[str, Any]] = [
    {"status": "won"},
    {"status": "lost", "last": 1},
    {"status": "lost", "last": 3},
    {"status": "lost", "last": 2},
    {"status": "open", "last": 2},
    {"status": "disqualified", "last": 1},
    {"status": "won", "amount": None},
]
ROWS = [
    {
        **kind,
        "source": (None, "Web", "Fair")[n % 3],
        "created": f"2025-0{1 + n % 4}-15",
        **({"first_contact": "2025-02-01"} if n % 2 else {}),
    }
    for n, kind in enumerate(KINDS * 12)
]


def sides(row: dict[str, Any]) -> int:
    """Return how many deals a rate is taken over; by value, how many of them have a value."""
    value = isinstance(row["denominator"], float)
    return int(row["won_known"] + row["lost_known"] if value else row["denominator"])


@pytest.mark.parametrize("name", BY_NAME)
def test_a_rate_opens_its_denominator(name: str, tmp_path: Path) -> None:
    found = pipeline(ROWS, tmp_path, definitions=STATED)
    asked = Slice(by=("source",), basis=basis_of(STATED, BY_NAME[name], named=True))
    for row in rates(found, asked, name).to_dicts():
        where = drilling.one("source", row["source"])
        opened = drilling.denominator(found.meta, name, where).apply(asked)
        assert count(found, opened) == sides(row) > 0


@pytest.mark.parametrize("name", BY_NAME)
def test_a_month_opens_its_denominator(name: str, tmp_path: Path) -> None:
    found = pipeline(ROWS, tmp_path, definitions=STATED)
    asked = Slice(basis=basis_of(STATED, BY_NAME[name], named=True), start=date(2025, 2, 20))
    for row in trend(found, asked, name).to_dicts():
        days = drilling.period(row["period"], "month")
        opened = drilling.denominator(found.meta, name, (), *days).apply(asked)
        assert count(found, opened) == sides(row)


def test_a_leak_opens_the_deals_it_lost(tmp_path: Path) -> None:
    found = pipeline(ROWS, tmp_path)
    for row in leak_facts(found, Slice()).everything.to_dicts():
        lost = round(row["deals"] * (1 - row["conversion"]))
        assert count(found, drilling.lost(row).apply(Slice())) == lost


@pytest.mark.parametrize(
    ("grain", "last"),
    [("month", date(2025, 10, 31)), ("quarter", date(2025, 12, 31)), ("year", date(2026, 9, 30))],
)
def test_a_period_ends_with_its_last_day(grain: str, last: date) -> None:
    assert drilling.period(date(2025, 10, 1), grain) == (date(2025, 10, 1), last)


@pytest.mark.parametrize("name", BY_NAME)
def test_the_deals_page_shows_as_many_as_the_dot_said(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = pipeline(ROWS, tmp_path, definitions=STATED)
    app = open_page(monkeypatch, found, "hit_rates.py", rate=name)
    app.session_state["dots_source"] = {"selection": {"pick": [{"key": "Fair"}]}}
    app.run()
    app.button(key="deals_dot").click().run()
    asked = Slice(by=("source",), basis=basis_of(STATED, BY_NAME[name], named=True))
    row = next(r for r in rates(found, asked, name).to_dicts() if r["source"] == "Fair")
    assert f"**{sides(row)} deals**" in clean(app)


def test_a_point_over_time_opens_its_month(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = [{"status": "won", "closed": f"2025-{m:02d}-10"} for m in (9, 10, 10, 11)]
    app = open_page(monkeypatch, pipeline(rows, tmp_path), "hit_rates.py", show="time")
    app.session_state["trend_month_all_source"] = {
        "selection": {"pick": [{"key": "All deals", "period_key": "2025-10-01"}]}
    }
    app.run()
    app.button(key="deals_line").click().run()
    assert "**2 deals**" in clean(app)
    chips = [b.label.replace("\\", "") for b in app.button if str(b.key).startswith("chip_")]
    assert chips == ["Outcome: Won, Lost", "1 Oct 2025 – 31 Oct 2025", "Clear all"]


def test_stage_and_exit_are_a_chip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = open_page(
        monkeypatch,
        pipeline(ROWS, tmp_path),
        "deals.py",
        at__stage="2",
        at__exit="lost",
        skipped="not",
        back="cancels",
    )
    assert app.button(key="chip_0").label == "Meeting\\: Lost here"
    app.button(key="chip_all").click().run()
    assert f"**{len(ROWS)} deals**" in clean(app)
    assert not {"skipped", "back", "at.stage", "at.exit"} & set(app.session_state["address"])


@pytest.mark.parametrize("part", ["advanced", "lost", "disqualified", "still_there"])
def test_a_piece_of_a_bar_opens_as_many_deals(
    part: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = pipeline(ROWS, tmp_path)
    app = open_page(monkeypatch, found, "funnel.py", skipped="not")
    app.session_state["stages"] = {"selection": {"pick": [{"stage_no": 2, "part": part}]}}
    app.run()
    n = app.dataframe[0].value[part].tolist()[1]
    app.button(key="deals_stage").click().run()
    assert f"**{n} deal" in clean(app) or n == 0


STALE: list[dict[str, Any]] = [
    *[{"status": "won", "created": "2025-01-01", "days": {1: 5, 2: 10, 3: 2}}] * 25,
    *[{"last": 1, "created": "2025-01-01", "stage_entered": "2025-02-01", "days": {}}] * 3,
    *[{"last": 2, "created": "2025-01-01", "stage_entered": "2025-06-01", "days": {1: 1}}] * 2,
    {"last": 2, "created": "2025-12-01", "stage_entered": "2025-12-30", "days": {1: 1}},
]


def test_stale_deals_have_an_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = pipeline(STALE, tmp_path, stage_source="history")
    app = open_page(monkeypatch, found, "matured.py")
    app.button(key="deals_stale").click().run()
    assert "**5 deals** open for longer than 95 % of the won deals took" in clean(app)
    assert app.session_state["address"]["at.stale"] == ("1", "2", "3")
    again = open_page(monkeypatch, found, "deals.py", at__stale="2")
    assert "**2 deals**" in clean(again)
    assert again.button(key="chip_0").label == "Meeting\\: Stale"


@pytest.mark.parametrize(("asked", "n"), [("0", 0), ("9", 0), ("x", len(STALE)), ("²", len(STALE))])
def test_a_bent_stale_link_never_shows_too_much(
    asked: str, n: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = open_page(
        monkeypatch, pipeline(STALE, tmp_path, stage_source="history"), "deals.py", at__stale=asked
    )
    assert (f"**{n} deals**" in clean(app)) if n else ("No deals fit these filters." in clean(app))


def test_a_stage_of_the_stale_table_opens_its_deals(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = pipeline(STALE, tmp_path, stage_source="history")
    app = open_page(monkeypatch, found, "matured.py", basis="closed", period="custom", to="2025-03-01")
    app.session_state["stale"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    assert "**3 deals** open for longer" in clean(app)
