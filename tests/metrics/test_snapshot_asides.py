"""What happened beside the ledger, and the deals of one flow: by eye, and against plain Python."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from random import Random
from typing import Any

import polars as pl
import pytest

from data import HitrateError
from data.pipeline import Pipeline
from metrics.open_pipeline import open_pipeline
from metrics.snapshot_asides import ASIDES, asides, flow_count, flow_deals
from metrics.snapshots import coverage, movement_count, movement_deals, moves
from tests.exports import STAGES, exports
from tests.metrics import snapshot_twin as twin

JAN, FEB = date(2026, 1, 31), date(2026, 2, 28)
DEAL = {"Status": "open", "Stage": "Meeting", "Amount": "100", "Currency": "EUR", "Owner": "Ann",
        "Created": "2026-01-05", "Expected": "2026-02-20"}  # fmt: skip
BEFORE = [{**DEAL, "Id": name} for name in "ABCDEFG"]
AFTER = [
    {**DEAL, "Id": "A", "Expected": "2026-03-20"},  # pushed
    {**DEAL, "Id": "B", "Expected": "2026-04-20", "Stage": "Offer"},  # pushed, a stage further
    {**DEAL, "Id": "C", "Stage": "Lead", "Owner": "Bob"},  # a stage back, another owner
    {**DEAL, "Id": "D", "Expected": "2026-02-10"},  # earlier
    {**DEAL, "Id": "E", "Expected": None, "Owner": None},  # unknown: in none
    {
        **DEAL,
        "Id": "F",
        "Status": "won",
        "Closed": "2026-02-12",
        "Expected": "2026-05-20",
    },  # not open: in none
    {**DEAL, "Id": "G"},
]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    return exports(tmp_path_factory.mktemp("asides"), [("2026-01-31", BEFORE), ("2026-02-28", AFTER)])


def counted(frame: pl.DataFrame) -> dict[str, int]:
    return dict(frame.group_by("movement", maintain_order=True).agg(pl.col("deals").sum()).iter_rows())


def test_asides_by_eye(two: Pipeline) -> None:
    found = asides(two, JAN, FEB)
    assert counted(found) == dict(zip(ASIDES, (2, 1, 1, 1, 1), strict=True))
    assert found["amount"].to_list() == [200.0, 100.0, 100.0, 100.0, 100.0]


def test_the_deals_of_an_aside_are_those_it_counts(two: Pipeline) -> None:
    assert sorted(movement_deals(two, JAN, FEB, "pushed_later")["deal_id"]) == ["A", "B"]
    handed = movement_deals(two, JAN, FEB, "owner_changed").row(0, named=True)
    assert (handed["deal_id"], handed["owner_before"], handed["owner_after"]) == ("C", "Ann", "Bob")
    assert movement_count(two, JAN, FEB, "stage_back", where={"Owner": "Ann"}) == 0  # Bob's by now


def test_a_flow_lists_the_deals_it_counts(two: Pipeline) -> None:
    assert flow_deals(two, JAN, FEB, "open", "Meeting", "open", "Offer")["deal_id"].to_list() == ["B"]
    assert flow_count(two, JAN, FEB, "open", "Meeting", "won", None) == 1
    with pytest.raises(HitrateError):
        flow_count(two, JAN, FEB, "gone", None, "won", None)


def expected(first: dict[str, Any], second: dict[str, Any]) -> dict[str, int]:
    """Count the asides in plain Python."""
    out = dict.fromkeys(ASIDES, 0)
    for deal in first.keys() & second.keys():
        old, new = first[deal], second[deal]
        if old["Status"] == new["Status"] == "open":
            dates = (old["Expected"], new["Expected"])
            dated = None not in dates
            stage = STAGES.index(new["Stage"]) - STAGES.index(old["Stage"])
            out["pushed_later"] += dated and dates[1] > dates[0]
            out["pulled_earlier"] += dated and dates[1] < dates[0]
            out["stage_forward"] += stage > 0
            out["stage_back"] += stage < 0
            out["owner_changed"] += old["Owner"] != new["Owner"]
    return out


@pytest.fixture(scope="module", params=range(4))
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    days = twin.random_days(Random(request.param), deals=40)
    return exports(tmp_path_factory.mktemp("random"), days), days


def test_asides_are_those_of_plain_python_for_every_pair(case: Any) -> None:
    pipeline, days = case
    rows = {day: {row["Id"]: row for row in shown} for day, shown in days}
    for start, end in combinations(pipeline.meta.snapshots, 2):
        want = expected(rows[str(start)], rows[str(end)])
        assert counted(asides(pipeline, start, end)) == want
        assert counted(asides(pipeline, start, end, by="Team")) == want
        assert {name: movement_count(pipeline, start, end, name) for name in ASIDES} == want


def test_every_flow_lists_as_many_deals_as_it_counts(case: Any) -> None:
    pipeline, _ = case
    keys = ["from_kind", "from_stage", "to_kind", "to_stage"]
    for start, end in combinations(pipeline.meta.snapshots, 2):
        for where in (None, {"Owner": "Ann"}):
            found = moves(pipeline, start, end, where=where).group_by(keys).agg(pl.col("deals").sum())
            for *ends, n in found.iter_rows():
                assert flow_count(pipeline, start, end, *ends, where=where) == n


@pytest.mark.parametrize("by", ["stage", "due", "Team", None])
def test_one_day_alone_says_what_coverage_says_of_it(case: Any, by: str | None) -> None:
    pipeline, _ = case
    day = pipeline.meta.snapshots[-1]
    alone = open_pipeline(pipeline.at(day), by=by)
    beside = coverage(pipeline, by=by).filter(pl.col("day") == day)
    assert alone.sort(alone.columns).equals(beside.select(alone.columns).sort(alone.columns))
