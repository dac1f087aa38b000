"""The deals behind a mark: the right ones, in the right words, safe to take home."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pages.shared import tables
from tests.build import pipeline
from tests.pages.open_page import clean, open_page

ROWS: list[dict[str, Any]] = [
    {"status": "won", "amount": 200.0},
    {"status": "lost", "amount": 50.0, "last": 2},
    {"status": "open", "amount": None},
]


def test_the_sentence_adds_up_the_deals(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = clean(open_page(monkeypatch, pipeline(ROWS, tmp_path), "deals.py"))
    assert "**3 deals**: won €200, lost €50." in said


def test_a_drill_down_shows_only_its_deals(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = open_page(monkeypatch, pipeline(ROWS, tmp_path), "deals.py", at__stage="2", at__exit="lost")
    assert "**1 deal** lost at **Meeting**: lost €50." in clean(app)
    assert app.dataframe[0].value["deal_id"].tolist() == ["D2"]


def test_leaving_the_selection_shows_all_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = open_page(monkeypatch, pipeline(ROWS, tmp_path), "deals.py", at__stage="2", at__exit="lost")
    next(b for b in app.button if b.label == "Leave this selection").click().run()
    assert "**3 deals**" in clean(app)


@pytest.mark.parametrize(("way", "first"), [("down", "D1"), ("up", "D2")])
def test_the_order_is_kept_in_the_address(
    way: str, first: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = open_page(monkeypatch, pipeline(ROWS, tmp_path), "deals.py", sort="amount", way=way)
    assert app.dataframe[0].value["deal_id"].tolist()[0] == first


@pytest.mark.parametrize(
    ("column", "ways"),
    [
        ("created", ["Newest first", "Oldest first"]),
        ("amount", ["Highest first", "Lowest first"]),
        ("deal_id", ["Z to A", "A to Z"]),
    ],
)
def test_the_order_is_called_by_what_is_ordered(
    column: str, ways: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = open_page(monkeypatch, pipeline(ROWS, tmp_path), "deals.py", sort=column)
    assert ways in [b.options for b in app.button_group]


def test_a_long_list_has_pages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = open_page(monkeypatch, pipeline(ROWS * 50, tmp_path), "deals.py")
    assert "Rows 1 to 100 of 150." in clean(app)
    assert len(app.dataframe[0].value) == 100


def test_a_selected_deal_shows_its_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = [{"entries": [(1, "2025-01-01"), (2, "2025-01-11"), ("lost", "2025-02-01")]}]
    app = open_page(monkeypatch, pipeline(rows, tmp_path, stage_source="history"), "deals.py")
    app.session_state["deals"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    clean(app)
    assert app.dataframe[1].value["stage"].tolist() == ["Lead", "Meeting", "Lost"]
    assert app.dataframe[1].value["days"].tolist()[:2] == [10, 21]


def test_a_deal_without_history_says_what_would_show_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = open_page(monkeypatch, pipeline(ROWS, tmp_path), "deals.py")
    app.session_state["deals"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    assert "Upload the stage history to see its way." in clean(app)


@pytest.mark.parametrize(
    "query",
    [
        {"at__stage": "99", "at__exit": "lost"},
        {"at__stage": "x"},
        {"sort": "nothing"},
        {"at__exit": "lost"},
        {"at__status": "sold"},
    ],
)
def test_a_bent_address_never_breaks_the_page(
    query: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert clean(open_page(monkeypatch, pipeline(ROWS, tmp_path), "deals.py", **query))


def test_a_download_runs_no_formula() -> None:
    frame = pl.DataFrame({"Name": ["=HYPERLINK(1)", "ok"], "Amount": [1.5, -2.0]})
    assert b"'=HYPERLINK(1)" in tables.csv(frame)
    assert "'=HYPERLINK(1);1,5" in tables.csv(frame, comma=True).decode("utf-8-sig")


def test_a_workbook_carries_its_definition() -> None:
    book = tables.excel(pl.DataFrame({"Name": ["=1+1"]}), [("Formula", "=won")], ("Table", "Definition"))
    assert pl.read_excel(io.BytesIO(book), sheet_name="Table")["Name"].to_list() == ["'=1+1"]
    both = pl.read_excel(io.BytesIO(book), sheet_name="Definition", has_header=False)
    assert both.row(0) == ("Formula", "=won")


def test_titles_that_meet_are_told_apart() -> None:
    frame = pl.DataFrame({"Won": ["x"], "won": [1]})
    assert tables.taken(frame, {"Won": "Won", "won": "Won"}).columns == ["Won", "Won (2)"]
