"""The twelve month ends of a real pipeline: the ledger between any two, and each as of its own day."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import combinations, pairwise
from typing import Any

import polars as pl
import pytest

from data import Pipeline, open_exports
from metrics import snapshots
from tests.conftest import shared
from tests.metrics import snapshot_twin as twin

FOLDER = ("data", "salesforce_wave", "derived_snapshots")
STATUS = {"Closed Won": "won", "Closed Lost": "lost"}


@pytest.fixture(scope="module")
def wave() -> Iterator[Pipeline]:
    with open_exports(*sorted(shared(*FOLDER).glob("*.csv"), reverse=True)) as pipeline:
        yield pipeline


@cache
def truth() -> dict[str, Any]:
    found = json.loads(shared("data", "salesforce_wave", "truth.json").read_text())
    return dict(found["snapshots"]["month_ends"])


@cache
def rows(day: date) -> dict[str, twin.Row]:
    """One export, read by Python's own csv module."""
    with shared(*FOLDER, f"opportunities_{day}.csv").open(newline="") as file:
        return {
            line["Opportunity ID"]: {
                "Status": STATUS.get(line["Stage"], "open"),
                "Stage": line["Stage"],
                "Amount": line["Amount"] or None,
                "Currency": None,
                "Lead Source": line["Lead Source"] or None,
                "Expected": line["Close Date"] or None,
            }
            for line in csv.DictReader(file)
        }


def lines(frame: pl.DataFrame, by: str | None = None) -> dict[twin.Line, tuple[int, int]]:
    return {
        (row[by] if by else None, row["currency"], row["movement"]): (
            row["deals"],
            round(row["amount"] * 100),
        )
        for row in frame.to_dicts()
        if row["deals"] or row["amount"]
    }


def filled(want: dict[twin.Line, tuple[int, int]]) -> dict[twin.Line, tuple[int, int]]:
    return {line: sums for line, sums in want.items() if sums != (0, 0)}


def test_open_won_and_lost_of_every_month_end_are_those_of_the_truth(wave: Pipeline) -> None:
    for day in wave.meta.snapshots:
        want = truth()[day.isoformat()]
        with wave.at(day) as then:
            counts = then.meta.counts
            assert [counts[s] for s in ("deals", "open", "won", "lost")] == [
                want[s] for s in ("n", "open", "won", "lost")
            ]
    by_day = snapshots.coverage(wave).rows_by_key("day", named=True, unique=True)
    for day, row in by_day.items():
        want = truth()[day.isoformat()]
        assert (row["deals"], row["amount"]) == (want["open"], want["open_value"])


def test_the_last_day_of_2016(wave: Pipeline) -> None:
    with wave.at(date(2016, 12, 31)) as then:
        found = then.summary()
        assert (found["open"], found["won"], found["lost"]) == (321, 886, 2_868)
        opened = then.engine.fetch("SELECT sum(amount_minor)::BIGINT AS a FROM deals WHERE status = 'open'")
        assert opened.item() == 28_252_592_00


def test_the_ledger_of_all_66_pairs_is_that_of_plain_python(wave: Pipeline) -> None:
    pairs = list(combinations(wave.meta.snapshots, 2))
    assert len(pairs) == 66
    for start, end in pairs:
        found = snapshots.ledger(wave, start, end)
        assert lines(found) == filled(twin.ledger(rows(start), rows(end))), (start, end)


def test_the_ledger_of_every_source_adds_up_for_all_66_pairs(wave: Pipeline) -> None:
    for start, end in combinations(wave.meta.snapshots, 2):
        found = snapshots.ledger(wave, start, end, by="Lead Source")
        want = twin.ledger(rows(start), rows(end), by="Lead Source")
        assert lines(found, "Lead Source") == filled(want), (start, end)
        for _, source in found.group_by("Lead Source"):
            amounts = dict(source.select("movement", "amount").iter_rows())
            closing, memo = amounts.pop("closing"), amounts.pop(snapshots.MEMO)
            assert round(sum(amounts.values()), 2) == closing
            assert memo >= 0


