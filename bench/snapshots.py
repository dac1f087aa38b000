"""Weekly exports of a pipeline that changes by 5 % a week: importing them all, what they cost on disk, and a
ledger between two of them beside the join an expert would write by hand.

Part of `make bench` at 20 000 deals and 26 weeks; the sizes of the promise (200 000 and 104, 20.8 million
rows) are `python -m bench --only snapshots --deals 200000 --weeks 104`, which takes minutes and 5 GB of disk.
"""

from __future__ import annotations

import random
import shutil
import statistics
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from bench.measure import compare, report, run

DEALS, WEEKS, CHANGED = 20_000, 26, 0.05
STAGES = ("Qualification", "Needs Analysis", "Proposal", "Negotiation", "Closed Won", "Closed Lost")
FIRST = date(2024, 1, 5)
Work = Callable[[], object]

# The join an expert writes between two exports that are tables already, whatever it costs to keep them so.
FLOOR = """
SELECT CASE WHEN a.id IS NULL THEN CASE WHEN b.stage LIKE 'Closed%' THEN 'closed_new' ELSE 'new' END
    WHEN a.stage LIKE 'Closed%' THEN CASE WHEN b.stage LIKE 'Closed%' THEN 'closed' ELSE 'reopened' END
    WHEN b.id IS NULL THEN 'vanished' WHEN b.stage = 'Closed Won' THEN 'won'
    WHEN b.stage = 'Closed Lost' THEN 'lost' WHEN b.amount > a.amount THEN 'increased'
    WHEN b.amount < a.amount THEN 'decreased' ELSE 'stayed' END AS movement,
  count(*) AS deals, sum(a.amount) AS opening, sum(b.amount) AS closing
FROM '{first}' a FULL JOIN '{second}' b ON a.id = b.id GROUP BY 1
"""


def make(folder: Path, deals: int, weeks: int) -> list[Path]:
    """Write the exports as CSV, one per week, unless they are there; the same seed gives the same files."""
    paths = [folder / f"opportunities_{FIRST + timedelta(weeks=w)}.csv" for w in range(weeks)]
    if all(p.exists() for p in paths):
        return paths
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(11)
    frame = _new(rng, 0, deals)
    for week, path in enumerate(paths):
        frame.write_csv(path)
        frame.select(
            pl.col("Opportunity ID").alias("id"),
            pl.col("Stage").alias("stage"),
            pl.col("Amount").alias("amount"),
        ).write_parquet(path.with_suffix(".parquet"))
        frame = _next(rng, frame, week)
    return paths


