"""Corrections on the Review page: each gives a corrected copy and leaves the proposal alone."""

from __future__ import annotations

from data.recipe import DateRule, FileRecipe, NumberRule, OutcomeRule
from pages.shared.review import draft

FILE = FileRecipe(
    fields={"stage": "Fase", "amount": "Bedrag", "created_at": "Gemaakt"},
    keep=["Land"],
    drop={"Mail": "personal"},
    dates={"Gemaakt": DateRule(formats=["%d-%m-%Y", "%d-%m-%Y %H:%M:%S"])},
    numbers={"Bedrag": NumberRule(decimal=",", thousands=".")},
    outcome=OutcomeRule(source="stage", column="Fase", words={"Gewonnen": "won", "Verloren": "lost"}),
    stage_order={"": ["Nieuw", "Offerte", "Akkoord"]},
)


def test_what_each_column_is_read_as() -> None:
    read = [draft.reading(FILE, column) for column in ("Fase", "Land", "Mail", "?")]
    assert read == ["stage", "keep", "drop", "drop"]


def test_a_field_has_one_column_and_the_old_one_is_kept() -> None:
    changed = draft.read_as(FILE, "Land", "amount")
    assert changed.fields["amount"] == "Land"
    assert changed.keep == ["Bedrag"]
    assert FILE.fields["amount"] == "Bedrag"


def test_a_column_that_becomes_a_date_is_written_as_the_others() -> None:
    assert draft.read_as(FILE, "Land", "closed_at").dates["Land"] == FILE.dates["Gemaakt"]


def test_a_column_that_is_left_out_is_no_longer_a_field() -> None:
    changed = draft.read_as(FILE, "Bedrag", "drop")
    assert "amount" not in changed.fields
    assert changed.drop["Bedrag"] == draft.BY_USER


def test_the_outcome_follows_the_stage_column() -> None:
    assert draft.read_as(FILE, "Land", "stage").outcome.column == "Land"


def test_a_stage_that_means_won_leaves_the_order_of_open_stages() -> None:
    changed = draft.word(FILE, "Akkoord", "won")
    assert changed.stage_order == {"": ["Nieuw", "Offerte"]}
    assert draft.word(changed, "Akkoord", "open").stage_order == FILE.stage_order


def test_every_stage_and_closing_word_is_listed() -> None:
    assert draft.words(FILE) == {
        "Gewonnen": "won",
        "Verloren": "lost",
        "Nieuw": "open",
        "Offerte": "open",
        "Akkoord": "open",
    }


def test_a_stage_moves_to_the_place_asked_for() -> None:
    assert draft.place(["a", "b", "c"], {2: 1}) == ["c", "a", "b"]
    assert draft.place(["a", "b", "c"], {0: 9}) == ["b", "c", "a"]


def test_day_and_month_change_places_in_every_date() -> None:
    turned = draft.with_date_order(FILE, "month")
    assert turned.dates["Gemaakt"].formats == ["%m-%d-%Y", "%m-%d-%Y %H:%M:%S"]
    assert draft.date_order(turned) == "month"
    assert draft.with_date_order(turned, "day") == FILE


def test_the_decimal_sign_takes_the_thousands_sign_along() -> None:
    rule = draft.with_decimal_sign(FILE, ".").numbers["Bedrag"]
    assert (rule.decimal, rule.thousands) == (".", ",")


def test_another_column_can_say_won_or_lost() -> None:
    file = draft.read_as(FILE, "Land", "status")
    changed = draft.outcome_from(file, "Land", ["Gewonnen", "Verloren", "Lopend", "Lopend 2"])
    assert (changed.outcome.source, changed.outcome.column) == ("status", "Land")
    assert changed.outcome.words == {"Gewonnen": "won", "Verloren": "lost"}
    assert draft.words(changed, ["Lopend"])["Lopend"] == "open"


def test_stages_of_a_new_column_leave_out_the_closing_words() -> None:
    assert draft.stages_from(FILE, ["Gewonnen", "Offerte", "Nieuw"]).stage_order == {"": ["Nieuw", "Offerte"]}
