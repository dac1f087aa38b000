"""DuckDB in memory over one folder of Parquet files, fenced in to that folder."""

from __future__ import annotations

import os
import threading
import uuid
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from data.engine.quoting import literal, quote
from data.engine.source import Source, with_unsaid
from data.errors import N_, HitrateError

MEMORY = "2GB"  # of one workspace; a 10-million-deal breakdown needs about 0.3 GB
SECONDS = 120.0  # after which a query is stopped
COPIES = "Arrow output on a DB-API result makes an extra copy"
warnings.filterwarnings("ignore", message=COPIES, category=UserWarning)
TABLES = ("deals", "stage_entries", "versions", "activities", "spend", "targets", "people")


def connect(folder: Path, memory: str | None = None, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """Open an in-memory DuckDB that can read and write inside `folder` and nowhere else.

    The settings are locked: no query can widen them, load an extension, reach the network or see a Python
    object. `memory` and `threads` default to HITRATE_MEMORY (2GB) and HITRATE_THREADS (all cores). What
    does not fit in memory spills to a hidden folder inside `folder`, removed on close. Use one cursor per
    query and thread (`with con.cursor() as c`), and end every statement that returns nothing with
    `.complete()`: DuckDB 2 streams, and an open result blocks the connection.
    """
    root = folder.resolve()
    memory = memory or os.environ.get("HITRATE_MEMORY") or MEMORY
    threads = threads or int(os.environ.get("HITRATE_THREADS") or 0) or os.cpu_count() or 1
    spill = root / f".spill-{os.getpid()}-{uuid.uuid4().hex[:8]}"  # own folder: names never meet
    settings = {
        "memory_limit": literal(memory),
        "threads": literal(threads),
        "temp_directory": literal(str(spill)),
        "TimeZone": literal("UTC"),
        "parquet_metadata_cache": "true",  # a generation's files never change
        "python_enable_replacements": "false",
        "allow_community_extensions": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allowed_directories": f"[{literal(str(root) + '/')}]",
        "enable_external_access": "false",
        "lock_configuration": "true",
    }
    con = duckdb.connect()
    for name, value in settings.items():
        con.execute(f"SET {name} = {value}").complete()
    return con


class DuckDBEngine:
    """The default engine: `deals` and `stage_entries` are views on the Parquet files of one folder."""

    name = "DuckDB"
    dialect = "duckdb"

    def __init__(
        self,
        folder: Path,
        memory: str | None = None,
        threads: int | None = None,
        seconds: float | None = None,
    ) -> None:
        root = Path(folder).resolve()
        files = {table: root / f"{table}.parquet" for table in TABLES}
        self.sources = {
            table: Source(f"read_parquet({literal(str(path))})")
            for table, path in files.items()
            if path.exists()
        }
        self.seconds = seconds or float(os.environ.get("HITRATE_QUERY_SECONDS") or SECONDS)
        self._schema: dict[str, dict[str, str]] = {}
        self._con: duckdb.DuckDBPyConnection | None = None
        self._lock = threading.Lock()
        self._open: Callable[[], duckdb.DuckDBPyConnection] = partial(connect, root, memory, threads)

    def fetch(self, sql: str, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """Run one query and return its rows; safe from any thread, a cursor of its own per call.

        HitrateError when it is stopped after `seconds`, when memory and spill space run out, and when the
        files were deleted or replaced meanwhile.
        """
        try:
            return self._fetch(sql, params)
        except duckdb.InterruptException as stopped:
            raise too_slow(self.seconds) from stopped
        except duckdb.OutOfMemoryException as full:
            raise too_big() from full
        except (duckdb.IOException, duckdb.ConnectionException) as gone:
            raise not_there() from gone

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a cursor; the first one opens the files."""
        with self._lock:
            if self._con is None:
                con = self._open()
                for table, source in self.sources.items():
                    con.execute(f"CREATE VIEW {quote(table)} AS {_select(con, table, source)}").complete()
                self._con = con
            return self._con.cursor()

    def _fetch(self, sql: str, params: Mapping[str, Any] | None) -> pl.DataFrame:
        with self._cursor() as cursor:
            timer = threading.Timer(self.seconds, cursor.interrupt)
            timer.daemon = True
            timer.start()
            try:
                # `sql` would plan the query twice, to describe it and to read it: 5 ms more than this copy.
                return pl.DataFrame(cursor.execute(sql, dict(params) if params else None).to_arrow_table())
            finally:
                timer.cancel()

    def schema(self, table: str) -> dict[str, str]:
        """Return column -> type of a canonical table, in order; {} when the folder has no such table."""
        if table not in self._schema and table in self.sources:
            rows = self.fetch(f"DESCRIBE {quote(table)}").select("column_name", "column_type")
            self._schema[table] = dict(rows.iter_rows())
        return self._schema.get(table, {})

    def close(self) -> None:
        """Let go of the files and the memory; nothing can be asked any more."""
        with self._lock:
            self._open = closed
            if self._con is not None:
                self._con.close()


def _select(con: duckdb.DuckDBPyConnection, table: str, source: Source) -> str:
    if table != "deals":
        return source.select()
    described = con.execute(f"DESCRIBE {source.select()}").fetchall()
    return with_unsaid(f"({source.select()})", {name for name, *_ in described})


def closed() -> duckdb.DuckDBPyConnection:
    raise duckdb.ConnectionException("closed")


def too_slow(seconds: float) -> HitrateError:
    return HitrateError(
        N_("This question takes too long"),
        N_("It was stopped after {seconds} seconds."),
        N_("Choose a shorter period or fewer breakdowns, or raise HITRATE_QUERY_SECONDS."),
        seconds=round(seconds),
    )


def too_big() -> HitrateError:
    return HitrateError(
        N_("This question needs more memory than there is"),
        N_("The answer has too many groups for the memory this server gives to one question."),
        N_("Choose fewer breakdowns, or raise HITRATE_MEMORY."),
    )


def not_there() -> HitrateError:
    return HitrateError(
        N_("These data are no longer here"),
        N_("They were deleted or replaced while this page was open."),
        N_("Reload the page."),
    )
