"""Every query keeps to core SQL, whatever the names and values in it."""

from __future__ import annotations

from random import Random

import polars as pl
import pytest

from data import cells
from data.pipeline import Pipeline
from data.slice import Slice
from tests.data.cells.core import lint
from tests.data.cells.twin import AS_OF, EMOJI, WEIRD, WORD, random_slice


@pytest.fixture
def asked(messy: Pipeline, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list that collects the text of every query from here on."""
    messy.engine.schema("deals")  # the engine asks for it in its own way, once
    seen: list[str] = []
    fetch = messy.engine.fetch

    def listen(sql: str) -> pl.DataFrame:
        seen.append(sql)
        return fetch(sql)

    monkeypatch.setattr(messy.engine, "fetch", listen)
    return seen


@pytest.mark.parametrize("seed", range(20))
def test_every_cell_query_is_core_sql(messy: Pipeline, asked: list[str], seed: int) -> None:
    question = random_slice(Random(seed))
    cells.outcomes(messy, question, 2, 3)
    cells.outcomes(messy, question)
    cells.flow(messy, question)
    cells.ages(messy, question, AS_OF)
    cells.stage_ages(messy, question, AS_OF)
    cells.count(messy, question)
    cells.flow(messy, question, squares=True)
    for column in (WEIRD, EMOJI, WORD):
        cells.values(messy, column, question)
    assert len(asked) == 10
    assert [problem for sql in asked for problem in lint(sql)] == []


def test_the_list_alone_may_order_and_page(messy: Pipeline, asked: list[str]) -> None:
    cells.deals(messy, Slice(by=(WEIRD,), stage=2, exit="lost", skipped="not"))
    assert lint(asked[0], paging=True) == []
    assert lint(asked[0]) != []


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM deals",
        "SELECT a / b AS c FROM deals",
        "SELECT date_trunc('month', a) AS b FROM deals",
        "SELECT median(a) AS b FROM deals",
        "SELECT a AS b, COUNT(*) AS n FROM deals GROUP BY ALL",
        "SELECT 0.5 AS a",
        "SELECT a AS a FROM deals AS d JOIN deals AS e USING (a)",
        "SELECT a AS a FROM other",
        "SELECT a AS a FROM deals LIMIT 1",
        "SELECT a FROM deals",
        "DROP TABLE deals",
        "SELECT a AS a FROM deals; SELECT 1 AS b",
        "SELECT SUM(a) FILTER (WHERE b) AS c FROM deals",
    ],
)
def test_the_check_refuses_what_engines_read_differently(sql: str) -> None:
    assert lint(sql) != []
