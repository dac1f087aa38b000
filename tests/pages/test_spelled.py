"""Tables write numbers and dates in the language of the page, and never cut the odd long text."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from babel.core import Locale

from pages.shared import numbers, spelled, tables
from tests.pages.app import start, workspace

FRAME = pl.DataFrame(
    {
        "who": ["Anna", None],
        "rate": [22.5, None],
        "n": [4935, 12],
        "day": [date(2025, 3, 4), None],
    }
)


def displayed(styler: Any) -> list[list[str]]:
    body = styler._translate(False, False)["body"]
    return [[cell["display_value"] for cell in row if cell["type"] == "td"] for row in body]


def test_numbers_and_dates_are_written_and_the_unknown_is_a_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (numbers, spelled):
        monkeypatch.setattr(module, "locale", lambda: Locale.parse("nl_NL"))
    assert displayed(spelled.spelled(FRAME)) == [
        ["Anna", "22,5", "4.935", "4 mrt 2025"],
        ["–", "–", "12", "–"],
    ]


@pytest.mark.parametrize(("browser", "written"), [("nl-NL", False), ("en-GB", True), ("da-DK", True)])
def test_a_browser_of_another_language_gets_the_texts(browser: str, written: bool) -> None:
    app = start({"w": workspace().id, "lang": "nl"}, browser, "deals.py")
    assert app.dataframe[0].proto.arrow_data.HasField("styler") is written
    assert app.dataframe[0].value["amount"].max() == 2000


def test_a_column_of_short_texts_has_room_for_its_longest() -> None:
    few = pl.Series(["leak"] * 9 + ["no difference shown"])
    assert (tables._room("Result", few) or 0) > tables.LETTER * len("no difference shown")
    assert tables._room("Result", pl.Series(["leak"] * 9)) is None
    assert tables._room("Result", pl.Series([None], dtype=pl.String)) is None
    assert tables._room("Result", pl.Series([], dtype=pl.String)) is None
    assert tables._room("Note", pl.Series(["", "", "x" * 900])) == tables.WIDEST


def test_one_long_name_among_many_pushes_nothing_off_the_screen() -> None:
    assert tables._room("Name", pl.Series(["Anna Smith"] * 60 + ["x" * 200])) is None


def test_a_wide_column_keeps_its_least_width() -> None:
    assert tables._room("Group", pl.Series(["Web"]), wide=True) == tables.WIDE
    assert tables._room("Group", pl.Series(["Won of qualified leads, and more"]), wide=True) == 216
