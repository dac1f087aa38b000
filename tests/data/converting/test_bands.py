"""Numbers are cut into bands that read well and stay in order; what is forced in stays in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from data.converting.bands import labels
from data.errors import HitrateError
from data.recipe import FileRecipe, NumberRule

from .conftest import Maker

Make = Callable[..., FileRecipe]
HEAD = "Id|Age|Amount"
PLAIN = FileRecipe(fields={"deal_id": "Id", "amount": "Amount"}, drop={"Age": "number"}, currency="EUR")


@pytest.mark.parametrize(
    ("edges", "names"),
    [
        ([18, 25, 65], ("< 18", "18–24", "25–64", "65+")),
        ([1000, 5000], ("< 1\u202f000", "1\u202f000–4\u202f999", "5\u202f000+")),
        ([0.5, 1.5], ("< 0.5", "0.5–<1.5", "1.5+")),
        ([1, 2, 3], ("< 1", "1", "2", "3+")),
        ([-10, 0], ("< -10", "-10–-1", "0+")),
        ([7], ("< 7", "7+")),
    ],
)
def test_labels(edges: list[float], names: tuple[str, ...]) -> None:
    assert labels(edges) == names


def test_an_age_is_cut_at_its_edges_and_a_blank_stays_blank(maker: Maker) -> None:
    recipe = PLAIN.model_copy(update={"bands": {"Age": [18, 25]}})
    done = maker.one(HEAD, "1|17|5", "2|18|5", "3|24|5", "4|25|5", "5||5", recipe=recipe)
    assert done.column("Age") == ["< 18", "18–24", "18–24", "25+", None]
    age = next(d for d in done.meta.dimensions if d.label == "Age")
    assert (age.order, age.values, age.blanks) == (("< 18", "18–24", "25+"), 3, 1)


def test_an_amount_stays_an_amount_beside_its_bands(maker: Maker) -> None:
    recipe = PLAIN.model_copy(
        update={"bands": {"Amount": [1000]}, "numbers": {"Amount": NumberRule(decimal=",", thousands=".")}}
    )
    done = maker.one(HEAD, "1||999,99", "2||1.000,00", recipe=recipe)
    assert done.column("Amount (bands)") == ["< 1\u202f000", "1\u202f000+"]
    assert done.column("amount_minor") == [99999, 100000]


def test_a_cell_that_is_no_number_is_listed(maker: Maker) -> None:
    recipe = PLAIN.model_copy(update={"bands": {"Age": [18]}})
    done = maker.one(HEAD, "1|old|5", "2|20|5", recipe=recipe)
    assert done.column("Age") == [None, "18+"]
    assert done.table("rejects").select("row", "column", "text").rows() == [(2, "Age", "old")]


def test_a_mapped_column_becomes_its_bands(maker: Maker) -> None:
    recipe = FileRecipe(fields={"deal_id": "Id", "company_size": "Staff"}, bands={"Staff": [10, 250]})
    done = maker.one("Id|Staff", "1|9", "2|10", "3|900", recipe=recipe)
    assert done.column("company_size") == ["< 10", "10–249", "250+"]


def test_a_joined_column_can_be_cut_too(maker: Maker) -> None:
    deals = FileRecipe(fields={"deal_id": "Id", "account": "Account"})
    other = FileRecipe(table="customers", fields={"account": "Name"}, keep=["Staff"], bands={"Staff": [50]})
    done = maker.convert(
        (maker.table("deals.csv", "Id|Account", "1|X", "2|Y", "3|Z"), deals),
        (maker.table("accounts.csv", "Name|Staff", "X|10", "Y|90"), other),
    )
    assert done.column("Staff") == ["< 50", "50+", None]
    assert next(d.order for d in done.meta.dimensions if d.label == "Staff") == ("< 50", "50+")


def test_a_joined_cell_that_is_no_number_is_listed_in_its_own_file(maker: Maker) -> None:
    deals = FileRecipe(fields={"deal_id": "Id", "account": "Account"}, keep=["Staff"])
    other = FileRecipe(table="customers", fields={"account": "Name"}, keep=["Staff"], bands={"Staff": [50]})
    done = maker.convert(
        (maker.table("deals.csv", "Id|Account|Staff", "1|X|many"), deals),
        (maker.table("accounts.csv", "Name|Staff", "Y|9", "X|some"), other),
    )
    assert done.table("rejects").select("file", "row", "column", "text").rows() == [
        ("accounts.csv", 3, "Staff", "some")
    ]
    assert (done.column("Staff"), done.column("Staff (accounts)")) == (["many"], [None])


@pytest.mark.parametrize("edges", [[], [5, 5], [9, 1], [float("nan")], [float("inf")]])
def test_edges_that_do_not_rise_are_an_error_that_says_so(maker: Maker, edges: list[float]) -> None:
    with pytest.raises(HitrateError, match="rising"):
        maker.one(HEAD, "1|17|5", recipe=PLAIN.model_copy(update={"bands": {"Age": edges}}))


def test_a_column_left_out_for_its_many_values_can_be_forced_in(maker: Maker) -> None:
    rows = [f"{i}|Note {i}|5" for i in range(500)]
    recipe = PLAIN.model_copy(update={"keep": ["Age"], "drop": {}})
    done = maker.one(HEAD, *rows, recipe=recipe)
    assert next(d.values for d in done.meta.dimensions if d.label == "Age") == 500
    assert done.column("Age")[:2] == ["Note 0", "Note 1"]
