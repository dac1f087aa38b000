"""A download never runs a formula that somebody put into a cell."""

from __future__ import annotations

import polars as pl
import pytest

from pages.shared.downloads import csv, disarmed


@pytest.mark.parametrize("cell", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1"])
def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(cell: str) -> None:
    assert disarmed(pl.DataFrame({"text": [cell]}))["text"].to_list() == ["'" + cell]


def test_other_cells_and_numbers_stay_as_they_are() -> None:
    frame = pl.DataFrame({"text": ["a=b", None, ""], "row": [-1, 2, 3]})
    assert disarmed(frame).equals(frame)


def test_a_header_that_begins_like_a_formula_is_disarmed_too() -> None:
    assert disarmed(pl.DataFrame({"=x": ["1"]})).columns == ["'=x"]


def test_excel_reads_the_letters_right() -> None:
    assert csv(pl.DataFrame({"næste": ["ø"]})).startswith(b"\xef\xbb\xbf")
