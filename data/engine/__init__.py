"""The engine that answers cell queries: DuckDB by default, and the interface another one implements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import polars as pl

from data.engine.duckdb_engine import DuckDBEngine, connect
from data.engine.quoting import literal, quote
from data.engine.source import Source


class Engine(Protocol):
    """What Hitrate asks of an engine.

    `name` is for people, `dialect` is sqlglot's name of its SQL, `sources` maps canonical tables to where
    they are. `fetch` runs one query in core SQL (see docs of data.cells) over the canonical tables by
    their canonical names, from any thread. `schema` gives a table's columns and types ({} when absent).
    """

    name: str
    dialect: str
    sources: dict[str, Source]

    def fetch(self, sql: str, params: Mapping[str, Any] | None = None) -> pl.DataFrame: ...

    def schema(self, table: str) -> dict[str, str]: ...

    def close(self) -> None: ...


__all__ = ["DuckDBEngine", "Engine", "Source", "connect", "literal", "quote"]
