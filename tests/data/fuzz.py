"""Import damaged exports and hold every import to its promises.

    python -m tests.data.fuzz 3000          all of them, on two cores
    python -m tests.data.fuzz 3000 --first 1200 --one    from number 1200 on, in this process

Nothing but HitrateError may be raised, nothing may take longer than LIMIT_S (of the processor's time, so that
a busy machine fails nothing; six times as long by the clock), and the ledger must add up.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

import polars as pl

from data import HitrateError, Pipeline, open_exports
from tests.data.mutating import Sheet, fixtures, mutation

FIXTURES = Path(__file__).resolve().parents[3] / "shared" / "exports" / "fixtures"
LIMIT_S = 10.0
WHOLE = "marked as deleted|in this row"  # reasons that leave out a row for what one cell says


@dataclass(frozen=True)
class Verdict:
    """What became of one mutation: "read", a refusal's title, or what is wrong (`bad`)."""

    number: int
    file: str
    said: str
    seconds: float
    bad: str = ""


@cache
def sheets() -> tuple[Sheet, ...]:
    return tuple(fixtures(FIXTURES))


def verdict(number: int, folder: Path | None = None) -> Verdict:
    """Import mutation `number` and judge it; its bytes are kept in `folder` where one is given."""
    name, raw = mutation(list(sheets()), number)
    start, busy = time.monotonic(), time.process_time()
    with tempfile.TemporaryDirectory(dir=folder) as place:
        path = Path(place) / name
        path.write_bytes(raw)
        said, bad = "read", ""
        try:
            with open_exports(path) as pipeline:
                bad = wrong(pipeline)
        except HitrateError as error:
            said = error.title
            bad = "" if error.message and error.hint and str(error) else "an error without a way out"
            if error.values.get("code") == "unreadable":
                bad = f"not foreseen: {error.__cause__!r}"
        except BaseException:  # whatever it is, it must not reach a user
            bad = traceback.format_exc(limit=-6)
    seconds, clock = time.process_time() - busy, time.monotonic() - start
    slow = "too slow" if seconds > LIMIT_S or clock > 6 * LIMIT_S else ""
    return Verdict(number, name, said, seconds, bad or slow)


def wrong(pipeline: Pipeline) -> str:
    """Return which promise an import breaks, or ""."""
    rejects = pipeline.rejects()
    junk = pl.read_parquet(pipeline.folder / "junk.parquet")
    deals = pl.read_parquet(pipeline.folder / "deals.parquet")
    for file in pipeline.meta.files:
        if file.rows_read != file.rows_kept + file.rows_rejected + file.rows_junk:
            return "rows read are not kept + rejected + junk"
    whole = rejects.filter(pl.col("column").is_null() | pl.col("reason").str.contains(WHOLE))
    found = pipeline.summary()
    if (whole.height, junk.height) != (found["rows_rejected"], found["rows_junk"]):
        return "rejects or junk are not listed one by one"
    if rejects.height - whole.height != pipeline.meta.counts["values_unread"]:
        return "cells that were not read are not listed one by one"
    tables = {file.table for file in pipeline.meta.files}
    if tables == {"deals"} and not found["snapshots"] and deals.height != found["rows_kept"]:
        return "a kept row is no deal"
    if deals.height != sum(found[s] for s in ("open", "won", "lost", "disqualified")):
        return "deals do not add up by status"
    if deals["deal_key"].n_unique() != deals.height:
        return "a deal is there twice"
    return ""


def verdicts(numbers: range, workers: int) -> Iterator[Verdict]:
    """Judge many mutations, in order."""
    if workers == 1:
        yield from map(verdict, numbers)
        return
    os.environ.setdefault("HITRATE_THREADS", "1")
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(partial(verdict), numbers, chunksize=10)


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.data.fuzz", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=3000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--one", action="store_true", help="in this process alone")
    chosen = parser.parse_args()
    said: Counter[str] = Counter()
    bad, slowest = 0, 0.0
    for one in verdicts(range(chosen.first, chosen.first + chosen.count), 1 if chosen.one else 2):
        said[one.said] += 1
        if said.total() % 500 == 0:
            print(f"{said.total()} done", flush=True)
        slowest = max(slowest, one.seconds)
        if one.bad:
            bad += 1
            print(f"--- {one.number} {one.file} ({one.seconds:.1f} s)\n{one.bad}", flush=True)
    print(f"{chosen.count} mutations, {bad} broke a promise, slowest {slowest:.1f} s")
    for text, count in said.most_common():
        print(f"{count:6} {text}")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
