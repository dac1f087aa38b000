"""Versions of deals: how each stood, from which export until which."""

from __future__ import annotations

from data.converting import values
from data.converting.run import Run
from data.converting.typed import Column
from data.engine.quoting import literal, quote
from data.snapshots.families import Family
from data.snapshots.scope import Reader, Scope

# What makes up how a deal stands; the dimension columns come on top. The last activity and the last change
# are not part of it: they move without the deal moving.
STATE = (
    "deal_id", "deal_name", "status", "stage", "stage_no", "pipeline", "created_s", "closed_s",
    "expected_close_s", "first_contact_s", "stage_entered_s", "amount_minor", "currency", "recurring_minor",
    "probability",
)  # fmt: skip
MONTHS = {
    "created_month": "created_s",
    "closed_month": "closed_s",
    "expected_close_month": "expected_close_s",
}
# Small, because a generation may keep hundreds of exports: neighbouring versions of a deal repeat nearly
# every cell, and only zstd finds that. Those of today lie apart, in front: most questions ask for them.
PARQUET = "(FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, ROW_GROUP_SIZE 245760)"
ORDER = "r.until_s IS NOT NULL, s.deal_no, r.from_s"


def state(columns: list[Column]) -> list[str]:
    """Return the names of the columns that make up how a deal stands."""
    return [*STATE, *(c.name for c in columns)]


def create(run: Run) -> None:
    """Create the tables that collect the versions of all families."""
    run.do(
        "CREATE TABLE starts (deal_no BIGINT, family INTEGER, from_s BIGINT, before_s BIGINT, place "
        "INTEGER, frn BIGINT)"
    )
    run.do("CREATE TABLE ends (deal_no BIGINT, until_s BIGINT, last_s BIGINT)")
    run.do("CREATE TABLE now_keys (place INTEGER, frn BIGINT, deal_no BIGINT)")


def follow(run: Run, family: Family) -> None:
    """Add what begins and ends at each day of one family, and the rows that count now."""
    for day, second in enumerate(family.days):
        same = "b.deal_no = a.deal_no AND b.h = a.h"
        before = "NULL" if day == 0 else str(family.days[day - 1])
        run.do(
            f"INSERT INTO starts SELECT deal_no, {family.number}, {second}, {before}, place, frn FROM seen a "
            f"WHERE day_no = {day} AND deal_no IS NOT NULL AND NOT EXISTS "
            f"(SELECT 1 FROM seen b WHERE b.day_no = {day - 1} AND {same})"
        )
        run.do(
            f"INSERT INTO ends SELECT a.deal_no, {second}, d.s FROM seen a JOIN days d ON d.day_no = "
            "a.last_no "
            f"WHERE a.day_no = {day - 1} AND a.deal_no IS NOT NULL AND NOT EXISTS "
            f"(SELECT 1 FROM seen b WHERE b.day_no = {day} AND {same})"
        )
    last = len(family.days) - 1
    run.do(
        f"INSERT INTO ends SELECT a.deal_no, NULL, d.s FROM seen a JOIN days d ON d.day_no = a.last_no "
        f"WHERE a.day_no = {last} AND a.deal_no IS NOT NULL"
    )
    run.do(f"INSERT INTO now_keys SELECT place, frn, deal_no FROM seen WHERE day_no = {last}")


