"""Most files have nothing odd but at their end, which a look at one column tells: that finds all the same."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from tests.data.reading.conftest import Load, numbers_of, rows_of

splitting = importlib.import_module("data.reading.split")  # the package has a function of this name
WIDE = 5
HEADER = ["Deal", "Owner", "Stage", "Amount", "Source"]
COUNT = 2 * splitting.TAIL + 50  # so that the middle and the front are outside the end that is always read
LINES = {
    "total": ["Total", "", "", "1500", ""],
    "subtotal": ["Subtotal", "", "", "1500", ""],
    "total further on": ["", "", "Total", "1500", ""],
    "total without a word": ["", "", "", "1500", ""],
    "empty": [""] * WIDE,
    "footer": ["Confidential Information - Do Not Distribute", "", "", "", ""],
    "header": HEADER,
    "group": ["Owner: Ann (12 records)", "", "", "", ""],
    "deal named total": ["Total", "Ann", "New", "100", "Web"],
    "deal without a name": ["", "Ann", "New", "100", "Web"],
}
EVERYWHERE = {"total": "total", "subtotal": "subtotal", "total further on": "total", "empty": "empty line",
              "footer": "footer", "header": "banner", "group": "group"}  # fmt: skip
PLACES = {"front": 0, "middle": COUNT // 2, "end": COUNT}
FRONTS = {
    "plain": lambda row: row,
    "first column blank": lambda row: ["Note" if row is HEADER else "", *row],
    "first column without a header": lambda row: ["", *row],
    "first column without a header, filled once": lambda row: ["x" if row[0] == "D7" else "", *row],
}


def text(line: Sequence[str] | None, place: int, front: str) -> bytes:
    rows = [[f"D{i}", ("Ann", "Bob")[i % 2], "New", str(100 + i), "Web"] for i in range(COUNT)]
    if line is not None:
        rows.insert(place, HEADER if line is HEADER else list(line))
    made = [FRONTS[front](row) for row in [HEADER, *rows]]
    return "".join(";".join(row) + "\n" for row in made).encode()


def everything(rows: Path, headers: Sequence[str], last: int, width: int) -> pl.DataFrame:
    """Look at every record, as if nothing could be told from the first column."""
    suspect = splitting._suspect(headers, last, width).fill_null(False)
    return pl.scan_parquet(rows, glob=False).filter(suspect).collect()


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("line", LINES)
def test_what_is_no_data_is_found_wherever_it_stands(
    load: Load, monkeypatch: pytest.MonkeyPatch, line: str, place: str, front: str
) -> None:
    raw = text(LINES[line], PLACES[place], front)
    quick = load(raw)
    kept = rows_of(quick)
    if line in EVERYWHERE:
        assert [(j.row, j.reason) for j in quick.junk] == [(PLACES[place] + 2, EVERYWHERE[line])]
    elif line.startswith("deal"):
        assert len(kept) == COUNT + 1
    monkeypatch.setattr(splitting, "_suspects", everything)
    slow = load(raw)
    assert (slow.junk, slow.rejects, slow.columns) == (quick.junk, quick.rejects, quick.columns)
    assert rows_of(slow) == kept


@pytest.mark.parametrize("front", ["first column blank", "first column without a header"])
def test_a_first_column_with_nothing_in_it_loses_no_row(load: Load, front: str) -> None:
    plain = load(text(None, 0, "plain"))
    rows, numbers = rows_of(plain), numbers_of(plain)
    blank = load(text(None, 0, front))
    assert (blank.junk, blank.rejects) == ((), ())
    assert numbers_of(blank) == numbers
    assert [row[-WIDE:] for row in rows_of(blank)] == rows
    assert len(rows) == COUNT
