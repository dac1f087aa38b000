"""Wrong numbers that several exports of one pipeline lead to."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import polars as pl

from data import open_exports
from data.sample import sample_files
from metrics import snapshots
from tests.exports import exports

Row = dict[str, str]
FIRST, SECOND = "2026-02-01", "2026-02-08"


def deals(count: int, team: str, start: int = 0, **changes: str) -> list[Row]:
    row = {"Status": "open", "Stage": "Lead", "Amount": "10.00", "Created": "2026-01-02", "Team": team}
    return [{"Id": str(n)} | row | changes for n in range(start, start + count)]


def test_double_counted_deal__two_regional_files_of_one_day_that_overlap(tmp_path: Path) -> None:
    every = deals(6, "North")
    days = [(FIRST, every), (SECOND, every[:4]), (SECOND, every[2:])]
    with exports(tmp_path, days) as pipeline:
        assert pipeline.meta.counts["open"] == 6
        assert pipeline.summary()["amount"] == {"EUR": 60.0}


def test_deals_that_disappear__the_newest_export_was_filtered_to_one_team(tmp_path: Path) -> None:
    north, south = deals(6, "North"), deals(10, "South", 100)
    with exports(tmp_path, {FIRST: north + south, SECOND: north}) as pipeline:
        assert pipeline.meta.counts["open"] == 16
        lost = snapshots.ledger(pipeline, FIRST, SECOND).filter(
            pl.col("movement").is_in(["lost", "vanished"])
        )
        assert lost["deals"].sum() == 0


def test_deals_that_are_new_twice__an_id_lost_its_leading_zeros(tmp_path: Path) -> None:
    old = [row | {"Id": f"{int(row['Id']) + 100:06}"} for row in deals(8, "North")]
    new = [row | {"Id": str(int(row["Id"]))} for row in old]
    with exports(tmp_path, {FIRST: old, SECOND: new}) as pipeline:
        moved = snapshots.ledger(pipeline, FIRST, SECOND).filter(
            pl.col("movement").is_in(["new", "vanished"])
        )
        assert moved["deals"].to_list() == [0, 0]


def test_money_from_nowhere__a_deal_that_changes_currency_did_not_grow(tmp_path: Path) -> None:
    days = {
        FIRST: deals(1, "North", Currency="EUR"),
        SECOND: deals(1, "North", Currency="DKK", Amount="74.60"),
    }
    with exports(tmp_path, days) as pipeline:
        frame = snapshots.ledger(pipeline, FIRST, SECOND)
        assert frame.filter(movement="increased")["amount"].sum() == 0
        assert dict(frame.filter(movement="closing").select("currency", "amount").iter_rows()) == {
            "DKK": 74.6, "EUR": 0.0,
        }  # fmt: skip


def test_the_ledger_of_the_sample_adds_up_between_all_its_snapshots(tmp_path: Path) -> None:
    with open_exports(*sample_files(tmp_path)) as pipeline:
        days = pipeline.meta.snapshots
        assert len(days) == 12
        for start, end in pairwise(days):
            frame = snapshots.ledger(pipeline, start, end, by="owner")
            cents = frame.with_columns(cents=(pl.col("amount") * 100).round().cast(pl.Int64))
            closing = cents.filter(pl.col("movement") == "closing")
            rest = cents.filter(~pl.col("movement").is_in(["closing", snapshots.MEMO]))
            for column in ("deals", "cents"):
                assert rest[column].sum() == closing[column].sum()
        kinds = snapshots.rewrite_counts(pipeline).filter(pl.col("deals") > 0)["kind"].to_list()
        assert {"reopened", "closed_moved", "deleted"} <= set(kinds)
