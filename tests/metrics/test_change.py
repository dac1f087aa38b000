"""Change explained: by eye, to the cent on random pairs, and against fractions."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import permutations
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from data.errors import HitrateError
from data.slice import Slice
from metrics.change import FACTORS, change, explained, joined, shapley, to_whole
from tests.build import pipeline
from tests.metrics.company import STAGES, company

FIRST = Slice(by=("source",), basis="closed", start=date(2025, 1, 1), end=date(2025, 6, 30))
SECOND = FIRST.with_(start=date(2025, 7, 1), end=date(2025, 12, 31))


def half(won: int, lost: int, month: int, amount: float | None = 100.0, **more: Any) -> list[dict[str, Any]]:
    day = {"created": "2025-01-01", "closed": f"2025-{month:02d}-10", "amount": amount}
    return [{"status": "won"} | day | more] * won + [{"status": "lost"} | day | more] * lost


def random_side(rng: np.random.Generator, groups: int) -> pl.DataFrame:
    """Return decided, won, priced deals and hundredths of some of the groups; others are not there."""
    there = np.flatnonzero(rng.random(groups) < 0.8)
    cases = rng.integers(0, 200, there.size)
    won = rng.binomial(cases, rng.random(there.size))
    known = rng.binomial(won, rng.choice([1.0, 0.7]))
    minor = np.where(
        known > 0, known * rng.integers(1, 10**7, there.size) + rng.integers(0, 99, there.size), 0
    )
    names = {"#0": there, "cases": cases, "won": won, "amount_known": known, "minor": minor}
    return pl.DataFrame(names, schema=dict.fromkeys(names, pl.Int64))


def test_more_deals_and_dearer_ones_by_eye(tmp_path: Path) -> None:
    # 10 of 20 won at 100, then 20 of 40 at 200: 1 000 becomes 4 000. Volume first: 1 000 and 2 000 from size;
    # size first: the other way round; on average 1 500 each. Nothing from the rate.
    rows = half(10, 10, 3) + half(20, 20, 9, 200.0)
    found = change(pipeline(rows, tmp_path), FIRST.with_(by=()), SECOND.with_(by=()))
    assert (found.before_minor, found.after_minor) == (100_000, 400_000)
    assert found.parts == {"volume": 150_000, "mix": 0, "rate": 0, "size": 150_000, "priced": 0}
    assert (found.before_rate, found.after_rate, found.rate_mix, found.rate_within) == (0.5, 0.5, 0, 0)


def test_the_mix_alone_moves_rate_and_revenue(tmp_path: Path) -> None:
    # Web always wins 3 in 4, Fair 1 in 4; Fair grows from 40 to 80 of 120.
    rows = half(60, 20, 3) + half(10, 30, 3, source="Fair") + half(30, 10, 9) + half(20, 60, 9, source="Fair")
    found = change(pipeline(rows, tmp_path), FIRST, SECOND)
    assert found.parts == {"volume": 0, "mix": -200_000, "rate": 0, "size": 0, "priced": 0}
    assert (found.rate_mix, found.rate_within) == pytest.approx((-20 / 120, 0))


def test_a_won_deal_without_an_amount_is_told_apart(tmp_path: Path) -> None:
    rows = half(10, 10, 3) + half(5, 10, 9) + half(5, 0, 9, None)
    parts = change(pipeline(rows, tmp_path), FIRST, SECOND).parts
    assert parts == {"volume": 0, "mix": 0, "rate": 0, "size": 0, "priced": -50_000}


def test_the_parts_add_up_to_the_cent_on_1000_random_pairs() -> None:
    rng = np.random.default_rng(95)
    for _ in range(1000):
        before, after = (random_side(rng, 6) for _ in range(2))
        made = explained(joined(before, after, ["#0"]), ["#0"])
        gap = made["after_minor"] - made["before_minor"]
        assert (made.select(pl.sum_horizontal(FACTORS)).to_series() == gap).all()
        assert sum(int(made[f].sum()) for f in FACTORS) == int(after["minor"].sum()) - int(
            before["minor"].sum()
        )


def test_the_rate_parts_add_up_on_random_pairs() -> None:
    rng = np.random.default_rng(96)
    for _ in range(200):
        sides = [random_side(rng, 6) for _ in range(2)]
        if min(side["cases"].sum() for side in sides) == 0:
            continue
        made = explained(joined(*sides, ["#0"]), ["#0"])
        before, after = (side["won"].sum() / side["cases"].sum() for side in sides)
        assert made["rate_mix"].sum() + made["rate_within"].sum() == pytest.approx(after - before, abs=1e-12)


def test_each_part_equals_the_average_over_all_orders_in_fractions() -> None:
    rng = np.random.default_rng(97)
    for _ in range(20):
        a, b = rng.integers(1, 50, (2, 5))
        told = [Fraction(0)] * 5
        for order in permutations(range(5)):
            now = [int(v) for v in a]
            for k in order:
                was = prod(now)
                now[k] = int(b[k])
                told[k] += Fraction(prod(now) - was, 120)
        made = shapley(a[:, None].astype(float), b[:, None].astype(float))[:, 0]
        assert made == pytest.approx([float(t) for t in told], rel=1e-12)


def test_what_rounding_leaves_over_is_given_out() -> None:
    whole = to_whole(np.array([[1.5, -0.5], [1.4, 0.2], [1.1, 0.3]]), np.array([4, 0]))
    assert whole.sum(axis=0).tolist() == [4, 0]
    assert whole[:, 0].tolist() == [2, 1, 1]


def test_currencies_are_not_added_but_the_rate_is_explained(tmp_path: Path) -> None:
    rows = half(10, 10, 3) + half(10, 30, 9, currency="DKK")
    found = change(pipeline(rows, tmp_path), FIRST, SECOND)
    assert (found.before_minor, found.parts, found.reason) == (None, {}, "currencies")
    assert found.rate_within == pytest.approx(-0.25)
    assert found.groups["volume"].null_count() == 1


def test_nothing_before_or_nothing_at_all(tmp_path: Path) -> None:
    made = pipeline(half(10, 10, 9), tmp_path)
    found = change(made, FIRST, SECOND)
    assert found.parts == {"volume": 100_000, "mix": 0, "rate": 0, "size": 0, "priced": 0}
    assert (found.before_rate, found.rate_mix) == (None, None)
    empty = change(made, FIRST, FIRST)
    assert (empty.before_minor, sum(empty.parts.values())) == (0, 0)


def test_two_groups_may_be_compared_too(tmp_path: Path) -> None:
    made = pipeline(company(98), tmp_path, STAGES)
    ann, bo = (Slice(by=("country",), where=(("owner", (who,)),)) for who in ("Ann", "Bo"))
    found = change(made, ann, bo)
    assert sum(found.parts.values()) == (found.after_minor or 0) - (found.before_minor or 0)


@pytest.mark.parametrize("name", ["value", "contacted"])
def test_definitions_that_count_no_deals_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(HitrateError, match="count deals"):
        change(pipeline(half(1, 1, 3), tmp_path), FIRST, SECOND, name)
