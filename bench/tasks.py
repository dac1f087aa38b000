"""What is measured. Each function prepares, and returns the work that is timed.

Three families: ours (through the product's public functions), the floor (the DuckDB statement an expert
would write by hand on the same file) and the pandas script a user would write.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

Work = Callable[[], object]

IMPORT_FLOOR = "COPY (FROM read_csv('{csv}')) TO '{out}' (FORMAT parquet)"

HIT_RATE_FLOOR = """
SELECT source, count(*) AS deals,
       count(*) FILTER (status = 'won') AS won, count(*) FILTER (status = 'lost') AS lost,
       count(*) FILTER (status = 'open') AS open, count(*) FILTER (status = 'disqualified') AS disqualified,
       sum(amount_minor) FILTER (status = 'won') AS won_amount,
       sum(amount_minor) FILTER (status = 'lost') AS lost_amount
FROM '{deals}' WHERE country IN ('country 1', 'country 2') GROUP BY source
"""

# The stages a deal reached, and where it was lost: one group per source, furthest and last stage, outcome.
FUNNEL_FLOOR = """
SELECT source, furthest_no, last_no, status, count(*) AS deals, sum(amount_minor) AS amount
FROM '{deals}' GROUP BY ALL
"""

# Open deals are in their stage for at least so long.
STANDING_FLOOR = """
SELECT source, last_no AS stage, ({end} - stage_entered_s) // 86400 AS days, false AS ended, count(*) AS deals
FROM '{deals}' WHERE status = 'open' GROUP BY ALL
"""

# How old deals were when they ended, or are: a day histogram per source and outcome.
MATURED_FLOOR = """
SELECT source, ((CASE WHEN status = 'open' THEN {end} ELSE closed_s END) - created_s) // 86400 AS days,
       status, count(*) AS deals
FROM '{deals}' GROUP BY ALL
"""

# The squares are for the interval of the revenue at stake.
LEAKS_FLOOR = """
SELECT {columns}, grouping({columns}) AS which, furthest_no, last_no, status,
       count(*) AS deals, sum(amount_minor) AS amount, sum(amount_minor::DOUBLE * amount_minor) AS squares
