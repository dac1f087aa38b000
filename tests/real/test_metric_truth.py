"""Hit rates and funnels of real data sets, against numbers computed without this product."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import polars as pl
import pytest

from data import Pipeline, open_exports
from metrics import funnel, hit_rate
from metrics.funnel import unplaced
from tests.conftest import shared

STAGES = ["Qualification", "Needs Analysis", "Proposal/Quote", "Negotiation"]
FILES = {
    "maven_crm": ["sales_pipeline.csv", "accounts.csv", "products.csv", "sales_teams.csv"],
    "salesforce_wave": ["Opportunity.csv", "OpportunityHistory.csv", "User.csv", "Account.csv"],
    "xeducation_leads": ["Leads.csv"],
    "ibm_win_loss": ["WA_Fn-UseC_-Sales-Win-Loss.csv"],
    "olist_funnel": ["olist_marketing_qualified_leads_dataset.csv", "olist_closed_deals_dataset.csv"],
}
GROUPS = [
    ("maven_crm", "sales_agent", "sales_agent"),
    ("maven_crm", "manager", "manager"),
    ("maven_crm", "regional_office", "regional_office"),
    ("maven_crm", "product (raw)", "product"),
    ("maven_crm", 'sector (accounts join; "" = blank account)', "sector"),
    ("salesforce_wave", "LeadSource", "LeadSource"),
    ("salesforce_wave", "Owner (User.Name)", "owner"),
    ("salesforce_wave", "Type", "Type"),
    ("xeducation_leads", "Lead Source", "Lead Source"),
    ("xeducation_leads", "Lead Origin", "Lead Origin"),
    ("xeducation_leads", "Do Not Email", "Do Not Email"),
    ("xeducation_leads", "Last Notable Activity", "Last Notable Activity"),
]
IBM = ["Supplies Subgroup", "Region", "Route To Market", "Competitor Type"]


@cache
def opened(name: str) -> Pipeline:
    return open_exports(*(shared("data", name, "raw", file) for file in FILES[name]))


def truth(name: str) -> dict[str, Any]:
    return json.loads(shared("data", name, "truth.json").read_text())


def by_value(pipeline: Pipeline, column: str) -> dict[str, dict[str, Any]]:
    return {row[column] or "": row for row in hit_rate(pipeline, by=column).to_dicts()}


@pytest.mark.parametrize(("name", "group", "column"), GROUPS)
def test_every_group_has_the_rate_of_the_truth(name: str, group: str, column: str) -> None:
    want, found = truth(name)["by"][group], by_value(opened(name), column)
    assert set(found) == set(want)
    for value, told in want.items():
        row = found[value]
        assert [row[k] for k in ("deals", "won", "lost", "open")] == [
            told[k] for k in ("n", "won", "lost", "open")
        ]
        assert row["rate"] == (
            told["hit_rate_count"]
            if told["hit_rate_count"] is None
            else pytest.approx(told["hit_rate_count"], abs=1e-6)
        )


@pytest.mark.parametrize("column", IBM)
def test_ibm_differs_from_all_rows_by_its_exact_repeats_only(column: str) -> None:
    """The truth by group counts the 55 exact repeats; without them no group may gain a deal."""
    want, found = truth("ibm_win_loss")["by_all_rows"][column], by_value(opened("ibm_win_loss"), column)
    assert set(found) == set(want)
    short = {v: want[v]["n"] - found[v]["deals"] for v in want}
    assert min(short.values()) >= 0
    assert sum(short.values()) == 55
    for value, told in want.items():
        if short[value] == 0:
            assert found[value]["rate"] == pytest.approx(told["hit_rate_count"], abs=1e-6)


@pytest.mark.parametrize(
    ("name", "rates"),
    [
        ("maven_crm", (0.631501, 0.481591)),
        ("salesforce_wave", (0.236272, 0.22436)),
        ("xeducation_leads", (0.38539, 0.38539)),
        ("ibm_win_loss", (0.225728, 0.225728)),
    ],
)
def test_decided_and_created_rates(name: str, rates: tuple[float, float]) -> None:
    found = [hit_rate(opened(name), definition=d)["rate"][0] for d in ("decided", "created")]
    assert found == pytest.approx(rates, abs=1e-6)


def test_both_readings_of_skipped_stages() -> None:
    want = truth("salesforce_wave")["funnel_from_history"]
    passed, visited = (funnel(opened("salesforce_wave"), skipped=s) for s in ("passed", "not"))
    assert dict(passed.select("stage", "entered").iter_rows()) == want["reached_at_least"]
    assert dict(visited.select("stage", "entered").iter_rows()) == {s: want["visited"][s] for s in STAGES}
    assert dict(passed.select("stage", "lost").iter_rows()) == {s: want["lost_from"][s] for s in STAGES}


def test_deals_lost_before_any_stage_are_told_apart() -> None:
    found = unplaced(opened("salesforce_wave"))
    lost = (
        found.filter(pl.col("status") == "lost")["deals"].sum()
        if "status" in found.columns
        else found["lost"].sum()
    )
    assert lost == truth("salesforce_wave")["funnel_from_history"]["lost_from"]["(none)"]


@pytest.mark.parametrize("skipped", ["passed", "not"])
@pytest.mark.parametrize("back", ["stands", "cancels"])
def test_the_flow_adds_up_for_every_stage_and_source(skipped: Any, back: Any) -> None:
    for by in (None, "LeadSource", "owner"):
        frame = funnel(opened("salesforce_wave"), by=by, skipped=skipped, back=back)
        left = pl.sum_horizontal("advanced", "lost", "disqualified", "moved_back", "still_there")
        assert frame.filter(pl.col("entered") != left).is_empty()
        assert frame.height >= len(STAGES)


def test_maven_value_hit_rate_says_nothing_and_says_so() -> None:
    row = hit_rate(opened("maven_crm"), definition="value").row(0, named=True)
    assert row["rate"] is None
    assert "lost_without_value" in {n.code for n in opened("maven_crm").meta.notices}