def write(reader: Reader, scopes: dict[tuple[int, int], Scope]) -> None:
    """Write versions.parquet.

    A row is read once, where its text was first seen; what reads the same after all (a date written in
    another way) is one version. `scopes` are the filters of exports by family and day: a deal that appears
    after an export that did not cover it came into view and is not new. `seen_s` is the day from which it was
    there without a gap; in_view holds for all of that time.
    """
    run, names = reader.run, state(reader.columns)
    run.do(
        "CREATE TABLE picked AS SELECT row_number() OVER (ORDER BY s.deal_no, s.from_s) AS pick, s.*, "
        "e.until_s, e.last_s FROM (SELECT *, row_number() OVER (PARTITION BY deal_no ORDER BY from_s) AS k "
        "FROM "
        "starts) s JOIN (SELECT *, row_number() OVER (PARTITION BY deal_no ORDER BY until_s NULLS LAST) AS "
        "k FROM "
        "ends) e ON e.deal_no = s.deal_no AND e.k = s.k"
    )
    listed = ", ".join(quote(n) for n in names)
    stood = (
        'SELECT p.pick AS ".pick", p.deal_no, p.family AS ".family", p.from_s, '
        "p.until_s, p.last_s, p.before_s, "
        f"t.file, t.row, {', '.join('t.' + quote(n) for n in names)}, "
        f'hash({", ".join("t." + quote(n) for n in names)}) AS ".h" '
        f"FROM picked p JOIN (SELECT deal_key, file, row, {listed} FROM"
    )
    for i, part in enumerate(reader.parts("picked")):
        into = "INSERT INTO stood" if i else "CREATE TABLE stood AS"
        run.do(f"{into} {stood} {part}) t ON t.deal_key = p.pick")
    run.do("DROP TABLE picked")
    _runs(run)
    run.do(
        "CREATE TABLE now_numbers AS SELECT deal_no, min(key) AS deal_key FROM now_rows WHERE deal_no IS "
        "NOT NULL "
        "GROUP BY 1"
    )
    months = ", ".join(f"{values.month(when)} AS {name}" for name, when in MONTHS.items())
    path = literal(str(run.target / "versions.parquet"))
    run.do(
        "COPY (SELECT s.deal_no, n.deal_key, r.from_s, r.until_s, r.last_s, s.before_s, r.seen_s, "
        f"bool_or({_in_view(scopes)}) OVER (PARTITION BY s.deal_no, r.seen_s) AS in_view, "
        f"s.file, s.row, {', '.join('s.' + quote(n) for n in names)}, {months} FROM runs r JOIN stood s ON "
        's.".pick" = r.pick '
        f"LEFT JOIN now_numbers n ON n.deal_no = s.deal_no ORDER BY {ORDER}) "
        f"TO {path} {PARQUET}"
    )
    for table in ("stood", "runs", "starts", "ends", "now_numbers"):
        run.do(f"DROP TABLE {table}")


def _runs(run: Run) -> None:
    """Put neighbouring versions together that read the same."""
    order = "PARTITION BY deal_no ORDER BY from_s"
    run.do(
        f"""
        CREATE TABLE runs AS
        SELECT min(".pick") AS pick, min(from_s) AS from_s, arg_max_null(until_s, from_s) AS until_s,
          max(last_s) AS last_s, arg_min_null(appeared, from_s) AS appeared, min(seen_s) AS seen_s FROM (
          SELECT *, sum(CASE WHEN fresh THEN 1 ELSE 0 END) OVER ({order}) AS run,
            max(CASE WHEN appeared THEN from_s END) OVER ({order}) AS seen_s FROM (
            SELECT ".pick", deal_no, from_s, until_s, last_s,
              lag(until_s) OVER w IS DISTINCT FROM from_s AS appeared,
              lag(until_s) OVER w IS DISTINCT FROM from_s OR lag(".h") OVER w IS DISTINCT FROM ".h" AS fresh
            FROM stood WINDOW w AS ({order})))
        GROUP BY deal_no, run"""
    )


def _in_view(scopes: dict[tuple[int, int], Scope]) -> str:
    """Return SQL that is true where a deal appears because the export before did not cover it.

    So it is on the first day of all, and after a filtered export for values that one did not hold.
    """
    outside = ["s.before_s IS NULL"]
    for (family, day), scope in sorted(scopes.items()):
        held = [v for v in scope.values if v is not None]
        column = f"s.{quote(scope.column)}"
        known = f"{column} NOT IN ({', '.join(literal(v) for v in held)})" if held else "true"
        blank = f"{column} IS NOT NULL" if None in scope.values else f"{column} IS NULL"
        apart = f"({column} IS NOT NULL AND {known})" if None in scope.values else f"({blank} OR {known})"
        outside.append(f'(s.".family" = {family} AND s.before_s = {day} AND {apart})')
    return f"(r.appeared AND coalesce({' OR '.join(outside)}, false))"
