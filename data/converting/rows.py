"""Which rows of a deals file are deals: repeats, deleted and empty rows are rejected, with their reason."""

from __future__ import annotations

import re

from data.converting import values
from data.converting.run import Run
from data.converting.source import File
from data.converting.told import tell
from data.engine.quoting import literal, quote
from data.errors import N_
from data.notice import Notice
from data.reading.distinct import all_differ

DELETED = N_("marked as deleted in the export")
EMPTY = N_("no cell of this row is filled")
WIDE = 100  # columns compared one by one; thousands of them would take all memory, one list does not
REPEAT = N_("exact repeat of row {row}")
RAW = re.compile('"c[0-9]+"')  # a cell as it stands in the file
AGAIN = N_("the same stands in {file}, which came later")
NEWER = N_("the same deal stands in {file}, which came later")


def create(run: Run) -> None:
    """Create the tables that collect what is left out, and why; only `drop` fills the second."""
    run.do('CREATE TABLE rejects (file VARCHAR, row BIGINT, "column" VARCHAR, text VARCHAR, reason VARCHAR)')
    run.do("CREATE TABLE dropped (number INTEGER, frn BIGINT)")


def reject(run: Run, files: list[File]) -> list[Notice]:
    """Find the rows that are not deals; return what to tell about rows that share an id."""
    notices = []
    for file in files:
        _deleted(run, file)
        empty(run, file)
    notices += _repeats(run, files)
    return notices + _newer(run, files)


def drop(run: Run, file: File, found: str) -> None:
    """Leave out the rows that `found` selects (frn, column, text, reason), once each."""
    run.do(f"CREATE OR REPLACE TEMP TABLE found AS {found}")
    fresh = f"frn NOT IN (SELECT frn FROM dropped WHERE number = {file.number})"
    run.do(
        f'INSERT INTO rejects SELECT {literal(file.name)}, f.row, f."column", f.text, f.reason '
        f"FROM found f WHERE {fresh}"
    )
    run.do(f"INSERT INTO dropped SELECT DISTINCT {file.number}, frn FROM found WHERE {fresh}")
    (out,) = run.one(f"SELECT count(*) FROM dropped WHERE number = {file.number}")
    run.left_out[file.number] = int(out)
    run.do("DROP TABLE found")


def count(run: Run, file: File) -> int:
    """Count the rows of a file that were left out."""
    return run.left_out[file.number]


def kept(run: Run, file: File) -> str:
    """Return FROM text for the rows of a file that stay."""
    if not count(run, file):
        return file.relation
    return (
        f"(SELECT * FROM {file.relation} r WHERE NOT EXISTS "
        f"(SELECT 1 FROM dropped d WHERE d.number = {file.number} AND d.frn = r.frn))"
    )


def _deleted(run: Run, file: File) -> None:
    if not file.has("is_deleted"):
        return
    cell, header = file.cell("is_deleted"), literal(file.recipe.fields["is_deleted"])
    drop(
        run,
        file,
        f'SELECT frn, row, {header} AS "column", {cell} AS text, {literal(DELETED)} AS reason '
        f"FROM {file.relation} WHERE {values.is_true(cell)}",
    )


def empty(run: Run, file: File) -> None:
    """Leave out the rows without any filled cell."""
    if not file.columns:
        return
    # Most rows are settled by the first filled column, so this costs one column, not all.
    nothing = f"coalesce({', '.join(quote(f'c{i}') for i in range(len(file.columns)))}, NULL) IS NULL"
    if run.one(f"SELECT count(*) FROM {file.relation} WHERE {nothing}")[0]:
        drop(
            run,
            file,
            f'SELECT frn, row, NULL AS "column", NULL AS text, {literal(EMPTY)} AS reason '
            f"FROM {file.relation} WHERE {nothing}",
        )


def replaced(run: Run, file: File, later: list[File], names: list[str]) -> int:
    """Leave out the rows that a later file of the same header has too; return how many.

    They are the same where the fields `names` are, or all columns where `names` is empty.
    """
    before = count(run, file)
    for other in later:
        mine, theirs = (
            "[" + ", ".join(f.cell(n) for n in names) + "]"
            if names
            else "[" + ", ".join(quote(f"c{i}") for i in range(len(f.columns))) + "]"
            for f in (file, other)
        )
        reason = literal(AGAIN.format(file=other.name))
        drop(
            run,
            file,
            f"SELECT frn, row, NULL AS \"column\", array_to_string({mine}, '; ') AS text, {reason} AS reason "
            f"FROM {kept(run, file)} WHERE {mine} IN (SELECT {theirs} FROM {kept(run, other)})",
        )
    return count(run, file) - before


