"""Traps in hit rates: each test is named after the wrong number it keeps out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from data.slice import Slice
from metrics import hit_rate
from metrics.hit_rate import rates
from tests.build import pipeline


def rows(*groups: tuple[int, dict[str, Any]]) -> list[dict[str, Any]]:
    return [dict(row) for n, row in groups for _ in range(n)]


WON, LOST, OPEN, DISQUALIFIED = ({"status": s} for s in ("won", "lost", "open", "disqualified"))


def test_open_counted_as_lost(tmp_path: Path) -> None:
    made = hit_rate(pipeline(rows((3, WON), (1, LOST), (96, OPEN)), tmp_path))
    assert made["rate"].item() == 3 / 4


def test_disqualified_counted_as_lost(tmp_path: Path) -> None:
    made = hit_rate(pipeline(rows((3, WON), (1, LOST), (50, DISQUALIFIED)), tmp_path))
    assert made.select("rate", "lost", "disqualified").row(0) == (3 / 4, 1, 50)


def test_reopened_deal_counted_twice(tmp_path: Path) -> None:
    # Lost in March, opened again, won in May: one deal, won.
    story = [
        (1, "2025-01-01"),
        ("lost", "2025-03-01"),
        (1, "2025-04-01"),
        (2, "2025-04-10"),
        ("won", "2025-05-01"),
    ]
    made = hit_rate(pipeline([{"entries": story, "reopened": True}], tmp_path))
    assert made.select("deals", "won", "lost").row(0) == (1, 1, 0)


def test_currencies_added_up(tmp_path: Path) -> None:
    mixed = rows((2, WON), (1, WON | {"currency": "DKK"}), (1, LOST))
    deals = pipeline(mixed, tmp_path)
    made = hit_rate(deals)
    assert (made["won_amount"].item(), made["rate"].item()) == (None, 3 / 4)
    assert hit_rate(deals, where={"currency": "EUR"})["won_amount"].item() == 2000
    assert hit_rate(deals, by="currency").select("currency", "won_amount").rows() == [
        ("EUR", 2000),
        ("DKK", 1000),
    ]


def test_currencies_mixed_in_a_rate_by_value(tmp_path: Path) -> None:
    mixed = rows((1, WON), (1, LOST | {"currency": "DKK"}))
    made = rates(pipeline(mixed, tmp_path), Slice(), "value")
    assert made.select("rate", "reason").row(0) == (None, "currencies")


def test_a_currency_without_an_amount_spoils_the_sum(tmp_path: Path) -> None:
    harmless = rows((2, WON), (1, LOST | {"currency": "DKK", "amount": None}))
    assert hit_rate(pipeline(harmless, tmp_path))["won_amount"].item() == 2000


def test_an_amount_of_unknown_currency_taken_for_euros(tmp_path: Path) -> None:
    unsure = rows((1, WON), (1, WON | {"currency": None}))
    assert hit_rate(pipeline(unsure, tmp_path))["won_amount"].item() is None


def test_small_denominator_called_a_rate(tmp_path: Path) -> None:
    made = hit_rate(pipeline(rows((2, WON)), tmp_path)).row(0, named=True)
    assert (made["rate"], made["enough"]) == (1.0, False)
    assert made["low"] < 0.35


def test_thirty_cases_with_a_wide_interval_called_enough(tmp_path: Path) -> None:
    assert hit_rate(pipeline(rows((15, WON), (15, LOST)), tmp_path))["enough"].item() is False


def test_empty_denominator_shown_as_zero(tmp_path: Path) -> None:
    made = hit_rate(pipeline(rows((5, OPEN)), tmp_path)).row(0, named=True)
    assert [made[c] for c in ("rate", "low", "high", "enough")] == [None, None, None, False]


def test_lost_deals_without_value_make_every_rate_100_percent(tmp_path: Path) -> None:
    for amount in (None, 0.0):
        deals = pipeline(rows((3, WON), (5, LOST | {"amount": amount})), tmp_path)
        assert rates(deals, Slice(), "value").select("rate", "reason").row(0) == (None, "no lost value")


def test_a_group_without_lost_deals_vouches_for_itself(tmp_path: Path) -> None:
    # Bo has lost nothing, and nowhere does a lost deal carry a value: his 100 % says nothing either.
    worthless = rows((2, WON | {"owner": "Bo"}), (3, WON), (5, LOST | {"amount": None}))
    assert hit_rate(pipeline(worthless, tmp_path), by="owner", definition="value")["rate"].null_count() == 2


def test_blank_amount_taken_for_zero_in_the_average_deal(tmp_path: Path) -> None:
    deals = pipeline(rows((1, WON), (3, WON | {"amount": None})), tmp_path)
    assert rates(deals, Slice())["average_deal"].item() == 1000
    assert hit_rate(pipeline(rows((3, WON | {"amount": None})), tmp_path))["won_amount"].item() is None


def test_rates_averaged_instead_of_added_up(tmp_path: Path) -> None:
    # Ann 1 of 1, Bo 0 of 9: the company wins 1 of 10, not 50 %.
    deals = pipeline(rows((1, WON), (9, LOST | {"owner": "Bo"})), tmp_path)
    assert hit_rate(deals)["rate"].item() == 0.1


def test_deals_with_a_blank_source_dropped(tmp_path: Path) -> None:
    made = hit_rate(pipeline(rows((3, WON), (2, LOST | {"source": None})), tmp_path), by="source")
    assert made.select("source", "deals").rows() == [("Web", 3), (None, 2)]


def test_last_day_of_the_period_left_out(tmp_path: Path) -> None:
    late = pipeline([WON | {"closed": "2025-03-31 23:30"}], tmp_path)
    assert hit_rate(late, start="2025-03-01", end="2025-03-31")["won"].item() == 1


def test_a_header_called_like_a_column_of_ours(tmp_path: Path) -> None:
    deals = pipeline(rows((2, WON | {"won": "yes"}), (1, LOST | {"won": "no"})), tmp_path)
    assert hit_rate(deals, by="won").select("won (2)", "won", "lost").rows() == [("yes", 2, 0), ("no", 0, 1)]
