"""One conversion's private DuckDB: bounded memory, progress, and a stop button that works."""

from __future__ import annotations

import os
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from data.engine import spare
from data.engine.quoting import literal
from data.errors import N_, HitrateError
from data.naming import free

MEMORY = "1GB"  # 10 million deals of 40 columns convert within it; more spills to disk
Progress = Callable[[float, str], None]  # share done 0..1, an English template
Cancelled = Callable[[], bool]


class ImportStopped(HitrateError):
    """The user stopped the import; nothing was changed."""

    def __init__(self) -> None:
        super().__init__(N_("The import was stopped"), N_("Nothing was changed."), code="cancelled")


class Run:
    """A DuckDB in memory that sees the given folders only, for the length of one conversion.

    `do` runs a statement, `rows` returns its rows. Both stop with ImportStopped within a quarter of a
    second of `cancelled()` turning true.
    """

    def __init__(
        self,
        target: Path,
        folders: Iterable[Path],
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> None:
        self.target = target.resolve()
        self._progress = progress
        self._cancelled = cancelled
        self.left_out: Counter[int] = Counter()  # rows that are no deals, by file number
        self._names: set[str] = set()  # of the files, in small letters
        self._con = spare.take()
        allowed = sorted({str(p.resolve()) + "/" for p in (*folders, self.target)})
        settings = {
            "memory_limit": literal(os.environ.get("HITRATE_IMPORT_MEMORY") or MEMORY),
            "threads": literal(int(os.environ.get("HITRATE_THREADS") or 0) or os.cpu_count() or 1),
            "temp_directory": literal(str(self.target / f".spill-{uuid.uuid4().hex[:8]}")),
            "TimeZone": literal("UTC"),
            "enable_progress_bar": "false",
            "parquet_metadata_cache": "true",  # no file changes while it is read
            "python_enable_replacements": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allowed_directories": "[" + ", ".join(literal(p) for p in allowed) + "]",
            "enable_external_access": "false",
            "lock_configuration": "true",
        }
        for name, value in settings.items():
            self._con.execute(f"SET {name} = {value}").complete()

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._con.close()

    def own_name(self, file: str) -> str:
        """Return the name of the next file: its own, numbered where an earlier one has it."""
        own = free(file, self._names)
        self._names.add(own.casefold())
        return own

    def step(self, share: float, text: str) -> None:
        """Tell how far the import is, and stop here if the user asked to."""
        if self._cancelled is not None and self._cancelled():
            raise ImportStopped()
        if self._progress is not None:
            self._progress(share, text)

    def do(self, sql: str) -> None:
        """Run one statement whose rows do not matter."""
        self.rows(sql)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows; `values` are what $1, $2, ... stand for in it."""
        done = threading.Event()
        watch = threading.Thread(target=self._watch, args=(done,), daemon=True)
        if self._cancelled is not None:
            watch.start()
        try:
            return list(self._con.execute(sql, values).fetchall())
        except duckdb.InterruptException as stopped:
            raise ImportStopped() from stopped
        except duckdb.OutOfMemoryException as full:
            raise too_big() from full
        finally:
            done.set()

    def one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...]:
        """Run one statement and return its only row."""
        return self.rows(sql, values)[0]

    def _watch(self, done: threading.Event) -> None:
        while not done.wait(0.2):
            if self._cancelled is not None and self._cancelled():
                self._con.interrupt()
                return


def too_big() -> HitrateError:
    return HitrateError(
        N_("This import needs more memory than there is"),
        N_("The files are too large for the memory and disk this server gives to one import."),
        N_("Import fewer columns or fewer files, or raise HITRATE_IMPORT_MEMORY."),
    )
