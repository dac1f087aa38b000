"""Every table and chart has its definition card, and every download carries it along."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pages.shared import tables
from tests.build import pipeline
from tests.pages.open_page import clean, open_page

VIEWS: list[tuple[str, dict[str, str], int]] = [  # page, address, cards at least
    ("overview", {}, 2), ("hit_rates", {}, 1), ("hit_rates", {"show": "time"}, 1),
    ("hit_rates", {"show": "two"}, 1), ("fair", {"mix": "industry"}, 2), ("matured", {}, 3),
    ("funnel", {}, 3), ("funnel", {"sides": "periods"}, 3), ("change", {}, 3), ("lab", {}, 2),
    ("deals", {}, 1),
]  # fmt: skip
ALWAYS = ("Filters", "Period", "Deals", "Data as of", "Files", "Query")


def company() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for n in range(480):
        status = ("won", "lost", "lost", "open", "won", "lost")[n % 6] if n % 7 else "lost"
        own = {"source": ("Web", "Fair", "Partner")[n % 3], "industry": ("Retail", "Health")[n % 5 % 2]}
        created = f"{2023 + n % 3}-{1 + n % 12:02d}-05"
        rows.append({**own, "status": status, "last": 1 + n % 3, "created": created, "amount": 100.0 + n})
    return rows


@pytest.mark.parametrize(("page", "query", "least"), VIEWS)
def test_every_table_has_its_card_and_every_download_carries_it(
    page: str, query: dict[str, str], least: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cards: list[tables.About] = []
    taken: list[tuple[tables.About, pl.DataFrame]] = []
    card, under = tables.card, tables.under

    def noted(what: tables.About, key: str) -> None:
        cards.append(what)
        card(what, key)

    def made(what: tables.About, make: tables.Make, *rest: Any, **more: Any) -> None:
        taken.append((what, make()))
        under(what, make, *rest, **more)

    monkeypatch.setattr(tables, "card", noted)
    monkeypatch.setattr(tables, "under", made)
    app = open_page(monkeypatch, pipeline(company(), tmp_path), f"{page}.py", **query)
    clean(app)
    assert len(cards) >= max(least, len(app.get("vega_lite_chart")) and 1)
    assert taken
    for what, frame in taken:
        assert {name for name, _text in what.rows()} >= set(ALWAYS)
        assert "FROM deals" in what.query
        told = pl.read_parquet_metadata(tables.parquet(frame, what.rows()))["hitrate"]
        assert json.loads(told) == dict(what.rows())
        written = tables.csv(frame, False, what.rows()).decode()
        assert all(name in written for name, _text in what.rows())


def test_the_card_stands_below_the_table_of_a_csv() -> None:
    found = tables.csv(pl.DataFrame({"a": [1.5]}), True, [("Formula", "=won; or so"), ("Deals", "7")])
    assert found.decode("utf-8-sig").splitlines() == ["a", "1,5", "", 'Formula;"\'=won; or so"', "Deals;7"]


def test_the_card_does_not_change_the_table_of_a_parquet_file() -> None:
    frame = pl.DataFrame({"a": [1, 2]})
    assert pl.read_parquet(tables.parquet(frame, [("Deals", "7")])).equals(frame)
