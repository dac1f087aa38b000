"""The funnel: by eye, against plain Python, and its invariant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from lifelines import KaplanMeierFitter

from data.cells import count
from data.errors import HitrateError
from data.meta import Pipeline_, Stage
from data.slice import Slice
from metrics import funnel
from metrics.funnel import unplaced
from tests.build import pipeline
from tests.metrics import twin
from tests.metrics.company import STAGES, company

EXITS = ["advanced", "lost", "disqualified", "moved_back", "still_there"]
SIX = [
    {"status": "won"},
    {"status": "lost", "last": 1},
    {"status": "lost", "last": 3},
    {"status": "open", "last": 2},
    {"status": "disqualified", "last": 2},
    {"status": "open", "visited": [1, 2, 3], "last": 1},  # fell back from Offer to Lead
]
READINGS = [(skipped, back) for skipped in ("passed", "not") for back in ("stands", "cancels")]


def test_six_deals_by_eye(tmp_path: Path) -> None:
    made = funnel(pipeline(SIX, tmp_path))
    assert made.select("stage", "entered", *EXITS).rows() == [
        # entered: advanced, lost, disqualified, moved back, still there
        ("Lead", 6, 4, 1, 0, 0, 1),
        ("Meeting", 5, 3, 0, 1, 0, 1),   # the deal that fell back had got past Meeting: that stands
        ("Offer", 3, 1, 1, 0, 1, 0),
    ]  # fmt: skip
    assert made["conversion"].to_list() == pytest.approx([4 / 5, 3 / 3, 1 / 2])
    assert made["from_top"].to_list() == pytest.approx([6 / 6, 5 / 6, 3 / 6])


def test_a_move_back_can_cancel_the_advance(tmp_path: Path) -> None:
    made = funnel(pipeline(SIX, tmp_path), back="cancels")
    assert made.select("advanced", "moved_back").rows() == [(4, 0), (2, 1), (1, 1)]


@pytest.mark.parametrize(("skipped", "back"), READINGS)
def test_every_reading_equals_plain_python(tmp_path: Path, skipped: Any, back: Any) -> None:
    rows = company(21)
    made = funnel(pipeline(rows, tmp_path, STAGES, stage_source="history"), "owner", skipped, back)
    for owner in ("Ann", "Bo", "Cy"):
        told = twin.funnel([r for r in rows if r["owner"] == owner], 4, skipped, back)
        assert made.filter(owner=owner).select("entered", *EXITS).to_dicts() == told


@pytest.mark.parametrize(("skipped", "back"), READINGS)
def test_whoever_entered_left_one_way(tmp_path: Path, skipped: Any, back: Any) -> None:
    deals = pipeline(company(22), tmp_path, STAGES, stage_source="history")
    made = funnel(deals, ["source", "country"], skipped, back)
    assert made.filter(pl.col("entered") != pl.sum_horizontal(EXITS)).is_empty()


def test_each_lost_deal_is_lost_once_or_has_no_stage(tmp_path: Path) -> None:
    rows = company(23)
    deals = pipeline(rows, tmp_path, STAGES)
    apart = unplaced(deals).filter(status="lost")["deals"].sum()
    assert funnel(deals)["lost"].sum() + apart == twin.count(rows, "lost")
    assert apart == sum(r["status"] == "lost" and not r["visited"] for r in rows)


def test_amounts_of_those_who_entered_and_those_lost(tmp_path: Path) -> None:
    rows = company(24)
    made = funnel(pipeline(rows, tmp_path, STAGES))
    there = [r for r in rows if twin.entered(r, 2, "passed")]
    gone = [r for r in there if twin.exit(r, 2, "stands") == "lost"]
    told = (sum(r["amount"] or 0 for r in group) for group in (there, gone))
    assert made.row(1, named=True)["amount"] == pytest.approx(next(told))
    assert made.row(1, named=True)["lost_amount"] == pytest.approx(next(told))


def test_stages_nobody_entered_are_there_with_zeros(tmp_path: Path) -> None:
    made = funnel(pipeline([{"status": "lost", "last": 1}], tmp_path))
    assert made.select("entered", "conversion", "from_top").rows() == [(1, 0, 1), (0, None, 0), (0, None, 0)]


def test_days_in_a_stage_equal_lifelines_with_open_deals_censored(tmp_path: Path) -> None:
    left = [{"entries": [(1, "2025-11-01"), (2, f"2025-11-{2 + n:02d}")]} for n in range(20)]
    still = [{"entries": [(1, f"2025-12-{10 + n:02d}")]} for n in range(10)]
    made = funnel(pipeline([*left, *still], tmp_path, stage_source="history")).row(0, named=True)
    days = [1 + n for n in range(20)] + [31 - 10 - n for n in range(10)]
    told = KaplanMeierFitter().fit(days, [1] * 20 + [0] * 10)
    assert made["median_days"] == told.median_survival_time_
    assert made["p90_days"] is None or made["p90_days"] >= made["p75_days"]


def test_without_stages_it_says_what_to_upload(tmp_path: Path) -> None:
    with pytest.raises(HitrateError, match="stage history"):
        funnel(pipeline(SIX, tmp_path, stage_source="none"))


def test_skipped_stages_need_a_history(tmp_path: Path) -> None:
    with pytest.raises(HitrateError, match="stage history"):
        funnel(pipeline(SIX, tmp_path), skipped="not")


@pytest.mark.parametrize("wrong", [{"skipped": "pased"}, {"back": "stand"}, {"pipeline_name": "Sale"}])
def test_a_reading_that_does_not_exist_names_those_that_do(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(HitrateError, match=r"passed|stands|Sales"):
        funnel(pipeline(SIX, tmp_path), **wrong)


def test_pipelines_with_different_stages_must_be_chosen_between(tmp_path: Path) -> None:
    kinds = {"Sales": ("Lead", "Meeting", "Offer"), "Renewals": ("Notice", "Renewal")}
    lists = tuple(
        Pipeline_(name=name, stages=tuple(Stage(number=n, label=s) for n, s in enumerate(stages, 1)))
        for name, stages in kinds.items()
    )
    rows = [{"pipeline": "Sales", "status": "won"}, {"pipeline": "Renewals", "status": "lost", "last": 1}]
    both = pipeline(rows, tmp_path, pipelines=lists)
    with pytest.raises(HitrateError, match="Sales, Renewals"):
        funnel(both)
    assert funnel(both, pipeline_name="Renewals").select("stage", "lost").rows() == [
        ("Notice", 1),
        ("Renewal", 0),
    ]


@pytest.mark.parametrize(("skipped", "back"), READINGS)
def test_the_list_behind_a_bar_holds_as_many_deals(tmp_path: Path, skipped: Any, back: Any) -> None:
    deals = pipeline(company(25), tmp_path, STAGES, stage_source="history")
    for row in funnel(deals, None, skipped, back).iter_rows(named=True):
        mark = Slice(stage=row["stage_no"], skipped=skipped, back=back)
        listed = {way: count(deals, mark.with_(exit=way)) for way in ("entered", *EXITS)}
        assert listed == {way: row[way] for way in listed}
