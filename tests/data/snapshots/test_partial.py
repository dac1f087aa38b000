"""Exports that show a part only: recognised, said, and not booked as deals that went away."""

from __future__ import annotations

from pathlib import Path

from metrics import snapshots
from tests.exports import exports

DAYS = ("2026-02-01", "2026-02-08", "2026-02-15")
Row = dict[str, str]


def deals(teams: str = "NNNNSSSSSSSS", **changes: str) -> list[Row]:
    names = {"N": "North", "S": "South"}
    return [
        {"Id": str(n), "Team": names[t], "Owner": f"Seller {n % 4}{t}", "Status": "open", "Stage": "Lead",
         "Amount": "10.00", "Created": "2026-01-02"} | changes
        for n, t in enumerate(teams)
    ]  # fmt: skip


def north(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["Team"] == "North"]


def sums(pipeline: object, start: str, end: str, **more: object) -> dict[str, int]:
    found = snapshots.ledger(pipeline, start, end, **more)  # type: ignore[arg-type]
    return {m: n for m, n in found.select("movement", "deals").iter_rows() if n}


def test_an_export_of_one_team_is_recognised_and_nothing_vanishes(tmp_path: Path) -> None:
    part = north(deals(Amount="12.00"))
    with exports(tmp_path, {DAYS[0]: deals(), DAYS[1]: part, DAYS[2]: deals(Amount="12.00")}) as pipeline:
        assert sums(pipeline, *DAYS[:2]) == {"opening": 12, "closing": 12}
        assert sums(pipeline, *DAYS[1:]) == {"opening": 12, "closing": 12}
        assert snapshots.ledger(pipeline, *DAYS[:2]).filter(movement="increased")["amount"].sum() == 8.0
        day = snapshots.snapshot_days(pipeline).row(1, named=True)
        assert (day["partial"], day["reason"], day["values"], day["absent"]) == (True, "filtered", "North", 8)
        assert (day["column"], day["deals"], day["open"]) == ("Team", 12, 12)
        told = next(n for n in pipeline.meta.notices if n.code == "snapshot_filtered")
        assert (told.level, told.count) == ("question", 8)


def test_the_newest_export_may_be_the_filtered_one(tmp_path: Path) -> None:
    with exports(tmp_path, {DAYS[0]: deals(), DAYS[1]: north(deals(Status="won"))}) as pipeline:
        assert {s: pipeline.meta.counts[s] for s in ("deals", "open", "won")} == {
            "deals": 12,
            "open": 8,
            "won": 4,
        }
        assert sums(pipeline, *DAYS[:2]) == {"opening": 12, "won": -4, "closing": 8}


def test_within_the_team_shown_a_deal_can_vanish(tmp_path: Path) -> None:
    with exports(tmp_path, {DAYS[0]: deals(), DAYS[1]: north(deals())[1:]}) as pipeline:
        assert sums(pipeline, *DAYS[:2]) == {"opening": 12, "vanished": -1, "closing": 11}


def test_exports_of_two_teams_on_two_days_are_one_pipeline(tmp_path: Path) -> None:
    every = deals("NNNNNNSSSSSS")
    south = [row for row in every if row["Team"] == "South"]
    with exports(tmp_path, {DAYS[0]: north(every) + south[:2], DAYS[1]: south}) as pipeline:
        assert pipeline.meta.counts["deals"] == 12


def test_after_a_filtered_first_export_the_others_come_into_view_and_are_not_new(tmp_path: Path) -> None:
    with exports(tmp_path, {DAYS[0]: north(deals()), DAYS[1]: deals()}) as pipeline:
        assert sums(pipeline, *DAYS[:2]) == {"opening": 4, "moved_in": 8, "closing": 12}
        assert snapshots.snapshot_days(pipeline)["partial"].to_list() == [True, False]
        assert snapshots.rewrites(pipeline).is_empty()


def test_what_came_into_view_and_changed_after_is_not_new_either(tmp_path: Path) -> None:
    days = {DAYS[0]: north(deals()), DAYS[1]: deals(), DAYS[2]: deals(Amount="11.00")}
    with exports(tmp_path, days) as pipeline:
        assert sums(pipeline, DAYS[0], DAYS[2]) == {"opening": 4, "moved_in": 8, "closing": 12}


def test_an_export_of_open_deals_keeps_those_decided_before(tmp_path: Path) -> None:
    decided = [{**row, "Status": "won" if n % 2 else "lost"} for n, row in enumerate(deals()[:6])]
    full, opened = decided + deals()[6:], deals()[6:]
    with exports(tmp_path, {DAYS[0]: full, DAYS[1]: opened, DAYS[2]: opened}) as pipeline:
        counts = pipeline.meta.counts
        assert (counts["won"], counts["lost"], counts["open"]) == (3, 3, 6)
        assert sums(pipeline, DAYS[0], DAYS[2]) == {"opening": 6, "closing": 6}


def test_where_no_column_explains_it_they_vanish_and_it_is_said(tmp_path: Path) -> None:
    with exports(tmp_path, {DAYS[0]: deals(), DAYS[1]: deals()[::2]}) as pipeline:
        assert sums(pipeline, *DAYS[:2]) == {"opening": 12, "vanished": -6, "closing": 6}
        assert snapshots.snapshot_days(pipeline).row(1, named=True)["reason"] == "shrunk"
        assert "snapshot_shrunk" in {n.code for n in pipeline.meta.notices}


def test_a_few_that_vanish_are_no_filter(tmp_path: Path) -> None:
    with exports(tmp_path, {DAYS[0]: deals(), DAYS[1]: deals()[2:]}) as pipeline:
        assert sums(pipeline, *DAYS[:2]) == {"opening": 12, "vanished": -2, "closing": 10}
        assert snapshots.snapshot_days(pipeline)["reason"].to_list() == [None, None]


def test_a_stage_change_seen_after_a_filtered_export_lies_between_the_days_that_showed_the_deal(
    tmp_path: Path,
) -> None:
    later = deals(Stage="Offer")
    with exports(tmp_path, {DAYS[0]: deals(), DAYS[1]: north(deals()), DAYS[2]: later}) as pipeline:
        moved = snapshots.entry_windows(pipeline, "11").row(-1, named=True)
        assert [str(moved["window_start"]), str(moved["window_end"])] == [DAYS[0], DAYS[2]]
