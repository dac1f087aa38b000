"""Olist's list of leads and its list of those that closed, plain and as a spreadsheet left them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import polars as pl
import pytest

from data import Pipeline, open_exports
from data.slice import Slice
from metrics import hit_rate
from metrics.hit_rate import rates
from tests.conftest import shared

BOTH = ("raw", "raw_excel_ddmmyyyy")


@cache
def opened(folder: str) -> Pipeline:
    return open_exports(*sorted(shared("data", "olist_funnel", folder).glob("*.csv")))


@pytest.fixture
def want() -> dict[str, Any]:
    return json.loads(shared("data", "olist_funnel", "truth.json").read_text())


@pytest.mark.parametrize("folder", BOTH)
def test_every_closed_lead_is_won_and_no_lead_is_counted_twice(folder: str, want: dict[str, Any]) -> None:
    found = opened(folder).summary()
    assert (found["deals"], found["won"], found["lost"]) == (8000, want["overall"]["won"], 0)
    assert found["rows_read"] == found["rows_kept"] == 8842
    assert "join_unused" not in {n.code for n in opened(folder).meta.notices}


@pytest.mark.parametrize("folder", BOTH)
def test_conversion_by_source_is_that_of_the_truth(folder: str, want: dict[str, Any]) -> None:
    found = hit_rate(opened(folder), by="origin", definition="created").select(
        "origin", "deals", "won", "rate"
    )
    got = {
        (name or "").replace("_", " "): (n, won, round(rate, 6)) for name, n, won, rate in found.iter_rows()
    }
    expected = want["by"]['origin (raw; "" = 60 blanks)']
    assert got == {k: (v["mql"], v["won"], v["conversion"]) for k, v in expected.items()}


@pytest.mark.parametrize("folder", BOTH)
def test_a_hit_rate_of_decided_deals_is_not_available_and_says_why(folder: str) -> None:
    for by in (None, "origin"):
        assert hit_rate(opened(folder), by=by)["rate"].null_count() == (1 if by is None else 11)
    assert rates(opened(folder), Slice())["reason"].to_list() == ["no lost deals"]
    assert "outcome_elsewhere" in {n.code for n in opened(folder).meta.notices}


@pytest.mark.parametrize("folder", BOTH)
def test_the_days_to_close_are_those_of_the_truth(folder: str, want: dict[str, Any]) -> None:
    table = pl.read_parquet(opened(folder).folder / "deals.parquet").filter(pl.col("status") == "won")
    days = (pl.from_epoch("closed_s").dt.date() - pl.from_epoch("created_s").dt.date()).dt.total_days()
    assert table.select(days.median()).item() == want["overall"]["cycle_median"]
    assert round(table.select(days.mean()).item(), 6) == want["overall"]["cycle_mean"]


def test_ranges_that_a_spreadsheet_made_dates_of_are_reported_and_offered(want: dict[str, Any]) -> None:
    damage = want["variant_check"]["excel_damage_in_average_stock"]
    closed = opened("raw_excel_ddmmyyyy").proposal[0]
    assert closed["offers"]["average_stock"] == {now: was for was, now in damage.items()}
    notice = next(n for n in opened("raw_excel_ddmmyyyy").meta.notices if n.code == "ranges_became_dates")
    assert notice.count == 32
    assert not {n.code for n in opened("raw").meta.notices} & {"ranges_became_dates", "ids_rounded"}


def test_once_merged_both_variants_hold_the_same_ranges() -> None:
    files = sorted(shared("data", "olist_funnel", "raw_excel_ddmmyyyy").glob("*.csv"))
    recipe = {"files": {files[0].name: {"merge": {"average_stock": {"May-20": "5-20", "01-May": "1-5"}}}}}
    with open_exports(*files, recipe=recipe) as mended:
        counts = [dict(ranged(p).iter_rows()) for p in (mended, opened("raw"))]
    assert counts[0] == counts[1]


def ranged(pipeline: Pipeline) -> pl.DataFrame:
    return pl.read_parquet(pipeline.folder / "deals.parquet").group_by("average_stock").len()