def _new(rng: np.random.Generator, first: int, count: int) -> pl.DataFrame:
    number = np.arange(first, first + count)
    created = [FIRST - timedelta(days=int(d)) for d in rng.integers(1, 500, count)]
    owner = rng.integers(0, 40, count)
    return pl.DataFrame(
        {
            "Opportunity ID": [f"006Qw{n:010d}" for n in number],
            "Opportunity Name": [f"Opportunity {n}" for n in number],
            "Account Name": [f"Account {n}" for n in rng.integers(0, max(count // 10, 1), count)],
            "Owner": [f"Seller {o}" for o in owner],
            "Team": [f"Team {o % 6}" for o in owner],
            "Lead Source": rng.choice(["Web", "Partner", "Outbound", "Event", "Referral"], count),
            "Industry": rng.choice([f"Industry {i}" for i in range(12)], count),
            "Stage": rng.choice(STAGES, count, p=[0.12, 0.1, 0.08, 0.05, 0.2, 0.45]),
            "Amount": rng.integers(1_000, 200_000, count),
            "Created Date": created,
            "Close Date": [
                d + timedelta(days=int(x)) for d, x in zip(created, rng.integers(30, 400, count), strict=True)
            ],
        }
    )


def _next(rng: np.random.Generator, frame: pl.DataFrame, week: int) -> pl.DataFrame:
    """Change 5 % of the deals: stage, amount, closing date or owner; a few are new, a few are deleted."""
    count = frame.height
    what = np.where(rng.random(count) < CHANGED, rng.integers(0, 10, count), 99)
    stage = pl.Series(rng.choice(STAGES, count))
    put_off = pl.duration(days=pl.Series(rng.integers(7, 60, count)))
    changed = frame.with_columns(
        pl.when(pl.Series(what < 4)).then(stage).otherwise("Stage").alias("Stage"),
        pl.when(pl.Series((what == 4) | (what == 5)))
        .then(pl.Series(rng.integers(1_000, 200_000, count)))
        .otherwise("Amount").alias("Amount"),
        pl.when(pl.Series((what > 5) & (what < 9))).then(pl.col("Close Date") + put_off)
        .otherwise("Close Date").alias("Close Date"),
        pl.when(pl.Series(what == 9)).then(pl.Series([f"Seller {o}" for o in rng.integers(0, 40, count)]))
        .otherwise("Owner").alias("Owner"),
    )  # fmt: skip
    few = max(count // 2000, 1)
    kept = changed.filter(pl.Series(rng.random(count) > 1 / 2000))
    return pl.concat([kept, _new(rng, 10_000_000 + week * 1_000_000, few)])


def import_weeks(folder: str, weeks: str) -> Work:
    """Import the first so many exports into a fresh workspace beside them."""
    from data import open_exports

    paths = sorted(Path(folder).glob("*.csv"))[: int(weeks)]
    home = Path(folder) / f"home_{weeks}"
    shutil.rmtree(home, ignore_errors=True)
    return lambda: open_exports(*paths, home=home).close()


def ledger_hitrate(generation: str, start: str, end: str) -> Work:
    from data import Pipeline
    from metrics.snapshots import ledger

    pipeline = Pipeline(Path(generation))
    return lambda: ledger(pipeline, start, end)


def ledger_floor(folder: str, start: str, end: str) -> Work:
    import duckdb

    first, second = (f"{folder}/opportunities_{day}.parquet" for day in (start, end))
    con = duckdb.connect()
    return lambda: con.execute(FLOOR.format(first=first, second=second)).fetchall()


def as_of(generation: str, day: str) -> Work:
    from data import Pipeline

    shutil.rmtree(Path(generation) / "asof", ignore_errors=True)
    pipeline = Pipeline(Path(generation))
    return lambda: pipeline.at(date.fromisoformat(day)).close()


def bench(out: Path, deals: int = DEALS, weeks: int = WEEKS, rounds: int = 3) -> None:
    """Measure and print: import of half and of all exports, size on disk, a ledger, a past snapshot."""
    folder = out / f"weeks_{deals}_{weeks}"
    paths = make(folder, deals, weeks)
    rows = deals * weeks
    note = (
        "" if (deals, weeks) == (200_000, 104) else " (scaled down; the promise is 200 000 deals, 104 weeks)"
    )
    print(f"\nsnapshots: {weeks} weekly exports of {deals:,} deals, {rows:,} rows{note}")
    for part in sorted({1, max(weeks // 2, 1), weeks}):
        seconds, cpu, peak = run("import_weeks", str(folder), str(part))
        each = seconds[0] / (part * deals) * 1e6
        print(
            f"  import of {part:3} exports {seconds[0]:8.1f} s, CPU {cpu[0]:8.1f} s, "
            f"{each:5.1f} s per million rows, peak {peak:5.0f} MB"
        )
    generation = next((folder / f"home_{weeks}").glob("workspaces/*/generations/0*"))
    single = next((folder / "home_1").glob("workspaces/*/generations/0*"))
    one = (single / "deals.parquet").stat().st_size
    kept = sum((generation / n).stat().st_size for n in ("versions.parquet", "snapshots.parquet"))
    print(f"  on disk {kept / 1e6:.1f} MB of versions, {kept / one:.2f} x one snapshot ({one / 1e6:.1f} MB)")
    days = [p.stem.split("_")[1] for p in paths]
    ratios = []
    for a, b in (
        (0, weeks - 1),
        (weeks - 2, weeks - 1),
        *(sorted(random.Random(1).sample(range(weeks), 2)),),
    ):
        tasks = {
            "hitrate": ("ledger_hitrate", str(generation), days[a], days[b]),
            "floor": ("ledger_floor", str(folder), days[a], days[b]),
        }
        figures = compare(tasks, rounds, repeat=5)
        ratios.append(figures["hitrate"].seconds / figures["floor"].seconds)
        report(f"ledger from week {a + 1} to week {b + 1}", figures)
    print(f"  ledger: {statistics.median(ratios):.2f} x the hand-written join (median of three pairs)")
    seconds, _, peak = run("as_of", str(generation), days[weeks // 2])
    print(f"  as of week {weeks // 2 + 1}, first time: {seconds[0]:.2f} s, peak {peak:.0f} MB")
