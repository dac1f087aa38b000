"""What each export shows, in its smallest form: which deal, on which day, and a fingerprint of its cells.

Deals that did not change have the same cells on the next day. Comparing a fingerprint of the text costs a
tenth of reading it; only rows whose text changed are read as dates and numbers.
"""

from __future__ import annotations

import json

from data.converting import rows, values
from data.converting.run import Run
from data.converting.source import File
from data.converting.typed import Column
from data.engine.quoting import literal
from data.snapshots.families import Family, day

# Fields that say nothing of how a deal stands, or change without it: not part of a version.
PASSING = frozenset({"snapshot_at", "last_activity_at", "modified_at", "contact", "email", "phone"})
APART = "\x1f"
SEEN = "day_no INTEGER, deal_no BIGINT, h UBIGINT, place INTEGER, frn BIGINT, last_no INTEGER"


def create(run: Run) -> None:
    """Create the tables of one family: the ids it uses, and what was seen of them."""
    run.do("CREATE OR REPLACE TABLE idents (ident VARCHAR, deal_no BIGINT)")
    run.do(f"CREATE OR REPLACE TABLE seen ({SEEN})")
    run.do("CREATE OR REPLACE TABLE days (s BIGINT, day_no INTEGER)")


def look(run: Run, deals: list[File], family: Family, columns: list[Column], first: int) -> int:
    """Fill `idents` and `seen` from the files of one family; return the highest deal number given.

    Deal numbers begin after `first`. A row without an id has no number and is compared with nothing.
    """
    create(run)
    run.do("INSERT INTO days VALUES " + ", ".join(f"({s}, {n})" for n, s in enumerate(family.days)))
    told = _told_words(deals, family)
    for place in family.places:
        file = deals[place]
        shown = [h for h in _headers(file, columns) if h in file.cells]
        salt = literal(_salt(file, shown, told))
        cells = ", ".join([salt, *(file.cells[h] for h in shown)])
        run.do(
            f"CREATE OR REPLACE TEMP TABLE shown AS SELECT {day(file)} AS s, {ident(file)} AS ident, "
            f"hash({cells}) AS h, frn FROM {rows.kept(run, file)}"
        )
        _apart(run)
        # No day is known of these rows: they count, but are compared with nothing.
        run.do(f"INSERT INTO now_keys SELECT {place}, frn, NULL FROM shown WHERE s IS NULL")
        run.do(
            f"INSERT INTO idents SELECT ident, greatest({first}, (SELECT coalesce(max(deal_no), 0) FROM "
            "idents)) "
            "+ row_number() OVER (ORDER BY frn) FROM (SELECT ident, min(frn) AS frn FROM shown n WHERE "
            "ident IS "
            "NOT NULL AND NOT EXISTS (SELECT 1 FROM idents i WHERE i.ident = n.ident) GROUP BY 1)"
        )
        run.do(
            f"INSERT INTO seen SELECT d.day_no, i.deal_no, n.h, {place}, n.frn, d.day_no FROM shown n "
            "JOIN days d ON d.s = n.s LEFT JOIN idents i ON i.ident = n.ident"
        )
    run.do("DROP TABLE IF EXISTS shown")
    return int(run.one(f"SELECT greatest({first}, coalesce(max(deal_no), 0)) FROM idents")[0])


def ident(file: File) -> str:
    """Return SQL for what tells a deal from the others: its id, else its name, account and creation day."""
    if file.has("deal_id"):
        return file.cell("deal_id")
    made = (
        values.seconds(file.cell("created_at"), file.date_rule("created_at"))
        if file.has("created_at")
        else ""
    )
    parts = [
        file.cell("deal_name"),
        file.cell("account"),
        f"CAST({made} AS VARCHAR)" if made else "NULL::VARCHAR",
    ]
    whole = f" || {literal(APART)} || ".join(f"coalesce({p}, '')" for p in parts)
    return f"CASE WHEN {file.cell('deal_name')} IS NOT NULL THEN {whole} END"


