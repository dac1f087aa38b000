"""From the exports of several days to versions, and to the deals that count now."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, date, datetime
from statistics import median

import polars as pl

from data.converting import rows
from data.converting.run import Run
from data.converting.source import File
from data.converting.stages import StagePlan
from data.converting.told import tell
from data.converting.typed import Column
from data.notice import Notice
from data.snapshots import families, identity, scope, seeing, versions
from data.snapshots.families import Family
from data.snapshots.scope import Reader, Scope

LATE = 1.6  # times the usual distance between two exports, above which one is missing


@dataclass
class Line:
    """One export: a day of a family, and what was found about it (the columns of snapshots.parquet).

    `absent` are deals it does not cover and that count as last seen, `gone` those that are missing,
    `missing` exports before it, `doubled` rows that several `files` hold, `differ` those that differ.
    """

    day: date
    family: int
    deals: int
    absent: int = 0
    reason: str | None = None
    column: str | None = None
    values: list[str | None] | None = None
    missing: int = 0
    files: int = 1
    doubled: int = 0
    differ: int = 0
    gone: int = 0

    def filtered(self, by: Scope, absent: int) -> None:
        """Note that it shows a part only."""
        self.reason, self.absent = "filtered", absent
        self.column, self.values = by.column, list(by.values)


TABLE: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys((f.name for f in fields(Line)), pl.Int64),
    "day": pl.Date,
    "reason": pl.String,
    "column": pl.String,
    "values": pl.List(pl.String),
}


@dataclass
class Snapshots:
    """What became of the exports of several days.

    `days` are the days there are, `compared` says whether any export comes at two of them, `notices` what
    to tell.
    """

    days: tuple[date, ...]
    compared: bool
    notices: list[Notice] = field(default_factory=list)


def build(run: Run, deals: list[File], plan: StagePlan, columns: list[Column]) -> Snapshots:
    """Create the view `typed_now`: the deals as they stand after the last export of each family.

    Where an export comes at several days, write versions.parquet and snapshots.parquet too. A deal is one
    deal whatever the number of exports and files that hold it.
    """
    found = families.find(run, deals)
    shown = [f for f in found if f.several]
    if not shown:
        run.do("CREATE VIEW typed_now AS FROM typed")
        return Snapshots(tuple(dates({s for f in found for s in f.days})), False)
    reader = Reader(run, deals, plan, columns)
    versions.create(run)
    lines: list[Line] = []
    scopes: dict[tuple[int, int], Scope] = {}
    notices: list[Notice] = []
    number = 0
    for family in found:
        if family.several and seeing.can_match(deals, family):
            number, told = _one(reader, family, number, lines, scopes)
            notices += told
        else:
            notices += _plain(run, deals, family)
    _now(reader)
    if not lines:
        return Snapshots(tuple(dates({s for f in shown for s in f.days})), False, notices)
    versions.write(reader, scopes)
    pl.DataFrame([asdict(line) for line in lines], schema=TABLE).write_parquet(
        run.target / "snapshots.parquet"
    )
    return Snapshots(tuple(dates({s for f in shown for s in f.days})), True, notices)


def dates(seconds: set[int]) -> list[date]:
    """Return the days that begin at these seconds, in order."""
    return sorted(datetime.fromtimestamp(s, UTC).date() for s in seconds)


def _one(
    reader: Reader,
    family: Family,
    number: int,
    lines: list[Line],
    scopes: dict[tuple[int, int], Scope],
) -> tuple[int, list[Notice]]:
    """Follow the deals of one family through its days."""
    run = reader.run
    number = seeing.look(run, reader.deals, family, reader.columns, number)
    told: list[Notice] = []
    if family.by_id and (joined := identity.unify(run, len(family.days))):
        told.append(tell("ids_rewritten", joined, deals=joined))
    twice = {d: rest for d, *rest in seeing.settle(run)}
    if not family.by_id:
        told += _doubtful(run)
    usual = median(b - a for a, b in zip(family.days, family.days[1:], strict=False))
    for day, second in enumerate(family.days):
        line = _day(reader, family, day, lines, scopes)
        line.files, line.doubled, line.differ = twice.get(day, (1, 0, 0))
        step = second - family.days[day - 1] if day else 0
        line.missing = round(step / usual) - 1 if len(family.days) > 2 and step > LATE * usual else 0
        lines.append(line)
    versions.follow(run, family)
    run.do("DROP TABLE seen")
    run.do("DROP TABLE idents")
    return number, told + _tell(family, lines)


def _day(
    reader: Reader,
    family: Family,
    day: int,
    lines: list[Line],
    scopes: dict[tuple[int, int], Scope],
) -> Line:
    """Look at one day: whether it is a part only, and whether the day before was."""
    run, second = reader.run, family.days[day]
    (deals,) = run.one(f"SELECT count(*) FROM seen WHERE day_no = {day}")
    line = Line(dates({second})[0], family.number, int(deals))
    if not day:
        return line
    before, missing, partial, carried = scope.cover(reader, day)
    line.gone = missing - carried
    if partial is not None:
        scopes[family.number, second] = partial
        line.filtered(partial, carried)
    elif missing >= scope.FEW and missing > scope.MISSING * before:
        line.reason = "shrunk"
    if (family.number, family.days[day - 1]) not in scopes:
        late, earlier = scope.began(reader, day, family.days[day - 1])
        if earlier is not None:
            scopes[family.number, family.days[day - 1]] = earlier
            lines[-1].filtered(earlier, late)
    return line


def _plain(run: Run, deals: list[File], family: Family) -> list[Notice]:
    """Count the deals of a family that is not compared: all of one day, or the last day's."""
    for place in family.places:
        file = deals[place]
        last = f"WHERE coalesce({families.day(file)} >= {family.days[-1]}, true)" if family.several else ""
        run.do(f"INSERT INTO now_keys SELECT {place}, frn, NULL FROM {rows.kept(run, file)} {last}")
    if not family.several:
        return []
    return [tell("snapshots_without_id", len(family.days), snapshots=len(family.days))]


