"""Maven CRM's four files at once, sliced by what the joined tables add, against truth.json."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from data import Pipeline, open_exports
from metrics import hit_rate
from tests.conftest import shared

FILES = ("sales_pipeline.csv", "accounts.csv", "products.csv", "sales_teams.csv")
MERGED = {"files": {"sales_pipeline.csv": {"merge": {"product": {"GTXPro": "GTX Pro"}}}}}


def opened(recipe: dict[str, Any] | None = None) -> Pipeline:
    folder = shared("data", "maven_crm", "raw")
    return open_exports(*(folder / name for name in FILES), recipe=recipe)


@cache
def plain() -> Pipeline:
    return opened()


@cache
def merged() -> Pipeline:
    return opened(MERGED)


@pytest.fixture
def want() -> dict[str, Any]:
    return json.loads(shared("data", "maven_crm", "truth.json").read_text())["by"]


def rates(pipeline: Pipeline, by: str) -> dict[str, tuple[Any, ...]]:
    columns = ("deals", "won", "lost", "open", "rate")
    found = hit_rate(pipeline, by=by).select(by, *columns)
    return {name or "": (*rest[:4], round(rest[4], 6)) for name, *rest in found.iter_rows()}


def truth(want: dict[str, Any], by: str) -> dict[str, tuple[Any, ...]]:
    names = ("n", "won", "lost", "open", "hit_rate_count")
    return {name: tuple(one[n] for n in names) for name, one in want[by].items()}


@pytest.mark.parametrize(
    ("by", "key"),
    [
        ("sales_agent", "sales_agent"),
        ("manager", "manager"),
        ("regional_office", "regional_office"),
        ("product", "product (raw)"),
    ],
)
def test_hit_rates_are_those_of_the_truth(want: dict[str, Any], by: str, key: str) -> None:
    assert rates(plain(), by) == truth(want, key)


def test_by_sector_where_deals_without_a_customer_have_none(want: dict[str, Any]) -> None:
    expected = truth(want, 'sector (accounts join; "" = blank account)')
    found = rates_open(plain(), "sector")
    assert found == {name: one[:4] for name, one in expected.items()}


def rates_open(pipeline: Pipeline, by: str) -> dict[str, tuple[Any, ...]]:
    """Counts only: a group without one decided deal has no rate."""
    found = hit_rate(pipeline, by=by).select(by, "deals", "won", "lost", "open")
    return {name or "": tuple(rest) for name, *rest in found.iter_rows()}


def test_series_of_the_product_list_once_the_near_miss_is_merged(want: dict[str, Any]) -> None:
    assert rates(merged(), "series") == truth(want, "series")
    codes = {n.code for n in merged().meta.notices}
    assert not codes & {"join_near_miss", "near_miss"}


def test_unmerged_the_near_miss_is_offered_and_its_series_is_blank(want: dict[str, Any]) -> None:
    assert plain().proposal[0]["offers"]["product"] == {"GTXPro": "GTX Pro"}
    assert rates_open(plain(), "series")[""][0] == want["product (raw)"]["GTXPro"]["n"]


def test_merging_changes_the_label_and_no_count(want: dict[str, Any]) -> None:
    found, expected = rates(merged(), "product"), truth(want, "product (raw)")
    assert found == {("GTX Pro" if k == "GTXPro" else k): v for k, v in expected.items()}
    assert merged().summary()["deals"] == plain().summary()["deals"]
