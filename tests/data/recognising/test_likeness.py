"""Headers nobody told us about are read by the known ones they are like."""

from __future__ import annotations

import pytest

from data.recognising.likeness import like, parts_of
from data.recognising.words import fold


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("verkoopstadium", ("verkoop", "stadium")),
        ("offertebedrag", ("bedrag",)),
        ("zonnebloem", ()),
    ],
)
def test_compounds_come_apart(word: str, parts: tuple[str, ...]) -> None:
    assert parts_of(word) == parts


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Bedrag offerte ex btw", "amount"),
        ("Erstelldatum der Zeile", "created_at"),
        ("Forventet lukkedato for sagen", "expected_close_at"),
        ("Reden van verlies of afwijzing", "lost_reason"),
        ("createdate", "created_at"),
        ("Deal owner name", "owner"),
        ("Ursprüngliche Leadquelle", "source"),
        ("Sannolikhetsgrad", "probability"),
    ],
)
def test_a_header_is_like_the_known_ones(header: str, field: str) -> None:
    found = like(tuple(fold(header).split()))
    assert field in [one.field for one in found[:3]]


def test_a_header_of_other_words_is_like_nothing() -> None:
    assert all(one.likeness < 0.4 for one in like(tuple(fold("Zwevend vlak rood").split())))


def test_known_headers_are_fully_like_themselves() -> None:
    best = like(tuple(fold("Verwachte sluitingsdatum").split()))[0]
    assert (best.field, round(best.likeness, 2)) == ("expected_close_at", 1.0)