def _now(reader: Reader) -> None:
    """Create `typed_now` of the rows that count now."""
    run = reader.run
    run.do("CREATE TABLE now_rows AS SELECT *, row_number() OVER (ORDER BY place, frn) AS key FROM now_keys")
    run.do("DROP TABLE now_keys")
    found = reader.rows("now_rows", "key") or "typed WHERE false"
    run.do(f"CREATE VIEW typed_now AS SELECT * FROM {found}")


def _doubtful(run: Run) -> list[Notice]:
    """Count the deals without an id that share name, account and creation with another one of their day."""
    path = run.target / "doubtful.parquet"
    run.do(
        "CREATE TEMP TABLE doubt AS SELECT split_part(i.ident, chr(31), 1) AS deal_name, d.s AS day_s, "
        "count(*) AS deals FROM seen s JOIN idents i USING (deal_no) JOIN days d USING (day_no) "
        "GROUP BY regexp_extract(i.ident, '^[^\\x1f]*\\x1f[^\\x1f]*\\x1f[^\\x1f]*'), 1, 2 HAVING count(*) > 1"
    )
    (names, most) = run.one("SELECT count(DISTINCT deal_name), coalesce(sum(deals), 0)::BIGINT FROM doubt")
    if names:
        run.do(f"COPY (SELECT * FROM doubt ORDER BY 1, 2) TO '{path}' (FORMAT parquet)")
    run.do("DROP TABLE doubt")
    matched = tell("snapshots_by_name", 1)
    return [matched, tell("snapshots_doubtful", most, names=names)] if names else [matched]


def _tell(family: Family, lines: list[Line]) -> list[Notice]:
    """Say which exports show a part only, which are missing, and which days have several files."""
    told = []
    for line in (one for one in lines if one.family == family.number):
        day = line.day.isoformat()
        shown = ", ".join("-" if v is None else v for v in (line.values or [])[:5])
        if line.reason == "filtered":
            told.append(tell("snapshot_filtered", line.absent, day=day, deals=line.absent, values=shown))
        if line.reason == "shrunk":
            told.append(tell("snapshot_shrunk", line.gone, day=day, deals=line.gone))
        if line.missing:
            told.append(tell("snapshot_missing", line.missing, day=day, snapshots=line.missing))
        if line.differ:
            told.append(tell("snapshot_twice", line.differ, day=day, deals=line.differ))
    return told
