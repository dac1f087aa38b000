"""A workspace as one of its snapshots showed it: the same tables, rebuilt from the versions of that day.

Kept on disk beside the generation, so that it is made once. It is written under a name that says it is not
finished and renamed when it is: a crash leaves nothing that is half, and two readers who make it at the same
time make the same.
"""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import polars as pl

from data.converting import describe, further, history, rows, writing
from data.converting.run import Run
from data.converting.stages import StagePlan
from data.converting.typed import Column
from data.engine.quoting import literal, quote
from data.meta import Dimension, Meta
from data.snapshots import derived
from data.snapshots.families import DAY
from data.snapshots.reading import snapshot_day
from data.snapshots.versions import MONTHS, STATE
from data.workspace.durable import publish

if TYPE_CHECKING:
    from data.imported import Pipeline

FOLDER = "asof"
PENDING = ".tmp-"
KEPT = 24  # of the days made last; the others are made again when they are asked for
FIRST = date(2000, 1, 1)
OWN = (
    *STATE,
    *MONTHS,
    "deal_no",
    "deal_key",
    "from_s",
    "until_s",
    "last_s",
    "before_s",
    "seen_s",
    "in_view",
    "file",
    "row",
)


def key(pipeline_key: tuple[str, int], day: date) -> tuple[str, int]:
    """Return the key of a workspace as of a day: never that of a generation, nor of another day."""
    return pipeline_key[0], pipeline_key[1] * 100_000 + (day - FIRST).days


def folder(pipeline: Pipeline, day: date) -> Path:
    """Return the folder with the tables as of the day of a snapshot, making them if they are not there.

    HitrateError when there is no snapshot of that day; the nearest is named.
    """
    snapshot_day(pipeline, day)
    home = pipeline.folder / FOLDER
    done = home / day.isoformat()
    if (done / "meta.json").is_file():
        os.utime(done)
        return done
    home.mkdir(exist_ok=True)
    pending = home / f"{PENDING}{day.isoformat()}-{uuid4().hex[:8]}"
    try:
        pending.mkdir()
        _write(pipeline, day, pending)
        try:
            publish(pending, done)
        except OSError:
            if not (done / "meta.json").is_file():  # not because another reader was quicker
                raise
    finally:
        shutil.rmtree(pending, ignore_errors=True)
    _prune(home, done)
    return done


def _prune(home: Path, newest: Path) -> None:
    """Remove what was not read for longest, and what a crash left."""
    made = sorted((p for p in home.iterdir() if not p.name.startswith(".")), key=lambda p: -p.stat().st_mtime)
    for path in made[KEPT:]:
        if path != newest:
            shutil.rmtree(path, ignore_errors=True)
    for path in home.glob(f"{PENDING}*"):
        if newest.stat().st_mtime - path.stat().st_mtime > DAY:
            shutil.rmtree(path, ignore_errors=True)


def _write(pipeline: Pipeline, day: date, target: Path) -> None:
    """Write deals.parquet, stage_entries.parquet and meta.json as of a day into a folder."""
    meta = pipeline.meta
    second = (day - date(1970, 1, 1)).days * DAY
    schema = pipeline.engine.schema("versions")
    columns = [Column(n, meta.labels.get(n, n), {}, None) for n in schema if n not in OWN]
    plan = StagePlan({p.name: tuple(s.label for s in p.stages) for p in meta.pipelines}, {})
    with Run(target, [pipeline.folder]) as run:
        rows.create(run)
        _deals(run, pipeline.folder, second)
        _entries(run, pipeline.folder, second)
        history.flow(run, plan)
        derived.reopened(run, second, pipeline.folder)
        said = pl.read_parquet_schema(pipeline.folder / "deals.parquet")
        writing.write_deals(run, plan, columns, meta.stage_source == "history", {}, said)
        writing.write_entries(run)
        further.as_of(run, pipeline.folder, second + DAY - 1)
        made = _describe(run, meta, day)
    (target / "meta.json").write_text(made.model_dump_json(), encoding="utf-8")


