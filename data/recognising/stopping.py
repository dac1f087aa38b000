"""Recognition that says how far it is, and stops when asked to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import duckdb

from data.errors import N_, HitrateError

Progress = Callable[[float, str], None]  # share done 0..1, an English template
Cancelled = Callable[[], bool]
LOOK_S = 0.2  # how often it is asked whether to stop


class Steps:
    """The steps of one recognition; after `steps` of them all is done."""

    def __init__(self, steps: int, progress: Progress | None, cancelled: Cancelled | None) -> None:
        self._steps, self._taken = max(1, steps), 0
        self._progress, self._cancelled = progress, cancelled

    def take(self) -> None:
        """Tell that one more step is done; stop here if the user asked to."""
        if self._cancelled is not None and self._cancelled():
            raise stopped()
        self._taken += 1
        if self._progress is not None:
            share = min(1.0, self._taken / self._steps)
            self._progress(share, N_("Recognising columns, dates, amounts and stages"))


@contextmanager
def stoppable(con: duckdb.DuckDBPyConnection, cancelled: Cancelled | None) -> Iterator[None]:
    """Interrupt the queries of `con` when `cancelled()` turns true; what is raised says so."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(LOOK_S):
            if cancelled is not None and cancelled():
                con.interrupt()  # again and again: between two queries nobody hears it

    if cancelled is not None:
        threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    except duckdb.InterruptException as interrupted:
        raise stopped() from interrupted
    finally:
        done.set()


def stopped() -> HitrateError:
    return HitrateError(N_("The import was stopped"), N_("Nothing was changed."), code="cancelled")
