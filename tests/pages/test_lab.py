"""Definition lab: the definitions side by side, and whether a comparison survives all of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.build import pipeline
from tests.pages.open_page import clean, open_page
from tests.pages.test_hit_rates import APART, THIN, group


def test_the_definitions_are_set_side_by_side(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = [*group("Web", 30, 30), *[{"status": "open", "created": "2025-12-01"}] * 60]
    app = open_page(monkeypatch, pipeline(rows, tmp_path), "lab.py")
    assert "anything from **25.0%**" in clean(app)
    assert "“Won of decided deals”, says **50%**" in clean(app)
    assert app.dataframe[0].value["label"].to_list()[0] == "Won of decided deals"
    assert json.loads(app.get("vega_lite_chart")[0].proto.spec)["description"].startswith("The same deals")


def test_money_is_never_shown_as_a_number_of_deals(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = open_page(monkeypatch, pipeline(APART, tmp_path), "lab.py")
    table = app.dataframe[0].value.set_index("label")["n_text"]
    assert table["Won value of decided value"].startswith("worth €")
    assert table["Won of decided deals"].isdigit()


def test_a_definition_can_be_put_to_use(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = [*APART, *[{"status": "open", "created": "2025-12-01"}] * 98]
    app = open_page(monkeypatch, pipeline(rows, tmp_path), "lab.py")
    app.session_state["lab_dots"] = {"selection": {"pick": [{"key": "created"}]}}
    app.run()
    app.button(key="lab_use").click().run()
    assert "“Won of created deals”, says **35.2%**" in clean(app)


def test_a_clear_lead_survives_every_definition(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = [*group("Partner", 80, 20), *group("Web", 40, 160)]
    said = clean(open_page(monkeypatch, pipeline(rows, tmp_path), "lab.py"))
    assert "**Partner** is ahead of **Web** under all" in said


def test_two_groups_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = clean(open_page(monkeypatch, pipeline(APART, tmp_path), "lab.py", a="Fair", b="Partner"))
    assert "**Partner** is ahead of **Fair** under" in said


STAGELESS: dict[str, Any] = {"visited": [], "last": 0}
CASES = {**THIN, "no stages": [{**deal, **STAGELESS} for deal in APART], "a blank": group(None, 5, 5) + APART}


@pytest.mark.parametrize("name", CASES)
def test_thin_data_gets_a_sentence(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = pipeline(CASES[name], tmp_path, stages=() if name == "no stages" else ("Lead", "Offer"))
    assert clean(open_page(monkeypatch, found, "lab.py"))


def test_a_filter_that_leaves_nothing_gets_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    query = {"period": "custom", "from": "1999-01-01", "to": "1999-02-01"}
    said = clean(open_page(monkeypatch, pipeline(APART, tmp_path), "lab.py", **query))
    assert "No deals fit these filters." in said