def test_opening_and_closing_are_the_open_value_of_the_truth(wave: Pipeline) -> None:
    for start, end in combinations(wave.meta.snapshots, 2):
        found = snapshots.ledger(wave, start, end)
        amounts = dict(found.select("movement", "amount").iter_rows())
        assert amounts["opening"] == truth()[start.isoformat()]["open_value"]
        assert amounts["closing"] == truth()[end.isoformat()]["open_value"]


def test_what_was_pushed_is_what_plain_python_finds(wave: Pipeline) -> None:
    for start, end in pairwise(wave.meta.snapshots):
        first, last = start.replace(day=1), start
        row = snapshots.slippage(wave, start, end, first, last).row(0, named=True)
        due = {
            deal: old
            for deal, old in rows(start).items()
            if old["Status"] == "open" and first.isoformat() <= old["Expected"] <= last.isoformat()
        }
        later = [rows(end)[deal] for deal in due if deal in rows(end)]
        pushed = [new for new in later if new["Status"] == "open" and new["Expected"] > last.isoformat()]
        assert (row["due"], row["pushed"]) == (len(due), len(pushed))
        won = sum(new["Status"] == "won" for new in later)
        assert row["won"] == won


def test_reopened_and_moved_deals_of_every_pair_are_those_of_plain_python(wave: Pipeline) -> None:
    for start, end in combinations(wave.meta.snapshots, 2):
        old, new = rows(start), rows(end)
        want = sum(
            old[d]["Status"] != "open" and row["Status"] == "open" for d, row in new.items() if d in old
        )
        found = snapshots.moves(wave, start, end)
        back = (pl.col("from_kind").is_in(["won", "lost"])) & (pl.col("to_kind") == "open")
        assert found.filter(back)["deals"].sum() == want
        stayed = found.filter((pl.col("from_kind") == "open") & (pl.col("from_stage") == pl.col("to_stage")))
        same = sum(
            old[d]["Stage"] == row["Stage"] and row["Status"] == "open" for d, row in new.items() if d in old
        )
        assert stayed["deals"].sum() == same


def test_an_uploaded_history_and_its_own_snapshots_do_not_contradict_each_other() -> None:
    history = shared("data", "salesforce_wave", "raw", "OpportunityHistory.csv")
    days = sorted(shared(*FOLDER).glob("*.csv"))[-3:]
    with open_exports(*days, history) as pipeline:
        assert snapshots.contradictions(pipeline).height == 0
        entries = pl.read_parquet(pipeline.folder / "stage_entries.parquet")
        assert set(entries["origin"]) == {"history"}


@pytest.fixture(scope="module")
def weekly() -> Iterator[Pipeline]:
    with open_exports(
        *sorted(shared("exports", "fixtures", "10_hubspot_snapshots").glob("*.csv"))
    ) as pipeline:
        yield pipeline


def behind(pipeline: Pipeline, movement: str) -> dict[str, list[str]]:
    """The ids behind a movement, per pair of neighbouring weeks."""
    return {
        f"{start}>{end}": sorted(snapshots.movement_deals(pipeline, start, end, movement)["deal_id"])
        for start, end in pairwise(pipeline.meta.snapshots)
    }


@pytest.mark.parametrize(
    ("movement", "told"),
    [
        ("new", "new"), ("reopened", "reopened"), ("lost", "lost"), ("won", "won"), ("vanished", "vanished"),
        ("stage_forward", "advanced"), ("stage_back", "back"), ("pushed_later", "close_date_pushed"),
        ("owner_changed", "owner_changed"),
    ],
)  # fmt: skip
def test_the_deals_behind_each_movement_of_the_weekly_exports(
    weekly: Pipeline, movement: str, told: str
) -> None:
    changes = json.loads(shared("exports", "fixtures", "10_hubspot_snapshots", "expected.json").read_text())
    want = {pair: sorted(listed.get(told, [])) for pair, listed in changes["changes"].items()}
    assert behind(weekly, movement) == want
