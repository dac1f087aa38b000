"""Comparing two snapshots, on tables small enough to add up by eye."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from data.errors import HitrateError
from data.pipeline import Pipeline
from metrics import snapshots
from tests.exports import exports

START, END, LATER = "2026-02-01", "2026-03-01", "2026-04-01"
Row = dict[str, Any]


def deal(number: int, **changes: Any) -> Row:
    """An open deal of Ann's in its first stage, worth 100, expected in February."""
    return {
        "Id": str(number), "Name": f"Deal {number}", "Owner": "Ann", "Status": "open", "Stage": "Lead",
        "Amount": "100.00", "Currency": "EUR", "Created": "2026-01-10", "Closed": None,
        "Expected": "2026-02-20",
    } | changes  # fmt: skip


# Ten deals, one for each thing that can happen.
BEFORE = [deal(n) for n in range(1, 9)] + [deal(9, Status="lost", Closed="2026-01-20")]
AFTER = [
    deal(1),  # stayed
    deal(2, Amount="130.10", Stage="Meeting"),  # rose by 30.10, moved on
    deal(3, Amount="60.00"),  # fell by 40
    deal(4, Status="won", Amount="150.00", Closed="2026-02-10"),  # rose by 50 and was won at 150
    deal(5, Status="lost", Amount="0", Closed="2026-02-10"),  # lost, at the 100 it had
    deal(6, Status="junk", Closed="2026-02-10"),  # disqualified
    deal(7, Owner="Bob", Expected="2026-03-20"),  # another owner, pushed
    # 8 vanished
    deal(9, Amount="80.00"),  # reopened
    deal(10, Amount="200.00", Created="2026-02-15"),  # new
    deal(11, Status="won", Amount="500.00", Created="2026-02-15", Closed="2026-02-16"),  # came and went
]


@pytest.fixture
def two(tmp_path: Path) -> Pipeline:
    return exports(tmp_path, {START: BEFORE, END: AFTER})


def lines(frame: pl.DataFrame) -> dict[str, tuple[int, float]]:
    shown = frame.filter((pl.col("deals") != 0) | (pl.col("amount") != 0))
    return {m: (n, round(a, 2)) for m, n, a in shown.select("movement", "deals", "amount").iter_rows()}


def test_the_ledger_by_eye(two: Pipeline) -> None:
    assert lines(snapshots.ledger(two, START, END)) == {
        "opening": (8, 800.00),
        "new": (1, 200.00),
        "reopened": (1, 80.00),
        "increased": (0, 80.10),  # 30.10 + 50
        "decreased": (0, -40.00),
        "won": (-1, -150.00),
        "lost": (-1, -100.00),
        "disqualified": (-1, -100.00),
        "vanished": (-1, -100.00),
        "closing": (6, 670.10),
        "closed_new": (1, 500.00),
    }


def test_every_movement_is_there_and_in_order(two: Pipeline) -> None:
    plain = snapshots.ledger(two, START, END)["movement"].to_list()
    due = snapshots.ledger(two, START, END, due_start="2026-02-01", due_end="2026-02-28")[
        "movement"
    ].to_list()
    assert due == [*snapshots.MOVEMENTS, snapshots.MEMO]
    assert plain == [m for m in due if m not in ("pulled_in", "pushed_out")]


def test_what_is_due_in_a_period_is_pushed_out_of_it(two: Pipeline) -> None:
    found = lines(snapshots.ledger(two, START, END, due_start="2026-02-01", due_end="2026-02-28"))
    assert found["pushed_out"] == (-1, -100.00)
    assert found["closing"] == (5, 570.10)
    back = lines(snapshots.ledger(two, START, END, due_start="2026-03-01", due_end="2026-03-31"))
    assert back == {"pulled_in": (1, 100.00), "closing": (1, 100.00), "closed_new": (1, 500.00)}


