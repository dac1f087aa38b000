"""The typed columns of deals, before anything is known of their way through the stages."""

from __future__ import annotations

from dataclasses import dataclass

from data.converting import outcome, rows, values
from data.converting.looking import DIMENSIONS, FEW
from data.converting.lookup import answers, by_value
from data.converting.run import Run
from data.converting.source import File
from data.converting.stages import StagePlan
from data.engine.quoting import literal, quote
from data.engine.tables import DEALS, VERSIONS
from data.meta import STATUSES
from data.naming import unique

TIMES = {
    "created_s": "created_at",
    "expected_close_s": "expected_close_at",
    "first_contact_s": "first_contact_at",
    "last_activity_s": "last_activity_at",
    "stage_entered_s": "stage_entered_at",
    "modified_s": "modified_at",
}
MONEY = {"amount_minor": "amount", "recurring_minor": "recurring_amount"}
MANY = 50_000  # rows from which it pays to know the values of a column before writing it

DECIDED = "('won', 'lost', 'disqualified')"


@dataclass(frozen=True)
class Column:
    """A dimension column of the deals table: its name there, and its header per file number."""

    name: str
    label: str
    headers: dict[int, str]
    field: str | None


def dimensions(deals: list[File]) -> list[Column]:
    """Return the dimension columns of all deals files: canonical names first, then kept headers."""
    found: dict[str, Column] = {}
    taken = [*DEALS, *VERSIONS, *DIMENSIONS, "result", *(f"days_{n:02d}" for n in range(1, 100))]
    for file in deals:
        fields = {n: h for n, h in file.recipe.fields.items() if h in file.cells}
        for name in (*DIMENSIONS, "result"):
            header = fields.get(name)
            if header is not None and not (name == "result" and header == file.recipe.outcome.column):
                found.setdefault(name, Column(name, header, {}, name)).headers[file.number] = header
        for header in dict.fromkeys(file.recipe.keep):
            if header not in file.cells or header in fields.values():
                continue
            id_ = "\0" + header.casefold()  # one header in several files is one column
            if id_ not in found:
                name = unique(header, [*taken, *(c.name for c in found.values())])
                found[id_] = Column(name, header, {}, None)
            found[id_].headers[file.number] = header
    return list(found.values())


def create(run: Run, deals: list[File], plan: StagePlan, columns: list[Column]) -> None:
    """Create the view `typed`: one row per kept row of every deals file, with a key 1..n.

    Where rows were left out the keys are numbered in a table of their own, so that they are the same
    however often the view is read; else a row's place in its file is its key.
    """
    start, parts = 0, []
    whole = all(not rows.count(run, f) and not f.derived for f in deals)
    if not whole:
        numbered = " UNION ALL ".join(
            f"SELECT {i} AS file_no, frn FROM {rows.kept(run, f)}" for i, f in enumerate(deals)
        )
        run.do(
            "CREATE TABLE keys AS SELECT file_no, frn, row_number() OVER (ORDER BY file_no, frn) AS "
            "deal_key "
            f"FROM ({numbered})"
        )
    for i, file in enumerate(deals):
        source = file.relation
        key = f"frn + {start + 1}"
        if not whole:
            met = f"k.file_no = {i} AND k.frn = s.frn"
            source = f"(SELECT s.*, k.deal_key AS given_key FROM {source} s JOIN keys k ON {met})"
            key = "given_key"
        parts.append(select(file, plan, columns, source, key, run))
        start += file.rows
    run.do("CREATE VIEW typed AS " + " UNION ALL ".join(parts))


def select(
    file: File, plan: StagePlan, columns: list[Column], source: str, key: str, run: Run | None = None
) -> str:
    """Return the query for the typed rows of one file, read from `source`; `key` is SQL for their deal_key.

    With `run`, what follows from one column of few values is worked out now, once per value.
    """
    inner = _words(file, columns)
    number = plan.number(inner["stage"], inner["pipeline"])
    here = {"stage_no": number, "here_no": f"coalesce({number}, 0)",
            "here_mask": f"coalesce(1::BIGINT << ({number} - 1), 0)"}  # fmt: skip
    if run is not None:
        inner = {name: by_value(run, file, sql) for name, sql in inner.items()}
        here = {name: by_value(run, file, sql, "BIGINT") for name, sql in here.items()}
    for column, name in TIMES.items():
        inner[column] = file.seconds(name) if file.has(name) else "NULL::BIGINT"
    ended = outcome.times(file)
    if run is not None and ended:  # a date read beforehand is read once per value; in a CASE, row by row
        source = f"(SELECT *, {', '.join(f'{sql} AS {quote(n)}' for n, sql in ended.items())} FROM {source})"
        ended = {name: quote(name) for name in ended}
    inner["closed_s"] = outcome.closed(file, f"({inner['status']})", ended)
    inner |= money(file)
    inner["probability"] = (
        values.share(file.cell("probability"), file.number_rule("probability"), file.is_plain("probability"))
        if file.has("probability")
        else "NULL::DOUBLE"
    )
    inner["snapshot_s"] = snapshot(file)
    typed = ", ".join(f"{sql} AS {quote(name)}" for name, sql in (inner | here).items())
    return (
        f"SELECT {key} AS deal_key, {literal(file.name)} AS file, {file.number} AS file_no, row, {typed} "
        f"FROM {source}"
    )


