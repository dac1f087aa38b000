"""Queries over the versions of deals keep to core SQL, whatever the names and values in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data.cells import followed
from data.cells import movements as cells
from data.cells.bars import condition, known
from data.errors import HitrateError
from data.pipeline import Pipeline
from tests.data.cells.core import lint
from tests.exports import exports

HARD = "O'Neil\"; DROP TABLE deals--"
START, END = date(2026, 2, 1), date(2026, 2, 8)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Pipeline]:
    row = {"Id": "1", "Status": "open", "Stage": "Lead", "Amount": "5.00", "Owner": HARD, HARD: HARD}
    days = {"2026-02-01": [row], "2026-02-08": [row | {"Amount": "7.00"}]}
    with exports(tmp_path, days) as pipeline:
        yield pipeline


@pytest.fixture
def asked(two: Pipeline, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    two.engine.schema("deals"), two.engine.schema("versions")
    seen: list[str] = []
    fetch = two.engine.fetch

    def listen(sql: str) -> pl.DataFrame:
        seen.append(sql)
        return fetch(sql)

    monkeypatch.setattr(two.engine, "fetch", listen)
    return seen


def test_every_query_on_movements_is_core_sql(two: Pipeline, asked: list[str]) -> None:
    where = ((HARD, (HARD, None)), ("Owner", (HARD,)))
    between = cells.Between(START, END, HARD, where, START, END, stages=True)
    for movement in known(True):
        cells.moved_count(two, between, condition(two, HARD, movement, HARD, "EUR"))
    cells.movements(two, between)
    cells.movements(two, cells.Between(START, END))
    followed.stock(two, HARD, where)
    followed.stock(two, None, ())
    followed.pushes(two, where)
    followed.rewritten(two, where)
    assert len(asked) == len(known(True)) + 6
    assert [problem for sql in asked for problem in lint(sql)] == []


def test_the_list_of_deals_alone_may_order_and_page(two: Pipeline, asked: list[str]) -> None:
    frame = cells.moved(two, cells.Between(START, END), condition(two, None, "increased"))
    assert frame["deal_id"].to_list() == ["1"]
    assert lint(asked[0], paging=True) == []
    assert lint(asked[0]) != []


def test_names_and_values_that_look_like_sql_are_only_names_and_values(two: Pipeline) -> None:
    frame = cells.movements(two, cells.Between(START, END, HARD, ((HARD, (HARD,)),)))
    assert frame.select("part_1", "part_2", "deals", "amount_1", "amount_2").rows() == [
        (HARD, HARD, 1, 500, 700)
    ]


def test_a_column_that_no_version_keeps_is_refused(two: Pipeline) -> None:
    with pytest.raises(HitrateError, match="not kept"):
        cells.movements(two, cells.Between(START, END, "reopened"))
    with pytest.raises(HitrateError, match="not kept"):
        followed.stock(two, None, (("furthest_no", ("1",)),))
