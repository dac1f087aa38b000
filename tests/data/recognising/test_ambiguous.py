"""Words with several meanings are settled by the values and the other columns of the file, or asked."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from data.recipe import Proposal
from data.recognising import propose
from data.recognising.fields import ASIDE, TABLE_FIELDS
from data.recognising.headers import matches
from tests.data.recognising.conftest import Make

AMBIGUOUS = Path(__file__).resolve().parents[4] / "shared" / "exports" / "ambiguous.csv"
NL: list[str | None] = ["Nieuw", "Offerte", "Gewonnen", "Verloren"]
DA: list[str | None] = ["Ny", "Vundet", "Tabt"]
EN: list[str | None] = ["New", "Won", "Lost"]


def told(make: Make, file: str = "deals.csv", **columns: list[str | None]) -> Proposal:
    """Recognise twelve rows; each column repeats its cells."""
    rows = {
        name.replace("_", " "): [cells[i % len(cells)] for i in range(12)] for name, cells in columns.items()
    }
    ids: list[str | None] = [f"D-{100 + i}" for i in range(12)]
    return propose([make({"ID": ids, **rows} if "Fase" in rows or "Stage" in rows else rows, file)])[0]


@pytest.mark.skipif(not AMBIGUOUS.exists(), reason="shared/exports is absent")
def test_every_ambiguous_word_is_known_with_all_its_meanings() -> None:
    ours = {*ASIDE, *(field for names in TABLE_FIELDS.values() for field in names)}
    with AMBIGUOUS.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            wanted = set(row["canonical_fields"].split("|")) & ours
            assert wanted <= {m.field for m in matches(row["synonym"])}, row["synonym"]


@pytest.mark.parametrize(
    ("header", "cells", "field"),
    [
        ("Kans", ["10", "40", "100", "0"], "probability"),
        ("Kans", ["Dak noord", "Gevel zuid", "Kade 3", "Loods 7"], "deal_name"),
        ("Afsluitdatum", ["2026-01-02"], "expected_close_at"),
        ("Kanaal", ["Web", "Beurs"], "source"),
        ("Titel", ["Dak noord", "Gevel zuid", "Kade 3", "Loods 7"], "deal_name"),
        ("Omzet", ["1000,50", "2000,25"], "amount"),
        ("Verwachte omzet", ["1000,50", "2000,25"], "amount"),
    ],
)
def test_dutch_words(make: Make, header: str, cells: list[str | None], field: str) -> None:
    assert told(make, **{"Fase": NL, header: cells}).recipe.fields.get(field) == header


def test_status_may_be_a_province_where_the_outcome_is_told_elsewhere(make: Make) -> None:
    found = told(make, Fase=DA, Status=["Jylland", "Fyn", "Sjælland"])
    assert (found.recipe.fields["region"], found.recipe.outcome.column) == ("Status", "Fase")
    found = told(make, Stage=EN, State=["CA", "NY", "TX"])
    assert (found.recipe.fields["region"], found.recipe.outcome.column) == ("State", "Stage")


def test_status_with_words_for_won_and_lost_is_the_status(make: Make) -> None:
    found = told(make, Fase=["Tilbud", "Møde"], Status=["Åben", "Vundet", "Tabt"])
    assert (found.recipe.fields["status"], found.recipe.outcome.column) == ("Status", "Status")


def test_closed_is_a_date_or_a_flag(make: Make) -> None:
    assert (
        told(make, Stage=EN, Closed=[None, "2026-01-01", "2026-02-01"]).recipe.fields["closed_at"] == "Closed"
    )
    flags = told(make, Stage=EN, Won=["no", "yes", "no"], Closed=["no", "yes", "yes"]).recipe
    assert (flags.fields["is_closed"], flags.outcome.source) == ("Closed", "flags")


def test_a_channel_beside_a_source_is_the_medium(make: Make) -> None:
    fields = told(make, Fase=NL, Kanaal=["Web", "Beurs"], Bron=["Google", "Bing"]).recipe.fields
    assert (fields["source"], fields["medium"]) == ("Bron", "Kanaal")


def test_employees_are_sellers_or_a_size(make: Make) -> None:
    assert told(make, Fase=NL, Mitarbeiter=["Ann Bo", "Cy Di"]).recipe.fields["owner"] == "Mitarbeiter"
    assert told(make, Fase=NL, Mitarbeiter=["12", "1000"]).recipe.fields["company_size"] == "Mitarbeiter"


def test_an_amount_in_a_list_of_targets_is_the_target(make: Make) -> None:
    months: list[str | None] = [f"2026-{m:02d}" for m in range(1, 13)]
    found = told(make, "targets.csv", Verkoper=["Ann", "Bo"], Maand=months, Bedrag=["1000", "2000"])
    assert (found.recipe.table, found.recipe.fields["target"]) == ("targets", "Bedrag")


def test_age_in_bands_is_a_group_of_customers(make: Make) -> None:
    assert told(make, Stage=EN, Age=["18-24", "25-34", "35+"]).recipe.fields["age_group"] == "Age"
    assert "age_group" not in told(make, Stage=EN, Age=["12", "340", "7"]).recipe.fields


def test_two_columns_that_fit_equally_are_one_question_with_its_rows(make: Make) -> None:
    amounts: list[str | None] = [f"{i}00" for i in range(12)]
    found = told(make, Stage=EN, Amount=amounts, Deal_value=[*amounts[:9], "7", "8", "9"])
    (asked,) = [q for q in found.questions if q.code == "two_columns_fit"]
    assert (asked.column, asked.values["other"], asked.count) == ("Amount", "Deal value", 3)
    assert asked.rows == (11, 12, 13)


def test_two_columns_that_say_the_same_are_not_asked_about(make: Make) -> None:
    amounts: list[str | None] = [f"{i}00" for i in range(12)]
    found = told(make, Stage=EN, Amount=amounts, Deal_value=amounts)
    assert "two_columns_fit" not in {q.code for q in found.questions}


def test_columns_told_from_values_alone_are_one_question(make: Make) -> None:
    found = told(make, Zorp=EN, Stage=["A", "B"], Glim=["€ 1.234,50", "€ 99,00"])
    asked = [q for q in found.questions if q.code == "told_by_values"]
    assert len(asked) == 1
    assert "“Glim”" in asked[0].text()
