"""500 random histories: the ledger is that of plain Python, and nothing of a snapshot is lost.

50 histories make one import, each with deals of its own, told apart by a column.
"""

from __future__ import annotations

from itertools import combinations
from random import Random

import polars as pl
import pytest

from data.pipeline import Pipeline
from metrics import snapshots
from tests.exports import exports
from tests.metrics import snapshot_twin as twin

TOGETHER, IMPORTS = 50, 10
DAY = 86_400
DUE = ("2026-02-01", "2026-03-31")
Day = tuple[str, list[twin.Row]]


def together(seed: int) -> list[Day]:
    """50 histories side by side, uploaded in any order."""
    days: dict[str, list[twin.Row]] = {}
    for number in range(seed * TOGETHER, (seed + 1) * TOGETHER):
        for day, rows in twin.random_days(Random(number)):
            own = [{**row, "Id": f"{number}-{row['Id']}", "History": str(number)} for row in rows]
            days.setdefault(day, []).extend(own)
    return Random(seed).sample(list(days.items()), len(days))


@pytest.fixture(scope="module", params=range(IMPORTS))
def case(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Pipeline, list[Day]]:
    days = together(request.param)
    return exports(tmp_path_factory.mktemp("history"), days), days


def by_id(days: list[Day], day: object) -> dict[str, twin.Row]:
    return {str(row["Id"]): row for row in dict(days)[str(day)]}


def told(frame: pl.DataFrame, by: str | None) -> dict[twin.Line, tuple[int, int]]:
    """The ledger as the twin writes it: lines that are not empty."""
    rows = frame.filter((pl.col("deals") != 0) | (pl.col("amount") != 0)).to_dicts()
    return {
        (row[by] if by else None, row["currency"], row["movement"]): (
            row["deals"],
            round(row["amount"] * 100),
        )
        for row in rows
    }


def filled(lines: dict[twin.Line, tuple[int, int]]) -> dict[twin.Line, tuple[int, int]]:
    return {line: sums for line, sums in lines.items() if sums != (0, 0)}


@pytest.mark.parametrize(
    ("by", "due", "where"),
    [
        ("History", None, None),
        ("Team", None, None),
        (None, DUE, ("Owner", "Ann")),
        ("Owner", DUE, None),
        ("Currency", None, ("Team", None)),
    ],
)
def test_the_ledger_is_that_of_plain_python_for_every_pair(
    case: tuple[Pipeline, list[Day]],
    by: str | None,
    due: tuple[str, str] | None,
    where: tuple[str, str] | None,
) -> None:
    pipeline, days = case
    for start, end in combinations(pipeline.meta.snapshots, 2):
        want = twin.ledger(by_id(days, start), by_id(days, end), by, due, where)
        since, until = due or (None, None)
        asked = None if where is None else dict([where])
        found = snapshots.ledger(pipeline, start, end, by, since, until, asked)
        if by == "Currency":  # a column that the ledger has anyway comes back beside it
            found = found.rename({found.columns[0]: by})
        assert told(found, by) == filled(want), (start, end)


def test_every_ledger_adds_up_to_the_cent(case: tuple[Pipeline, list[Day]]) -> None:
    pipeline, _ = case
    for start, end in combinations(pipeline.meta.snapshots, 2):
        frame = snapshots.ledger(pipeline, start, end, by="Team", due_start=DUE[0], due_end=DUE[1])
        summed = frame.with_columns(cents=(pl.col("amount") * 100).round().cast(pl.Int64))
        inner = ~pl.col("movement").is_in(["closing", snapshots.MEMO])
        closing = pl.col("movement") == "closing"
        for _, group in summed.group_by("Team", "currency"):
            for column in ("deals", "cents"):
                assert group.filter(inner)[column].sum() == group.filter(closing)[column].sum()


def test_versions_hold_every_snapshot_byte_for_byte(case: tuple[Pipeline, list[Day]]) -> None:
    pipeline, days = case
    versions = pl.read_parquet(pipeline.folder / "versions.parquet")
    for day, rows in days:
        second = int(pl.Series([day]).str.to_date().dt.epoch("s")[0])
        until = pl.col("until_s").is_null() | (pl.col("until_s") > second)
        there = versions.filter((pl.col("from_s") <= second) & until)
        assert canonical(there) == canonical(typed(rows)), day


def typed(rows: list[twin.Row]) -> pl.DataFrame:
    def second(row: twin.Row, name: str) -> int | None:
        return None if row[name] is None else int(pl.Series([row[name]]).str.to_date().dt.epoch("s")[0])

    return pl.DataFrame(
        {
            "deal_id": row["Id"],
            "deal_name": row["Name"],
            "owner": row["Owner"],
            "team": row["Team"],
            "status": {"junk": "disqualified"}.get(row["Status"], row["Status"]),
            "stage": row["Stage"],
            "amount_minor": None if row["Amount"] is None else twin.cents(row),
            "currency": row["Currency"],
            "created_s": second(row, "Created"),
            "closed_s": second(row, "Closed"),
            "expected_close_s": second(row, "Expected"),
            "History": row["History"],
        }
        for row in rows
    )


def canonical(frame: pl.DataFrame) -> str:
    names = (
        "deal_id", "deal_name", "owner", "team", "status", "stage", "amount_minor", "currency", "created_s",
        "closed_s", "expected_close_s", "History",
    )  # fmt: skip
    return frame.select(names).sort("deal_id").write_csv()


def test_derived_entries_lie_in_their_window(case: tuple[Pipeline, list[Day]]) -> None:
    pipeline, _ = case
    entries = pl.read_parquet(pipeline.folder / "stage_entries.parquet")
    known = entries.filter(pl.col("entered_s").is_not_null())
    assert known.height > 100
    assert set(entries["origin"]) == {"snapshots"}
    late = pl.col("entered_s") >= pl.col("until_s") + DAY
    assert known.filter((pl.col("entered_s") < pl.col("after_s")) | late).height == 0
    assert entries.filter(pl.col("until_s").is_null()).height == 0


def test_every_bar_drills_to_its_deals(case: tuple[Pipeline, list[Day]]) -> None:
    pipeline, _ = case
    start, *_, end = pipeline.meta.snapshots
    due = {"due_start": DUE[0], "due_end": DUE[1]}
    bars = snapshots.ledger(pipeline, start, end, by="Team", **due).rename({"Team": "value"})
    for bar in bars.sample(20, seed=1).iter_rows(named=True):
        asked = {k: bar[k] for k in ("movement", "value", "currency")} | {"by": "Team"} | due
        assert snapshots.movement_count(pipeline, start, end, **asked) == bar["changed"], bar
        rows = snapshots.movement_deals(pipeline, start, end, limit=1000, **asked)
        assert rows.height == bar["changed"]
