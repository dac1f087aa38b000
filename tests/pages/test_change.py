"""What changed: the parts add up, the periods are named, and thin data get a sentence."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from data import Slice
from metrics.change import change
from pages.shared import changing
from pages.shared.charts.waterfall import placed
from tests.build import pipeline
from tests.pages.open_page import clean, open_page


def deals(
    source: str, won: int, lost: int, closed: str, amount: float | None = 1000.0
) -> list[dict[str, Any]]:
    own = {
        "source": source,
        "closed": closed,
        "created": f"{int(closed[:4]) - 1}{closed[4:]}",
        "amount": amount,
    }
    return [{"status": "won", **own}] * won + [{"status": "lost", **own}] * lost


GREW = [
    *deals("Web", 40, 60, "2024-06-15"), *deals("Fair", 30, 70, "2024-09-15", 2000.01),
    *deals("Web", 90, 60, "2025-06-15"), *deals("Fair", 30, 70, "2025-09-15", 2000.01),
]  # fmt: skip


def test_the_answer_is_the_difference_and_its_largest_part(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = clean(open_page(monkeypatch, pipeline(GREW, tmp_path), "change.py"))
    assert "Won revenue rose by **€50,000**: €150,000, against €100,000 in 2024." in said
    assert "Hit rate **48.0%**, 13 points above" in said
    assert "source **Web** contributes most: +€50,000" in said


@pytest.mark.parametrize("make", [changing.by_cause, changing.by_group])
def test_the_steps_lead_from_one_total_to_the_other(make: Any, tmp_path: Path) -> None:
    before = Slice(start=date(2024, 1, 1), end=date(2024, 12, 31), basis="closed")
    after = Slice(start=date(2025, 1, 1), end=date(2025, 12, 31), basis="closed", by=("source",))
    found = change(pipeline(GREW, tmp_path), before, after)
    frame = placed(make(found, before, after, "EUR"))
    assert frame["to"][-2] == pytest.approx(frame["to"][-1])
    assert frame.filter(pl.col("kind") == "step")["amount"].sum() * 100 == pytest.approx(5_000_000)


@pytest.mark.parametrize(
    ("span", "day", "start", "end"),
    [
        ("year", date(2025, 12, 31), date(2025, 1, 1), date(2025, 12, 31)),
        ("year", date(2024, 2, 28), date(2023, 2, 28), date(2024, 2, 28)),
        ("quarter", date(2025, 11, 21), date(2025, 7, 1), date(2025, 9, 30)),
        ("month", date(2025, 11, 21), date(2025, 10, 1), date(2025, 10, 31)),
        ("month", date(2025, 11, 30), date(2025, 11, 1), date(2025, 11, 30)),
    ],
)
def test_the_last_period_is_counted_from_the_day_of_the_data(
    span: str, day: date, start: date, end: date
) -> None:
    assert changing.last(span, day, 1) == (start, end)


def test_periods_and_groups_come_from_the_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = {"from": "2025-01-01", "to": "2025-12-31"}
    found = pipeline(GREW, tmp_path)
    app = open_page(monkeypatch, found, "change.py", parts="group", period="custom", against="year", **own)
    assert "against €100,000 in 2024." in clean(app)
    assert "Web" in str(json.loads(app.get("vega_lite_chart")[0].proto.spec))


def test_less_than_two_years_of_data_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = [d for month in range(1, 13) for d in deals("Web", 20, 20, f"2025-{month:02d}-01")]
    said = clean(open_page(monkeypatch, pipeline(rows, tmp_path), "change.py"))
    assert "season and growth cannot be told apart yet" in said
    assert "No month's hit rate differs" in said


def test_a_month_is_coloured_only_where_its_interval_leaves_out_an_even_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    busy = {1: 400, 6: 40}
    rows = [
        d
        for year in (2024, 2025, 2026)
        for month in range(1, 13)
        for d in deals("Web", busy.get(month, 100), 5, f"{year}-{month:02d}-10")
    ]
    app = open_page(monkeypatch, pipeline(rows, tmp_path), "change.py")
    assert re.search(r"95 % interval \+\d+% to \+\d+%\)", clean(app))
    assert "Coloured: the interval leaves out an even month." in clean(app)
    assert [c for c in app.get("vega_lite_chart") if "datum.inflow_different" in c.proto.spec]


THIN: dict[str, list[dict[str, Any]]] = {
    "one deal": deals("Web", 1, 0, "2025-06-15"),
    "all open": [{"status": "open"}] * 5,
    "all won": deals("Web", 9, 0, "2025-06-15") + deals("Web", 9, 0, "2024-06-15"),
    "no dates": [{**d, "created": None, "closed": None} for d in GREW],
    "no amounts": [{**d, "amount": None} for d in GREW],
    "one source": deals("Web", 50, 50, "2025-06-15") + deals("Web", 50, 50, "2024-06-15"),
    "two currencies": [{**d, "currency": c} for d in GREW for c in ("EUR", "DKK")],
    "long ago": deals("Web", 50, 50, "2015-06-15"),
    "blank": [{**d, "source": None if d["source"] == "Fair" else "Web"} for d in GREW],
}


@pytest.mark.parametrize("parts", ["cause", "group"])
@pytest.mark.parametrize("name", THIN)
def test_thin_data_gets_a_sentence(
    name: str, parts: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert clean(open_page(monkeypatch, pipeline(THIN[name], tmp_path), "change.py", parts=parts))


@pytest.mark.parametrize("rate", ["value", "created", "cohort"])
def test_other_definitions_get_a_page(rate: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert clean(open_page(monkeypatch, pipeline(GREW, tmp_path), "change.py", rate=rate))
