"""The engine answers from its folder, from any thread, and from nowhere else."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import polars as pl
import pytest

from data.engine import DuckDBEngine, connect, literal
from data.errors import HitrateError
from tests.build import pipeline


@pytest.fixture
def engine(tmp_path: Path) -> DuckDBEngine:
    return pipeline([{"status": "won"}, {"status": "lost"}, {}], tmp_path).engine


def test_fetch_gives_polars_with_canonical_types(engine: DuckDBEngine) -> None:
    total = "SELECT status, CAST(SUM(amount_minor) AS BIGINT) AS total FROM deals"
    sql = f"{total} WHERE deal_key >= $least GROUP BY 1"
    frame = engine.fetch(sql, {"least": 2})
    assert frame.schema == {"status": pl.String, "total": pl.Int64}
    assert sorted(frame.rows()) == [("lost", 100_000), ("open", 100_000)]


def test_schema_lists_columns_and_an_absent_table_has_none(engine: DuckDBEngine) -> None:
    assert engine.schema("deals")["created_month"] == "DATE"
    assert engine.schema("stage_entries") == {}


def test_eight_threads_share_one_engine(engine: DuckDBEngine) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: engine.fetch("SELECT COUNT(*) AS n FROM deals").item(), range(40)))
    assert answers == [3] * 40


def test_a_slow_query_is_stopped_and_the_engine_lives_on(tmp_path: Path) -> None:
    pipeline([{}], tmp_path).close()
    engine = DuckDBEngine(tmp_path, seconds=0.2)
    with pytest.raises(HitrateError, match="too long"):
        engine.fetch("SELECT COUNT(*) FROM range(1000000000000)")
    assert engine.fetch("SELECT 1 AS one").item() == 1


def test_a_query_too_big_for_memory_says_so(tmp_path: Path) -> None:
    engine = DuckDBEngine(tmp_path, memory="20MB", threads=1)
    with pytest.raises(HitrateError, match="memory"):
        engine.fetch("SELECT LENGTH(string_agg(CAST(range AS VARCHAR), ',')) FROM range(9000000)")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY deals TO '/tmp/out.parquet'",
        "ATTACH '/tmp/other.duckdb'",
        "INSTALL httpfs",
        "SET memory_limit = '100GB'",
        "SELECT * FROM read_parquet('http://127.0.0.1:1/x.parquet')",
        "SELECT * FROM frame",
    ],
)
def test_nothing_outside_the_folder_can_be_reached(engine: DuckDBEngine, sql: str) -> None:
    frame = pl.DataFrame({"secret": [1]})
    with pytest.raises(duckdb.Error):
        engine.fetch(sql)
    assert frame.height == 1


def test_a_path_beside_the_folder_or_linked_from_it_is_refused(tmp_path: Path) -> None:
    inside, beside = tmp_path / "one", tmp_path / "one-more"
    inside.mkdir()
    beside.mkdir()
    pl.DataFrame({"a": [1]}).write_parquet(beside / "a.parquet")
    (inside / "link.parquet").symlink_to(beside / "a.parquet")
    with connect(inside) as con:
        for path in (beside / "a.parquet", inside / "link.parquet", inside / ".." / "one-more" / "a.parquet"):
            with pytest.raises(duckdb.Error):
                con.sql(f"SELECT * FROM read_parquet({literal(str(path))})").fetchall()


def test_what_spills_leaves_nothing_behind(tmp_path: Path) -> None:
    con = connect(tmp_path, memory="60MB", threads=1)
    with con.cursor() as cursor:
        cursor.sql("SELECT COUNT(DISTINCT hash(range)) FROM range(4000000)").fetchall()
    con.close()
    assert list(tmp_path.iterdir()) == []


def test_data_deleted_or_closed_meanwhile_is_a_plain_error(tmp_path: Path) -> None:
    engine = pipeline([{}], tmp_path).engine
    (tmp_path / "deals.parquet").unlink()
    with pytest.raises(HitrateError, match="no longer here"):
        engine.fetch("SELECT COUNT(amount_minor) AS n FROM deals")
    engine.close()
    with pytest.raises(HitrateError, match="no longer here"):
        engine.fetch("SELECT 1 AS one")


def test_closing_while_idle_frees_the_threads(tmp_path: Path) -> None:
    before = threading.active_count()
    pipeline([{}], tmp_path).close()
    assert threading.active_count() == before


def test_settings_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HITRATE_MEMORY", "123MiB")
    monkeypatch.setenv("HITRATE_THREADS", "1")
    with connect(tmp_path) as con:
        row = con.sql("SELECT current_setting('memory_limit'), current_setting('threads')").fetchall()
    assert row == [("123.0 MiB", 1)]
