"""Days and months swapped by a spreadsheet are swapped back; dates merely written two ways are not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from data import open_exports

DAYS = [date(2026, 1, 1) + timedelta(days=5 * i) for i in range(60)]


def opened(tmp_path: Path, cells: list[str]) -> tuple[list[date | None], set[str]]:
    lines = ["Deal ID,Status,Created Date"]
    lines += [f"D-{i},{'Won' if i % 2 else 'Lost'},{cell}" for i, cell in enumerate(cells)]
    (tmp_path / "deals.csv").write_text("\n".join(lines))
    with open_exports(tmp_path / "deals.csv") as pipeline:
        table = pl.read_parquet(pipeline.folder / "deals.parquet")
        found = table.select(pl.from_epoch("created_s").dt.date()).to_series().to_list()
        return found, {n.code for n in pipeline.meta.notices}


def through_dutch_excel(day: date) -> str:
    """A month-first date, opened and saved where the day comes first."""
    return f"{day:%m-%d-%Y}" if day.day <= 12 else f"{day:%m/%d/%Y}"


def through_american_excel(day: date) -> str:
    return f"{day:%d/%m/%Y}" if day.day <= 12 else f"{day:%d-%m-%Y}"


def as_workbook_cells(day: date) -> str:
    return f"{day:%Y-%d-%m}" if day.day <= 12 else f"{day:%m/%d/%Y}"


@pytest.mark.parametrize("write", [through_dutch_excel, through_american_excel, as_workbook_cells])
def test_what_was_swapped_is_swapped_back_and_told(tmp_path: Path, write: Callable[[date], str]) -> None:
    found, codes = opened(tmp_path, [write(day) for day in DAYS])
    assert found == DAYS
    assert "dates_swapped" in codes
    assert not codes & {"date_order_unknown", "date_order_mixed", "date_orders_differ"}


def test_two_ways_of_writing_with_any_day_are_left_alone(tmp_path: Path) -> None:
    cells = [f"{day:%d-%m-%Y}" if i % 2 else f"{day:%m/%d/%Y}" for i, day in enumerate(DAYS)]
    found, codes = opened(tmp_path, cells)
    assert found == DAYS
    assert "dates_swapped" not in codes


def test_one_way_of_writing_is_left_alone(tmp_path: Path) -> None:
    found, codes = opened(tmp_path, [f"{day:%d-%m-%Y}" for day in DAYS])
    assert found == DAYS
    assert "dates_swapped" not in codes
