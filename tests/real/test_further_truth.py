"""All files of a CRM at once, against numbers computed without this product (truth.json)."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import Any

import polars as pl
import pytest

from data import Pipeline, Slice, open_exports
from data.cells import activities, targets, touched
from tests.conftest import shared

TABLES = {
    "Account.csv": "customers",
    "Contact.csv": "unknown",
    "Event.csv": "activities",
    "Lead.csv": "more_deals",
    "Manager.csv": "people",
    "Opportunity.csv": "deals",
    "OpportunityHistory.csv": "stage_entries",
    "OpportunityLineItem.csv": "more_deals",
    "PricebookEntry.csv": "products",
    "Product2.csv": "products",
    "Quota.csv": "targets",
    "Task.csv": "activities",
    "User.csv": "people",
}


@cache
def everything() -> Pipeline:
    return open_exports(*sorted(shared("data", "salesforce_wave", "raw").glob("*.csv")))


@pytest.fixture
def wave() -> Pipeline:
    shared("data", "salesforce_wave")
    return everything()


@pytest.fixture
def want() -> dict[str, Any]:
    return json.loads(shared("data", "salesforce_wave", "truth.json").read_text())


def counted(pipeline: Pipeline, column: str) -> dict[str, tuple[int, ...]]:
    table = pl.read_parquet(pipeline.folder / "deals.parquet")
    ways = [(pl.col("status") == s).sum().alias(s) for s in ("won", "lost", "open")]
    return {name: tuple(rest) for name, *rest in table.group_by(column).agg(*ways).iter_rows()}


def truth(want: dict[str, Any], by: str) -> dict[str, tuple[int, ...]]:
    return {name: (one["won"], one["lost"], one["open"]) for name, one in want["by"][by].items()}


def test_each_file_is_its_table_and_every_row_is_accounted_for(wave: Pipeline) -> None:
    assert {f.file: f.table for f in wave.meta.files} == TABLES
    assert all(f.rows_read == f.rows_kept + f.rows_rejected + f.rows_junk for f in wave.meta.files)
    assert wave.rejects().is_empty()


def test_leads_and_order_lines_never_make_more_deals(wave: Pipeline, want: dict[str, Any]) -> None:
    found = wave.summary()
    assert [found[k] for k in ("deals", "won", "lost", "open")] == [
        want["overall"][k] for k in ("n", "won", "lost", "open")
    ]
    notice = next(n for n in wave.meta.notices if n.code == "leads_joined")
    assert notice.values["count"] == want["leads"]["converted"]


def test_the_whole_history_is_read(wave: Pipeline) -> None:
    ledger = next(f for f in wave.meta.files if f.table == "stage_entries")
    assert ledger.rows_kept == 17_502
    assert "history_unmatched" not in {n.code for n in wave.meta.notices}


@pytest.mark.parametrize(
    ("column", "by"),
    [
        ("owner", "Owner (User.Name)"),
        ("team", "Team (UserRole.Name)"),
        ("customer_type", "Account.Type"),
        ("industry", "Account.Industry"),
    ],
)
def test_what_is_joined_counts_as_the_truth_says(
    wave: Pipeline, want: dict[str, Any], column: str, by: str
) -> None:
    assert counted(wave, column) == truth(want, by)


def test_products_are_reached_over_order_lines_and_prices(wave: Pipeline) -> None:
    raw = shared("data", "salesforce_wave", "raw")
    lines = pl.read_csv(raw / "OpportunityLineItem.csv")
    prices = pl.read_csv(raw / "PricebookEntry.csv").select(
        pl.col("External_Id__c").alias("PricebookEntry.External_Id__c"), "Product2.External_Id__c"
    )
    names = pl.read_csv(raw / "Product2.csv").select(
        pl.col("External_Id__c").alias("Product2.External_Id__c"), "Name"
    )
    sold = lines.join(prices, on="PricebookEntry.External_Id__c").join(names, on="Product2.External_Id__c")
    deals = pl.read_parquet(wave.folder / "deals.parquet").group_by("product").len()
    assert dict(deals.iter_rows()) == dict(sold.group_by("Name").len().iter_rows())


def test_tasks_and_events_are_activities_with_their_outcome(wave: Pipeline) -> None:
    raw = shared("data", "salesforce_wave", "raw")
    tasks, events = pl.read_csv(raw / "Task.csv"), pl.read_csv(raw / "Event.csv")
    assert wave.meta.tables["activities"] == tasks.height + events.height
    found = activities(wave)
    outcomes = (
        found.filter(pl.col("outcome").is_not_null()).group_by("outcome").agg(pl.col("activities").sum())
    )
    assert dict(outcomes.iter_rows()) == dict(tasks.group_by("CallDisposition").len().iter_rows())
    kinds = dict(found.group_by("kind").agg(pl.col("activities").sum()).iter_rows())
    assert kinds == {"task": 7025, "call": 394, "email": 395, "meeting": 7823}
    ways = (
        found.filter(pl.col("direction").is_not_null()).group_by("direction").agg(pl.col("activities").sum())
    )
    assert dict(ways.iter_rows()) == {"in": 2611, "out": 2593, "internal": 2610}
    seconds = tasks["CallDurationInSeconds"].sum() + 60 * events["DurationInMinutes"].sum()
    assert found["seconds"].sum() == seconds


def test_activities_by_source_are_those_of_its_deals(wave: Pipeline) -> None:
    raw = shared("data", "salesforce_wave", "raw")
    done = pl.concat([pl.read_csv(raw / f"{n}.csv").select("What.External_Id__c") for n in ("Task", "Event")])
    deals = pl.read_csv(raw / "Opportunity.csv").select("External_Id__c", "LeadSource")
    joined = done.join(deals, left_on="What.External_Id__c", right_on="External_Id__c")
    found = activities(wave, Slice(by=("source",))).group_by("source").agg(pl.col("activities").sum())
    assert dict(found.iter_rows()) == dict(joined.group_by("LeadSource").len().iter_rows())
    assert touched(wave)["deals"].sum() == 5197


def test_quotas_are_targets_of_the_sellers_their_ids_name(wave: Pipeline, want: dict[str, Any]) -> None:
    found = targets(wave)
    assert found.height == 408
    assert set(found["scope"]) == {"seller"}
    assert set(found["period"]) == {"month"}
    year = (
        found.filter(pl.col("starts_on").dt.year() == 2016).group_by("name").agg(pl.col("amount_minor").sum())
    )
    totals = {one["quota_2016"] for one in want["quota_2016"].values()}
    assert {minor / 100 for minor in year["amount_minor"]} == totals
    assert set(year["name"]) == set(want["by"]["Owner (User.Name)"])
    assert "targets_by_other_column" in {n.code for n in wave.meta.notices}


def test_a_first_contact_comes_from_the_activities(wave: Pipeline) -> None:
    raw = shared("data", "salesforce_wave", "raw")
    calls = pl.read_csv(raw / "Task.csv").filter(pl.col("TaskSubtype") != "Task")
    columns = ("What.External_Id__c", "ActivityDate")
    both = pl.concat([calls.select(columns), pl.read_csv(raw / "Event.csv").select(columns)])
    past = both.filter(pl.col("ActivityDate") <= str(wave.meta.as_of))
    first = past.group_by("What.External_Id__c").agg(pl.col("ActivityDate").min().str.to_date())
    deals = pl.read_parquet(wave.folder / "deals.parquet").filter(pl.col("first_contact_s").is_not_null())
    found = deals.select("deal_id", pl.from_epoch("first_contact_s").dt.date())
    assert dict(found.iter_rows()) == dict(first.iter_rows())
    assert wave.meta.as_of == date(2017, 6, 1)


def test_employees_cut_into_bands_are_those_of_the_truth(want: dict[str, Any]) -> None:
    folder = shared("data", "salesforce_wave", "raw")
    bands = {"Account.csv": {"bands": {"NumberOfEmployees": [100, 250, 1000]}}}
    with open_exports(folder / "Opportunity.csv", folder / "Account.csv", recipe={"files": bands}) as found:
        counts = counted(found, "company_size")
        size = found.meta.dimension("company_size")
    expected = truth(want, "Account employees band (1-99,100-249,250-999,1000+)")
    named = dict(zip(("1-99", "100-249", "250-999", "1000+"), size.order if size else (), strict=True))
    assert counts == {named[band]: one for band, one in expected.items()}
