"""Stage entries that follow from comparing exports, and what an uploaded history says to them.

An entry seen by comparing two exports happened between them: its window begins when the deal was last seen
otherwise and ends on the day of the export that shows it. It is dated by that day unless the export itself
gives a date within the window (when the deal entered its stage, when it closed, when it was created).

Where a history was uploaded too, the history counts. The snapshots add what it does not speak of: deals
without any row in it, entries from before its first or after its last row. An entry within its time that it
does not have is a contradiction, and is listed.
"""

from __future__ import annotations

from pathlib import Path

from data.converting.run import Run
from data.engine.quoting import literal
from data.snapshots.families import DAY


def moves(versions: str) -> str:
    """Return a query for the stage entries that versions tell of.

    Columns: deal_no, deal_key, stage, pipeline, after_s and until_s (window; null: unknown), entered_s
    (null: not known), nth. `versions` is FROM text.
    """
    return f"""
        SELECT deal_no, deal_key, stage, pipeline, after_s, until_s, nth, CASE
            WHEN first AND in_view
              THEN CASE WHEN stage_no = 1 AND created_s < until_s + {DAY} THEN created_s END
            WHEN exact BETWEEN coalesce(after_s, exact) AND until_s + {DAY - 1} THEN exact
            WHEN first AND created_s > until_s AND created_s < until_s + {DAY} THEN created_s
            ELSE until_s END AS entered_s
        FROM (
          SELECT deal_no, deal_key, stage, stage_no, pipeline, created_s, in_view, before IS NULL AS first,
            from_s AS until_s, nth, CASE WHEN before IS NOT NULL THEN shown_s
              WHEN in_view THEN CASE WHEN created_s < from_s + {DAY} THEN created_s END
              WHEN created_s < from_s + {DAY} THEN greatest(created_s, coalesce(before_s, created_s))
              ELSE before_s END AS after_s,
            CASE WHEN before IS NULL AND stage_no = 1 THEN created_s
              WHEN stage_no IS NULL THEN coalesce(closed_s, stage_entered_s) ELSE stage_entered_s END AS exact
          FROM (
            SELECT deal_no, deal_key, stage, stage_no, pipeline, created_s, closed_s, stage_entered_s,
              in_view, from_s, before_s, lag(stage) OVER w AS before, lag(last_s) OVER w AS shown_s,
              row_number() OVER w AS nth
            FROM {versions} WHERE stage IS NOT NULL WINDOW w AS (PARTITION BY deal_no ORDER BY from_s))
          WHERE before IS DISTINCT FROM stage)"""


def add(run: Run) -> int:
    """Add to the table `moves` what the versions tell beyond it; list what contradicts an uploaded history.

    Writes contradictions.parquet where there are any, and returns how many.
    """
    source = f"read_parquet({literal(str(run.target / 'versions.parquet'))})"
    run.do(f"CREATE TEMP TABLE derived AS SELECT * FROM ({moves(source)}) WHERE deal_key IS NOT NULL")
    run.do(
        "CREATE TEMP TABLE told AS SELECT deal_key, min(entered_s) AS first_s, (SELECT max(entered_s) FROM "
        "moves) "
        "AS last_s FROM moves GROUP BY 1"
    )
    run.do(f"""
        CREATE TEMP TABLE judged AS
        SELECT d.*, CASE WHEN t.deal_key IS NULL THEN 'new'
            WHEN EXISTS (SELECT 1 FROM moves m WHERE m.deal_key = d.deal_key AND m.stage = d.stage AND
              (m.entered_s IS NULL OR (m.entered_s >= coalesce(d.after_s, m.entered_s)
                AND m.entered_s < d.until_s + {DAY}))) THEN 'known'
            WHEN d.until_s < coalesce(t.first_s, d.until_s) OR d.until_s + {DAY} > t.last_s THEN 'new'
            ELSE 'contradicts' END AS verdict
        FROM derived d LEFT JOIN told t ON t.deal_key = d.deal_key""")
    (count,) = run.one("SELECT count(*) FROM judged WHERE verdict = 'contradicts'")
    if count:
        _write(run)
    run.do(
        "INSERT INTO moves (deal_key, stage, pipeline, entered_s, ord, after_s, until_s, origin) "
        "SELECT deal_key, stage, pipeline, entered_s, nth, after_s, until_s, 'snapshots' FROM judged "
        "WHERE verdict = 'new'"
    )
    for table in ("derived", "told", "judged"):
        run.do(f"DROP TABLE {table}")
    return int(count)


def _write(run: Run) -> None:
    """List the contradictions, each with the entry into that stage that the history has nearest to it."""
    path = literal(str(run.target / "contradictions.parquet"))
    run.do(f"""
        COPY (
          SELECT t.deal_id, t.deal_name, j.stage, j.after_s, j.until_s,
            (SELECT arg_min(m.entered_s, abs(m.entered_s - j.until_s)) FROM moves m
             WHERE m.deal_key = j.deal_key AND m.stage = j.stage) AS history_s
          FROM judged j JOIN typed_now t ON t.deal_key = j.deal_key
          WHERE j.verdict = 'contradicts' ORDER BY j.until_s, t.deal_id, j.nth
        ) TO {path} (FORMAT parquet)""")


def reopened(run: Run, until: int | None = None, folder: Path | None = None) -> None:
    """Mark in the table `flow` the deals that one export shows decided and a later one open.

    With `until` (a second) only what was seen by then counts, for deals numbered as in `typed_now`.
    """
    source = f"read_parquet({literal(str(((folder or run.target) / 'versions.parquet').resolve()))})"
    seen = "" if until is None else f"WHERE from_s <= {until}"
    owner = "t.deal_key" if until is None else "n.deal_key"
    joined = "" if until is None else "JOIN typed_now n ON n.deal_no = t.deal_no"
    run.do(f"""
        UPDATE flow SET reopened = true WHERE deal_key IN (
          SELECT {owner} FROM (SELECT deal_no, deal_key, status, lag(status) OVER
            (PARTITION BY deal_no ORDER BY from_s) AS before FROM {source} {seen}) t {joined}
          WHERE t.status = 'open' AND t.before <> 'open' AND {owner} IS NOT NULL)""")
