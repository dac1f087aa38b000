"""What is counted over a column is the same asked at once, begun ahead, or asked again."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest

from data.reading import distinct

CELLS = {
    "c0": ["D1", "D2", "D3", None],
    "c1": ["Web", "Web ", None, "Fair"],
    "c2": ["1.50", "-2.5", "n/a", "7"],
    "c3": ["caf\u00e9", "x", "x", "x"],
    "c4": [None, None, None, None],
    "c5": ["a\n", "b", "b", ""],
    "c6": ["a\n.", "\u00e9x", " b", "(c)"],
}
TEXTS, ENDS = list(CELLS), {"c1", "c3", "c5"}
WANT = {"c0": 3, "c1": 3, "c2": 4, "c3": 2, "c4": 0, "c5": 3, "c6": 4}


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distinct, "_answers", OrderedDict())


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return written(tmp_path / "cells.parquet", CELLS)


def written(path: Path, cells: dict[str, list[str | None]]) -> Path:
    pl.DataFrame({n: pl.Series(c, dtype=pl.String) for n, c in cells.items()}).write_parquet(path)
    return path


def answers(path: Path) -> tuple[dict[str, int], dict[str, int], set[str]]:
    return (
        {c: distinct.different([path], c) for c in TEXTS},
        {c: distinct.matching([path], c, distinct.PLAIN) for c in TEXTS},
        distinct.loose(path, TEXTS),
    )


@pytest.mark.parametrize("ahead", [(), ("c0",), ("c1", "c5"), TEXTS], ids=len)
def test_begun_ahead_or_not_the_answers_are_the_same(table: Path, ahead: list[str]) -> None:
    distinct.begin([table], ahead, ahead)
    numbers = dict.fromkeys(TEXTS, 0) | {"c2": 2}
    assert answers(table) == (WANT, numbers, ENDS)
    assert answers(table) == (WANT, numbers, ENDS)


def test_what_was_begun_is_not_counted_again(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distinct.begin([table], TEXTS, TEXTS)
    want = answers(table)

    def unexpected(*_: object, **__: object) -> None:
        raise AssertionError("scanned again")

    monkeypatch.setattr(pl, "scan_parquet", unexpected)
    monkeypatch.setattr(pl.LazyFrame, "collect", unexpected)
    distinct.begin([table], TEXTS, TEXTS)
    assert [distinct.different([table], c) for c in TEXTS] == list(want[0].values())


def test_more_columns_than_one_query_asks_for(tmp_path: Path) -> None:
    count = 2 * distinct.BATCH + 1
    cells: dict[str, list[str | None]] = {f"c{i}": ["x " if i % 50 == 0 else "x"] for i in range(count)}
    path = written(tmp_path / "wide.parquet", cells)
    assert distinct.loose(path, list(cells)) == {f"c{i}" for i in range(0, count, 50)}


def test_a_count_that_failed_in_the_background_is_asked_again(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, seen, go = table.read_bytes(), table.stat(), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(distinct, "_pool", pool)
        pool.submit(go.wait, 10)
        distinct.begin([table], ["c0", "c1"], ["c2"])
        begun = list(distinct._answers.values())
        table.unlink()
        go.set()
    assert [answer.exception() is not None for answer in begun] == [True] * 3
    assert not distinct._answers
    table.write_bytes(raw)
    os.utime(table, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert answers(table)[0] == WANT


def test_a_file_that_is_gone_is_an_error_and_no_old_answer(table: Path) -> None:
    assert distinct.different([table], "c0") == 3
    table.unlink()
    with pytest.raises(FileNotFoundError):
        distinct.different([table], "c0")


def test_no_more_answers_are_kept_than_there_is_room_for(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distinct, "KEPT", 3)
    for _again in range(2):
        assert [distinct.different([table], c) for c in TEXTS] == list(WANT.values())
        distinct.begin([table], TEXTS, TEXTS)
        distinct.list_all(table, "c3", ["caf\u00e9", "x"])
        assert len(distinct._answers) == 3
        assert answers(table)[2] == ENDS
        assert len(distinct._answers) == 3


def test_cells_told_are_listed_until_the_file_changes(table: Path) -> None:
    assert distinct.listed(table, "c3") is None
    distinct.list_all(table, "c3", ["caf\u00e9", "x"])
    assert distinct.listed(table, "c3") == ("caf\u00e9", "x")
    assert distinct.listed(table, "c2") is None
    written(table, CELLS | {"c3": ["y", "x", "x", "x"]})
    os.utime(table, ns=(1, 1))
    assert distinct.listed(table, "c3") is None
    assert distinct.different([table], "c3") == 2
