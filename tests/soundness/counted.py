"""Turn a sample's raw frames into the tables the metrics read, without the import: a second way there."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from data.engine.tables import DEALS
from data.pipeline import Pipeline
from data.sample import Sample
from tests.build import TYPES, describe

TEXTS = (
    "owner",
    "team",
    "source",
    "campaign",
    "deal_type",
    "product",
    "customer_type",
    "industry",
    "company_size",
    "country",
    "age_group",
)


def walked(sample: Sample) -> pl.DataFrame:
    """Return per deal the stages it visited (mask), the furthest and the last one, from its stage entries."""
    number = {stage: k for k, stage in enumerate(sample.truths.stages, 1)}
    entries = sample.stage_entries.filter(pl.col("stage").is_in(list(number)))
    entries = entries.with_columns(n=pl.col("stage").replace_strict(number, return_dtype=pl.Int64))
    return entries.group_by("deal_id").agg(
        visited_mask=(2 ** (pl.col("n").unique() - 1)).sum().cast(pl.Int64),
        furthest_no=pl.col("n").max(),
        last_no=pl.col("n").last(),
    )


def deals_table(sample: Sample) -> pl.DataFrame:
    """Return the sample's deals in the columns of deals.parquet that hit rates and leaks need."""
    times = {f"{name}_s": pl.col(f"{name}_at").dt.epoch("s") for name in ("created", "closed")}
    months = {
        f"{name}_month": pl.col(f"{name}_at").dt.truncate("1mo").cast(pl.Date)
        for name in ("created", "closed")
    }
    frame = (
        sample.deals.with_row_index("deal_key", 1)
        .join(walked(sample), on="deal_id")
        .with_columns(
            **times,
            **months,
            status=pl.col("status").str.to_lowercase(),
            pipeline=pl.lit("Sales"),
            amount_minor=(pl.col("amount") * 100).round().cast(pl.Int64),
        )
    )
    given = [
        pl.col(c).cast(TYPES[k]) if c in frame.columns else pl.lit(None, TYPES[k]).alias(c)
        for c, k in DEALS.items()
    ]
    return frame.select(*given, *(c for c in TEXTS if c not in DEALS))


def pipeline_of(sample: Sample, folder: Path) -> Pipeline:
    """Write a sample's deals as a generation and open it."""
    frame = deals_table(sample)
    frame.write_parquet(folder / "deals.parquet")
    meta = describe(frame, sample.truths.stages, {"as_of": sample.truths.as_of, "stage_source": "history"})
    (folder / "meta.json").write_text(meta.model_dump_json())
    return Pipeline(folder)


def steps(sample: Sample) -> pl.DataFrame:
    """Return one row per deal and stage it was decided at: all the deal's columns, `at`, `passed`.

    Counted from the raw stage entries, skipped stages as passed and moves back as standing.
    """
    deals = sample.deals.join(walked(sample), on="deal_id")
    stages = pl.DataFrame({"at": sample.truths.stages, "no": range(1, len(sample.truths.stages) + 1)})
    won, no = pl.col("status") == "Won", pl.col("no")
    passed = won | (pl.col("last_no") > no) | ((pl.col("last_no") < no) & (pl.col("furthest_no") > no))
    lost = (pl.col("status") == "Lost") & (pl.col("last_no") == no)
    return deals.join(stages, how="cross").filter(passed | lost).with_columns(passed=passed)


def conversions(sample: Sample, field: str) -> pl.DataFrame:
    """Return per value of `field` and stage: n decided there, x of them passed, and the rest's."""
    frame = steps(sample).drop_nulls(field).group_by(field, "at").agg(n=pl.len(), x=pl.col("passed").sum())
    rest = [(pl.col(c).sum().over("at") - pl.col(c)).alias(f"rest_{c}") for c in ("n", "x")]
    return (
        frame.rename({field: "value"})
        .with_columns(rest)
        .select(pl.lit(field).alias("field"), "value", "at", "n", "x", "rest_n", "rest_x")
    )
