"""Read bytes as if they had been uploaded, and hold the ledger to its promise every time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from data.errors import HitrateError
from data.reading import RawTable, read

Load = Callable[..., RawTable]


def rows_of(table: RawTable) -> list[tuple[str | None, ...]]:
    return pl.read_parquet(table.path).drop("row").rows()


def numbers_of(table: RawTable) -> list[int]:
    return pl.read_parquet(table.path)["row"].to_list()


def check_ledger(table: RawTable) -> None:
    """Every record after the header is a row, junk or a reject, once, under its own number."""
    frame = pl.read_parquet(table.path)
    assert frame.schema == {"row": pl.Int64, **{f"c{i}": pl.String for i in range(len(table.columns))}}
    kept = frame["row"].to_list()
    seen = sorted(kept + [j.row for j in table.junk] + [r.row for r in table.rejects])
    assert kept == sorted(kept)
    assert seen == list(range(table.header_row + 1, table.header_row + 1 + table.rows_read))


@pytest.fixture
def load_all(tmp_path: Path) -> Callable[..., list[RawTable]]:
    """Read bytes (or a path) and return every table of the file."""

    def load(source: bytes | Path, name: str = "deals.csv") -> list[RawTable]:
        path = source
        if isinstance(source, bytes):
            path = tmp_path / "upload"
            path.write_bytes(source)
        tables = read(path, name, tmp_path / "into")
        for table in tables:
            check_ledger(table)
        return tables

    return load


@pytest.fixture
def load(load_all: Callable[..., list[RawTable]]) -> Load:
    """Read a file of one table."""

    def one(source: bytes | Path, name: str = "deals.csv") -> RawTable:
        (table,) = load_all(source, name)
        return table

    return one


@pytest.fixture
def refused(load_all: Callable[..., list[RawTable]], tmp_path: Path) -> Callable[..., HitrateError]:
    """Read a file that must be refused; nothing may be left behind."""

    def refuse(source: bytes | Path, name: str = "deals.csv") -> HitrateError:
        with pytest.raises(HitrateError) as caught:
            load_all(source, name)
        assert not list((tmp_path / "into").iterdir())
        assert name in str(caught.value)
        return caught.value

    return refuse
