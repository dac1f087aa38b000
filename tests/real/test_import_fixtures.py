"""Every fixture of a CRM's export through `open_exports`, against its expected.json."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from data import Pipeline, open_exports
from tests.conftest import SHARED, shared

FIXTURES = sorted(
    p.name.removesuffix(".expected.json") for p in SHARED.glob("exports/fixtures/*.expected.json")
)
STATUS = ("won", "lost", "open", "disqualified")
names = pytest.mark.parametrize("name", FIXTURES or ["none"])


def opened(name: str) -> tuple[Pipeline, dict[str, Any], pl.DataFrame]:
    want = json.loads(shared("exports", "fixtures", f"{name}.expected.json").read_text())
    pipeline = open_exports(shared("exports", "fixtures", want["file"]))
    return pipeline, want, pl.read_parquet(pipeline.folder / "deals.parquet")


def sums(table: pl.DataFrame) -> dict[str, Decimal]:
    found = table.group_by("currency").agg(pl.col("amount_minor").sum())
    return {c: Decimal(n) / 100 for c, n in found.iter_rows() if n}


def day(seconds: int) -> str:
    return str(pl.select(pl.from_epoch(pl.lit(seconds), "s")).item().date())


@names
def test_deals_by_outcome(name: str) -> None:
    pipeline, want, _ = opened(name)
    with pipeline:
        found, totals = pipeline.summary(), want["totals"]
        assert found["deals"] == totals["n_deals"]
        assert {s: found[s] for s in STATUS} == {s: totals[s] for s in STATUS}
        assert found["rows_read"] == found["rows_kept"] + found["rows_rejected"] + found["rows_junk"]


@names
def test_amounts_per_currency_and_outcome(name: str) -> None:
    pipeline, want, table = opened(name)
    with pipeline:
        if "sum_amount" not in want["totals"]:
            pytest.skip("no amounts are expected of a history")
        assert sums(table) == {c: Decimal(n) for c, n in want["totals"]["sum_amount"].items()}
        for status in ("won", "lost", "open"):
            part = table.filter(pl.col("status") == status)
            assert sums(part) == {c: Decimal(n) for c, n in want["totals"][f"sum_amount_{status}"].items()}


@names
def test_first_and_last_day(name: str) -> None:
    pipeline, want, table = opened(name)
    with pipeline:
        assert day(table["created_s"].min()) == want["totals"]["first_created"]
        assert day(table["closed_s"].max()) == want["totals"]["last_closed"]


@names
def test_stage_of_loss_where_the_export_knows_it(name: str) -> None:
    pipeline, want, table = opened(name)
    with pipeline:
        if "lost_by_stage" not in want["totals"]:
            pytest.skip("this export does not say where deals were lost")
        lost = table.filter(pl.col("status") == "lost").group_by("last_no").len()
        found = dict(lost.iter_rows())
        stages = pipeline.meta.stages()
        assert {s.label: found.get(s.number, 0) for s in stages} == want["totals"]["lost_by_stage"]


@names
def test_wins_by_source_and_owner(name: str) -> None:
    pipeline, want, table = opened(name)
    with pipeline:
        for field in ("source", "owner"):
            for value, counts in want["totals"].get(f"by_{field}", {}).items():
                part = table.filter(pl.col(field).is_null() if value == "(blank)" else pl.col(field) == value)
                assert {s: part.filter(pl.col("status") == s).height for s in STATUS} == counts


def test_a_reopened_deal_is_one_deal_and_knows_it() -> None:
    name = "03_salesforce_opportunity_history_en"
    want = json.loads(shared("exports", "fixtures", f"{name}.expected.json").read_text())
    folder = shared("exports", "fixtures")
    with open_exports(folder / "01_salesforce_report_en.csv", folder / want["file"]) as pipeline:
        table = pl.read_parquet(pipeline.folder / "deals.parquet")
        assert sorted(table.filter("reopened")["deal_id"]) == sorted(want["totals"]["reopened_deal_ids"])
        entries = pl.read_parquet(pipeline.folder / "stage_entries.parquet")
        assert entries.height == want["totals"]["n_created_rows"] + want["totals"]["n_stage_moves"]


def test_snapshots_count_the_latest_state_and_tell_what_vanished() -> None:
    folder: Path = shared("exports", "fixtures", "10_hubspot_snapshots")
    want = json.loads((folder / "expected.json").read_text())
    with open_exports(*sorted(folder.glob("*.csv"))) as pipeline:
        found, latest = pipeline.summary(), want["per_snapshot"]["2026-11-15"]
        assert {k: found[k] for k in ("won", "lost", "open")} == {
            k: latest[k] for k in ("won", "lost", "open")
        }
        assert found["deals"] == latest["n_deals"]
        assert [str(d) for d in found["snapshots"]] == want["snapshots"]
        assert [n.count for n in pipeline.meta.notices if n.code == "vanished"] == [want["union"]["vanished"]]
        reopened = pl.read_parquet(pipeline.folder / "deals.parquet").filter("reopened")["deal_id"].to_list()
        assert reopened == want["changes"]["2026-11-01>2026-11-08"]["reopened"]
