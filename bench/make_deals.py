"""Write a canonical deals.parquet of any size, for measuring: `python bench/make_deals.py FOLDER [DEALS]`.

Eight dimensions of 5 to 200 values, six stages, two years; the same rows at every run, because every
"random" number is a hash of the deal's key. Hit rates differ by source and owner, so that there is
something to find. 10 million deals take about half a minute on two cores.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import duckdb

from data.meta import Definitions, Dimension, Meta, Pipeline_, Stage

STAGES = 6
START = 1_704_067_200  # 2024-01-01
SPAN = 730 * 86_400
DIMENSIONS = {
    "source": 12,
    "owner": 200,
    "team": 20,
    "country": 25,
    "industry": 40,
    "product": 15,
    "campaign": 100,
    "company_size": 5,
}

QUERY = """
COPY (
  WITH base AS (
    SELECT range + 1 AS k, {dims},
      (hash(range, 1) % 1000000) / 1e6 AS u, (hash(range, 2) % 1000000) / 1e6 AS v,
      {start} + CAST(hash(range, 3) % {span} AS BIGINT) AS created_s,
      CAST(hash(range, 4) % 90 AS BIGINT) AS age
    FROM range({deals})),
  odds AS (SELECT *, 0.62 + 0.02 * (source_n % 7) + 0.0004 * owner_n AS step FROM base),
  reached AS (
    SELECT *, CAST(least({stages} + 1, 1 + floor(ln(u + 1e-9) / ln(step))) AS BIGINT) AS far FROM odds),
  ended AS (SELECT *,
      CASE WHEN created_s + age * 86400 > {end} THEN 'open' WHEN far > {stages} THEN 'won'
           WHEN v < 0.06 THEN 'disqualified' WHEN v < 0.16 THEN 'open' ELSE 'lost' END AS status,
      CAST(least(far, {stages}) AS BIGINT) AS furthest_no FROM reached),
  placed AS (SELECT *, CASE WHEN v > 0.95 AND furthest_no > 1 AND status <> 'won' THEN furthest_no - 1
                            ELSE furthest_no END AS last_no,
      CASE WHEN status <> 'open' THEN created_s + age * 86400 + 3600 END AS closed_s FROM ended)
  SELECT k AS deal_key, 'D' || k AS deal_id, 'Deal ' || k AS deal_name, 'deals.csv' AS file, k + 1 AS row,
    status, CASE WHEN status = 'open' THEN 'Stage ' || last_no ELSE status END AS stage, 'Sales' AS pipeline,
    created_s, closed_s, CASE WHEN status = 'open' THEN created_s + 120 * 86400 END AS expected_close_s,
    CASE WHEN v > 0.2 THEN created_s + 7200 END AS first_contact_s, CAST(NULL AS BIGINT) AS last_activity_s,
    CASE WHEN status = 'open' THEN created_s + (age // 2) * 86400 END AS stage_entered_s,
    CAST(date_trunc('month', make_timestamp(created_s * 1000000)) AS DATE) AS created_month,
    CAST(date_trunc('month', make_timestamp(closed_s * 1000000)) AS DATE) AS closed_month,
    CAST(date_trunc('month', make_timestamp(expected_close_s * 1000000)) AS DATE)
      AS expected_close_month,
    CASE WHEN u < 0.97 THEN 50000 + CAST(hash(k, 5) % 2000000 AS BIGINT) END AS amount_minor,
    'EUR' AS currency,
    CAST(NULL AS BIGINT) AS recurring_minor, CAST(NULL AS DOUBLE) AS probability,
    CASE WHEN furthest_no > 2 AND v BETWEEN 0.3 AND 0.4 THEN (1 << furthest_no) - 1 - 2
         ELSE (1 << furthest_no) - 1 END :: BIGINT AS visited_mask,
    furthest_no, last_no, CASE WHEN status = 'open' THEN last_no END AS stage_no, v > 0.99 AS reopened,
    CAST(NULL AS BIGINT) AS stood_days,
    {days}, {names}
  FROM placed) TO '{target}' (FORMAT parquet, COMPRESSION zstd)
"""


def make(folder: Path, deals: int = 10_000_000) -> Path:
    """Write FOLDER/deals.parquet with that many deals and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "deals.parquet"
    salted = enumerate(DIMENSIONS.items(), 10)
    dims = ", ".join(f"hash(range, {salt}) % {size} AS {name}_n" for salt, (name, size) in salted)
    # one value of each column is blank, as in life
    blank = "CASE WHEN {0}_n <> 3 THEN '{0} ' || {0}_n END AS {0}"
    names = ", ".join(blank.format(name) for name in DIMENSIONS)
    spent = (
        "CASE WHEN last_no > {0} OR (last_no = {0} AND status <> 'open')"
        " THEN CAST(hash(k, 50 + {0}) % 40 AS BIGINT) END AS days_{0:02d}"
    )
    days = ", ".join(spent.format(stage) for stage in range(1, STAGES + 1))
    query = QUERY.format(
        dims=dims,
        names=names,
        days=days,
        start=START,
        span=SPAN,
        end=START + SPAN,
        deals=deals,
        stages=STAGES,
        target=target,
    )
    with duckdb.connect() as con:
        con.execute(query).fetchall()
    return target


def generation(folder: Path, deals: int) -> Path:
    """Write a generation of that many deals, description included, unless it is there; return FOLDER."""
    if not (folder / "meta.json").exists():
        make(folder, deals)
        described = Meta(
            as_of=date.fromtimestamp(START + SPAN),
            as_of_source="latest date",
            currencies=("EUR",),
            dimensions=tuple(
                Dimension(column=name, label=name, values=size - 1, blanks=deals // size)
                for name, size in DIMENSIONS.items()
            ),
            labels={name: name for name in DIMENSIONS},
            pipelines=(
                Pipeline_(
                    name="Sales",
                    stages=tuple(Stage(number=n, label=f"Stage {n}") for n in range(1, STAGES + 1)),
                ),
            ),
            stage_source="history",
            has_created=True,
            has_closed=True,
            has_amount=True,
            has_contact=True,
            definitions=Definitions(),
            files=(),
            notices=(),
            counts={"deals": deals},
        )
        (folder / "meta.json").write_text(described.model_dump_json(), encoding="utf-8")
    return folder


if __name__ == "__main__":
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000_000
    print(make(Path(sys.argv[1]), size))
