"""Further tables join by key: what they add, what is left over, and never a deal more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from data.errors import HitrateError
from data.recipe import FileRecipe, OutcomeRule

from .conftest import DAY, Done, Maker

Make = Callable[..., FileRecipe]
DEALS = FileRecipe(fields={"deal_id": "Id", "owner": "Owner", "account": "Account"})


def run(maker: Maker, deals: list[str], head: str, rows: list[str], recipe: FileRecipe) -> Done:
    return maker.convert(
        (maker.table("deals.csv", "Id|Owner|Account", *deals), DEALS),
        (maker.table("more.csv", head, *rows), recipe),
    )


def people(**fields: str) -> FileRecipe:
    return FileRecipe(table="people", fields=fields, keep=["Manager"])


def test_a_team_and_a_manager_join_by_name(maker: Maker) -> None:
    done = run(
        maker,
        ["1|Ann|X", "2|Bob|X", "3|Eve|X"],
        "Seller|Team|Manager",
        ["Ann|North|Kim", "Bob|South|Lee"],
        people(owner="Seller", team="Team"),
    )
    assert done.column("team") == ["North", "South", None]
    assert done.column("Manager") == ["Kim", "Lee", None]
    assert [n.count for n in done.meta.notices if n.code == "join_unmatched"] == [1]


def test_an_owner_id_becomes_the_name_it_stands_for(maker: Maker) -> None:
    done = run(
        maker,
        ["1|U-001|X", "2|U-002|X"],
        "Key|Name|Manager",
        ["U-001|Ann|Kim", "U-002|Bob|Kim"],
        people(owner="Name"),
    )
    assert done.column("owner") == ["Ann", "Bob"]


def test_a_key_that_is_not_unique_is_an_error_that_counts(maker: Maker) -> None:
    with pytest.raises(HitrateError, match="1 values of"):
        run(
            maker,
            ["1|Ann|X"],
            "Seller|Team|Manager",
            ["Ann|North|Kim", "Ann|South|Kim"],
            people(owner="Seller", team="Team"),
        )


def test_a_near_miss_is_offered_and_an_unused_row_is_told(maker: Maker) -> None:
    done = run(
        maker,
        ["1|Ann|GTX Pro"],
        "Account|Sector",
        ["GTXPro|IT", "Acme|Food"],
        FileRecipe(table="customers", fields={"account": "Account", "industry": "Sector"}),
    )
    assert {"join_no_key"} <= done.codes() or {"join_near_miss", "join_unused"} <= done.codes()


def test_no_common_values_joins_nothing_and_says_so(maker: Maker) -> None:
    done = run(
        maker,
        ["1|Ann|X"],
        "Account|Sector",
        ["Acme|Food"],
        FileRecipe(table="customers", fields={"account": "Account", "industry": "Sector"}),
    )
    assert "join_no_key" in done.codes()
    assert done.meta.counts["deals"] == 1


def test_a_second_file_of_deals_adds_its_columns_and_its_outcome(maker: Maker) -> None:
    more = FileRecipe(
        table="more_deals",
        fields={"deal_id": "Lead", "won_at": "Won", "product": "Product"},
        dates={"Won": DAY},
        outcome=OutcomeRule(source="dates", column="Won"),
    )
    done = run(maker, ["1|Ann|X", "2|Bob|X"], "Lead|Won|Product", ["2|05-01-2026|Box"], more)
    assert done.column("status") == ["open", "won"]
    assert done.column("product") == [None, "Box"]
    assert done.column("closed_s") == [None, 1767571200]


def test_a_header_both_files_have_is_kept_twice(maker: Maker) -> None:
    deals = DEALS.model_copy(update={"keep": ["Type"]})
    other = FileRecipe(table="customers", fields={"account": "Account"}, keep=["Type"])
    done = maker.convert(
        (maker.table("deals.csv", "Id|Account|Type", "1|X|New"), deals),
        (maker.table("accounts.csv", "Account|Type", "X|Corporate"), other),
    )
    assert done.column("Type") == ["New"]
    assert done.column("Type (accounts)") == ["Corporate"]


def test_several_days_of_one_export_tell_left_overs_once(maker: Maker) -> None:
    other = FileRecipe(table="customers", fields={"account": "Account", "industry": "Sector"})
    deals = FileRecipe(fields={"deal_id": "Id", "account": "Account"})
    done = maker.convert(
        (maker.table("a.csv", "Id|Account", "1|X", "2|Old"), deals),
        (maker.table("b.csv", "Id|Account", "3|X", "4|New"), deals),
        (maker.table("accounts.csv", "Account|Sector", "X|IT", "Spare|Food"), other),
    )
    told = [(n.code, n.count) for n in done.meta.notices if n.code in ("join_unmatched", "join_unused")]
    assert sorted(told) == [("join_unmatched", 2), ("join_unused", 1)]
    assert done.column("industry") == ["IT", None, "IT", None]


def test_a_table_may_fit_only_once_another_is_joined(maker: Maker) -> None:
    lines = FileRecipe(table="more_deals", fields={"deal_id": "Deal"}, keep=["Price"])
    prices = FileRecipe(table="products", keep=["List"], drop={"Item": "id", "Key": "id"})
    products = FileRecipe(table="products", fields={"product": "Name"}, drop={"Key": "id"})
    done = maker.convert(
        (maker.table("deals.csv", "Id|Owner", "D-00001|Ann", "D-00002|Bob"), DEALS),
        (maker.table("products.csv", "Key|Name", "P-00001|Pump", "P-00002|Boiler"), products),
        (maker.table("prices.csv", "Key|Item|List", "E-00001|P-00001|9", "E-00002|P-00002|8"), prices),
        (maker.table("lines.csv", "Deal|Price", "D-00001|E-00002", "D-00002|E-00001"), lines),
    )
    assert done.column("product") == ["Boiler", "Pump"]
    assert "join_no_key" not in done.codes()


def test_a_later_list_of_the_same_header_replaces_the_rows_of_an_earlier_one(maker: Maker) -> None:
    recipe = people(owner="Seller", team="Team")
    done = maker.convert(
        (maker.table("deals.csv", "Id|Owner|Account", "1|Ann|X", "2|Bob|X"), DEALS),
        (maker.table("old.csv", "Seller|Team|Manager", "Ann|North|Kim", "Bob|North|Kim"), recipe),
        (maker.table("new.csv", "Seller|Team|Manager", "Ann|South|Lee"), recipe),
    )
    assert done.column("team") == ["South", "North"]
    assert [(f.rows_read, f.rows_kept, f.rows_rejected) for f in done.meta.files][1:] == [
        (2, 1, 1),
        (1, 1, 0),
    ]


def test_a_merge_makes_a_near_miss_meet(maker: Maker) -> None:
    other = FileRecipe(table="products", fields={"product": "Name", "industry": "Family"})
    deals = FileRecipe(fields={"deal_id": "Id", "product": "Item"})
    merged = deals.model_copy(update={"merge": {"Item": {"GTXPro": "GTX Pro"}}})
    for recipe, families in ((deals, [None, "Y"]), (merged, ["X", "Y"])):
        done = maker.convert(
            (maker.table("deals.csv", "Id|Item", "1|GTXPro", "2|Basic"), recipe),
            (maker.table("products.csv", "Name|Family", "GTX Pro|X", "Basic|Y"), other),
        )
        assert done.column("industry") == families
        assert ("join_near_miss" in done.codes()) == (None in families)