def test_a_deal_that_changes_hands_moves_from_one_to_the_other(two: Pipeline) -> None:
    frame = snapshots.ledger(two, START, END, by="Owner")
    ann, bob = (lines(frame.filter(pl.col("Owner") == o)) for o in ("Ann", "Bob"))
    assert ann["moved_out"] == (-1, -100.00)
    assert bob == {"moved_in": (1, 100.00), "closing": (1, 100.00)}
    filtered = lines(snapshots.ledger(two, START, END, where={"owner": "Bob"}))
    assert filtered == bob


def test_a_deal_that_changes_currency_moves_between_the_currencies(tmp_path: Path) -> None:
    days = {START: [deal(1), deal(2)], END: [deal(1, Currency="USD", Amount="110.00"), deal(2)]}
    with exports(tmp_path, days) as pipeline:
        frame = snapshots.ledger(pipeline, START, END)
        euro, dollar = (lines(frame.filter(pl.col("currency") == c)) for c in ("EUR", "USD"))
    assert euro == {"opening": (2, 200.0), "moved_out": (-1, -100.0), "closing": (1, 100.0)}
    assert dollar == {"moved_in": (1, 110.0), "closing": (1, 110.0)}


def test_a_won_deal_without_an_amount_leaves_at_the_one_it_had(tmp_path: Path) -> None:
    with exports(tmp_path, {START: [deal(1)], END: [deal(1, Status="won", Amount=None)]}) as pipeline:
        assert lines(snapshots.ledger(pipeline, START, END)) == {"opening": (1, 100.0), "won": (-1, -100.0)}


def test_the_deals_behind_a_bar(two: Pipeline) -> None:
    rows = snapshots.movement_deals(two, START, END, "won")
    row = rows.row(0, named=True)
    assert rows.height == snapshots.movement_count(two, START, END, "won") == 1
    assert (row["deal_id"], row["owner"], row["status_before"], row["status_after"]) == (
        "4",
        "Ann",
        "open",
        "won",
    )
    assert (row["amount_before"], row["amount_after"]) == (100.0, 150.0)
    assert str(row["due_before"]) == "2026-02-20"
    pushed = snapshots.movement_deals(two, START, END, "pushed", due_start="2026-02-01", due_end="2026-02-28")
    assert pushed["deal_id"].to_list() == ["7"]
    given = snapshots.movement_deals(two, START, END, "moved_in", by="Owner", value="Bob", currency="EUR")
    assert given["deal_id"].to_list() == ["7"]
    assert snapshots.movement_count(two, START, END, "moved_in", by="Owner", value="Ann") == 0


def test_moves_from_stage_to_stage(two: Pipeline) -> None:
    found = snapshots.moves(two, START, END)
    named = {
        (f"{r['from_kind']} {r['from_stage']}", f"{r['to_kind']} {r['to_stage']}"): (r["deals"], r["amount"])
        for r in found.iter_rows(named=True)
    }
    assert named == {
        ("open Lead", "open Lead"): (3, 260.0),
        ("open Lead", "open Meeting"): (1, 130.1),
        ("open Lead", "won None"): (1, 150.0),
        ("open Lead", "lost None"): (1, 0.0),
        ("open Lead", "disqualified None"): (1, 100.0),
        ("open Lead", "vanished None"): (1, 100.0),
        ("lost None", "open Lead"): (1, 80.0),
        ("new None", "open Lead"): (1, 200.0),
        ("new None", "won None"): (1, 500.0),
    }


def test_a_lost_deal_that_comes_back_won_and_into_the_slice_is_a_move(tmp_path: Path) -> None:
    before = [deal(1, Owner="Bob", Status="lost", Closed="2026-01-20"), deal(2)]
    after = [deal(1, Status="won", Closed="2026-02-20"), deal(2)]
    both = exports(tmp_path, {START: before, END: after})
    moves = snapshots.moves(both, START, END, where={"owner": ["Ann"]})
    assert moves.filter(pl.col("from_kind") == "lost")["deals"].to_list() == [1]


