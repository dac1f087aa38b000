"""Large files are profiled from a sample, the file's own records and grouped columns."""

from __future__ import annotations

import duckdb
import pytest

from data.recognising import numbers, profile, propose, sampling

from .conftest import Make

ROWS = 3_000


def facts(make: Make, monkeypatch: pytest.MonkeyPatch, **columns: list[str | None]) -> profile.Facts:
    monkeypatch.setattr(sampling, "SLICE", 100)  # the sample: 500 of the rows
    table = make(dict(columns))
    return profile.profile(duckdb.connect(), "t", [table.path], "deals.csv", table.columns)


def test_values_and_blanks_are_counted_over_all_rows(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    late = ["Web" if i < ROWS - 2 else "Rare" if i < ROWS - 1 else None for i in range(ROWS)]
    found = facts(make, monkeypatch, source=late).columns[0]
    assert (found.values, found.filled, found.distinct) == ({"Web": ROWS - 2, "Rare": 1}, ROWS - 1, 2)


def test_a_column_that_looks_short_in_the_sample_may_be_long(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids: list[str | None] = [str(i // 3) for i in range(ROWS)]
    found = facts(make, monkeypatch, ids=ids).columns[0]
    assert (found.values, found.filled, found.distinct) == (None, ROWS, ROWS // 3)


def test_distinct_cells_are_counted_exactly(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    ids: list[str | None] = [f"D{i}" for i in range(ROWS)]
    seen = facts(make, monkeypatch, one=ids, twice=[*ids[:-1], "D0"])
    assert [seen.exact(c) for c in seen.columns] == [ROWS, ROWS - 1]


@pytest.mark.parametrize(("odd", "signs"), [("12.50", {"."}), ("1.234,50", {".", ","}), ("7", {"."})])
def test_one_odd_amount_among_plain_ones_is_seen(
    make: Make, monkeypatch: pytest.MonkeyPatch, odd: str, signs: set[str]
) -> None:
    amounts: list[str | None] = [f"{i}.25" for i in range(ROWS)]
    amounts[150] = odd
    seen = facts(make, monkeypatch, amount=amounts)
    found = numbers.signs(seen, seen.columns[0])
    assert set(found.decimal) == signs
    assert sum(found.decimal.values()) == ROWS - (odd == "7")


def test_weekly_exports_are_judged_one_by_one(make: Make) -> None:
    week = {"Deal ID": [f"D{i}" for i in range(40)], "Stage": ["Won", "Lost", "Offer", "Meeting"] * 10}
    weeks = [make({**week}, f"deals-2026-11-{day:02d}.csv") for day in (1, 8, 15, 22)]
    assert [p.recipe.fields.get("deal_id") for p in propose(weeks)] == ["Deal ID"] * 4
    assert {p.recipe.table for p in propose(weeks)} == {"deals"}
