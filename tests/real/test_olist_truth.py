"""Olist's list of leads and its list of those that closed, plain and as a spreadsheet left them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import polars as pl
import pytest

from data import Pipeline, evidence, open_exports
from data.slice import Slice
from metrics import hit_rate
from metrics.hit_rate import rates
from metrics.matured import curves, matured
from tests.conftest import shared

BOTH = ("raw", "raw_excel_ddmmyyyy")
# Of 8,000 leads one was won two days before its first contact: an error of the data. The truth counts it as
# won within 0 days; a curve of ages leaves it out, of the leads as of those won.
FORWARD = 7999
FOLLOWED = (0, 7, 14, 30, 60, 90)  # days for which every lead was followed
LONGER = (180, 365)


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


def won_too_early() -> list[str]:
    """Return the leads won before their first contact, read without this product."""
    raw = shared("data", "olist_funnel", "raw")
    leads = pl.read_csv(raw / "olist_marketing_qualified_leads_dataset.csv")
    won = pl.read_csv(raw / "olist_closed_deals_dataset.csv").join(leads, on="mql_id")
    return won.filter(pl.col("won_date").str.head(10) < pl.col("first_contact_date"))["mql_id"].to_list()


@pytest.mark.parametrize("folder", BOTH)
def test_the_one_deal_won_before_its_first_contact_counts_and_is_told(folder: str) -> None:
    pipeline = opened(folder)
    deals = pl.read_parquet(pipeline.folder / "deals.parquet")
    backward = deals.filter(pl.col("closed_s") < pl.col("created_s"))
    assert backward["deal_id"].to_list() == won_too_early()
    assert backward["status"].to_list() == ["won"]
    place, notice = next(
        (i, n) for i, n in enumerate(pipeline.meta.notices) if n.code == "closed_before_created"
    )
    assert (notice.count, "They count, but not in cycle times" in notice.message) == (1, True)
    behind = evidence.behind(pipeline.folder, pipeline.meta)[place]
    assert behind.rows() == backward.select("file", "row").rows()


@pytest.mark.parametrize("folder", BOTH)
def test_the_curve_is_the_truth_but_for_the_deal_won_before_its_first_contact(
    folder: str, want: dict[str, Any]
) -> None:
    told = want["conversion_within_days_of_first_contact"]
    curve = curves(opened(folder), Slice())
    assert curve["n"].max() == FORWARD
    for days in FOLLOWED:
        height = curve.filter(pl.col("days") <= days)["incidence"].last()
        assert height == pytest.approx((told[str(days)] - 1) / FORWARD, abs=1e-12)


@pytest.mark.parametrize("folder", BOTH)
def test_the_matured_rate_is_the_truth_but_for_that_deal_and_says_so(
    folder: str, want: dict[str, Any]
) -> None:
    told = want["conversion_within_days_of_first_contact"]
    for days in FOLLOWED[1:]:
        row = matured(opened(folder), Slice(), days).row(0, named=True)
        assert row["rate"] == pytest.approx((told[str(days)] - 1) / FORWARD, abs=1e-12)
        assert [row[k] for k in ("deals", "won", "undated", "known")] == [8000, 842, 1, FORWARD]
    alone = matured(opened(folder), Slice(where=(("deal_id", tuple(won_too_early())),)), 30)
    assert alone.select("deals", "undated", "rate", "reason").rows() == [(1, 1, None, "empty")]


@pytest.mark.parametrize("folder", BOTH)
def test_where_leads_were_not_followed_the_curve_is_above_the_share_of_all(
    folder: str, want: dict[str, Any]
) -> None:
    told = want["conversion_within_days_of_first_contact"]
    rates_then = [matured(opened(folder), Slice(), days)["rate"].item() for days in LONGER]
    plain = [(told[str(days)] - 1) / FORWARD for days in LONGER]
    assert all(rate > share for rate, share in zip(rates_then, plain, strict=True))


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