def _words(file: File, columns: list[Column]) -> dict[str, str]:
    """Return SQL for the columns of text."""
    inner = {name: file.cell(name) for name in ("deal_id", "deal_name", "stage")}
    inner["pipeline"] = (
        file.word(file.recipe.fields["pipeline"])
        if file.has("pipeline")
        else literal(file.pipeline)
        if file.pipeline
        else "NULL::VARCHAR"
    )
    inner["status"] = outcome.status(file)
    inner["currency"] = currency(file)
    for dimension in columns:
        header = dimension.headers.get(file.number)
        inner[dimension.name] = file.word(header) if header else "NULL::VARCHAR"
    return inner


def said(deals: list[File], with_flow: bool, with_activities: bool) -> set[str]:
    """Return the columns, of those a file of deals may leave out, that some upload says something of."""
    fields = {**TIMES, "expected_close_month": "expected_close_at", "recurring_minor": "recurring_amount"}
    found = {column for column, name in fields.items() if any(f.has(name) for f in deals)}
    found |= {"probability"} if any(f.has("probability") for f in deals) else set()
    found |= {"pipeline"} if any(f.has("pipeline") or f.pipeline for f in deals) else set()
    found |= {"first_contact_s", "last_activity_s"} if with_activities else set()
    return found | ({"stage_entered_s", "stood_days"} if with_flow else set())


def listed(run: Run, deals: list[File], columns: list[Column]) -> dict[str, list[str]]:
    """Return the columns of text with few values, each with all its values (and maybe a few more).

    Only columns whose values are known are looked at: that costs nothing.
    """
    if sum(f.rows for f in deals) < MANY or any(f.joined or f.derived for f in deals):
        return {}
    found: dict[str, set[str]] = {"file": {f.name for f in deals}, "status": set(STATUSES)}
    for file in deals:
        fields = file.recipe.fields
        headers = {n: fields.get(n) for n in ("stage", "pipeline", "currency")}
        headers |= {c.name: c.headers.get(file.number) for c in columns}
        texts = _words(file, columns)
        for name, header in headers.items():
            known = dict(run.rows(f"SELECT NULL, {texts[name]}")) if header is None else None
            known = answers(run, file, texts[name]) if known is None else known
            many = (str(i) for i in range(FEW + 1))
            found.setdefault(name, set()).update(
                many if known is None else (str(v) for v in known.values() if v is not None)
            )
    return {name: sorted(values_) for name, values_ in found.items() if 0 < len(values_) <= FEW}


def money(file: File) -> dict[str, str]:
    """Return SQL for the amounts of a file. A blank is unknown, never nothing."""
    found = {}
    for column, name in MONEY.items():
        use = "amount_actual" if name == "amount" and not file.has("amount") else name
        found[column] = (
            values.minor(file.cell(use), file.number_rule(use), file.is_plain(use))
            if file.has(use)
            else "NULL::BIGINT"
        )
    return found


def currency(file: File) -> str:
    """Return SQL for the ISO code of a deal's currency; NULL when its word is not known."""
    default = literal(file.recipe.currency) if file.recipe.currency else "NULL::VARCHAR"
    if not file.has("currency"):
        return default
    cell = file.cell("currency")
    words = "".join(
        f" WHEN {literal(w.strip())} THEN {literal(c)}" for w, c in file.recipe.currency_words.items()
    )
    return (
        f"CASE WHEN {cell} IS NULL THEN {default} ELSE CASE {cell}{words} ELSE "
        f"CASE WHEN regexp_full_match({cell}, '[A-Za-z]{{3}}') THEN upper({cell}) END END END"
        if words
        else f"CASE WHEN {cell} IS NULL THEN {default} "
        f"WHEN regexp_full_match({cell}, '[A-Za-z]{{3}}') THEN upper({cell}) END"
    )


def snapshot(file: File) -> str:
    """Return SQL for the day (in seconds) a row speaks of: its column's, the file name's, else NULL."""
    day = literal(file.snapshot) if file.snapshot else "NULL::DATE"
    named = f"epoch_us(CAST({day} AS TIMESTAMP)) // 1000000"
    if not file.has("snapshot_at"):
        return named
    return f"coalesce({values.seconds(file.cell('snapshot_at'), file.date_rule('snapshot_at'))}, {named})"
