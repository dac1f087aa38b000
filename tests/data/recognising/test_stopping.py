"""Recognition says how far it is, and stops when asked to."""

from __future__ import annotations

import threading
import time

import duckdb
import pytest

from data.errors import HitrateError
from data.recognising import propose
from data.recognising.stopping import stoppable

from .conftest import Make

WEEK = {"Deal ID": [f"D{i}" for i in range(40)], "Stage": ["Won", "Lost", "Offer", "Meeting"] * 10}


def test_progress_grows_to_one(make: Make) -> None:
    told: list[float] = []
    propose([make({**WEEK}, f"deals-{n}.csv") for n in range(3)], None, lambda share, _: told.append(share))
    assert told == sorted(told)
    assert told[-1] == 1
    assert len(told) == 7


@pytest.mark.parametrize("after", [0, 2, 5])
def test_it_stops_at_the_next_step(make: Make, after: int) -> None:
    asked: list[float] = []
    tables = [make({**WEEK}, f"deals-{n}.csv") for n in range(3)]
    with pytest.raises(HitrateError) as stopped:
        propose(tables, None, lambda share, _: asked.append(share), lambda: len(asked) >= after)
    assert stopped.value.values["code"] == "cancelled"
    assert len(asked) == after


def test_a_long_query_is_interrupted() -> None:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    start = time.monotonic()
    with duckdb.connect() as con, pytest.raises(HitrateError, match="stopped"), stoppable(con, stop.is_set):
        con.execute("SELECT count(*) FROM range(1000000) a, range(1000000) b").fetchall()
    assert time.monotonic() - start < 20
