"""The order of stages: columns, numbers, shipped lists, history, usual places, probability, else ask."""

from __future__ import annotations

from collections import Counter

import pytest

from data.recognising.meaning import meaning
from data.recognising.snapshot import from_name
from data.recognising.stages import History, arrange


@pytest.mark.parametrize(
    ("labels", "order"),
    [
        (["3-Propose", "1-Qualify", "2-Develop"], ["1-Qualify", "2-Develop", "3-Propose"]),
        (["Contact Made", "Qualified", "Proposal Made"], ["Qualified", "Contact Made", "Proposal Made"]),
        (["Qualified", "New", "Proposition"], ["New", "Qualified", "Proposition"]),
        (["Onderhandeling", "Offerte verstuurd", "Nieuw"], ["Nieuw", "Offerte verstuurd", "Onderhandeling"]),
        (
            ["Forhandling", "Tilbud sendt", "Kontaktet", "Ny"],
            ["Ny", "Kontaktet", "Tilbud sendt", "Forhandling"],
        ),
    ],
)
def test_order_without_history(labels: list[str], order: list[str]) -> None:
    assert arrange(labels, [], {}, None, Counter(labels)) == (order, True)


def test_history_orders_labels_nobody_knows() -> None:
    before = Counter({("Blue", "Red"): 9, ("Red", "Blue"): 2, ("Red", "Green"): 5, ("Blue", "Green"): 4})
    history = History(before, Counter({"Blue": 9, "Red": 9, "Green": 5}))
    assert arrange(["Red", "Green", "Blue"], [], {}, history, Counter()) == (["Blue", "Red", "Green"], True)


def test_probability_orders_labels_nobody_knows() -> None:
    assert arrange(["B", "A"], [], {"A": 20.0, "B": 60.0}, None, Counter()) == (["A", "B"], True)


def test_otherwise_the_order_is_a_guess() -> None:
    assert arrange(["Blue", "Red"], [], {}, None, Counter({"Red": 3, "Blue": 1})) == (["Red", "Blue"], False)


@pytest.mark.parametrize(
    ("label", "status"),
    [
        ("Closed - Lost (price)", "lost"),
        ("Avslutad - Ingen Order 0%", "lost"),
        ("Avslutad - Order 100%", "won"),
        ("Lost after negotiation", "lost"),
        ("Won 🎉", "won"),
        ("Afgesloten - Gewonnen", "won"),
        ("Tabt", "lost"),
        ("Nicht gewonnen", "lost"),
        ("Unqualified", "disqualified"),
        ("Offerte", "open"),
        ("Afsluttet", None),
    ],
)
def test_words(label: str, status: str | None) -> None:
    assert meaning(label).status == status


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("hubspot-crm-exports-all-deals-2026-11-20.csv", "2026-11-20"),
        ("report1763596800000.csv", "2025-11-20"),
        ("Deals_2026_05_28.csv", "2026-05-28"),
        ("opportunities_2016-12-31.csv", "2016-12-31"),
        ("All Opportunities 11-20-2026 9-14-05 AM.xlsx", "2026-11-20"),
        ("kansen 20-11-2026.csv", "2026-11-20"),
        ("pipeline 2026-W47.csv", "2026-11-22"),
        ("deals-1234567-42.csv", None),
        ("deals 2026-13-45.csv", None),
    ],
)
def test_snapshot_in_the_file_name(name: str, day: str | None) -> None:
    found = from_name(name)
    assert (found.isoformat() if found else None) == day
