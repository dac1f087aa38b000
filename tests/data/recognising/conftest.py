"""Tables to recognise: made up in a line, or read from a real file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from data.reading import RawTable, read

Make = Callable[..., RawTable]
Load = Callable[..., list[RawTable]]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Return a function that writes columns of text as the reader would."""

    def _make(columns: dict[str, list[str | None]], file: str = "deals.csv") -> RawTable:
        count = len(list(tmp_path.glob("*.parquet")))
        path, names = tmp_path / f"{count}.parquet", tuple(columns)
        rows = len(next(iter(columns.values())))
        cells = {f"c{i}": columns[n] for i, n in enumerate(names)}
        schema = {"row": pl.Int64, **dict.fromkeys(cells, pl.String)}
        pl.DataFrame({"row": list(range(2, rows + 2)), **cells}, schema=schema).write_parquet(path)
        return RawTable(
            file, path, names, "csv", "utf-8", ",", 1, None, False, False, '"', rows, (), (), "", ()
        )

    return _make


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Return a function that reads files with the real reader, or skips where they are absent."""

    def _load(*paths: Path) -> list[RawTable]:
        tables: list[RawTable] = []
        for i, path in enumerate(paths):
            if not path.exists():
                pytest.skip("the shared files are not on this machine")
            into = tmp_path / f"read{i}"
            into.mkdir()
            tables += read(path, path.name, into)
        return tables

    return _load