def can_match(deals: list[File], family: Family) -> bool:
    """Say whether deals without an id can be told apart: by their name, and the account or the creation."""
    files = [deals[i] for i in family.places]
    return family.by_id or all(
        f.has("deal_name") and (f.has("account") or f.has("created_at")) for f in files
    )


def settle(run: Run) -> list[tuple[int, int, int, int]]:
    """Keep one row of a deal that several files of one day hold: that of the later upload.

    Return (day number, files, rows held twice, rows that differ) for each such day.
    """
    found = []
    busy = run.rows(
        "SELECT day_no, count(DISTINCT place) FROM seen GROUP BY 1 HAVING count(DISTINCT place) > 1"
    )
    for day_no, files in sorted(busy):
        run.do(
            "CREATE OR REPLACE TEMP TABLE twice AS SELECT deal_no, max(place) AS place, count(*) - 1 AS "
            "more, "
            f"count(DISTINCT h) - 1 AS differ FROM seen WHERE day_no = {day_no} AND deal_no IS NOT NULL "
            "GROUP BY 1 HAVING count(*) > 1"
        )
        more, differ = run.one(
            "SELECT coalesce(sum(more), 0)::BIGINT, count(*) FILTER (differ > 0) FROM twice"
        )
        run.do(
            f"DELETE FROM seen s USING twice t WHERE s.day_no = {day_no} AND s.deal_no = t.deal_no "
            "AND s.place < t.place"
        )
        found.append((int(day_no), int(files), int(more), int(differ)))
    return found


def _apart(run: Run) -> None:
    """Give rows of one file and day that share an id a number each: they are different deals."""
    if run.one(
        "SELECT count(*) FROM (SELECT 1 FROM shown WHERE ident IS NOT NULL GROUP BY s, ident "
        "HAVING count(*) > 1 LIMIT 1)"
    )[0]:
        run.do(
            "CREATE OR REPLACE TEMP TABLE shown AS SELECT s, CASE WHEN nth > 1 THEN ident || "
            f"{literal(APART)} || nth ELSE ident END AS ident, h, frn FROM (SELECT *, row_number() OVER "
            "(PARTITION BY s, ident ORDER BY frn) AS nth FROM shown)"
        )


def _headers(file: File, columns: list[Column]) -> list[str]:
    """Return the headers whose cells make up how a deal stands."""
    recipe = file.recipe
    named = [h for n, h in recipe.fields.items() if n not in PASSING]
    own = [c.headers[file.number] for c in columns if file.number in c.headers]
    return list(
        dict.fromkeys([*named, *own, *(h for h in (recipe.outcome.column, recipe.outcome.second) if h)])
    )


def _salt(file: File, shown: list[str], told: bool) -> str:
    """Return what else the reading of these cells rests on: the same text may be read in two ways."""
    recipe = file.recipe
    rule = recipe.outcome
    parts = [
        {n: h for n, h in recipe.fields.items() if n not in PASSING},
        {h: recipe.dates[h].model_dump(mode="json") for h in shown if h in recipe.dates},
        {h: recipe.numbers[h].model_dump(mode="json") for h in shown if h in recipe.numbers},
        {h: recipe.merge[h] for h in shown if h in recipe.merge},
        [recipe.currency, recipe.currency_words, recipe.expected_is_closed, file.pipeline],
        [rule.source, rule.column, rule.second, rule.otherwise, rule.words if told else None],
        shown,
    ]
    return json.dumps(parts, sort_keys=True, default=str)


def _told_words(deals: list[File], family: Family) -> bool:
    """Say whether two files of a family read one closing word differently."""
    known: dict[str, str] = {}
    return any(
        known.setdefault(word, status) != status
        for i in family.places
        for word, status in deals[i].recipe.outcome.words.items()
    )
