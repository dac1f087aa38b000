"""Headers are looked up in all languages, without their wrapping."""

from __future__ import annotations

import pytest

from data.recognising.headers import language, matches, parse, system


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("\ufeffRecord ID", "deal_id"),
        ("Deal - Title", "deal_name"),
        ("Stage  ↑", "stage"),
        ("Sandsynlighed, %", "probability"),
        ("opportunity_id", "deal_id"),
        ("sales_agent", "owner"),
        ("DateTimeCreated__c", "created_at"),
        ("LeadSource", "source"),
        ("Owner.External_Id__c", "owner"),
        ("Verkoopstadium", "stage"),
        ("Tabsårsag", "lost_reason"),
        ("TABSAARSAG", "lost_reason"),  # a keyboard without å
        ("Zwevend vlak", None),
        ("Montant", "amount"),
        ("Säljare", "owner"),
        ("Opprettet", "created_at"),
        ("Opportunity Amount USD", "amount"),
        ("Route To Market", "source"),
        ("engage_date", "created_at"),
        ("Lead bron", "source"),
        ("", None),
    ],
)
def test_header(header: str, field: str | None) -> None:
    found = {m.field for m in matches(header)}
    assert field in found if field else not found


def test_unit_and_reference_are_told() -> None:
    assert (parse("Amount (EUR)").unit, parse("Probability (%)").unit) == ("EUR", "%")
    assert parse("Opportunity.External_Id__c").deal
    assert not parse("External_Id__c").deal


def test_language_and_system() -> None:
    assert language(("Verkoper", "Fase", "Kans", "Bedrag")) == "nl"
    assert language(("Sælger", "Fase", "Beløb", "Kunde")) == "da"
    assert system(("Deal - ID", "Deal - Status", "x")) == "Pipedrive"
    assert system(("a", "b")) is None
