"""The Review page over several files: targets in wide form, files of one name, warnings about many files."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from data.workspace import Workspace
from pages.shared.review import source
from tests.pages.app import CSV, start, text, workspace

PLAN = b"Verkoper;Jan 2025;Feb 2025;Mrt 2025;Totaal\nAnna;1.234,50;;100;1.334,50\nBo;200;300;x;500\n"
OTHER = (
    CSV.replace(b"D", b"E")
    .replace(b"Eeal", b"Deal")
    .replace(b"500,00", b"veel")
    .replace(b"Verkoper", b"Medewerker")
)


def opened(here: Workspace, *open_: str) -> AppTest:
    at = start({"w": here.id}, page="review.py")
    for key in open_:
        at.session_state[key] = True
    return at.run()


def cards(at: AppTest) -> list[str]:
    return [box.label.replace("\\", "") for box in at.expander if box.label.startswith("**")]


def test_a_plan_by_month_is_shown_as_targets_with_its_periods() -> None:
    here = workspace(("deals.csv", CSV), ("doelen.csv", PLAN), commit=False)
    key = next(p.fingerprint for p in here.proposals if p.recipe.table == "targets")
    at = opened(here, f"file_{key}", "more_worth")
    said = text(at)
    assert "**doelen.csv** · Targets · 2 rows · 4 columns in use, 1 left out" in cards(at)
    assert "read as targets of their period: Jan 2025, Feb 2025, Mrt 2025" in said
    assert "doelen.csv is read as targets with one column per month: 3 of them" in said
    assert "Not used as targets, because they stand beside the periods: Totaal" in said


def test_files_of_one_name_have_a_card_and_rows_each() -> None:
    here = workspace(("export.csv", CSV), ("export.csv", OTHER), commit=False)
    at = opened(here, "open_rejects")
    assert not at.exception
    assert [label.partition(" · ")[0] for label in cards(at)][:2] == ["**export.csv**", "**export.csv (2)**"]
    files = source.files(here, at.session_state["draft"].files)
    assert {name: place for name, (place, _recipe) in files.items()} == {"export.csv": 0, "export.csv (2)": 1}


def four() -> Workspace:
    """Four lists of other deals, most without a lead source."""
    blank = CSV.replace(b";Web;", b";;")
    files = [(f"lijst {n}.csv", blank.replace(b"\nD", f"\n{n}D".encode())) for n in "abcd"]
    return workspace(*files, commit=False)


@pytest.mark.parametrize(("locale", "said"), [("en-GB", "in 4 files: "), ("nl-NL", "in 4 bestanden: ")])
def test_the_same_warning_about_four_files_is_one_line(locale: str, said: str) -> None:
    at = start({"w": four().id}, locale=locale, page="review.py")
    lines = [m.value for m in at.markdown if said in m.value and "Leadbron" in m.value]
    assert len(lines) == 1
    assert "lijst a.csv, lijst b.csv, lijst c.csv, …" in lines[0]


def test_rows_of_each_of_the_four_files_are_a_click_away() -> None:
    at = opened(four())
    next(b for b in at.button if str(b.key).startswith("rows_")).click().run()
    assert {f"lijst {n}.csv" for n in "abcd"} <= {c.value.replace("\\", "") for c in at.caption}
