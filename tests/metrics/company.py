"""A made-up company whose deals skip stages, fall back, reopen and lack things; and the law behind them."""

from __future__ import annotations

import random
from typing import Any

STAGES = ("Lead", "Meeting", "Offer", "Contract")
SOURCES = ("Web", "Fair", "Phone", None)


def company(seed: int, deals: int = 400, currencies: tuple[str, ...] = ("EUR",)) -> list[dict[str, Any]]:
    """Return rows for tests.build.pipeline: every outcome, path, blank and date that can occur."""
    rng = random.Random(seed)
    return [one(rng, currencies) for _ in range(deals)]


def one(rng: random.Random, currencies: tuple[str, ...]) -> dict[str, Any]:
    status = rng.choice(["open", "won", "won", "lost", "lost", "lost", "disqualified"])
    visited = sorted(rng.sample(range(1, 5), rng.randint(0, 4)))
    created = f"2025-{rng.randint(1, 9):02d}-{rng.randint(1, 28):02d}"
    closed = None if status == "open" else f"2025-{rng.randint(10, 12)}-{rng.randint(1, 28):02d}"
    return {
        "status": status,
        "visited": visited,
        "last": rng.choice(visited) if visited else 0,
        "created": created,
        "closed": closed,
        "source": rng.choice(SOURCES),
        "owner": rng.choice(["Ann", "Bo", "Cy"]),
        "country": rng.choice(["NL", "DK"]),
        "amount": rng.choice([None, 100.0, 250.5, 900.0]),
        "currency": rng.choice(currencies),
        "first_contact": rng.choice([None, created]),
    }
