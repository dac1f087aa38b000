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


@pytest.mark.parametrize(
    ("header", "times", "parts", "unit"),
    [
        ("Amount (k€)", 1000, 1, "EUR"),
        ("Deal value ($000s)", 1000, 1, "USD"),
        ("Beløb (1.000 kr.)", 1000, 1, "kr"),
        ("Montant (en milliers d'euros)", 1000, 1, "EUR"),
        ("Betrag in Mio. EUR", 1_000_000, 1, "EUR"),
        ("value_cents", 1, 100, None),
        ("amountMicros", 1, 1_000_000, None),
        ("Beløb (kr.)", 1, 1, "kr"),
        ("Discount per cent", 1, 1, None),
        ("Track", 1, 1, None),
        ("Product 2000", 1, 1, None),
        ("In thousands", 1, 1, None),
    ],
)
def test_scale_and_currency_in_a_header(header: str, times: int, parts: int, unit: str | None) -> None:
    found = parse(header)
    assert (found.times, found.parts, found.unit) == (times, parts, unit)
