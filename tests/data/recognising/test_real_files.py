"""Real data sets, as a user would drop them."""

from __future__ import annotations

from pathlib import Path

from data.recipe import Proposal
from data.recognising import propose
from tests.data.recognising.conftest import Load

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


def _codes(proposal: Proposal) -> set[str]:
    return {n.code for n in proposal.notices}


def test_maven_asks_nothing_and_says_that_lost_deals_carry_no_value(load: Load) -> None:
    found = propose(load(DATA / "maven_crm/raw/sales_pipeline.csv"))[0]
    assert not found.questions
    assert found.recipe.outcome.words == {
        "Won": "won",
        "Lost": "lost",
        "Engaging": "open",
        "Prospecting": "open",
    }
    assert found.recipe.stage_order == {"": ["Prospecting", "Engaging"]}
    assert found.recipe.fields["closed_at"] == "close_date"  # blank on open deals
    assert "lost_without_value" in _codes(found)


def test_maven_side_tables(load: Load) -> None:
    names = ("accounts", "products", "sales_teams", "data_dictionary", "sales_pipeline")
    found = propose(load(*(DATA / f"maven_crm/raw/{n}.csv" for n in names)))
    assert [p.recipe.table for p in found] == ["customers", "products", "people", "unknown", "deals"]
    assert [
        found[0].recipe.fields["account"],
        found[1].recipe.fields["product"],
        found[2].recipe.fields["owner"],
    ] == ["account", "product", "sales_agent"]


def test_salesforce_deals_with_history(load: Load) -> None:
    raw = DATA / "salesforce_wave/raw"
    deals, history = propose(load(raw / "Opportunity.csv", raw / "OpportunityHistory.csv"))
    assert history.recipe.fields["deal_id"] == "Opportunity.External_Id__c"
    assert deals.recipe.stage_order == {
        "": ["Qualification", "Needs Analysis", "Proposal/Quote", "Negotiation"]
    }
    assert deals.recipe.expected_is_closed
    assert deals.recipe.fields["owner"] == "Owner.External_Id__c"
    assert not deals.questions


def test_salesforce_activities_point_at_the_deals(load: Load) -> None:
    raw = DATA / "salesforce_wave/raw"
    deals, tasks, users, quota = propose(
        load(*(raw / f"{n}.csv" for n in ("Opportunity", "Task", "User", "Quota")))
    )
    assert [p.recipe.table for p in (deals, tasks, users, quota)] == [
        "deals",
        "activities",
        "people",
        "targets",
    ]
    assert tasks.recipe.fields["deal_id"] == "What.External_Id__c"
    assert users.recipe.fields["owner"] == "Name"


def test_leads_without_a_lost_word_ask_one_question(load: Load) -> None:
    found = propose(load(DATA / "xeducation_leads/raw/Leads.csv"))[0]
    assert [n.code for n in found.questions] == ["not_won_is_lost"]
    assert (found.recipe.outcome.source, found.recipe.outcome.column, found.recipe.outcome.otherwise) == (
        "flags",
        "Converted",
        "lost",
    )
    assert "Lead Quality" in found.recipe.keep
    assert found.recipe.fields["source"] == "Lead Source"


def test_win_loss_file_asks_nothing(load: Load) -> None:
    found = propose(load(DATA / "ibm_win_loss/raw/WA_Fn-UseC_-Sales-Win-Loss.csv"))[0]
    assert not found.questions
    assert found.recipe.outcome.words == {"Won": "won", "Loss": "lost"}
    assert found.recipe.currency == "USD"
    assert {n.code: n.count for n in found.notices}["ids_repeated"] == 78025 - 77829


def test_list_of_leads_and_list_of_those_that_closed(load: Load) -> None:
    raw = DATA / "olist_funnel/raw"
    closed, leads = propose(
        load(raw / "olist_closed_deals_dataset.csv", raw / "olist_marketing_qualified_leads_dataset.csv")
    )
    assert (closed.recipe.table, leads.recipe.table) == ("more_deals", "deals")
    assert closed.recipe.outcome.column == "won_date"
    assert leads.recipe.fields["created_at"] == "first_contact_date"


def test_day_first_excel_dates(load: Load) -> None:
    raw = DATA / "olist_funnel/raw_excel_ddmmyyyy"
    found = propose(load(raw / "olist_closed_deals_dataset.csv"))[0]
    assert found.recipe.dates["won_date"].formats == ["%d-%m-%Y %H:%M"]