FROM '{deals}'
GROUP BY GROUPING SETS ({sets})
"""


def scratch() -> Path:
    """Return a folder that goes when this process ends."""
    folder = Path(tempfile.mkdtemp(prefix="hitrate-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _duckdb(sql: str) -> Work:
    import duckdb

    con = duckdb.connect()
    return lambda: con.execute(sql).fetchall()


# ---- (a) import -------------------------------------------------------------------------------------


def import_hitrate(csv: str) -> Work:
    """CSV -> recognised, converted, committed workspace."""
    from data import open_exports

    return lambda: open_exports(csv, home=scratch()).close()


def import_floor(csv: str) -> Work:
    """CSV -> Parquet by one COPY, types sniffed, nothing checked."""
    out = scratch() / "floor.parquet"
    return _duckdb(IMPORT_FLOOR.format(csv=csv, out=out))


def import_pandas(csv: str) -> Work:
    """CSV -> data frame in memory."""
    import pandas as pd

    return lambda: pd.read_csv(csv)


# ---- (b) questions ----------------------------------------------------------------------------------


def hit_rate_hitrate(folder: str) -> Work:
    from data import Pipeline
    from metrics import hit_rate

    pipeline = Pipeline(Path(folder))
    return lambda: hit_rate(
        pipeline, by="source", where={"country": ["country 1", "country 2"]}, basis="created"
    )


def hit_rate_floor(folder: str) -> Work:
    return _duckdb(HIT_RATE_FLOOR.format(deals=Path(folder) / "deals.parquet"))


def _reader(folder: str, whole: str, columns: list[str]) -> Callable[[], pd.DataFrame]:
    """Return how pandas reads the deals: the columns it needs, or, as most scripts begin, the whole file."""
    import pandas as pd

    path = Path(folder) / "deals.parquet"
    return lambda: pd.read_parquet(path, columns=None if whole else columns)


def hit_rate_pandas(folder: str, whole: str = "") -> Work:
    read = _reader(folder, whole, ["source", "country", "status", "amount_minor"])

    def work() -> pd.DataFrame:
        deals = read()
        deals = deals[deals.country.isin(["country 1", "country 2"])]
        table = deals.pivot_table(
            index="source", columns="status", values="amount_minor", aggfunc=["size", "sum"], fill_value=0
        )
        table["rate"] = table["size"]["won"] / (table["size"]["won"] + table["size"]["lost"])
        return table

    return work


def funnel_hitrate(folder: str) -> Work:
    from data import Pipeline
    from metrics import funnel

    pipeline = Pipeline(Path(folder))
    return lambda: funnel(pipeline, by="source")


def _days(folder: str) -> list[str]:
    import pyarrow.parquet as pq

    return [c for c in pq.read_schema(Path(folder) / "deals.parquet").names if c.startswith("days_")]


def funnel_floor(folder: str) -> Work:
    """The same answer by hand: counts per stage, and days in each, of open deals too, for its median."""
    from bench.make_deals import SPAN, START

    deals = Path(folder) / "deals.parquet"
    left = [
        f"SELECT source, {n} AS stage, {c} AS days, true AS ended, count(*) AS deals FROM '{deals}' "
        f"WHERE {c} IS NOT NULL GROUP BY ALL"
        for n, c in enumerate(_days(folder), 1)
    ]
    still = STANDING_FLOOR.format(deals=deals, end=START + SPAN + 86_399)
    first, second = _duckdb(FUNNEL_FLOOR.format(deals=deals)), _duckdb(" UNION ALL ".join([*left, still]))
    return lambda: (first(), second())


def funnel_pandas(folder: str, whole: str = "") -> Work:
    """The same answer: counts per stage, and days in each, of open deals too, for its median."""
    from bench.make_deals import SPAN, START

    days = _days(folder)
    needed = ["source", "furthest_no", "last_no", "status", "amount_minor", "stage_entered_s", *days]
    read = _reader(folder, whole, needed)

    def work() -> object:
        deals = read()
        counts = deals.groupby(["source", "furthest_no", "last_no", "status"], dropna=False)["amount_minor"]
        left = [deals[deals[stage].notna()].groupby(["source", stage], dropna=False).size() for stage in days]
        still = deals[deals.status == "open"]
        stood = (START + SPAN + 86_399 - still.stage_entered_s) // 86_400
        return (
            counts.agg(["size", "sum"]),
            left,
            still.groupby(["source", "last_no", stood], dropna=False).size(),
        )

    return work


def matured_hitrate(folder: str) -> Work:
    """The curves with their intervals, one per source."""
    from data import Pipeline, Slice
    from metrics.matured import curves

    pipeline = Pipeline(Path(folder))
    return lambda: curves(pipeline, Slice(by=("source",)))


def matured_floor(folder: str) -> Work:
    """The day histogram alone, without the curves."""
    from bench.make_deals import SPAN, START

    return _duckdb(MATURED_FLOOR.format(deals=Path(folder) / "deals.parquet", end=START + SPAN + 86_399))


def matured_pandas(folder: str, whole: str = "") -> Work:
    from bench.make_deals import SPAN, START

    read = _reader(folder, whole, ["source", "status", "created_s", "closed_s"])

    def work() -> object:
        deals = read()
        ended = deals.closed_s.where(deals.status != "open", START + SPAN + 86_399)
        days = (ended - deals.created_s) // 86400
        return deals.groupby(["source", days, "status"], dropna=False).size()

    return work


def _dimensions(folder: str) -> list[str]:
    from data import Pipeline

    pipeline = Pipeline(Path(folder))
    names = [d.column for d in pipeline.meta.dimensions if d.role == "dimension"]
    pipeline.close()
    return names


def leaks_hitrate(folder: str) -> Work:
    from data import Pipeline
    from metrics import leaks

    pipeline = Pipeline(Path(folder))
    return lambda: leaks(pipeline)


def leaks_floor(folder: str) -> Work:
    names = [f'"{n}"' for n in _dimensions(folder)]
    sets = ", ".join(f"({n}, furthest_no, last_no, status)" for n in names)
    return _duckdb(
        LEAKS_FLOOR.format(deals=Path(folder) / "deals.parquet", columns=", ".join(names), sets=sets)
    )


def leaks_pandas(folder: str, whole: str = "") -> Work:
    names = _dimensions(folder)
    read = _reader(folder, whole, [*names, "furthest_no", "last_no", "status", "amount_minor"])

    def work() -> list[pd.DataFrame]:
        deals = read()
        return [
            deals.groupby([n, "furthest_no", "last_no", "status"], dropna=False, observed=True)[
                "amount_minor"
            ].agg(["size", "sum"])
            for n in names
        ]

    return work
