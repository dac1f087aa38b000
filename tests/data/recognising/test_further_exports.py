"""Activity lists, cost sheets and target sheets as programs and people write them, beside a deals export."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data import Pipeline, open_exports

DAYS = [f"{i % 27 + 1:02d}" for i in range(1, 60)]
DEALS = (
    "Deal - ID,Deal - Title,Deal - Status,Deal - Stage,Deal - Owner,Deal - Deal created,Deal - Value\n"
    + "".join(
        f"{i},Firm {i} deal,{['won', 'lost', 'open'][i % 3]},Qualified,Ann,2026-01-{day} 09:00:00,{100 * i}\n"
        for i, day in enumerate(DAYS, 1)
    )
)
PIPEDRIVE = (
    "Activity - Subject,Activity - Type,Activity - Deal,Activity - Due date,Activity - Duration,Done",
    [f"Call them,Call,Firm {i} deal,2026-02-{day},00:30,Done" for i, day in enumerate(DAYS, 1)],
)
HUBSPOT = (
    "Call direction,Call outcome,Call duration (HH:mm:ss),Activity date,Assigned to,Associated Deal IDs",
    [f"Outbound,Connected,00:30:00,2026-02-{day} 10:00,Ann,{i}" for i, day in enumerate(DAYS, 1)],
)
DYNAMICS = (
    "Activity Type,Subject,Regarding,Activity Status,Owner,Due Date,Actual Duration",
    [f"Phone Call,Hi,Firm {i} deal,Completed,Ann,2/{day}/2026,30" for i, day in enumerate(DAYS, 1)],
)
DUTCH = (
    "Type activiteit;Deal;Datum;Medewerker;Resultaat;Duur (min)",
    [f"Telefoon;{i};{day}-02-2026;Ann;Gesproken;30" for i, day in enumerate(DAYS, 1)],
)


def opened(tmp_path: Path, head: str, rows: list[str], name: str = "more.csv") -> Pipeline:
    (tmp_path / "deals.csv").write_text(DEALS)
    (tmp_path / name).write_text("\n".join([head, *rows]))
    return open_exports(tmp_path / "deals.csv", tmp_path / name, home=tmp_path / "home")


@pytest.mark.parametrize("export", [PIPEDRIVE, HUBSPOT, DYNAMICS, DUTCH])
def test_activities_find_their_deal_by_id_or_title(tmp_path: Path, export: tuple[str, list[str]]) -> None:
    with opened(tmp_path, *export) as pipeline:
        table = pl.read_parquet(pipeline.folder / "activities.parquet").sort("row")
        deals = pl.read_parquet(pipeline.folder / "deals.parquet").select("deal_key", "deal_id")
        met = table.drop("deal_id").join(deals, on="deal_key", maintain_order="left")
        assert met["deal_id"].to_list() == [str(i) for i in range(1, 60)]
        assert set(table["duration_s"]) == {1800}
        assert pl.from_epoch(table["happened_s"]).dt.date()[0] == date(2026, 2, int(DAYS[0]))
        assert pipeline.rejects().is_empty()


def test_a_title_that_several_deals_have_stands_for_none(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text(DEALS + "60,Firm 1 deal,open,Qualified,Ann,2026-01-02 09:00:00,5\n")
    (tmp_path / "more.csv").write_text("\n".join([PIPEDRIVE[0], *PIPEDRIVE[1]]))
    with open_exports(tmp_path / "deals.csv", tmp_path / "more.csv") as pipeline:
        keys = pl.read_parquet(pipeline.folder / "activities.parquet").sort("row")["deal_key"]
        assert (keys[0], keys.null_count()) == (None, 1)
        assert {n.code: n.count for n in pipeline.meta.notices}["activities_unmatched"] == 1


@pytest.mark.parametrize(
    ("head", "rows", "table", "period"),
    [
        ("Channel,Month,Spend (EUR)", ["Google,Jan 2026,1000", "Google,Feb 2026,900"], "spend", "month"),
        (
            "Campaign,Start Date,End Date,Cost,Clicks",
            ["Brand,2026-01-01,2026-01-31,100.50,10", "Search,2026-01-01,2026-01-31,200.50,20"],
            "spend",
            "month",
        ),
        (
            "Quarter,Team,Target revenue,Target deals",
            ["Q1 2026,North,100000,20", "Q2 2026,North,90000,15"],
            "targets",
            "quarter",
        ),
        ("Verkoper;Jaar;Omzetdoel", ["Ann;2026;€ 1.000.000", "Bob;2026;€ 900.000"], "targets", "year"),
        ("Month,Revenue target", ["2026-01,100000", "2026-02,110000"], "targets", "month"),
    ],
)
def test_sheets_of_costs_and_targets(
    tmp_path: Path, head: str, rows: list[str], table: str, period: str
) -> None:
    with opened(tmp_path, head, rows) as pipeline:
        found = pl.read_parquet(pipeline.folder / f"{table}.parquet")
        assert set(found["period"]) == {period}
        assert found["amount_minor"].null_count() == 0
        assert found["starts_on"].min() == date(2026, 1, 1)
        assert pipeline.rejects().is_empty()
