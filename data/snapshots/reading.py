"""What a generation keeps about its snapshots beside the versions of the deals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from data.errors import N_, HitrateError
from data.snapshots.families import DAY

if TYPE_CHECKING:
    from data.imported import Pipeline

DAYS = {
    "day": pl.Date, "deals": pl.Int64, "partial": pl.Boolean, "reason": pl.String, "column": pl.String,
    "values": pl.String, "absent": pl.Int64, "missing": pl.Int64, "files": pl.Int64,
}  # fmt: skip
CONTRADICTIONS = {
    "deal_id": pl.String, "deal_name": pl.String, "stage": pl.String, "history_day": pl.Date,
    "window_start": pl.Date, "window_end": pl.Date,
}  # fmt: skip
DOUBTFUL = {"deal_name": pl.String, "day": pl.Date, "deals": pl.Int64}
WINDOWS = {
    "stage": pl.String, "window_start": pl.Date, "window_end": pl.Date, "exact": pl.Boolean,
    "origin": pl.String,
}  # fmt: skip


def has_versions(pipeline: Pipeline) -> bool:
    """Say whether there are several snapshots of the same deals to compare."""
    return bool(pipeline.engine.schema("versions"))


def days(pipeline: Pipeline) -> pl.DataFrame:
    """Return one row per snapshot day, in order.

    Columns: day; deals (in view on that day, those carried over included); partial; reason ("filtered",
    "shrunk", "twice", null); column and values (what a partial export was filtered by and to); absent
    (deals it does not show, kept as last seen); missing (exports missing before it by the usual rhythm);
    files (of that day).
    """
    path = pipeline.folder / "snapshots.parquet"
    if not path.exists():
        return pl.DataFrame(schema=DAYS)
    table = pl.read_parquet(path).sort("day", "family")
    # A family that has no export on a day stands as on its day before.
    stood = (
        table.select("day").unique().join(table.select("family").unique(), how="cross")
        .join(table.select("day", "family", "deals", "absent"), on=["day", "family"], how="left")
        .sort("family", "day")
        .with_columns((pl.col("deals") + pl.col("absent")).forward_fill().over("family").alias("all"))
        .group_by("day").agg(pl.col("all").sum())
    )  # fmt: skip
    reason = (
        pl.when((pl.col("differ") > 0) & pl.col("reason").is_null()).then(pl.lit("twice")).otherwise("reason")
    )
    shown = pl.col("values").list.eval(pl.element().fill_null("-")).list.join(", ")
    told = (
        table.with_columns(reason.alias("reason"), shown.alias("values"))
        .group_by("day")
        .agg(
            (pl.col("reason") == "filtered").any().fill_null(False).alias("partial"),
            *(pl.col(n).drop_nulls().first() for n in ("reason", "column", "values")),
            *(pl.col(n).sum() for n in ("absent", "missing", "files")),
        )
    )
    labels = pipeline.meta.labels
    joined = stood.rename({"all": "deals"}).join(told, on="day").sort("day")
    named = pl.col("column").replace(labels) if labels else pl.col("column")
    return joined.with_columns(named).select(pl.col(n).cast(k) for n, k in DAYS.items())


def snapshot_day(pipeline: Pipeline, day: date) -> date:
    """Return `day` if it is the day of a snapshot, else raise HitrateError with the nearest that is."""
    there = list(pipeline.meta.snapshots)
    if not has_versions(pipeline):
        raise HitrateError(
            N_("No snapshots to compare"),
            N_("The deals come from exports of one day only."),
            N_("Add an export of another day, with the day in the file name."),
        )
    if day in there:
        return day
    near = min(there, key=lambda d: (abs((d - day).days), d))
    raise HitrateError(
        N_("No such snapshot"),
        N_("There is no snapshot of {day}."),
        N_("The nearest is of {near}."),
        day=day.isoformat(),
        near=near.isoformat(),
    )


def contradictions(pipeline: Pipeline, until: date | None = None) -> pl.DataFrame:
    """Return the stage changes that snapshots (up to the day `until`) show and the uploaded history does not
    have at that time.

    Columns: deal_id, deal_name, stage, history_day (of the nearest entry into that stage in the history;
    null: never), window_start (null unknown), window_end (the days between which the snapshots saw it).
    """
    path = pipeline.folder / "contradictions.parquet"
    if not path.exists():
        return pl.DataFrame(schema=CONTRADICTIONS)
    frame = pl.read_parquet(path)
    found = frame.select(
        "deal_id", "deal_name", "stage", _day("history_s", "history_day"), _day("after_s", "window_start"),
        _day("until_s", "window_end"),
    )  # fmt: skip
    return found if until is None else found.filter(pl.col("window_end") <= until)


def doubtful(pipeline: Pipeline) -> pl.DataFrame:
    """Return the deals without an id that share name, account and day of creation with others of a snapshot.

    Columns: deal_name, day, deals (how many there are of it).
    """
    path = pipeline.folder / "doubtful.parquet"
    if not path.exists():
        return pl.DataFrame(schema=DOUBTFUL)
    return pl.read_parquet(path).select("deal_name", _day("day_s", "day"), pl.col("deals").cast(pl.Int64))


def windows(pipeline: Pipeline, deal_id: str) -> pl.DataFrame:
    """Return when a deal entered its stages, as exactly as it is known, in order.

    Columns: stage, window_start (null unknown), window_end (it was entered between these days, both
    included), exact (the day itself is known), origin ("history" or "snapshots").
    """
    path = pipeline.folder / "stage_entries.parquet"
    names = pl.read_parquet_schema(path) if path.exists() else {}
    if "origin" not in names:
        return pl.DataFrame(schema=WINDOWS)
    found = pl.scan_parquet(path).filter(pl.col("deal_id") == deal_id).sort("deal_key", "seq").collect()
    inside = pl.col("entered_s") // DAY < pl.col("until_s") // DAY
    made = pl.col("entered_s") % DAY != 0
    exact = pl.col("entered_s").is_not_null() & (pl.col("until_s").is_null() | inside | made)
    first, last = (pl.when(exact).then("entered_s").otherwise(n) for n in ("after_s", "until_s"))
    return found.with_columns(first.alias("first"), last.alias("last"), exact.alias("exact")).select(
        "stage", _day("first", "window_start"), _day("last", "window_end"), "exact", "origin"
    )


def _day(name: str, alias: str) -> pl.Expr:
    return pl.from_epoch(pl.col(name) // DAY * DAY, time_unit="s").dt.date().alias(alias)
