"""Exports that show only a part: filtered to one team, to open deals, to one region.

When many deals of the day before are missing, and one column explains it (those that are there have few of
its values, and those missing have the others), the export was filtered by that column. What it does not
cover is taken to stand as it was last seen: not being shown is no movement.
"""

from __future__ import annotations

from dataclasses import dataclass

from data.converting import typed
from data.converting.run import Run
from data.converting.source import File
from data.converting.stages import StagePlan
from data.engine.quoting import quote

MISSING, FEW = 0.25, 5  # share and number of deals that must be missing before a filter is looked for
EXPLAINED, SPARED = 0.8, 0.25  # of the missing at least; of those the filter lets through at most
MOST_VALUES = 50
AT_ONCE = 16  # files read in one statement
FIRST = ("pipeline", "team", "region", "country", "owner", "status")  # where several columns explain it


@dataclass(frozen=True)
class Scope:
    """What one export was filtered to: a column and its values (None: blank)."""

    column: str
    values: tuple[str | None, ...]


@dataclass(frozen=True)
class Reader:
    """Reads the typed cells of single rows of the deals files."""

    run: Run
    deals: list[File]
    plan: StagePlan
    columns: list[typed.Column]

    def rows(self, picked: str, key: str = "pick") -> str:
        """Return FROM text: the typed rows of table `picked` (place, frn, and a number `key` for each)."""
        return self._from(picked, key, self._places(picked))

    def parts(self, picked: str, key: str = "pick") -> list[str]:
        """Return the FROM text of `rows` in parts of a few files: hundreds read at once fill the memory."""
        places = self._places(picked)
        return [self._from(picked, key, places[i : i + AT_ONCE]) for i in range(0, len(places), AT_ONCE)]

    def _places(self, picked: str) -> list[int]:
        return [int(p) for (p,) in self.run.rows(f"SELECT DISTINCT place FROM {picked} ORDER BY 1")]

    def _from(self, picked: str, key: str, places: list[int]) -> str:
        parts = []
        for place in places:
            file = self.deals[place]
            source = (
                f"(SELECT s.*, p.{key} AS given_key FROM {file.relation} s JOIN "
                f"(SELECT frn, {key} FROM {picked} WHERE place = {place}) p ON p.frn = s.frn)"
            )
            parts.append(typed.select(file, self.plan, self.columns, source, "given_key"))
        return "(" + " UNION ALL ".join(parts) + ")" if parts else ""


def cover(reader: Reader, day: int) -> tuple[int, int, Scope | None, int]:
    """Look whether the export of one day shows a part only; carry what it does not cover on from the day
    before.

    Return how many deals the day before had, how many of them are missing, the filter found (None: none),
    and how many deals were carried.
    """
    run = reader.run
    run.do(
        "CREATE OR REPLACE TEMP TABLE gone AS SELECT a.* FROM seen a WHERE a.day_no = "
        f"{day - 1} AND a.deal_no IS NOT NULL AND NOT EXISTS (SELECT 1 FROM seen b WHERE b.day_no = {day} "
        "AND b.deal_no = a.deal_no)"
    )
    (before,) = run.one(f"SELECT count(*) FROM seen WHERE day_no = {day - 1} AND deal_no IS NOT NULL")
    (missing,) = run.one("SELECT count(*) FROM gone")
    if missing < FEW or missing < MISSING * before:
        return int(before), int(missing), None, 0
    whole = f"SELECT place, frn FROM seen WHERE day_no = {day - 1} AND deal_no IS NOT NULL"
    part = f"SELECT place, frn FROM seen WHERE day_no = {day} AND deal_no IS NOT NULL"
    scope = explain(reader, whole, part, "SELECT place, frn FROM gone")
    if scope is None:
        return int(before), int(missing), None, 0
    run.do(
        f"INSERT INTO seen SELECT {day}, g.deal_no, g.h, g.place, g.frn, g.last_no FROM gone g JOIN looked l "
        f"ON l.place = g.place AND l.frn = g.frn WHERE NOT l.inside"
    )
    (carried,) = run.one("SELECT count(*) FROM looked WHERE lost AND NOT inside")
    return int(before), int(missing), scope, int(carried)


