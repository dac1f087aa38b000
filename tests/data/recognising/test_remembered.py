"""A header decided before asks nothing; one that changed asks about the difference only."""

from __future__ import annotations

from data.recipe import Proposal, Recipe
from data.recognising import propose
from tests.data.recognising.conftest import Make

Columns = dict[str, list[str | None]]
DEALS: Columns = {
    "Deal ID": ["1", "2", "3", "4"],
    "Deal name": ["a", "b", "c", "d"],
    "Fase": ["Gewonnen", "Verloren", "Offerte", "Offerte"],
    "Bedrag": ["10,00", "20,00", "30,00", "40,00"],
    "Bron": ["Beurs", "Web", "Beurs", "Web"],
    "Aangemaakt op": ["03/04/2026"] * 4,
    "Kleur": ["N", "Z", "N", "Z"],
}


def again(make: Make, columns: Columns) -> tuple[Proposal, Proposal]:
    """Return what is proposed for the deals and, remembering it, for other columns."""
    first = propose([make(DEALS)])[0]
    decided = first.recipe.model_copy(deep=True)
    decided.keep.remove("Kleur")
    decided.drop["Kleur"] = "free text"  # a decision of the user's that values would not give
    known = Recipe(files={first.fingerprint: decided})
    return first, propose([make(columns, "later.csv")], known)[0]


def test_the_same_header_asks_nothing_and_has_changed_nothing(make: Make) -> None:
    first, later = again(make, DEALS)
    assert first.questions
    assert (later.questions, later.from_memory, later.changed) == ([], True, {})
    assert later.recipe.drop["Kleur"] == "free text"


def test_a_new_column_is_recognised_and_the_rest_stays_as_decided(make: Make) -> None:
    _, later = again(make, {**DEALS, "Verkoper": ["Ann", "Bo", "Ann", "Bo"]})
    assert (later.from_memory, later.changed) == (True, {"new": ["Verkoper"], "gone": []})
    assert (later.recipe.fields["owner"], later.recipe.drop["Kleur"]) == ("Verkoper", "free text")
    assert {g.column: g.confidence for g in later.guesses}["Bedrag"] == 1.0
    assert later.questions == []


def test_a_new_column_may_raise_its_own_question(make: Make) -> None:
    _, later = again(
        make, {**DEALS, "Verwachte sluitingsdatum": ["05.06.26", "13.06.26", "06/07/2026", "01/02/2026"]}
    )
    assert {q.column for q in later.questions} <= {"Verwachte sluitingsdatum"}
    assert later.recipe.fields["expected_close_at"] == "Verwachte sluitingsdatum"


def test_a_renamed_column_is_found_again(make: Make) -> None:
    renamed = {("Waarde" if k == "Bedrag" else k): v for k, v in DEALS.items()}
    _, later = again(make, renamed)
    assert later.changed == {"new": ["Waarde"], "gone": ["Bedrag"]}
    assert later.recipe.fields["amount"] == "Waarde"
    assert later.recipe.numbers["Waarde"].decimal == ","


def test_a_lost_outcome_column_is_decided_anew_and_asked(make: Make) -> None:
    renamed = {("Stand" if k == "Fase" else k): v for k, v in DEALS.items()}
    renamed["Stand"] = ["A", "B", "C", "C"]
    _, later = again(make, renamed)
    assert later.recipe.outcome.source == "none"
    assert "outcome_unknown" in {q.code for q in later.questions}


def test_a_header_with_little_in_common_is_not_remembered(make: Make) -> None:
    other: Columns = {
        "Deal ID": ["1", "2"],
        "Fase": ["Gewonnen", "Verloren"],
        "Omzet": ["1", "2"],
        "Klant": ["a", "b"],
    }
    _, later = again(make, other)
    assert (later.from_memory, later.changed) == (False, {})
