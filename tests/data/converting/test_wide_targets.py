"""A plan with a column per period becomes one target per name and period; every row is accounted for."""

from __future__ import annotations

from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from xlsxwriter import Workbook

from data import Pipeline, open_exports
from data.workspace import Store

DEALS = "Deal ID,Owner,Team,Status,Created,Amount\n" + "".join(
    f"{i},{['Ann', 'Bob'][i % 2]},North,{['Won', 'Lost'][i % 2]},2026-01-{i + 1:02d},{100 * i}\n"
    for i in range(20)
)
PLAN = (
    "Owner;Jan 2026;Feb 2026;Mar 2026;Total",
    "Ann;1.234,50;;3.000,00;4.234,50",
    "Bob;2.000,00;tbd;0;2.000,00",
    "Total;3.234,50;0;3.000,00;6.234,50",
)


def opened(folder: Path, *plans: tuple[str, tuple[str, ...]]) -> Pipeline:
    (folder / "deals.csv").write_text(DEALS)
    for name, lines in plans:
        (folder / name).write_text("\n".join(lines), encoding="utf-8")
    return open_exports(folder / "deals.csv", *(folder / name for name, _ in plans), home=folder / "home")


def targets(pipeline: Pipeline) -> pl.DataFrame:
    return pl.read_parquet(pipeline.folder / "targets.parquet")


@pytest.fixture
def planned(tmp_path: Path) -> Pipeline:
    return opened(tmp_path, ("quota.csv", PLAN))


def test_each_filled_cell_is_a_target_and_a_blank_one_is_none(planned: Pipeline) -> None:
    rows = targets(planned).select("scope", "name", "starts_on", "ends_on", "period", "amount_minor").rows()
    assert rows == [
        ("seller", "Ann", date(2026, 1, 1), date(2026, 1, 31), "month", 123450),
        ("seller", "Ann", date(2026, 3, 1), date(2026, 3, 31), "month", 300000),
        ("seller", "Bob", date(2026, 1, 1), date(2026, 1, 31), "month", 200000),
        ("seller", "Bob", date(2026, 3, 1), date(2026, 3, 31), "month", 0),
    ]


def test_the_ledger_counts_rows_of_the_file_and_a_total_row_is_junk(planned: Pipeline) -> None:
    line = next(f for f in planned.meta.files if f.file == "quota.csv")
    assert (line.rows_read, line.rows_kept, line.rows_rejected, line.rows_junk) == (3, 2, 0, 1)
    junk = pl.read_parquet(planned.folder / "junk.parquet").select("file", "row", "reason").rows()
    assert junk == [("quota.csv", 4, "total")]
    told = {n.code: n.values for n in planned.meta.notices}
    assert told["targets_total_rows"]["rows"] == 1
    assert (told["targets_by_month"]["first"], told["targets_by_month"]["last"]) == ("Jan 2026", "Mar 2026")


def test_a_cell_that_is_no_number_is_listed_with_its_place(planned: Pipeline) -> None:
    rejects = planned.rejects().rows()
    assert [r[:4] for r in rejects] == [("quota.csv", 3, "Feb 2026", "tbd")]
    assert rejects[0][4].startswith("not a number")


def test_quarters_of_a_team_end_with_their_last_month(tmp_path: Path) -> None:
    lines = ("Team;Q1 2026;Q2 2026;Q3 2026", "North;10;20;30")
    with opened(tmp_path, ("plan.csv", lines)) as pipeline:
        found = targets(pipeline)
        assert set(found["scope"]) == {"team"}
        assert found["ends_on"].to_list() == [date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)]


def test_the_year_of_bare_months_is_that_of_each_files_name(tmp_path: Path) -> None:
    plans = [
        (f"salgsmål {year}.csv", ("Sælger;Januar;Maj;Oktober", f"Ann;10;20;{year}")) for year in (2026, 2027)
    ]
    with opened(tmp_path, *plans) as pipeline:
        assert targets(pipeline)["starts_on"].dt.year().to_list() == [2026] * 3 + [2027] * 3
        assert [n.values["year"] for n in pipeline.meta.notices if "of_year" in n.code] == ["2026", "2027"]


def test_a_column_of_years_dates_bare_quarters_row_by_row(tmp_path: Path) -> None:
    lines = ("Naam;Jaar;Q1;Q2;Q3", "Ann;2025;1;2;3", "Ann;2026;4;;6")
    with opened(tmp_path, ("doel.csv", lines)) as pipeline:
        days = targets(pipeline)["starts_on"].to_list()
        assert days == [
            date(2025, 1, 1),
            date(2025, 4, 1),
            date(2025, 7, 1),
            date(2026, 1, 1),
            date(2026, 7, 1),
        ]


def test_months_of_no_year_are_rejected_row_by_row(tmp_path: Path) -> None:
    workspace = Store(tmp_path).create()
    lines = "Owner;Jan;Feb;Mar\nAnn;1;2;3\n"
    workspace.receive("deals.csv", BytesIO(DEALS.encode()))
    workspace.receive("plan 2026.csv", BytesIO(lines.encode()))
    workspace.commit().close()
    workspace.receive("plan.csv", BytesIO(lines.replace("Ann", "Bob").encode()))
    with workspace.commit() as pipeline:
        line = next(f for f in pipeline.meta.files if f.file == "plan.csv")
        assert (line.rows_read, line.rows_kept, line.rows_rejected) == (1, 0, 1)
        assert set(targets(pipeline)["name"]) == {"Ann"}


def test_a_later_plan_of_the_same_months_replaces_the_earlier(tmp_path: Path) -> None:
    later = tuple(line.replace("2.000,00", "5.000,00") for line in PLAN)
    with opened(tmp_path, ("one.csv", PLAN), ("two.csv", later)) as pipeline:
        assert set(targets(pipeline)["file"]) == {"two.csv"}
        assert targets(pipeline).height == 4


def test_a_workbook_with_dates_above_its_columns(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text(DEALS)
    months = [date(2026, m, 1) for m in (1, 2, 3)]
    with Workbook(tmp_path / "Quota.xlsx") as book:
        sheet, shown = book.add_worksheet("Plan"), book.add_format({"num_format": "mmm yy"})
        sheet.write_row(0, 0, ["Owner"])
        for place, month in enumerate(months, 1):
            sheet.write_datetime(0, place, datetime.combine(month, time()), shown)
        sheet.write_row(1, 0, ["Ann", 1000, 2000, 3000])
        sheet.write_row(2, 0, ["Bob", 1500, None, 500])
    files = tmp_path / "deals.csv", tmp_path / "Quota.xlsx"
    with open_exports(*files, home=tmp_path / "home") as pipeline:
        found = targets(pipeline).select("name", "starts_on", "amount_minor").rows()
    assert found == [
        *(("Ann", month, n * 100_000) for n, month in enumerate(months, 1)),
        ("Bob", months[0], 150_000),
        ("Bob", months[2], 50_000),
    ]
