"""The way of each deal through the stages: entries, and what follows from them per deal.

Entries come from a stage-history file, from `Date entered` columns, and from comparing snapshots. Several
rows on one stage in a row are edits, not moves. Entries at the same time keep the order of the file, or
the reverse where the file lists the newest first.
"""

from __future__ import annotations

from data.converting import rows, values
from data.converting.run import Run
from data.converting.source import File
from data.converting.stages import StagePlan
from data.converting.told import tell
from data.engine.quoting import literal, quote
from data.errors import N_, HitrateError
from data.notice import Notice
from data.snapshots import derived

NO_KEY = N_("no deal id in this row")
NO_STAGE = N_("no stage in this row")
MOVES = (
    "deal_key BIGINT, stage VARCHAR, pipeline VARCHAR, entered_s BIGINT, ord BIGINT, after_s BIGINT, "
    "until_s BIGINT, origin VARCHAR DEFAULT 'history'"
)
INTO = "INSERT INTO moves (deal_key, stage, pipeline, entered_s, ord)"


def build(run: Run, deals: list[File], history: list[File], plan: StagePlan, snapshots: bool) -> list[Notice]:
    """Create the tables `entries` and `flow`; where nothing tells of the past, the first is empty and there
    is no second.

    With `snapshots` versions.parquet is there, and adds what the uploaded history does not tell. An entry
    that follows from it has a window (after_s, until_s) and the origin "snapshots".
    `flow` has per deal: visited_mask, furthest_no, last_no, reopened, entered_s (of the last entry),
    closing_s (of the last closing entry) and days_KK.
    """
    run.do(f"CREATE TEMP TABLE moves ({MOVES})")
    notices: list[Notice] = []
    for file in history:
        notices += _from_file(run, deals, file)
    if not run.one("SELECT count(*) FROM moves")[0]:
        notices += [n for i, file in enumerate(deals) for n in _from_columns(run, deals, i, file, plan)]
    if snapshots and (count := derived.add(run)):
        notices.append(tell("history_contradicted", count, entries=count))
    _entries(run, plan)
    if snapshots or run.one("SELECT count(*) FROM entries")[0]:
        flow(run, plan)
    if snapshots:
        derived.reopened(run)
    run.do("DROP TABLE moves")
    return notices


def _from_file(run: Run, deals: list[File], file: File) -> list[Notice]:
    """Read one stage-history file and join it to the deals by id (by name where there is no id)."""
    name = next((n for n in ("deal_id", "deal_name") if file.has(n) and any(d.has(n) for d in deals)), None)
    if name is None or not file.has("stage") or not file.has("changed_at"):
        raise no_join(file)
    key, stage = file.cell(name), file.cell("stage")
    for cell, reason, field in ((key, NO_KEY, name), (stage, NO_STAGE, "stage")):
        rows.drop(
            run,
            file,
            f'SELECT frn, row, {literal(file.recipe.fields[field])} AS "column", NULL AS text, '
            f"{literal(reason)} AS reason FROM {file.relation} WHERE {cell} IS NULL",
        )
    before = file.cell("from_stage")
    run.do(
        f"CREATE OR REPLACE TEMP TABLE raw AS SELECT {key} AS key, {stage} AS stage, {before} AS from_stage, "
        f"{changed(file)} AS entered_s, frn FROM {rows.kept(run, file)}"
    )
    run.do(
        f"CREATE OR REPLACE TEMP TABLE owners AS SELECT {quote(name)} AS key, min(deal_key) AS deal_key, "
        f"count(*) AS n FROM typed_now WHERE {quote(name)} IS NOT NULL GROUP BY 1"
    )
    if name == "deal_id":
        _short_ids(run)
    _join_raw(run, file)
    notices = _left_over(run, file, name)
    run.do("DROP TABLE raw")
    run.do("DROP TABLE owners")
    return notices


