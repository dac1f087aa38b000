"""Questions on the Review page: one for each thing that is open, answered in a click, and then gone."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from data.notice import Notice
from data.recipe import FileRecipe, Proposal
from pages.shared.review import draft
from pages.shared.review.answers import dated, valued
from pages.shared.review.asking import asks
from tests.pages.app import CSV, start, text, workspace

OPEN_DATES = b"""Deal,Stage,Source,Created,Closed,Amount
D1,Won,Google,03/04/2025,05/06/2025,1000
D2,Lost,google,04/05/2025,06/07/2025,500
D3,Won,Web,05/04/2025,07/08/2025,2000
D4,Lost,Web,06/04/2025,08/09/2025,750
"""
FLAG = b"""Lead,Source,Converted
L1,Web,Yes
L2,Web,No
L3,Fair,No
L4,Fair,Yes
"""


def review(*files: tuple[str, bytes]) -> AppTest:
    return start({"w": workspace(*files, commit=False).id}, page="review.py")


def metrics(at: AppTest) -> dict[str, str]:
    return {m.label: m.value for m in at.metric}


def proposal(file: str, table: str = "deals", fingerprint: str = "") -> Proposal:
    return Proposal(
        file=file, fingerprint=fingerprint or file, container="csv", encoding=None, delimiter=",",
        header_row=1, sheet=None, language="en", system=None, rows=1, columns=["a"],
        recipe=FileRecipe(table=table), guesses=[], notices=[],
    )  # fmt: skip


def question(code: str, file: str | None, column: str | None = None) -> Notice:
    return Notice(code=code, level="question", message=f"{code} {column}", file=file, column=column)


def test_two_dates_of_one_file_are_one_question() -> None:
    found = [question("date_order_unknown", "a.csv", c) for c in ("Created", "Closed")]
    (ask,) = asks([proposal("a.csv")], found)
    assert (ask.kind, [n.column for n in ask.notices]) == ("dates", ["Created", "Closed"])


def test_files_with_the_same_columns_share_a_question() -> None:
    both = [proposal("mon.csv", fingerprint="x"), proposal("tue.csv", fingerprint="x")]
    found = [question("currency_guessed", p.file, "Amount") for p in both]
    assert [ask.place for ask in asks(both, found)] == [0]


def test_what_blocks_most_is_asked_first_and_warnings_are_no_questions() -> None:
    found = [
        question("currency_guessed", "a.csv"),
        Notice(code="no_created", message="warned"),
        question("table_unknown", "b.csv"),
    ]
    assert [a.kind for a in asks([proposal("a.csv"), proposal("b.csv")], found)] == ["table", "money"]


def test_a_question_about_no_file_is_about_the_deals() -> None:
    (ask,) = asks([proposal("p.csv", "people"), proposal("d.csv")], [question("stage_without_place", None)])
    assert ask.file == "d.csv"


@pytest.mark.parametrize(
    ("cell", "day", "month"),
    [
        ("03/04/2026", date(2026, 4, 3), date(2026, 3, 4)),
        ("31-12-25 09:30", date(2025, 12, 31), None),
        ("soon", None, None),
    ],
)
def test_a_written_date_both_ways(cell: str, day: date | None, month: date | None) -> None:
    assert (dated(cell, "day"), dated(cell, "month")) == (day, month)


def test_a_written_number_both_ways() -> None:
    assert (valued("€ 12.345", ","), valued("€ 12.345", ".")) == (12345.0, 12.345)
    assert valued("none", ",") is None


def test_open_dates_are_one_question_with_an_answer_in_one_click() -> None:
    at = review(("deals.csv", OPEN_DATES))
    assert "**Which comes first in the dates of deals.csv: the day or the month?**" in text(at)
    before = at.session_state["draft"]
    at.button(key=next(b.key for b in at.button if (b.key or "").startswith("way_day_"))).click().run()
    (was,), (now,) = before.files.values(), at.session_state["draft"].files.values()
    assert was.dates["Created"].formats == ["%m/%d/%Y"]
    assert now.dates["Created"].formats == now.dates["Closed"].formats == ["%d/%m/%Y"]
    assert "Which comes first" in text(at)
    assert "**Which comes first" not in text(at)


def test_an_answer_can_be_changed() -> None:
    at = review(("deals.csv", OPEN_DATES))
    at.button(key=next(b.key for b in at.button if (b.key or "").startswith("way_day_"))).click().run()
    again = next(b.key for b in at.button if (b.key or "").startswith("again_dates"))
    at.button(key=again).click().run()
    assert "**Which comes first" in text(at)


def test_those_not_won_can_be_said_to_be_open() -> None:
    at = review(("leads.csv", FLAG))
    assert metrics(at)["Lost"] == "2"
    at.button(key=next(b.key for b in at.button if (b.key or "").startswith("way_open_"))).click().run()
    assert (metrics(at)["Lost"], metrics(at)["Open"]) == ("0", "2")


def test_a_file_that_is_no_table_of_ours_is_asked_about_and_can_be_left_out() -> None:
    at = review(("deals.csv", CSV), ("colours.csv", b"Shade,Hex\nred,f00\nblue,00f\n"))
    assert "What does colours.csv hold?" in text(at)
    at.button(key=next(b.key for b in at.button if (b.key or "").startswith("out_table"))).click().run()
    assert "**What does colours.csv hold?**" not in text(at)
    assert metrics(at)["Deals"] == "6"


def test_a_join_that_would_double_deals_offers_to_leave_the_file_out() -> None:
    people = b"Verkoper;Team\nAnna;Noord\nBo;Zuid\nAnna;West\nBo;Oost\n"
    at = review(("deals.csv", CSV), ("people.csv", people))
    recipe = at.session_state["draft"]
    as_sellers = FileRecipe(table="people", fields={"owner": "Verkoper"}, keep=["Team"])
    at.session_state["draft"] = draft.with_file(recipe, list(recipe.files)[1], as_sellers)
    at.run()
    assert any("A key is not unique" in w.value for w in at.warning)
    assert not at.metric
    at.button(key="leave_1").click().run()
    assert metrics(at)["Deals"] == "6"


def test_two_exports_without_a_day_are_asked_for_it() -> None:
    first = CSV.replace(b"Deal;", b"Deal ID;")
    later = first.replace(b"D5;Offerte", b"D5;Gewonnen")
    at = review(("deals.csv", first), ("deals (1).csv", later))
    assert "Of which day is each of these exports?" in text(at)
    boxes = [d.key for d in at.date_input if d.key.startswith("ask_day_")]
    at.date_input(key=boxes[0]).set_value(date(2025, 5, 1)).run()
    at.date_input(key=boxes[1]).set_value(date(2025, 5, 8)).run()
    assert "Of which day" not in text(at)
    assert metrics(at)["Won"] == "3"
