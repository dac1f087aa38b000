"""Turn a sample's raw frames into the tables the metrics read, without the import: a second way there."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from data.engine.tables import DEALS
from data.pipeline import Pipeline
from data.sample import Sample
from tests.build import TYPES, describe

TEXTS = ("owner", "team", "source", "campaign", "deal_type", "product", "customer_type", "industry",
         "company_size", "country", "age_group")


def walked(sample: Sample) -> pl.DataFrame:
    """Return per deal the stages it visited (mask), the furthest and the last one, from its stage entries."""
    number = {stage: k for k, stage in enumerate(sample.truths.stages, 1)}
    entries = sample.stage_entries.filter(pl.col("stage").is_in(list(number)))
    entries = entries.with_columns(n=pl.col("stage").replace_strict(number, return_dtype=pl.Int64))
    return entries.group_by("deal_id").agg(
        visited_mask=(2 ** (pl.col("n").unique() - 1)).sum().cast(pl.Int64),
        furthest_no=pl.col("n").max(), last_no=pl.col("n").last())


def deals_table(sample: Sample) -> pl.DataFrame:
    """Return the sample's deals in the columns of deals.parquet that hit rates and leaks need."""
    times = {f"{name}_s": pl.col(f"{name}_at").dt.epoch("s") for name in ("created", "closed")}
    months = {f"{name}_month": pl.col(f"{name}_at").dt.truncate("1mo").cast(pl.Date) for name in ("created", "closed")}
    frame = sample.deals.with_row_index("deal_key", 1).join(walked(sample), on="deal_id").with_columns(
        **times, **months, status=pl.col("status").str.to_lowercase(), pipeline=pl.lit("Sales"),
        amount_minor=(pl.col("amount") * 100).round().cast(pl.Int64))
    given = [pl.col(c).cast(TYPES[k]) if c in frame.columns else pl.lit(None, TYPES[k]).alias(c)
             for c, k in DEALS.items()]
    return frame.select(*given, *(c for c in TEXTS if c not in DEALS))


def pipeline_of(sample: Sample, folder: Path) -> Pipeline:
    """Write a sample's deals as a generation and open it."""
    frame = deals_table(sample)
    frame.write_parquet(folder / "deals.parquet")
    meta = describe(frame, sample.truths.stages, {"as_of": sample.truths.as_of, "stage_source": "history"})
    (folder / "meta.json").write_text(meta.model_dump_json())
    return Pipeline(folder)
