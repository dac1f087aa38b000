"""Wrong numbers that the pages on several exports would show."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.exports import exports
from tests.pages.open_page import clean, open_page

FIRST, SECOND, THIRD = "2026-02-01", "2026-02-08", "2026-02-15"
OPEN = {"Id": "1", "Status": "open", "Stage": "Lead", "Amount": "1000", "Currency": "EUR", "Owner": "Ann",
        "Created": "2026-01-02", "Closed": None}  # fmt: skip
WON = OPEN | {"Status": "won", "Stage": "Won", "Closed": "2026-02-05"}
DKK = OPEN | {"Id": "2", "Currency": "DKK", "Amount": "10", "Owner": "Bo"}


def over_time(
    monkeypatch: pytest.MonkeyPatch, folder: Path, days: dict[str, list[dict[str, str | None]]], **query: str
) -> tuple[str, pl.DataFrame]:
    app = open_page(monkeypatch, exports(folder, days), "movements.py", view="time", **query)
    return clean(app), pl.from_pandas(app.dataframe[0].value).with_columns(pl.col("day").cast(pl.String))


def test_the_newest_snapshot_is_left_out__nothing_stands_open_in_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said, table = over_time(monkeypatch, tmp_path, {FIRST: [OPEN], SECOND: [WON]})
    assert "Open pipeline was **€0** on 8 Feb 2026, against €1K on 1 Feb 2026." in said
    assert table.select(pl.col("day").str.head(10), "total").rows() == [(SECOND, 0.0), (FIRST, 1000.0)]


def test_the_newest_snapshot_is_left_out__what_stands_open_is_in_another_currency(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    days = {FIRST: [OPEN, DKK], SECOND: [WON, DKK], THIRD: [OPEN, DKK]}
    said, table = over_time(monkeypatch, tmp_path, days, money="EUR")
    assert "Open pipeline was **€1K** on 15 Feb 2026, against €1K on 1 Feb 2026." in said
    assert table["total"].to_list() == [1000.0, 0.0, 1000.0]


def test_the_newest_snapshot_is_left_out__the_filter_lets_nothing_through(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    days = {FIRST: [OPEN, DKK], SECOND: [WON, DKK]}
    said, _ = over_time(monkeypatch, tmp_path, days, f__owner="Ann")
    assert "Open pipeline was **€0** on 8 Feb 2026" in said
