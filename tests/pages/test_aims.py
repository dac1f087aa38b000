"""Targets of the workspace on the pages: beside the rates, in words, and as what leaks are held against."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data import HitrateError
from data.workspace import Workspace
from data.workspace.targets import RateTarget
from pages.shared import aims
from tests.pages.app import start, text, workspace

HEAD = "Deal;Status;Fase;Leadbron;Aangemaakt op;Gesloten op;Bedrag"
ENDS = [
    ("Web", "Gewonnen", 80),
    ("Web", "Verloren", 120),
    ("Beurs", "Gewonnen", 60),
    ("Beurs", "Verloren", 40),
]


def filled() -> Workspace:
    lines, n = [HEAD], 0
    for source, status, count in ENDS:
        for k in range(count):
            n += 1
            stage = "Offerte" if status == "Gewonnen" or k % 2 else "Intake"
            lines.append(
                f"D{n};{status};{stage};{source};{1 + k % 28:02d}-02-2025;{1 + k % 28:02d}-05-2025;1000"
            )
    return workspace(("deals.csv", "\n".join(lines).encode()))


def decided(low: float, **own: Any) -> RateTarget:
    return RateTarget(low=low, definition="decided", **own)


def page(here: Workspace, name: str, **query: str) -> AppTest:
    app = start({"w": here.id, **query}, page=name)
    assert not app.exception
    assert not app.error
    return app


def test_groups_stand_beside_their_targets() -> None:
    here = filled()
    here.set_targets([decided(0.5), decided(0.4, high=0.7, column="source", value="Beurs")])
    app = page(here, "hit_rates.py", show="groups")
    assert "Below target beyond chance: **Web**." in text(app)
    rows = app.dataframe[0].value.set_index("source")[["target", "against", "wins_short"]]
    assert rows.loc["Web"].to_list() == ["50%", "below target", 20]
    assert rows.loc["Beurs"].to_list() == ["40% – 70%", "within its band", 0]
    assert "target_low" in json.dumps(json.loads(app.get("vega_lite_chart")[0].proto.spec))


def test_a_target_under_another_definition_says_nothing() -> None:
    here = filled()
    here.set_targets([RateTarget(low=0.5, definition="created")])
    app = page(here, "hit_rates.py", show="groups")
    assert "target beyond chance" not in text(app)
    assert "target" not in app.dataframe[0].value.columns


def test_the_first_screen_says_how_the_rate_stands_to_its_target() -> None:
    here = filled()
    here.set_targets([decided(0.6)])
    assert "Target 60%: below target" in text(page(here, "overview.py")).replace("\\", "")


def test_without_targets_the_page_says_what_a_rate_means_and_what_can_be_reached() -> None:
    said = text(page(filled(), "hit_rates.py", show="groups"))
    assert "There is no right hit rate for everybody" in said
    assert "Of your own groups **Beurs** shows what can be reached: 60.0%" in said


def test_leaks_are_held_against_the_targets() -> None:
    here = filled()
    app = page(here, "funnel.py")
    assert "The target" not in app.session_state["choose_leakref"]
    stage = RateTarget(low=0.9, stage=1) if here.pipeline().meta.stages() else decided(0.9)  # type: ignore[union-attr]
    here.set_targets([stage])
    said = text(page(here, "funnel.py", leakref="target"))
    assert "than its target allows" in said
    assert "the target is 90.0%" in said


@pytest.mark.parametrize("asked", ["before", "target", "nothing"])
def test_a_reference_that_is_not_there_falls_back_to_the_rest(asked: str) -> None:
    app = page(filled(), "funnel.py", leakref=asked)
    assert app.session_state["choose_leakref"] == "rest"


def test_the_best_group_is_named() -> None:
    assert "than at the rate of Beurs" in text(page(filled(), "funnel.py", leakref="best"))


@pytest.mark.parametrize(
    ("text", "rate"),
    [("32,5", 0.325), ("32.5", 0.325), (" 30 ", 0.3), ("100", 1.0), ("100,0", 1.0), ("", None), (None, None)],
)
def test_a_target_is_typed_with_a_comma_or_a_point(text: str | None, rate: float | None) -> None:
    assert aims.typed(text) == rate


@pytest.mark.parametrize("text", ["many", "101", "-5", "1.000", "12,34", "NaN", "1e1"])
def test_what_is_no_percentage_is_said_and_not_saved(text: str) -> None:
    with pytest.raises(HitrateError, match="Not a target"):
        aims.typed(text)


@pytest.mark.parametrize(("browser", "lang", "now"), [("en-GB", "nl", "32,5"), ("nl-NL", "en", "32.5")])
def test_the_targets_are_written_in_the_language_of_the_page(browser: str, lang: str, now: str) -> None:
    here = filled()
    here.set_targets([decided(0.325), decided(0.4, high=0.7, column="source", value="Beurs")])
    app = start({"w": here.id, "lang": lang, "show": "groups"}, browser, "hit_rates.py")
    (table,) = [d.value for d in app.dataframe if list(d.value.columns) == ["name", "now", "low", "high"]]
    rows = {row["name"]: row for row in table.to_dict("records")}
    assert table["low"].to_list()[0] == now
    assert (rows["Beurs"]["low"], rows["Beurs"]["high"], rows["Web"]["low"]) == ("40", "70", None)
    assert len({len(text) for text in table["now"]}) == 1  # one number of decimals


def test_a_target_keeps_the_decimal_it_was_given() -> None:
    assert aims.written(0.325, None) == "32.5%"
    assert aims.written(0.3, 0.345) == "30.0% – 34.5%"
    assert aims.written(0.3, 0.3) == "30%"