def _repeats(run: Run, files: list[File]) -> list[Notice]:
    """Reject exact repeats of a row within a file, and count ids that stand for different deals.

    Only rows that share an id (or, with no id column, a name) can be repeats, so one column is grouped
    and all columns are compared for those rows alone. A file with neither may well hold two equal
    deals: its rows all stay.
    """
    notices = []
    for file in files:
        name = next((n for n in ("deal_id", "deal_name") if file.has(n)), None)
        if name is None:
            continue
        key = file.cell(name)
        if RAW.fullmatch(key) and all_differ(file.table.path, key.strip('"')):
            continue
        run.do(
            f"CREATE OR REPLACE TEMP TABLE twice AS SELECT {key} AS key FROM {kept(run, file)} "
            "GROUP BY 1 HAVING count(*) > 1"
        )
        if not run.one("SELECT count(*) FROM twice")[0]:
            continue
        same = ", ".join(quote(f"c{i}") for i in range(len(file.columns)))
        same = same if len(file.columns) <= WIDE else f"[{same}]"
        reason = f"replace({literal(REPEAT)}, '{{row}}', CAST(first_row AS VARCHAR))"
        drop(
            run,
            file,
            f"""
            SELECT frn, row, NULL AS "column", key AS text, {reason} AS reason FROM (
              SELECT frn, row, {key} AS key, min(row) OVER (PARTITION BY {same}) AS first_row,
                row_number() OVER (PARTITION BY {same} ORDER BY frn) AS nth
              FROM {kept(run, file)} r WHERE EXISTS (SELECT 1 FROM twice t WHERE t.key IS NOT DISTINCT
                FROM {key})
            ) WHERE nth > 1""",
        )
        if name == "deal_id":
            notices += _shared_ids(run, file, key)
    return notices


def _shared_ids(run: Run, file: File, key: str) -> list[Notice]:
    if file.has("snapshot_at"):
        return []
    ids, deals = run.one(
        f"SELECT count(*), coalesce(sum(n), 0)::BIGINT FROM (SELECT count(*) AS n "
        f"FROM {kept(run, file)} WHERE {key} IN (SELECT key FROM twice) GROUP BY {key} HAVING count(*) > 1)"
    )
    if not ids:
        return []
    header = file.recipe.fields["deal_id"]
    return [
        tell(
            "shared_id",
            deals,
            about=file.name,
            header=header,
            ids=ids,
            deals=deals,
            column=header,
        )
    ]


def _newer(run: Run, files: list[File]) -> list[Notice]:
    """Count a deal once where two files of one header hold it and no date tells them apart.

    Such files are the same list exported twice; the later upload counts (a dated file before any other).
    Lists that share no deal, one per region, stay as they are.
    """
    notices = []
    for file in files:
        if file.snapshot is not None or file.has("snapshot_at"):
            continue
        later = [
            f for f in files if f.print == file.print and (f.number > file.number or f.snapshot is not None)
        ]
        before = count(run, file)
        for other in later:
            same = file.has("deal_id") or _same_list(run, file, other)
            if same is None:
                notices.append(tell("added_up", file.rows, about=file.name, other=other.name))
            if not same:
                continue
            reason, key = NEWER.format(file=other.name), _identity(file)
            drop(
                run,
                file,
                f'SELECT frn, row, NULL AS "column", {file.cell(_named(file))} AS text, {literal(reason)} '
                "AS reason "
                f"FROM {kept(run, file)} WHERE {key} IN (SELECT {_identity(other)} FROM {kept(run, other)})",
            )
        if out := count(run, file) - before:
            notices.append(tell("undated_again", out, about=file.name, deals=out))
    return notices


def _named(file: File) -> str:
    return "deal_id" if file.has("deal_id") else "deal_name"


def _identity(file: File) -> str:
    """Return SQL for what a deal is known by: its id; without one its name, account and creation as written.

    Null where there is neither id nor name.
    """
    if file.has("deal_id"):
        return file.cell("deal_id")
    more = [f"coalesce({file.cell(n)}, '')" for n in ("account", "created_at") if file.has(n)]
    return f"concat_ws(chr(31), {', '.join([*more, literal('')])}) || {file.cell('deal_name')}"


def _same_list(run: Run, file: File, other: File) -> bool | None:
    """Say whether two files without ids are one list: most names are in both.

    None where names cannot tell, because there are none or one stands for several deals.
    """
    if not file.has("deal_name"):
        return None
    a, b = (f"(SELECT {_identity(f)} AS key FROM {kept(run, f)})" for f in (file, other))
    n, m, unique_n, unique_m = run.one(
        f"SELECT (SELECT count(key) FROM {a}), (SELECT count(key) FROM {b}), "
        f"(SELECT count(DISTINCT key) FROM {a}), (SELECT count(DISTINCT key) FROM {b})"
    )
    if not n or not m or (n, m) != (unique_n, unique_m):
        return None
    (both,) = run.one(f"SELECT count(*) FROM {a} WHERE key IN (SELECT key FROM {b})")
    return bool(2 * both > min(n, m))
