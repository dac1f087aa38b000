"""Every cell equals its plain-Polars twin, over fifty random questions on messy deals."""

from __future__ import annotations

from pathlib import Path
from random import Random

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from data import cells
from data.pipeline import Pipeline
from data.slice import Slice
from tests.build import pipeline
from tests.data.cells import twin
from tests.data.cells.twin import AS_OF, random_slice

SLICES = [Slice(), *(random_slice(Random(seed)) for seed in range(50))]
each_slice = pytest.mark.parametrize("question", SLICES, ids=range(len(SLICES)))


@each_slice
def test_outcomes(messy: Pipeline, deals: pl.DataFrame, question: Slice) -> None:
    for opportunity, meeting in ((1, None), (2, 3)):
        assert_frame_equal(
            cells.outcomes(messy, question, opportunity, meeting),
            twin.outcomes(deals, question, opportunity, meeting),
        )


@each_slice
def test_flow(messy: Pipeline, deals: pl.DataFrame, question: Slice) -> None:
    assert_frame_equal(cells.flow(messy, question), twin.flow(deals, question))


@each_slice
def test_flow_with_squares(messy: Pipeline, deals: pl.DataFrame, question: Slice) -> None:
    assert_frame_equal(cells.flow(messy, question, squares=True), twin.flow(deals, question, squares=True))


@each_slice
def test_ages(messy: Pipeline, deals: pl.DataFrame, question: Slice) -> None:
    assert_frame_equal(cells.ages(messy, question, AS_OF), twin.ages(deals, question, AS_OF))


@each_slice
def test_stage_ages(messy: Pipeline, deals: pl.DataFrame, question: Slice) -> None:
    assert_frame_equal(cells.stage_ages(messy, question, AS_OF), twin.stage_ages(deals, question, AS_OF))


@each_slice
def test_count_and_list_hold_the_same_deals(messy: Pipeline, deals: pl.DataFrame, question: Slice) -> None:
    kept = twin.kept(deals, question)
    listed = pl.concat([cells.deals(messy, question, offset, 100, "amount") for offset in (0, 100, 200)])
    assert cells.count(messy, question) == kept.height
    assert sorted(listed["deal_id"]) == sorted(kept["deal_id"])


@each_slice
def test_a_breakdown_adds_up_to_the_total(messy: Pipeline, question: Slice) -> None:
    measures = ["deals", "amount_minor", "amount_known", "contacted", "opportunities"]
    total = cells.outcomes(messy, question.with_(by=(), grain=None), 2).select(measures).sum()
    assert_frame_equal(cells.outcomes(messy, question, 2).select(measures).sum(), total)


@each_slice
def test_each_cell_counts_the_deals_behind_it(messy: Pipeline, question: Slice) -> None:
    asked = question.with_(by=("source", twin.WEIRD), grain=None, status=())
    counted = cells.outcomes(messy, asked).select(pl.nth(0, 1, 2, 3, 4)).head(12)
    for *values, status, currency, n in counted.rows():
        chosen = zip((*asked.by, "currency"), ((v,) for v in (*values, currency)), strict=True)
        where = (*asked.where, *chosen)
        assert cells.count(messy, asked.with_(where=where, status=(status,))) == n


WAYS = ("advanced", "lost", "disqualified", "moved_back", "still_there")


@pytest.mark.parametrize("seed", range(12))
def test_every_bar_of_a_funnel_counts_the_deals_behind_it(messy: Pipeline, seed: int) -> None:
    rng = Random(seed)
    asked = random_slice(rng).with_(by=(), grain=None, stage=rng.randrange(1, 5), exit=None, where=())
    bars = dict.fromkeys(WAYS, 0)
    for cell in cells.flow(messy, asked).iter_rows(named=True):
        way = twin.exit_of(cell, asked.stage or 0, asked.skipped, asked.back)
        bars[way or ""] += cell["deals"]
    assert bars == {way: cells.count(messy, asked.with_(exit=way)) for way in WAYS}


@pytest.mark.parametrize("skipped", ["passed", "not"])
@pytest.mark.parametrize("back", ["stands", "cancels"])
@pytest.mark.parametrize("stage", [1, 2, 3, 4])
def test_who_enters_a_stage_leaves_it_one_way(messy: Pipeline, stage: int, skipped: str, back: str) -> None:
    asked = Slice(stage=stage).with_(skipped=skipped, back=back)
    left = {way: cells.count(messy, asked.with_(exit=way)) for way in WAYS}
    assert sum(left.values()) == cells.count(messy, asked.with_(exit="entered")) == cells.count(messy, asked)


def test_values_are_counted_most_frequent_first(messy: Pipeline, deals: pl.DataFrame) -> None:
    for column in ("source", twin.WEIRD, twin.EMOJI, twin.WORD):
        expected = deals.group_by(pl.col(column).alias("value")).agg(deals=pl.len().cast(pl.Int64))
        expected = expected.sort("deals", "value", descending=[True, False], nulls_last=True)
        assert_frame_equal(cells.values(messy, column), expected)


@pytest.mark.parametrize("question", SLICES[::4])
def test_flow_by_each_column_equals_one_question_per_column(messy: Pipeline, question: Slice) -> None:
    columns = [twin.WEIRD, "currency", "source", "Bron", "owner", twin.EMOJI, "deal_id", "status", twin.WORD]
    every = cells.flow_by_each(messy, question, columns)
    for name in columns:
        one = cells.flow(messy, question.with_(by=(name,)), squares=True)
        one = one.select(pl.lit(name).alias("column"), pl.col(name).alias("value"), *every.columns[2:])
        assert_frame_equal(every.filter(column=name), one, check_row_order=False)


def test_columns_with_few_values_share_a_scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"a": f"a{n % 30}", "b": f"b{n % 40}", "c": f"c{n % 35}", "d": f"d{n % 5}"} for n in range(60)]
    made = pipeline(rows, tmp_path)
    made.engine.schema("deals")
    queries: list[str] = []
    fetch = made.engine.fetch
    monkeypatch.setattr(made.engine, "fetch", lambda sql: queries.append(sql) or fetch(sql))
    cells.flow_by_each(made, Slice(), "abcd")
    assert len(queries) == 2


def test_no_columns_have_no_flow(messy: Pipeline) -> None:
    empty = cells.flow_by_each(messy, Slice(), [])
    assert empty.height == 0
    assert empty.columns[:2] == ["column", "value"]
