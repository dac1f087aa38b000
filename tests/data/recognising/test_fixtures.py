"""Every export of shared/exports is recognised as its expected.json says."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from data import open_exports
from data.recipe import Proposal
from data.recognising import FIELD_LABELS, propose
from tests.data.recognising.conftest import Load

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "exports" / "fixtures"
EXPECTED = sorted(FOLDER.glob("*.expected.json"))
NONE = [pytest.param(None, marks=pytest.mark.skip(reason="shared/exports is absent"))]


@pytest.fixture(params=EXPECTED or NONE, ids=lambda p: p.name[:2] if p else "none")
def case(request: pytest.FixtureRequest, load: Load) -> tuple[Proposal, dict[str, Any]]:
    expected = json.loads(request.param.read_text())
    return propose(load(FOLDER / expected["file"]))[0], expected


def test_columns_are_mapped(case: tuple[Proposal, dict[str, Any]]) -> None:
    found, expected = case[0].recipe.fields, dict(case[1]["mapping"])
    if "to_stage" in expected:
        expected["stage"] = expected.pop("to_stage")
    wanted = {f: h for f, h in expected.items() if f in FIELD_LABELS}
    assert {f: found.get(f) for f in wanted} == wanted


def test_columns_to_ignore_are_not_mapped(case: tuple[Proposal, dict[str, Any]]) -> None:
    assert not set(case[1]["ignored"]) & set(case[0].recipe.fields.values())


def test_outcome_words(case: tuple[Proposal, dict[str, Any]]) -> None:
    words = case[0].recipe.outcome.words
    told = {w: s for w, s in case[1]["outcome_map"].items() if s != "open"}
    assert {w: s for w, s in words.items() if s != "open"} == told


def test_stages_present_stand_in_the_expected_order(case: tuple[Proposal, dict[str, Any]]) -> None:
    expected = case[1]
    orders = expected.get("pipelines") or {"": expected["stage_order"]}
    for name, found in case[0].recipe.stage_order.items():
        wanted = orders.get(name, expected["stage_order"])
        assert found == [s for s in wanted if s in found]
        assert all(expected["outcome_map"].get(s, "open") == "open" for s in found)


def test_dates_have_the_expected_format(case: tuple[Proposal, dict[str, Any]]) -> None:
    proposal, expected = case
    wanted = {expected.get("date_format"), expected.get("datetime_format")}
    if "excel serial / datetime cells" in wanted:
        wanted = {"%Y-%m-%d %H:%M:%S", "%Y-%m-%d"}
    assert {f for rule in proposal.recipe.dates.values() for f in rule.formats} <= wanted


def test_amounts_have_the_expected_signs(case: tuple[Proposal, dict[str, Any]]) -> None:
    proposal, expected = case
    rule = proposal.recipe.numbers[proposal.recipe.fields["amount"]]
    assert (rule.decimal, rule.thousands) == (expected.get("decimal", "."), expected.get("thousands", ""))


def test_currency(case: tuple[Proposal, dict[str, Any]]) -> None:
    recipe, expected = case[0].recipe, case[1]
    assert recipe.currency == expected.get("currency_default")
    assert expected.get("currency_map", {}).items() <= recipe.currency_words.items()


def test_snapshot_date(case: tuple[Proposal, dict[str, Any]]) -> None:
    wanted = case[1].get("snapshot_date")
    assert wanted is None or case[0].snapshot_at == wanted


def test_lost_deals_keep_their_stage_only_where_stage_is_beside_status(
    case: tuple[Proposal, dict[str, Any]],
) -> None:
    assert case[0].recipe.lost_stage_kept == ("lost_by_stage" in case[1]["totals"])


def test_hubspot_date_columns_are_stage_entries(load: Load) -> None:
    path = next(FOLDER.glob("04*.expected.json"), FOLDER / "04")
    proposal = propose(load(path.with_name(path.name.replace(".expected.json", ".csv"))))[0]
    wanted = json.loads(path.read_text())["stage_entered_columns"]
    assert {c.stage: c.column for c in proposal.recipe.stage_columns} == wanted
    assert {c.pipeline for c in proposal.recipe.stage_columns} == {"Sales Pipeline", "Renewals"}


def test_weekly_exports_share_one_recipe_and_tell_their_own_date(load: Load) -> None:
    found = propose(load(*sorted((FOLDER / "10_hubspot_snapshots").glob("*.csv")) or [FOLDER / "10"]))
    assert [p.snapshot_at for p in found] == ["2026-11-01", "2026-11-08", "2026-11-15"]
    assert found[0].recipe == found[2].recipe
    assert found[0].recipe.outcome.words["Closed Won"] == "won"  # first seen in the second export
    assert "no_stage_of_loss" not in {n.code for p in found for n in p.notices}


def test_history_gives_the_deals_file_its_missing_stages(load: Load) -> None:
    deals, history = propose(
        load(FOLDER / "01_salesforce_report_en.csv", FOLDER / "03_salesforce_opportunity_history_en.csv")
    )
    assert (deals.recipe.table, history.recipe.table) == ("deals", "stage_entries")
    assert deals.recipe.stage_order[""] == [
        "Prospecting",
        "Qualification",
        "Needs Analysis",
        "Value Proposition",
        "Id. Decision Makers",
        "Perception Analysis",
        "Proposal/Price Quote",
        "Negotiation/Review",
    ]


SNAPSHOTS = FOLDER / "10_hubspot_snapshots"
WEEKS = sorted(SNAPSHOTS.glob("*.csv"))


@pytest.fixture(params=WEEKS or NONE, ids=lambda p: p.stem[-10:] if p else "none")
def week(request: pytest.FixtureRequest) -> tuple[Path, dict[str, Any]]:
    return request.param, json.loads((SNAPSHOTS / "expected.json").read_text())


def test_a_dated_export_is_mapped(week: tuple[Path, dict[str, Any]], load: Load) -> None:
    path, expected = week
    proposal = propose(load(path))[0]
    assert proposal.recipe.fields == expected["mapping"]
    assert proposal.snapshot_at == path.stem[-10:]
    assert {f for rule in proposal.recipe.dates.values() for f in rule.formats} == {"%Y-%m-%d %H:%M"}
    order = proposal.recipe.stage_order["Sales Pipeline"]
    assert order == [s for s in expected["stage_order"] if s in order]
    told = {w: s for w, s in proposal.recipe.outcome.words.items() if s != "open"}
    assert all(expected["outcome_map"][w] == s for w, s in told.items())


def test_a_dated_export_alone_gives_its_own_sums(week: tuple[Path, dict[str, Any]]) -> None:
    path, expected = week
    wanted = expected["per_snapshot"][path.stem[-10:]]
    with open_exports(path) as pipeline:
        found = pipeline.summary()
        deals = pl.read_parquet(pipeline.folder / "deals.parquet")
    assert {k: found[k] for k in ("won", "lost", "open")} == {k: wanted[k] for k in ("won", "lost", "open")}
    assert (found["deals"], deals["amount_minor"].sum()) == (wanted["n_deals"], 100 * wanted["sum_amount"])


def test_the_deal_written_down_for_each_fixture(case: tuple[Proposal, dict[str, Any]]) -> None:
    expected = case[1]
    if (wanted := expected.get("sample")) is None:
        pytest.skip("no deal is written down for a history")
    with open_exports(FOLDER / expected["file"]) as pipeline:
        deals = pl.read_parquet(pipeline.folder / "deals.parquet")
    found = deals.row(by_predicate=pl.col("deal_id") == wanted["deal_id"], named=True)
    assert [found[k] for k in ("deal_name", "owner", "stage")] == [
        wanted[k] for k in ("deal_name", "owner", "stage")
    ]
    assert (found["status"], found["amount_minor"]) == (
        wanted["outcome"],
        int(Decimal(wanted["amount"]) * 100),
    )
    for name in ("created", "closed"):
        day = (
            None
            if found[f"{name}_s"] is None
            else str(datetime.fromtimestamp(found[f"{name}_s"], UTC).date())
        )
        assert day == wanted[f"{name}_at"]


def test_at_most_one_file_in_ten_needs_a_question(load: Load) -> None:
    paths = [FOLDER / json.loads(p.read_text())["file"] for p in EXPECTED] + WEEKS
    asked = {p.file for table in load(*paths) for p in propose([table]) if p.questions}
    assert asked == {"06_odoo_crm_lead_nl.csv"}  # it holds no currency
    assert len(asked) <= 0.1 * len(paths)
