"""Large files take short cuts (columns as lists of values, hashes for ids): the tables must be the same."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from data.converting import looking, typed
from data.reading.distinct import PLAIN, all_differ, different, matching
from data.recipe import FileRecipe, NumberRule

from .conftest import Maker

Make = Callable[..., FileRecipe]
COLUMNS = "Id|Name|Status|Stage|Source|Currency|Amount|Created"
FIELDS = {
    "deal_id": "Id", "deal_name": "Name", "status": "Status", "stage": "Stage", "source": "Source",
    "currency": "Currency", "amount": "Amount", "created_at": "Created",
}  # fmt: skip


def rows(count: int, last: str = "") -> list[str]:
    source = ("Website", "it's", "", "NULL", " Fair ", "Réseau")
    made = [
        f"D{i}|Deal {i}|{('Won', 'Lost', 'Open')[i % 3]}|{('Meeting', 'Offer')[i % 2]}|{source[i % 6]}|"
        f"{('EUR', 'euro', '', 'xx1')[i % 4]}|{i}.50|{1 + i % 28:02d}-03-2026"
        for i in range(count)
    ]
    return [*made, last] if last else made


def both_ways(maker: Maker, recipe: Make, monkeypatch: pytest.MonkeyPatch, *cells: str) -> pl.DataFrame:
    """Convert with and without short cuts, compare, and return the deals."""
    decided = recipe(fields=FIELDS, numbers={"Amount": NumberRule(decimal=".")})
    with monkeypatch.context() as slow:
        slow.setattr(looking, "FEW", -1)
        slow.setattr(looking, "matching", lambda *_: -1)
        plain = maker.one(COLUMNS, *cells, recipe=decided)
    monkeypatch.setattr(typed, "MANY", 1)
    quick = maker.one(COLUMNS, *cells, recipe=decided)
    assert quick.table().equals(plain.table())
    assert quick.table("rejects").equals(plain.table("rejects"))
    assert quick.table().schema == plain.table().schema
    assert quick.meta == plain.meta
    return quick.table()


def test_columns_written_as_lists_hold_the_same_texts(
    maker: Maker, recipe: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    deals = both_ways(maker, recipe, monkeypatch, *rows(600))
    assert set(deals["source"].unique()) == {"Website", "it's", "Fair", "Réseau", None}
    assert set(deals["currency"].unique()) == {"EUR", None}


def test_rows_left_out_do_not_change_what_is_written(
    maker: Maker, recipe: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = rows(600)
    assert both_ways(maker, recipe, monkeypatch, *made, made[0]).height == 600


@pytest.mark.parametrize("odd", ["tbd", "1.234,50", "12345678901234.50", "-3", "€ 7.5", "1e3"])
def test_cells_that_cannot_be_read_are_listed_alike(
    maker: Maker, recipe: Make, monkeypatch: pytest.MonkeyPatch, odd: str
) -> None:
    last = f"D9999|'=x |Won |Offer| Website|?|{odd}|'31-02-2026"
    deals = both_ways(maker, recipe, monkeypatch, *rows(600, last))
    assert deals["deal_name"].to_list()[-1] == "=x"
    assert (deals["status"].to_list()[-1], deals["created_s"].to_list()[-1]) == ("won", None)


def test_a_column_of_many_values_is_written_as_text(
    maker: Maker, recipe: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typed, "FEW", 3)
    assert both_ways(maker, recipe, monkeypatch, *rows(600))["source"].n_unique() == 5


@pytest.mark.parametrize(
    ("cells", "differ"), [(["a", "b"], True), (["a", "a"], False), (["a", None], False), ([], True)]
)
def test_ids_differ_only_if_each_row_has_its_own(maker: Maker, cells: list[str | None], differ: bool) -> None:
    path = maker.folder / "ids.parquet"
    pl.DataFrame({"c0": pl.Series(cells, dtype=pl.String)}).write_parquet(path)
    assert all_differ(path, "c0") is differ


def test_different_and_matching_cells_are_counted_without_the_empty_ones(maker: Maker) -> None:
    path = maker.folder / "cells.parquet"
    cells = ["1.50", "-2.5", "1.50", None, "12345678901234.50", "x1.50", "1.50\n", "7"]
    pl.DataFrame({"c0": pl.Series(cells, dtype=pl.String)}).write_parquet(path)
    assert different([path], "c0") == 6
    assert different([path, path], "c0") == 6
    assert matching([path], "c0", PLAIN) == 3
    pl.DataFrame({"c0": ["a"]}).write_parquet(path)
    assert (different([path], "c0"), matching([path], "c0", PLAIN)) == (1, 0)
