"""Activities, costs, targets and sellers come back as tidy cells, through core SQL."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from data import Pipeline, Slice, cells, open_exports
from tests.data.cells.core import lint

DEALS = """Deal ID,Status,Stage,Owner,Lead Source,Created Date
1,Won,Offer,Ann,Web,2026-01-01
2,Lost,Offer,Ann,Web,2026-01-02
3,Open,Meeting,Bob,Fair,2026-01-03
"""
DONE = """Activity ID,Deal ID,Owner,Activity type,Direction,Activity date,Outcome,Duration (min)
A-1,1,Ann,Call,Outbound,2026-01-02 09:00,No answer,2
A-2,1,Ann,Call,Outbound,2026-01-03 09:00,Reached,5
A-3,2,Ann,E-mail,Inbound,2026-02-03 09:00,,
A-4,9,Bob,Call,Outbound,2026-01-03 09:00,Reached,1
"""
COSTS = "Month,Lead Source,Cost\n2026-01-01,Web,100.50\n2026-02-01,Web,99.50\n2026-01-01,Fair,1000\n"
GOALS = "Month,Owner,Target\n2026-01-01,Ann,500\n2026-02-01,Ann,700\n2026-01-01,Bob,\n"
STAFF = "Owner,Sales Team,Manager,Start date,Monthly cost\nAnn,North,Kim,2024-03-01,5000\nBob,South,Kim,,\n"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    folder = tmp_path_factory.mktemp("company")
    texts = {"deals": DEALS, "activities": DONE, "spend": COSTS, "targets": GOALS, "people": STAFF}
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text)
    return open_exports(*(folder / f"{name}.csv" for name in texts), home=folder / "home")


def test_activities_count_those_of_the_deals_in_the_slice(company: Pipeline) -> None:
    found = cells.activities(company, Slice(by=("Lead Source",), where=(("owner", ("Ann",)),)))
    counted = found.group_by("Lead Source", "kind", "outcome").agg(pl.col("activities", "seconds").sum())
    assert sorted(counted.iter_rows(), key=str) == [
        ("Web", "call", "No answer", 1, 120),
        ("Web", "call", "Reached", 1, 300),
        ("Web", "email", None, 1, 0),
    ]


def test_touched_counts_deals_without_any_activity_too(company: Pipeline) -> None:
    found = cells.touched(company, Slice(by=("source",)))
    assert sorted(found.iter_rows()) == [("Fair", "open", 0, 1), ("Web", "lost", 1, 1), ("Web", "won", 2, 1)]


def test_the_activities_of_one_deal_are_in_order(company: Pipeline) -> None:
    found = cells.activity_list(company, "1")
    assert found["happened"].to_list() == [datetime(2026, 1, 2, 9), datetime(2026, 1, 3, 9)]
    assert found["kind_text"].to_list() == ["Call", "Call"]
    assert cells.activity_list(company, None).is_empty()


def test_costs_targets_and_sellers(company: Pipeline) -> None:
    costs = cells.spend(company).group_by("source").agg(pl.col("amount_minor").sum())
    assert dict(costs.iter_rows()) == {"Web": 20000, "Fair": 100000}
    goals = cells.targets(company)
    assert sorted(goals.select("name", "amount_minor").iter_rows(), key=str) == [
        ("Ann", 50000),
        ("Ann", 70000),
        ("Bob", None),
    ]
    assert dict(cells.people(company).select("seller", "monthly_cost_minor").iter_rows()) == {
        "Ann": 500000,
        "Bob": None,
    }


def test_a_workspace_without_them_answers_with_no_rows(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text(DEALS)
    with open_exports(tmp_path / "deals.csv") as pipeline:
        assert cells.activities(pipeline, Slice(by=("source",))).columns[0] == "source"
        for ask in (cells.activities, cells.touched, cells.spend, cells.targets, cells.people):
            assert ask(pipeline).is_empty()


def test_every_query_is_core_sql(company: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    company.engine.schema("deals"), company.engine.schema("people")
    seen: list[str] = []
    fetch = company.engine.fetch
    monkeypatch.setattr(company.engine, "fetch", lambda sql: seen.append(sql) or fetch(sql))
    question = Slice(by=("source", "owner"), grain="month")
    cells.activities(company, question), cells.touched(company, question), cells.touched(company)
    cells.activity_list(company, "1"), cells.spend(company), cells.targets(company), cells.people(company)
    queries = [sql for sql in seen if not sql.startswith("DESCRIBE")]
    assert len(queries) == 7
    assert [problem for sql in queries for problem in lint(sql)] == []
