"""Revenue at stake is as unsure as the average won amount is: by eye, and as a bootstrap has it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from metrics import leaks
from metrics.leak_tests import average_errors, averages
from tests.build import pipeline

STAGES = ("Lead", "Offer")
KINDS = [("lost", 1), ("lost", 2), ("won", 2)]  # 0, 1, 2 in the arrays below


def company(rng: np.random.Generator, deals: int = 1200) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return who (1: Fair, a third of the deals), what became of each, and its log-normal amount."""
    fair = (np.arange(deals) % 3 == 0).astype(int)
    on, won = rng.random(deals) < np.where(fair, 0.4, 0.7), rng.random(deals) < 0.5
    kind = np.where(~on, 0, np.where(won, 2, 1))
    return fair, kind, np.round(np.exp(rng.normal(7.0, 0.85, deals)), 2)


def rows(fair: np.ndarray, kind: np.ndarray, amount: np.ndarray) -> list[dict[str, Any]]:
    return [
        {"source": "Fair" if f else "Web", "status": KINDS[k][0], "last": KINDS[k][1], "amount": float(a)}
        for f, k, a in zip(fair, kind, amount, strict=True)
    ]


def at_stake(fair: np.ndarray, kind: np.ndarray, amount: np.ndarray) -> float:
    """Return Fair's revenue at stake at Lead by plain arithmetic; it has 30 wins and more."""
    own, rest = fair == 1, fair == 0
    excess = own.sum() * ((kind[rest] > 0).mean() - (kind[own] > 0).mean())
    after = (kind[rest] == 2).sum() / (kind[rest] > 0).sum()
    return float(excess * after * amount[own & (kind == 2)].mean())


def leak(made: pl.DataFrame) -> dict[str, Any]:
    return made.filter(value="Fair", stage="Lead").row(0, named=True)


def test_the_interval_is_that_of_a_bootstrap_over_deals(tmp_path: Path) -> None:
    rng = np.random.default_rng(61)
    parts = company(rng)
    row = leak(leaks(pipeline(rows(*parts), tmp_path, STAGES), fields=["source"]))
    assert row["revenue_at_stake"] == pytest.approx(at_stake(*parts), rel=1e-9)
    drawn = []
    for _ in range(4000):
        again = rng.integers(0, parts[0].size, parts[0].size)
        drawn.append(at_stake(*(part[again] for part in parts)))
    assert (row["high"] - row["low"]) / 2 / 1.959964 == pytest.approx(np.std(drawn), rel=0.06)


def test_leaving_the_average_out_would_be_too_narrow(tmp_path: Path) -> None:
    made = rows(*company(np.random.default_rng(62)))
    row = leak(leaks(pipeline(made, tmp_path, STAGES), fields=["source"]))
    known = (row["wins_high"] - row["wins_low"]) * row["average_won"]
    part = 2 * 1.959964 * row["wins_at_stake"] * row["average_error"]
    assert row["high"] - row["low"] == pytest.approx(math.hypot(known, part))
    assert row["high"] - row["low"] > 1.05 * known


def worths(*groups: list[float]) -> pl.DataFrame:
    """Return worth cells of groups of won amounts, in currency units."""
    minor = [[round(a * 100) for a in amounts] for amounts in groups]
    return pl.DataFrame({
        "field": ["source"] * len(groups), "value": [f"s{k}" for k in range(len(groups))],
        "currency": ["EUR"] * len(groups),
        "amount_known": [len(m) for m in minor], "amount_minor": [sum(m) for m in minor],
        "squares": [float(sum(a * a for a in m)) for m in minor],
    })  # fmt: skip


def test_from_30_wins_it_is_the_standard_error_of_the_group() -> None:
    rng = np.random.default_rng(63)
    own, others = rng.gamma(2, 500, 40), rng.gamma(2, 900, 90)
    made = average_errors(worths(own.tolist(), others.tolist())).sort("value")["average_error"]
    expected = [np.std(np.round(a, 2), ddof=1) / math.sqrt(a.size) for a in (own, others)]
    assert made.to_list() == pytest.approx(expected, rel=1e-9)


def test_under_30_wins_it_is_that_of_the_mixture() -> None:
    # 6 wins: the average is 0.2 of the own and 0.8 of all 36, that is 1/3 of the own and 2/3 of the others'.
    rng = np.random.default_rng(64)
    own, others = np.round(rng.gamma(2, 500, 6), 2), np.round(rng.gamma(2, 900, 30), 2)
    made = average_errors(worths(own.tolist(), others.tolist())).filter(value="s0")["average_error"][0]
    both = np.var(np.concatenate([own, others]), ddof=1)
    expected = math.sqrt((1 / 3) ** 2 * both / 6 + (2 / 3) ** 2 * np.var(others, ddof=1) / 30)
    assert made == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("amounts", "error"), [([500.0], 500.0), ([500.0] * 40, 0.0), ([0.0, 0.0], 0.0)])
def test_a_lone_win_is_as_unsure_as_it_is_large(amounts: list[float], error: float) -> None:
    assert average_errors(worths(amounts))["average_error"].to_list() == pytest.approx([error])


def test_a_group_without_wins_has_the_error_of_all() -> None:
    own = {"field": ["source"] * 2, "value": ["s0", "s1"], "status": ["won", "lost"], "currency": ["EUR"] * 2}
    cells = pl.DataFrame(own | {"deals": [4, 9], "amount_known": [4, 9], "amount_minor": [100_000, 1]})
    made = averages(cells, worths([100.0, 200.0, 300.0, 400.0])).filter(value="s1").row(0, named=True)
    assert (made["average_won"], made["average_from"]) == (250.0, "all")
    assert made["average_error"] == pytest.approx(np.std([100, 200, 300, 400], ddof=1) / 2)


def test_the_interval_holds_the_truth_19_times_in_20(tmp_path: Path) -> None:
    # Truth: 400 deals x (0.7 - 0.4) x 0.5 won x the mean of the law.
    truth, rng, held = 400 * 0.3 * 0.5 * math.exp(7.0 + 0.85**2 / 2), np.random.default_rng(65), 0
    for _ in range(60):
        row = leak(leaks(pipeline(rows(*company(rng)), tmp_path, STAGES), fields=["source"]))
        held += row["low"] <= truth <= row["high"]
    assert held / 60 >= 0.88  # 19 in 20 less three standard errors of 60 runs
