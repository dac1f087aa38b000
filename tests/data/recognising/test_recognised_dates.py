"""Date order and format are decided over all cells, and asked where the file cannot settle them."""

from __future__ import annotations

import duckdb
import pytest

from data.recipe import Proposal
from data.recognising import propose
from tests.data.recognising.conftest import Make

STAGES = ["Won", "Lost", "Proposal", "Proposal", "Won", "Lost"]


def _one(
    make: Make, cells: list[str | None], header: str = "Created Date", **more: list[str | None]
) -> Proposal:
    stages: list[str | None] = [STAGES[i % 6] for i in range(len(cells))]
    return propose(
        [make({"Deal ID": [str(100 + i) for i in range(len(cells))], "Stage": stages, header: cells, **more})]
    )[0]


@pytest.mark.parametrize(
    ("cell", "format_"),
    [
        ("2026-11-20", "%Y-%m-%d"),
        ("2026-11-20 14:03", "%Y-%m-%d %H:%M"),
        ("2026-11-20T14:03:22Z", "%Y-%m-%dT%H:%M:%SZ"),
        ("2026-11-20T14:03:22+01:00", "%Y-%m-%dT%H:%M:%S%z"),
        ("2026-11-20T14:03:22.000Z", "%Y-%m-%dT%H:%M:%S.%fZ"),
        ("20-11-2026", "%d-%m-%Y"),
        ("20.11.26", "%d.%m.%y"),
        ("11/20/2026 6:55 PM", "%m/%d/%Y %I:%M %p"),
        ("Oct 27, 2025 6:55 PM", "%b %d, %Y %I:%M %p"),
        ("20-Nov-26", "%d-%b-%y"),
        ("20 November 2026", "%d %B %Y"),
        ("46346", "excel"),
        ("1795132800000", "epoch_ms"),
        ("20261120", "%Y%m%d"),
    ],
)
def test_format(make: Make, cell: str, format_: str) -> None:
    found = _one(make, [cell] * 4)
    assert found.recipe.dates["Created Date"].formats == [format_]
    if format_.startswith("%"):
        read = duckdb.sql(f"SELECT try_strptime('{cell}', '{format_}')").fetchall()[0][0]
        assert read is not None


def test_one_late_cell_settles_the_order_of_a_long_column(make: Make) -> None:
    found = _one(make, ["03/04/2026"] * 9_000 + ["13/04/2026"])
    assert found.recipe.dates["Created Date"].formats == ["%d/%m/%Y"]
    assert not [n for n in found.questions if "date" in n.code]


def test_the_other_columns_of_the_file_settle_the_order(make: Make) -> None:
    found = _one(make, ["03/04/2026"] * 6, **{"Close Date": ["04/25/2026"] * 6})
    assert found.recipe.dates["Created Date"].formats == ["%m/%d/%Y"]
    assert not [n for n in found.questions if "date" in n.code]


def test_an_order_nothing_settles_is_asked(make: Make) -> None:
    found = _one(make, ["03/04/2026"] * 6)
    assert [(n.code, n.count) for n in found.questions] == [("date_order_unknown", 6)]


def test_two_orders_told_apart_by_their_separator_are_both_read(make: Make) -> None:
    found = _one(make, ["31-12-2025", "30-12-2025", "12/31/2025", "12/30/2025", "31-12-2025", "31-12-2025"])
    assert sorted(found.recipe.dates["Created Date"].formats) == ["%d-%m-%Y", "%m/%d/%Y"]
    notice = next(n for n in found.notices if n.code == "date_orders_differ")
    assert (notice.values["day_first"], notice.values["month_first"]) == (4, 2)


def test_two_orders_with_one_separator_are_asked(make: Make) -> None:
    found = _one(make, ["31/12/2025", "30/12/2025", "12/31/2025", "01/02/2025"])
    notice = next(n for n in found.questions if n.code == "date_order_mixed")
    assert (notice.values["day_first"], notice.values["month_first"]) == (2, 1)
    assert found.recipe.dates["Created Date"].formats == ["%d/%m/%Y"]


def test_a_date_with_and_one_without_time_need_two_formats(make: Make) -> None:
    found = _one(make, ["2026-11-20", "2026-11-20 14:03:22", "2026-11-21"])
    assert found.recipe.dates["Created Date"].formats == ["%Y-%m-%d", "%Y-%m-%d %H:%M:%S"]
