"""Real data sets through `open_exports`, against numbers computed without this product (truth.json)."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import Any

import polars as pl
import pytest

from data import Pipeline, open_exports
from tests.conftest import shared

STAGES = ["Qualification", "Needs Analysis", "Proposal/Quote", "Negotiation"]


def truth(name: str) -> dict[str, Any]:
    return json.loads(shared("data", name, "truth.json").read_text())


def deals(pipeline: Pipeline) -> pl.DataFrame:
    return pl.read_parquet(pipeline.folder / "deals.parquet")


def counted(pipeline: Pipeline, want: dict[str, Any]) -> None:
    found = pipeline.summary()
    assert [found[k] for k in ("deals", "won", "lost", "open")] == [
        want[k] for k in ("n", "won", "lost", "open")
    ]


def amounts(pipeline: Pipeline) -> dict[str, float]:
    sums = deals(pipeline).group_by("status").agg(pl.col("amount_minor").sum() / 100)
    return dict(sums.iter_rows())


@cache
def salesforce() -> Pipeline:
    folder = shared("data", "salesforce_wave", "raw")
    return open_exports(folder / "Opportunity.csv", folder / "OpportunityHistory.csv")


@pytest.fixture
def wave() -> Pipeline:
    shared("data", "salesforce_wave")
    return salesforce()


def test_maven_counts_and_amounts() -> None:
    want = truth("maven_crm")["overall"]
    with open_exports(shared("data", "maven_crm", "raw", "sales_pipeline.csv")) as pipeline:
        counted(pipeline, want)
        assert amounts(pipeline) == {"won": want["won_value"], "lost": 0.0, "open": 0.0}
        assert deals(pipeline)["amount_minor"].null_count() == want["value_missing"]
        assert pipeline.meta.as_of == date(2017, 12, 31)
        assert "lost_without_value" in {n.code for n in pipeline.meta.notices}


def test_maven_joined_tables_bring_manager_and_sector_and_tell_left_overs() -> None:
    want, folder = truth("maven_crm"), shared("data", "maven_crm", "raw")
    names = ("sales_pipeline.csv", "accounts.csv", "products.csv", "sales_teams.csv")
    with open_exports(*(folder / n for n in names)) as pipeline:
        counted(pipeline, want["overall"])
        notices = pipeline.meta.notices
        assert any(n.code == "join_near_miss" and n.count == 1480 for n in notices)
        assert any(n.code == "join_unused" and n.count == 5 for n in notices)
        dims = {d.label: d.column for d in pipeline.meta.dimensions}
        found = deals(pipeline).group_by(dims["manager"]).len()
        assert dict(found.iter_rows()) == {k: v["n"] for k, v in want["by"]["manager"].items()}
        assert "GTXPro" in str(pipeline.proposal[0]["offers"])


def test_salesforce_overall(wave: Pipeline) -> None:
    want = truth("salesforce_wave")["overall"]
    counted(wave, want)
    assert amounts(wave) == {k: want[f"{k}_value"] for k in ("won", "lost", "open")}


def test_salesforce_reached_at_least(wave: Pipeline) -> None:
    want = truth("salesforce_wave")["funnel_from_history"]["reached_at_least"]
    table = deals(wave)
    found = {
        s: table.filter((pl.col("furthest_no") >= k) | (pl.col("status") == "won")).height
        for k, s in enumerate(STAGES, 1)
    }
    assert found == want


def test_salesforce_visited(wave: Pipeline) -> None:
    want = truth("salesforce_wave")["funnel_from_history"]["visited"]
    mask = deals(wave)["visited_mask"].to_list()
    assert {s: sum(m >> k & 1 for m in mask) for k, s in enumerate(STAGES)} == {s: want[s] for s in STAGES}


def test_salesforce_lost_from_reopened_and_back(wave: Pipeline) -> None:
    want, table = truth("salesforce_wave")["funnel_from_history"], deals(wave)
    lost = dict(table.filter(pl.col("status") == "lost").group_by("last_no").len().iter_rows())
    assert {s: lost[k] for k, s in enumerate(["(none)", *STAGES])} == want["lost_from"]
    assert table["reopened"].sum() == want["deals_reopened_after_a_close"]
    back = table.filter(
        (pl.col("status") == "open") & ~pl.col("reopened") & (pl.col("last_no") < pl.col("furthest_no"))
    )
    assert back.height == want["deals_with_backward_move_between_open_stages"]


def test_salesforce_days_in_stage_are_those_of_the_truth(wave: Pipeline) -> None:
    want, table = (
        truth("salesforce_wave")["funnel_from_history"]["completed_dwell_days_by_stage"],
        deals(wave),
    )
    entries = pl.read_parquet(wave.folder / "stage_entries.parquet").filter(pl.col("left_s").is_not_null())
    spent = entries.with_columns(days=(pl.col("left_s") - pl.col("entered_s")) / 86400)
    means = dict(spent.group_by("stage").agg(pl.col("days").mean()).iter_rows())
    assert {s: round(means[s], 6) for s in STAGES} == {s: want[s]["mean"] for s in STAGES}
    again = table.filter(pl.col("last_no") == 1)["stood_days"].sum()  # earlier visits of a stage it is in now
    assert table["days_01"].sum() + again == spent.filter(pl.col("stage") == STAGES[0])["days"].sum()


def test_salesforce_month_end_snapshot_opens() -> None:
    want = truth("salesforce_wave")["snapshots"]["month_ends"]["2017-05-31"]["by_stage"]
    name = "opportunities_2017-05-31.csv"
    with open_exports(shared("data", "salesforce_wave", "derived_snapshots", name)) as pipeline:
        found = pipeline.summary()
        assert (found["won"], found["lost"]) == (want["Closed Won"], want["Closed Lost"])
        assert found["as_of"] == date(2017, 5, 31)


def test_salesforce_month_ends_together_count_each_deal_once() -> None:
    folder = shared("data", "salesforce_wave", "derived_snapshots")
    days = ("2017-03-31", "2017-04-30", "2017-05-31")
    want = truth("salesforce_wave")["snapshots"]["month_ends"]["2017-05-31"]
    with open_exports(*(folder / f"opportunities_{day}.csv" for day in days)) as pipeline:
        found = pipeline.summary()
        assert found["deals"] == want["n"]
        assert [str(d) for d in found["snapshots"]] == list(days)
        assert found["rows_read"] == found["rows_kept"]


def test_xeducation() -> None:
    with open_exports(shared("data", "xeducation_leads", "raw", "Leads.csv")) as pipeline:
        counted(pipeline, truth("xeducation_leads")["overall"])
        assert pipeline.meta.stage_source == "none"


def test_ibm_exact_repeats_are_rejected_with_their_first_row() -> None:
    folder = shared("data", "ibm_win_loss", "raw")
    with open_exports(next(folder.glob("*.csv"))) as pipeline:
        counted(pipeline, truth("ibm_win_loss")["overall_exact_duplicates_removed"])
        found = pipeline.rejects()
        assert found.height == 55
        assert found["reason"].str.starts_with("exact repeat of row ").all()