def _short_ids(run: Run) -> None:
    """Salesforce writes an id with 15 characters in reports and 18 elsewhere: the first 15 are the id."""
    found = run.one(
        "SELECT (SELECT count(*) FROM raw WHERE key IN (SELECT key FROM owners)), (SELECT "
        "max(length(key)) FROM raw), "
        "(SELECT min(length(key)) FROM raw), (SELECT max(length(key)) FROM owners), "
        "(SELECT min(length(key)) FROM owners)"
    )
    if found in ((0, 15, 15, 18, 18), (0, 18, 18, 15, 15)):
        run.do("UPDATE raw SET key = left(key, 15)")
        run.do("UPDATE owners SET key = left(key, 15)")


def _join_raw(run: Run, file: File) -> None:
    """Put the rows of one history into `moves`; a first row that says where it came from counts as two."""
    sign = -1 if _newest_first(run) else 1
    run.do(f"""
        {INTO}
        SELECT o.deal_key, r.stage, t.pipeline, r.entered_s, {sign} * r.frn
        FROM raw r JOIN owners o ON o.key = r.key JOIN typed_now t ON t.deal_key = o.deal_key""")
    if not file.has("from_stage"):
        return
    # Histories that list changes only: the deal stood in the first "from" stage since it was created.
    run.do(f"""
        {INTO}
        SELECT o.deal_key, f.from_stage, t.pipeline, least(t.created_s, f.entered_s), {-(2**53)}
        FROM (SELECT key, arg_min(from_stage, (entered_s, {sign} * frn)) AS from_stage,
          min(entered_s) AS entered_s
              FROM (SELECT key, coalesce(from_stage, '') AS from_stage, entered_s,
                frn FROM raw WHERE entered_s IS NOT NULL)
              GROUP BY 1) f
        JOIN owners o ON o.key = f.key JOIN typed_now t ON t.deal_key = o.deal_key
        WHERE f.from_stage <> '' AND t.created_s IS NOT NULL""")


def _newest_first(run: Run) -> bool:
    """Say whether a file lists a deal's newest change first, over all deals and pairs of rows."""
    (later, earlier) = run.one("""
        SELECT count(*) FILTER (entered_s > before), count(*) FILTER (entered_s < before) FROM (
          SELECT entered_s, lag(entered_s) OVER (PARTITION BY key ORDER BY frn) AS before FROM raw)""")
    return bool(earlier > later)


def _left_over(run: Run, file: File, name: str) -> list[Notice]:
    lost_rows, lost_keys = run.one(
        "SELECT count(*), count(DISTINCT key) FROM raw WHERE key NOT IN (SELECT key FROM owners)"
    )
    (without,) = run.one(
        "SELECT count(*) FROM typed_now t WHERE NOT EXISTS "
        "(SELECT 1 FROM moves m WHERE m.deal_key = t.deal_key)"
    )
    (double,) = run.one("SELECT count(*) FROM owners WHERE n > 1 AND key IN (SELECT key FROM raw)")
    column = file.recipe.fields[name]
    told = [
        tell("history_unmatched", lost_rows, about=file.name, header=column, rows=lost_rows, keys=lost_keys),
        tell("history_missing", without, about=file.name, deals=without),
        tell("history_shared_id", double, about=file.name, header=column, ids=double),
    ]
    return [notice for notice in told if notice.count]