def began(reader: Reader, day: int, seconds: int) -> tuple[int, Scope | None]:
    """Look whether the export before this day showed a part only: many deals that are older come into view.

    Return how many such deals there are, and the filter of the day before (None: none found).
    """
    run = reader.run
    run.do(
        "CREATE OR REPLACE TEMP TABLE fresh AS SELECT row_number() OVER () AS pick, a.place, a.frn FROM "
        "seen a "
        f"WHERE a.day_no = {day} AND a.deal_no IS NOT NULL AND NOT EXISTS (SELECT 1 FROM seen b WHERE "
        "b.day_no = "
        f"{day - 1} AND b.deal_no = a.deal_no)"
    )
    (now,) = run.one(f"SELECT count(*) FROM seen WHERE day_no = {day} AND deal_no IS NOT NULL")
    (new,) = run.one("SELECT count(*) FROM fresh")
    if new < FEW or new < MISSING * now:
        return 0, None
    run.do(
        "CREATE OR REPLACE TEMP TABLE late AS SELECT place, frn FROM fresh JOIN (SELECT deal_key FROM "
        f"{reader.rows('fresh')} WHERE created_s < {seconds} OR created_s IS NULL) t ON t.deal_key = "
        "fresh.pick"
    )
    (late,) = run.one("SELECT count(*) FROM late")
    if late < FEW or late < MISSING * now:
        return int(late), None
    whole = (
        f"SELECT place, frn FROM seen WHERE day_no = {day} AND deal_no IS NOT NULL AND (place, frn) NOT IN "
        "(SELECT (place, frn) FROM fresh) UNION ALL SELECT place, frn FROM late"
    )
    part = f"SELECT place, frn FROM seen WHERE day_no = {day - 1} AND deal_no IS NOT NULL"
    return int(late), explain(reader, whole, part, "SELECT place, frn FROM late")


def explain(reader: Reader, whole: str, part: str, missing: str) -> Scope | None:
    """Return the column by which `part` was filtered out of `whole`, None where no column explains it.

    The queries give places and rows. Leaves a table `looked`: the rows of `whole`, whether each is `lost`
    (missing) and `inside` the filter found.
    """
    run = reader.run
    run.do(
        "CREATE OR REPLACE TEMP TABLE two AS SELECT row_number() OVER () AS pick, place, frn, side, lost "
        "FROM ("
        f"SELECT place, frn, 1 AS side, (place, frn) IN (SELECT (place, frn) FROM ({missing})) AS lost "
        f"FROM ({whole}) "
        f"UNION ALL SELECT place, frn, 2, false FROM ({part}))"
    )
    names = [n for n in ("pipeline", "status", *(c.name for c in reader.columns)) if n != "result"]
    listed = ", ".join(quote(n) for n in dict.fromkeys(names))
    run.do(
        f'CREATE OR REPLACE TEMP TABLE cells AS SELECT two.place AS ".place", two.frn AS ".frn", '
        f'two.side AS ".side", two.lost AS ".lost", t.* EXCLUDE (deal_key) FROM two JOIN '
        f"(SELECT deal_key, {listed} FROM {reader.rows('two')}) t ON t.deal_key = two.pick"
    )
    best: tuple[tuple[int, int, int], Scope] | None = None
    for name in dict.fromkeys(names):
        scope, rank = _by(run, name)
        if scope is not None and (best is None or rank < best[0]):
            best = (rank, scope)
    inside = "false"
    if best is not None:
        column = quote(best[1].column)
        run.do(
            f'CREATE OR REPLACE TEMP TABLE kept AS SELECT DISTINCT {column} AS v FROM cells WHERE ".side" = 2'
        )
        inside = f"EXISTS (SELECT 1 FROM kept WHERE v IS NOT DISTINCT FROM {column})"
    run.do(
        f'CREATE OR REPLACE TEMP TABLE looked AS SELECT ".place" AS place, ".frn" AS frn, '
        f'".lost" AS lost, {inside} AS inside FROM cells WHERE ".side" = 1'
    )
    return None if best is None else best[1]


def _by(run: Run, name: str) -> tuple[Scope | None, tuple[int, int, int]]:
    """Try one column: its values on the part, and whether they part the missing from the others."""
    column = quote(name)
    values = [
        v
        for (v,) in run.rows(
            f'SELECT DISTINCT {column} FROM cells WHERE ".side" = 2 ORDER BY 1 LIMIT {MOST_VALUES + 1}'
        )
    ]
    (shown,) = run.one('SELECT count(*) FROM cells WHERE ".side" = 2')
    # A column that hardly repeats (an account) tells any two sets of deals apart.
    if not 0 < len(values) <= min(MOST_VALUES, shown // 2):
        return None, (0, 0, 0)
    missing, out, inside, spared = run.one(
        f'WITH kept AS (SELECT DISTINCT {column} AS v FROM cells WHERE ".side" = 2), '
        'told AS (SELECT ".lost" AS lost, '
        "EXISTS "
        f'(SELECT 1 FROM kept WHERE v IS NOT DISTINCT FROM {column}) AS inside FROM cells WHERE ".side" = 1) '
        "SELECT count(*) FILTER (lost), count(*) FILTER (lost AND NOT inside), count(*) FILTER (inside), "
        "count(*) FILTER (lost AND inside) FROM told"
    )
    if out < EXPLAINED * missing or spared > SPARED * inside:
        return None, (0, 0, 0)
    place = FIRST.index(name) if name in FIRST else len(FIRST)
    return Scope(name, tuple(values)), (-int(out), len(values), place)