def test_slippage_by_eye(two: Pipeline) -> None:
    row = snapshots.slippage(two, START, END, "2026-02-01", "2026-02-28").row(0, named=True)
    parts = {k: row[k] for k in snapshots.ENDS}
    assert parts == {
        "won": 1, "lost": 1, "disqualified": 1, "pushed": 1, "pulled": 0, "still_due": 3, "undated": 0,
        "vanished": 1,
    }  # fmt: skip
    assert row["due"] == sum(parts.values()) == 8
    assert row["rate"] == 1 / 8
    assert row["low"] < 1 / 8 < row["high"]
    assert not row["enough"]
    amounts = snapshots.slippage_amounts(two, START, END, "2026-02-01", "2026-02-28")
    assert dict(amounts.select("what", "amount").iter_rows())["pushed"] == 100.0


def test_slippage_of_a_period_in_which_nothing_was_due_has_no_rate(two: Pipeline) -> None:
    row = snapshots.slippage(two, START, END, "2027-01-01", "2027-01-31").row(0, named=True)
    assert (row["due"], row["rate"], row["low"]) == (0, None, None)


def test_times_pushed_win_odds_and_delay(tmp_path: Path) -> None:
    dates = ["2026-02-20", "2026-03-20", "2026-04-20"]
    ends = {1: ("won", "2026-02-25"), 2: ("lost", "2026-04-30"), 3: ("won", "2026-04-21"), 4: ("open", None)}
    first = [deal(n) for n in ends]
    second = [deal(n, Expected=dates[min(n - 1, 1)]) for n in ends]
    third = [deal(n, Expected=dates[min(n - 1, 2)], Status=s, Closed=c) for n, (s, c) in ends.items()]
    with exports(tmp_path, {START: first, END: second, LATER: third}) as pipeline:
        table = snapshots.by_pushes(pipeline)
        past = [snapshots.by_pushes(pipeline, until=day) for day in (START, END)]
        odd = snapshots.by_pushes(pipeline, until="2026-04-10")
    found = {r["pushes"]: r for r in table.iter_rows(named=True)}
    assert {k: (r["deals"], r["won"], r["lost"], r["open"]) for k, r in found.items()} == {
        "0": (1, 1, 0, 0), "1": (2, 1, 1, 0), "2": (1, 0, 0, 1), "3+": (0, 0, 0, 0),
    }  # fmt: skip
    assert [t.select("deals", "open").rows()[:2] for t in past] == [[(4, 4), (0, 0)], [(1, 1), (3, 3)]]
    assert odd.equals(table)
    assert (found["0"]["rate"], found["1"]["rate"], found["2"]["rate"]) == (1.0, 0.5, None)
    assert found["0"]["median_delay_days"] == 5.0
    assert found["1"]["median_delay_days"] == (69 + 60) / 2
    assert found["1"]["low"] < 0.5 < found["1"]["high"]


def test_what_was_rewritten(tmp_path: Path) -> None:
    shut = {"Status": "won", "Closed": "2026-01-20"}
    first = [deal(n, **shut) for n in range(1, 7)] + [deal(7), deal(8, Stage="Offer"), deal(9)]
    second = [
        deal(1),  # reopened
        deal(2, **shut | {"Status": "lost"}),  # won, then lost
        deal(3, **shut | {"Amount": "120.00"}),
        deal(4, **shut | {"Owner": "Bob"}),
        deal(5, **shut | {"Closed": "2026-01-15"}),
        deal(6, **shut | {"Created": "2026-01-01"}),
        deal(7, Status="lost", Closed="2026-01-25"),  # on a day before an export that showed it open
        deal(8, Stage="Lead"),
        # 9 deleted
        deal(10, Created="2026-01-05"),  # should have been in the first
    ]
    with exports(tmp_path, {START: first, END: second}) as pipeline:
        found = snapshots.rewrites(pipeline)
        told = {
            r["kind"]: (r["deal_id"], r["field"], r["before"], r["after"])
            for r in found.iter_rows(named=True)
        }
        counts = dict(snapshots.rewrite_counts(pipeline).select("kind", "deals").iter_rows())
        assert snapshots.rewrites(pipeline, start="2026-03-02").is_empty()
        assert snapshots.rewrites(pipeline, kind="deleted")["deal_id"].to_list() == ["9"]
    assert told == {
        "reopened": ("1", "status", "won", "open"),
        "outcome_changed": ("2", "status", "won", "lost"),
        "amount_after_close": ("3", "amount", "100.00", "120.00"),
        "owner_after_close": ("4", "owner", "Ann", "Bob"),
        "closed_moved": ("5", "closed_at", "2026-01-20", "2026-01-15"),
        "created_moved": ("6", "created_at", "2026-01-10", "2026-01-01"),
        "closed_back": ("7", "closed_at", None, "2026-01-25"),
        "stage_back": ("8", "stage", "Offer", "Lead"),
        "deleted": ("9", "deal_id", "open", None),
        "created_back": ("10", "created_at", None, "2026-01-05"),
    }
    assert counts == dict.fromkeys(snapshots.REWRITES, 1)
    assert {str(d) for d in found["seen"]} == {END}
    assert {str(d) for d in found["seen_before"]} == {START}


