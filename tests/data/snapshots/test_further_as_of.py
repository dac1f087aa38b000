"""Activities, costs and targets as of an earlier day: what had happened by then, about the deals of then."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data import Pipeline, Slice, open_exports
from data.cells import activities, targets, touched

HEAD = "Deal ID,Status,Stage,Owner,Lead source,Created Date,Amount\n"
JANUARY = "1,Open,Offer,Ann,Web,2026-01-02,100\n2,Open,Offer,Ann,Web,2026-01-03,200\n"
FEBRUARY = "2,Won,Offer,Ann,Web,2026-01-03,200\n3,Open,Offer,Bob,Fair,2026-02-03,300\n"
DONE = """Deal ID,Owner,Activity type,Activity date,Outcome,Duration (min)
1,Ann,Call,2026-01-05,Reached,2
2,Ann,Call,2026-01-06,Reached,2
2,Ann,Visit,2026-02-10,Held,60
3,Bob,Call,2026-02-11,Busy,1
"""


@pytest.fixture
def company(tmp_path: Path) -> Pipeline:
    texts = {
        "deals 2026-01-31": HEAD + JANUARY,
        "deals 2026-02-28": HEAD + FEBRUARY,
        "activities": DONE,
        "targets": "Month,Owner,Target\n2026-01-01,Ann,500\n2026-02-01,Ann,700\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text)
    return open_exports(*(tmp_path / f"{name}.csv" for name in texts), home=tmp_path / "home")


def test_today_every_activity_of_a_deal_that_is_here_counts(company: Pipeline) -> None:
    assert activities(company)["activities"].sum() == 3
    assert touched(company, Slice(by=("owner",))).select("owner", "activities").rows() == [
        ("Ann", 2),
        ("Bob", 1),
    ]


def test_as_of_an_earlier_day_only_what_had_happened_counts(company: Pipeline) -> None:
    with company.at(date(2026, 1, 31)) as then:
        assert activities(then)["activities"].sum() == 2
        assert touched(then)["deals"].sum() == then.summary()["deals"] == 2
        assert targets(then).height == 2
