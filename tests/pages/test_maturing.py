"""Matured hit rate: beside the plain rates, as curves, at a horizon of the reader's choice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.build import pipeline
from tests.pages.open_page import clean, open_page
from tests.pages.test_lab import CASES

YOUNG: list[dict[str, Any]] = [
    *[{"status": "won", "created": "2025-01-01", "closed": "2025-02-20"}] * 60,
    *[{"status": "lost", "created": "2025-01-01", "closed": "2025-05-01"}] * 60,
    *[{"status": "open", "created": "2025-12-01"}] * 80,
    *[{"status": "won", "source": "Fair", "created": "2025-01-01", "closed": "2025-02-01"}] * 20,
    *[{"status": "lost", "source": "Fair", "created": "2025-02-01", "closed": "2025-01-01"}] * 10,
]


def test_it_stands_beside_the_plain_rates(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = clean(open_page(monkeypatch, pipeline(YOUNG, tmp_path), "matured.py", horizon="90"))
    assert "are won within 90 days of creation" in said
    assert "34.8% of all created and 53.3% of the decided deals are won" in said
    assert "10 deals have no usable date" in said


def test_curves_by_group_carry_their_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = open_page(monkeypatch, pipeline(YOUNG, tmp_path), "matured.py")
    spec = json.loads(app.get("vega_lite_chart")[0].proto.spec)
    assert spec["description"]
    assert "Fair" in json.dumps(spec)
    assert app.dataframe[0].value["source"].to_list() == ["Web", "Fair"]


@pytest.mark.parametrize("query", [{"horizon": "own", "days": "75"}, {"horizon": "x"}, {"horizon": "own"}])
def test_any_horizon_in_the_address_is_read(
    query: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = clean(open_page(monkeypatch, pipeline(YOUNG, tmp_path), "matured.py", **query))
    assert f"won within {query.get('days', '60')} days" in said


def test_a_horizon_nobody_reached_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = [{"status": "open", "created": "2025-12-01"}] * 9
    said = clean(open_page(monkeypatch, pipeline(rows, tmp_path), "matured.py", horizon="365"))
    assert "No deal has been followed for 365 days yet, only for 30 days" in said


def test_stale_deals_are_listed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = [*YOUNG, *[{"status": "open", "created": "2025-01-15"}] * 3]
    app = open_page(monkeypatch, pipeline(rows, tmp_path, stage_source="none"), "matured.py")
    assert "**3** of 83 open deals have stood since they were created" in clean(app)
    assert len(app.dataframe) == 3


@pytest.mark.parametrize("name", CASES)
def test_thin_data_gets_a_sentence(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = pipeline(CASES[name], tmp_path, stages=() if name == "no stages" else ("Lead", "Offer"))
    assert clean(open_page(monkeypatch, found, "matured.py"))


def test_a_period_is_one_of_creation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    query = {"period": "custom", "from": "2025-01-01", "to": "2025-06-30"}
    said = clean(open_page(monkeypatch, pipeline(YOUNG, tmp_path), "matured.py", **query))
    assert "The period is of creation here." in said
