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
    monkeypatch.setattr(numbers, "locale", lambda: Locale.parse("nl_NL"))
    assert displayed(spelled.spelled(FRAME)) == [
        ["Anna", "22,5", "4.935", "4 mrt 2025"],
        ["–", "–", "12", "–"],
    ]


@pytest.mark.parametrize(
    ("name", "values", "written"),
    [
        ("days", [31.0, 27.3, None], ["31.0", "27.3", "–"]),
        ("days", [31.0, 27.0], ["31", "27"]),
        ("rate", [0.5, 0.25, 1000.0], ["0.50", "0.25", "1,000.00"]),
        ("q", [0.1, 0.0004, 0.0126], ["0.100", "0.000", "0.013"]),
        ("amount_after", [1200.0, 12.5], ["1,200.00", "12.50"]),
        ("points", [-0.5, float("nan"), 2.0], ["-0.5", "–", "2.0"]),
        ("nothing", [None, None], ["–", "–"]),
    ],
)
def test_a_column_has_one_number_of_decimals(
    monkeypatch: pytest.MonkeyPatch, name: str, values: list[float | None], written: list[str]
) -> None:
    monkeypatch.setattr(numbers, "locale", lambda: Locale.parse("en_GB"))
    frame = pl.DataFrame({name: values}, schema={name: pl.Float64})
    assert [row[0] for row in displayed(spelled.spelled(frame))] == written


@pytest.mark.parametrize(("values", "step"), [([31.0, 27.3], 0.1), ([31.0, 27.0], 1.0), ([31, 27], None)])
def test_a_browser_that_writes_the_numbers_is_told_their_decimals(
    monkeypatch: pytest.MonkeyPatch, values: list[float], step: float | None
) -> None:
    monkeypatch.setattr(spelled, "native", lambda: True)
    kind = spelled.number_column("Days", pl.Series(values))["type_config"]
    assert (kind["format"], kind["step"]) == ("localized", step)
    frame = spelled.written(pl.DataFrame({"days": [27.29999, 31.0, 0.2, 0.12345]}))
    assert frame["days"].to_list() == [27.3, 31.0, 0.2, 0.123]  # the browser would cut, not round


def test_shares_of_few_deals_have_no_decimals_and_those_of_many_keep_theirs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(numbers, "locale", lambda: Locale.parse("nl_NL"))
    frame = pl.DataFrame({"rate": [0.2734, 0.308, None, -0.0003], "n": [250, 40, 0, 250]})
    shares = tables.percent(frame, ["rate"], pl.col("n"))
    assert tables.taken(shares, {"rate": "Rate, %"}).rows() == [(27.3,), (31.0,), (None,), (0.0,)]
    assert displayed(spelled.spelled(shares.select("rate"), {"rate"})) == [["27,3"], ["31"], ["–"], ["0"]]
    assert shares[f"{tables.FEW}rate"].all()
    many = tables.percent(frame.filter(pl.col("n") != 40), ["rate"], pl.col("n"))
    assert not many[f"{tables.FEW}rate"].any()
    assert displayed(spelled.spelled(many.select("rate"))) == [["27,3"], ["–"], ["0,0"]]
    kind = spelled.number_column("Rate, %", shares["rate"], each=True)["type_config"]
    assert kind.get("step") is None


def test_a_text_that_first_stands_further_down_has_room() -> None:
    outcomes = pl.Series(["Open"] * 40 + ["Disqualified"])
    assert tables._room("Outcome", outcomes) == 12 * tables.LETTER + 24
    assert tables._room("Outcome", pl.Series(["Open", "Won"])) is None
    names = pl.Series(["A name of some twenty-five"] * 10 + ["Another one of some thirty letters"] * 10)
    assert tables._room("Name", names) is None
    rare = pl.Series(["Open"] * 40 + ["x" * 60])
    assert tables._room("Outcome", rare) is None


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