def test_coverage_is_the_open_pipeline_of_each_day(two: Pipeline) -> None:
    every = snapshots.coverage(two).select("day", "deals", "amount")
    assert [(str(d), n, a) for d, n, a in every.iter_rows()] == [
        (START, 8, 800.0), (END, 6, 670.1),
    ]  # fmt: skip
    stages = snapshots.coverage(two, "stage").filter(pl.col("day").cast(pl.String) == END)
    assert stages.select("stage", "deals").rows() == [("Lead", 5), ("Meeting", 1)]
    due = snapshots.coverage(two, "due").filter(pl.col("day").cast(pl.String) == END)
    assert [(str(m), n) for m, n in due.select("due", "deals").rows()] == [
        ("2026-02-01", 5),
        ("2026-03-01", 1),
    ]


def test_snapshot_days(two: Pipeline) -> None:
    found = snapshots.snapshot_days(two)
    assert found.select("deals", "open", "partial", "missing", "files").rows() == [
        (9, 8, False, 0, 1),
        (10, 6, False, 0, 1),
    ]


@pytest.mark.parametrize(
    ("start", "end", "more", "hint"),
    [
        ("2026-02-02", END, {}, "2026-02-01"),
        (END, START, {}, "earlier"),
        (START, END, {"by": "Sellr"}, "Choose|mean"),
        (START, END, {"by": "status"}, "another column"),
        (START, END, {"where": {"visited_mask": "1"}}, "another column"),
        (START, "yesterday", {}, "year-month-day"),
        (None, END, {}, "day of a snapshot"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_a_hint(
    two: Pipeline, start: str, end: str, more: dict[str, Any], hint: str
) -> None:
    with pytest.raises(HitrateError, match=hint):
        snapshots.ledger(two, start, end, **more)


def test_unknown_movements_and_kinds_are_refused(two: Pipeline) -> None:
    with pytest.raises(HitrateError, match="vanished"):
        snapshots.movement_deals(two, START, END, "vanish")
    with pytest.raises(HitrateError, match="reopened"):
        snapshots.rewrites(two, kind="reopen")
    with pytest.raises(HitrateError, match="period"):
        snapshots.slippage(two, START, END, None, None)


def test_one_export_has_nothing_to_compare(tmp_path: Path) -> None:
    with exports(tmp_path, {START: BEFORE}) as pipeline:
        assert not snapshots.has_versions(pipeline)
        assert snapshots.snapshot_days(pipeline).is_empty()
        for ask in (snapshots.coverage, snapshots.by_pushes, snapshots.rewrites):
            with pytest.raises(HitrateError, match="one day"):
                ask(pipeline)


def test_the_query_behind_the_ledger_can_be_read(two: Pipeline) -> None:
    text = snapshots.explain_ledger(two, START, END, by="Owner")
    assert "FROM versions" in text
    assert two.engine.fetch(text).height > 0