def _versions(folder: Path) -> str:
    return f"read_parquet({literal(str((folder / 'versions.parquet').resolve()))})"


def _deals(run: Run, folder: Path, second: int) -> None:
    """Create `typed_now`: the versions that cover the day, numbered from 1."""
    run.do(
        "CREATE TABLE typed_now AS SELECT row_number() OVER (ORDER BY deal_no) AS deal_key, deal_key AS "
        "given_key, "
        f"* EXCLUDE (deal_key, {', '.join(MONTHS)}), NULL::BIGINT AS last_activity_s, coalesce(stage_no, "
        "0) AS "
        f"here_no, coalesce(1::BIGINT << (stage_no - 1), 0) AS here_mask FROM {_versions(folder)} "
        f"WHERE from_s <= {second} AND (until_s > {second} OR until_s IS NULL)"
    )


def _entries(run: Run, folder: Path, second: int) -> None:
    """Create `entries`: those known on that day. Of a deal that is no longer there the versions tell."""
    path = folder / "stage_entries.parquet"
    parts = []
    if path.exists():
        parts.append(
            "SELECT t.deal_key, e.stage, e.stage_no, e.entered_s, e.kind, e.after_s, e.until_s, e.origin, "
            "e.seq "
            f"FROM read_parquet({literal(str(path.resolve()))}) e JOIN typed_now t ON t.given_key = "
            "e.deal_key "
            f"WHERE CASE WHEN e.origin = 'snapshots' THEN e.until_s <= {second} "
            f"ELSE coalesce(e.entered_s, 0) < {second + DAY} END"
        )
    gone = f"(SELECT * FROM {_versions(folder)} WHERE deal_key IS NULL AND from_s <= {second})"
    parts.append(
        "SELECT t.deal_key, m.stage, v.stage_no, m.entered_s, CASE WHEN v.stage_no IS NOT NULL THEN 'open' "
        "ELSE "
        "v.status END AS kind, m.after_s, m.until_s, 'snapshots' AS origin, m.nth AS seq "
        f"FROM ({derived.moves(gone)}) m JOIN {gone} v ON v.deal_no = m.deal_no AND v.from_s = m.until_s "
        "JOIN typed_now t ON t.deal_no = m.deal_no"
    )
    run.do(
        "CREATE TABLE entries AS SELECT deal_key, row_number() OVER w AS seq, stage, stage_no, entered_s, "
        "lead(entered_s) OVER w AS left_s, kind, after_s, until_s, origin, "
        "row_number() OVER w = count(*) OVER (PARTITION BY deal_key) AS is_last "
        f"FROM ({' UNION ALL '.join(parts)}) WINDOW w AS (PARTITION BY deal_key ORDER BY seq)"
    )


def _describe(run: Run, meta: Meta, day: date) -> Meta:
    """Return the description as of the day: its counts; definitions, labels and stages as they are."""
    seen = describe.see(run)
    (compared,) = run.one("SELECT count(*) FROM entries WHERE origin = 'snapshots'")
    counts = seen.counts | {
        "entries_from_snapshots": int(compared),
        "stage_entries": int(run.one("SELECT count(*) FROM entries")[0]),
        "values_unread": 0,
    }
    return meta.model_copy(
        update={
            "as_of": day,
            "as_of_source": "given",
            "currencies": seen.currencies,
            "counts": counts,
            "dimensions": tuple(_dimension(run, d) for d in meta.dimensions),
            "has_created": counts["with_created_s"] > 0,
            "has_closed": counts["with_closed_s"] > 0,
            "has_amount": counts["with_amount_minor"] > 0,
            "has_contact": counts["with_first_contact_s"] > 0,
            "tables": {},
        }
    )


def _dimension(run: Run, known: Dimension) -> Dimension:
    values, blanks = run.one(
        f"SELECT count(DISTINCT {quote(known.column)}), count(*) - count({quote(known.column)}) "
        f"FROM {describe.deals(run)}"
    )
    return known.model_copy(update={"values": int(values), "blanks": int(blanks)})