def _from_columns(run: Run, deals: list[File], place: int, file: File, plan: StagePlan) -> list[Notice]:
    """Read `Date entered "Stage"` columns: each filled cell is an entry; a tie keeps the stage order."""
    parts = []
    for i, column in enumerate(file.recipe.stage_columns):
        if column.column in file.cells:
            when = values.seconds(
                file.cells[column.column], file.recipe.dates.get(column.column, file.date_rule("created_at"))
            )
            parts.append(
                f"{{'stage': {literal(column.stage)}, 'of': {literal(column.pipeline)}, "
                f"'s': {when}, 'o': {i}}}"
            )
    if not parts:
        return []
    stages = "UNNEST([" + ", ".join(parts) + "])"
    run.do(f"CREATE OR REPLACE TEMP TABLE raw AS SELECT row, {stages} AS e FROM {rows.kept(run, file)}")
    order = plan.number("e.stage", "t.pipeline") if plan.most else "NULL"
    run.do(f"""
        {INTO}
        SELECT t.deal_key, e.stage, t.pipeline, e.s, coalesce({order}, {plan.most + 1} + e.o)
        FROM raw r JOIN typed_now t ON t.file_no = {file.number} AND t.row = r.row
        WHERE e.s IS NOT NULL AND (e.of IS NULL OR t.pipeline IS NULL OR e.of = t.pipeline)""")
    (other,) = run.one(f"""
        SELECT count(*) FROM raw r JOIN typed_now t ON t.file_no = {file.number} AND t.row = r.row
        WHERE e.s IS NOT NULL AND e.of <> t.pipeline""")
    run.do("DROP TABLE raw")
    return [tell("stage_of_other_pipeline", other, about=file.name, entries=other)] if other else []


def _entries(run: Run, plan: StagePlan) -> None:
    order = "PARTITION BY deal_key ORDER BY entered_s NULLS FIRST, ord"
    number = plan.number("stage", "pipeline")
    run.do(f"""
        CREATE TABLE entries AS
        SELECT deal_key, row_number() OVER w AS seq, stage, {number} AS stage_no, entered_s,
          lead(entered_s) OVER w AS left_s, {plan.kind("stage")} AS kind, after_s, until_s, origin,
          row_number() OVER w = count(*) OVER (PARTITION BY deal_key) AS is_last
        FROM (SELECT *, lag(stage) OVER ({order}) AS before FROM moves)
        WHERE before IS DISTINCT FROM stage
        WINDOW w AS ({order})""")


def flow(run: Run, plan: StagePlan) -> None:
    """Create `flow` from `entries` and `typed_now`: what they sum up to per deal.

    A decided deal's last open stage ended when the deal closed.
    """
    days = "".join(
        f", CAST(sum(until - entered_s) FILTER (stage_no = {k} AND until >= entered_s) // 86400 AS BIGINT) "
        f"AS {quote(days_name(k))}"
        for k in range(1, plan.most + 1)
    )
    run.do(f"""
        CREATE TABLE flow AS
        SELECT deal_key, coalesce(bit_or(1::BIGINT << (stage_no - 1)), 0) AS visited_mask,
          coalesce(max(stage_no), 0) AS furthest_no,
          coalesce(arg_max(stage_no, seq) FILTER (stage_no IS NOT NULL), 0) AS last_no,
          coalesce(bool_or(kind = 'open' AND seq > first_closed), false) AS reopened,
          arg_max_null(entered_s, seq) AS entered_s, max(entered_s) FILTER (kind <> 'open') AS closing_s{days}
        FROM (SELECT e.*, min(seq) FILTER (kind <> 'open') OVER (PARTITION BY e.deal_key) AS first_closed,
                CASE WHEN is_last AND t.status <> 'open' THEN t.closed_s ELSE left_s END AS until
              FROM entries e JOIN typed_now t ON t.deal_key = e.deal_key)
        GROUP BY 1""")


def changed(file: File) -> str:
    """Return SQL for the time of a row of a stage history."""
    return values.seconds(file.cell("changed_at"), file.date_rule("changed_at"))


def days_name(stage: int) -> str:
    """Return the name of the column with the days spent in a stage."""
    return f"days_{stage:02d}"


def no_join(file: File) -> HitrateError:
    return HitrateError(
        N_("A stage history that cannot be used"),
        N_(
            "{file} needs a column with the deal's id, one with the stage and one with the date of the "
            "change."
        ),
        N_("Point to these columns on the Review page, or leave the file out."),
        file=file.name,
    )
