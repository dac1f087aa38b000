"""A generation whose file leaves out what no upload said, and an engine that opens it when first asked."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from data.cells import deals, stage_ages
from data.engine import DuckDBEngine
from data.engine.source import Source, with_unsaid
from data.engine.tables import DEALS, OPTIONAL, unsaid
from data.errors import HitrateError
from data.pipeline import Pipeline
from data.slice import Slice
from metrics import funnel, hit_rate
from tests.build import TYPES, pipeline

ROWS = [
    {"status": "won", "source": "Fair"},
    {"status": "lost", "last": 2},
    {"entries": [(1, "2025-01-01"), (2, "2025-02-01")]},
]
ONE = "SELECT COUNT(*) AS n FROM deals"


def without(folder: Path, *columns: str) -> Path:
    """Write a generation and take columns out of its deals; they were empty in all rows."""
    pipeline(ROWS, folder).close()
    path = folder / "deals.parquet"
    empty = [pl.lit(None, TYPES[DEALS[c]]).alias(c) for c in columns if c in OPTIONAL]
    pl.read_parquet(path).with_columns(empty).write_parquet(folder / "full.parquet")
    pl.read_parquet(path).drop(columns).write_parquet(path)
    return folder


@pytest.mark.parametrize("column", sorted(OPTIONAL))
def test_a_column_left_out_is_null_of_its_type(tmp_path: Path, column: str) -> None:
    engine = DuckDBEngine(without(tmp_path, column))
    assert engine.schema("deals")[column] == DEALS[column]
    found = engine.fetch(f'SELECT "{column}" FROM deals')
    assert found.schema == {column: TYPES[DEALS[column]]}
    assert found[column].to_list() == [None] * len(ROWS)
    engine.close()


def test_a_generation_of_an_older_version_answers_as_one_with_the_columns(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    old = without(tmp_path / "old", *OPTIONAL)
    with Pipeline(old) as short:
        before = [ask(short) for ask in ASKED]
        names = set(short.engine.schema("deals"))
    (old / "full.parquet").replace(old / "deals.parquet")
    with Pipeline(old) as full:
        assert [ask(full).rows() for ask in ASKED] == [frame.rows() for frame in before]
        assert set(full.engine.schema("deals")) == names
    assert sum(frame.height for frame in before) > len(before)


ASKED = (
    hit_rate,
    lambda p: hit_rate(p, by="source", where={"pipeline": [None]}),
    funnel,
    lambda p: stage_ages(p, Slice(), p.meta.as_of).sort(pl.all()),
    lambda p: deals(p, Slice(), 0, 10),
)


@pytest.mark.parametrize("column", sorted(set(DEALS) - OPTIONAL))
def test_a_column_that_every_file_has_is_not_invented(tmp_path: Path, column: str) -> None:
    engine = DuckDBEngine(without(tmp_path, column))
    assert column not in engine.schema("deals")
    assert unsaid(set(DEALS) - {column}) == {}
    engine.close()


def test_what_is_left_out_stands_behind_what_is_there_and_nothing_is_said_twice() -> None:
    assert with_unsaid("x", DEALS) == "SELECT * FROM x"
    assert with_unsaid("x", set(DEALS) - {"stood_days"}).count("NULL") == 1
    assert unsaid(()) == {name: kind for name, kind in DEALS.items() if name in OPTIONAL}


def test_other_tables_are_as_their_files_are(tmp_path: Path) -> None:
    pipeline(ROWS, tmp_path).close()
    path = tmp_path / "stage_entries.parquet"
    pl.read_parquet(path).drop("left_s").write_parquet(path)
    engine = DuckDBEngine(tmp_path)
    assert "left_s" not in engine.schema("stage_entries")
    engine.close()


def test_nothing_is_opened_before_the_first_question(tmp_path: Path) -> None:
    (tmp_path / "deals.parquet").write_text("not a table")
    engine = DuckDBEngine(tmp_path)
    pipeline(ROWS, tmp_path).close()
    assert engine.fetch(ONE).item() == len(ROWS)
    engine.close()


@pytest.mark.parametrize("asked", [False, True])
def test_nothing_can_be_asked_of_a_closed_engine(tmp_path: Path, asked: bool) -> None:
    pipeline(ROWS, tmp_path).close()
    engine = DuckDBEngine(tmp_path)
    if asked:
        assert engine.fetch(ONE).item() == len(ROWS)
    engine.close()
    engine.close()
    for question in (engine.fetch, lambda sql: engine.schema("deals")):
        with pytest.raises(HitrateError) as caught:
            question(ONE)
        assert caught.value.title == "These data are no longer here"


def test_a_file_gone_before_the_first_question_is_told(tmp_path: Path) -> None:
    pipeline(ROWS, tmp_path).close()
    engine = DuckDBEngine(tmp_path)
    (tmp_path / "deals.parquet").unlink()
    for _again in range(2):
        with pytest.raises(HitrateError, match="no longer here"):
            engine.fetch(ONE)
    engine.close()


def test_a_source_with_names_of_its_own_keeps_them_when_columns_are_added(tmp_path: Path) -> None:
    with pipeline(ROWS, tmp_path) as made:
        path = tmp_path / "deals.parquet"
        columns = tuple((n, '"stage_no"' if n == "last_no" else f'"{n}"') for n in ("deal_key", "last_no"))
        made.engine.sources["deals"] = Source(f"read_parquet('{path}')", columns)
        shown = made.engine.fetch("SELECT * FROM deals ORDER BY deal_key")
        stored = pl.read_parquet(path).sort("deal_key")
    assert shown["last_no"].to_list() == stored["stage_no"].to_list()
    assert set(shown.columns) == {"deal_key", "last_no", *OPTIONAL}
