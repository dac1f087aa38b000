"""The tables beside the deals: activities, spend, targets and people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from data.converting import activities, plans, rows, sellers, wide
from data.converting.keys import Key
from data.converting.run import Run
from data.converting.source import File
from data.converting.told import tell
from data.engine.quoting import literal
from data.notice import Notice

TABLES = ("activities", "spend", "targets", "people")
SAME = {  # what makes two rows of files with one header the same; (): all their cells
    "activities": (),
    "spend": ("source", "source_detail", "medium", "campaign", "starts_at", "ends_at"),
    "targets": ("owner", "team", "product", "region", "starts_at", "ends_at"),
}
HAPPENED = ("created_s", "last_activity_s", "stage_entered_s", "modified_s", "snapshot_s")


@dataclass
class Further:
    """What was made: rows per table, the files each was made of, and what there is to tell."""

    rows: dict[str, int] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


def build(
    run: Run,
    files: list[File],
    deals: list[File],
    keys: dict[int, Key],
    columns: set[str],
    given: date | None,
) -> Further:
    """Create a table for each kind of file there is, and let activities tell of first contacts.

    `keys` are those that sellers' files were joined by, `columns` the dimensions of the deals. Needs
    `typed_now` and `entries`.
    """
    made = Further()
    of = {name: [f for f in files if f.recipe.table == name and f.rows] for name in TABLES}
    made.files = [f for group in of.values() for f in group]
    for name in SAME:
        _same(run, of[name])
    if not made.files:
        return made
    names = ", ".join(dict.fromkeys(f.name for f in deals))
    sellers.names(run, deals, [(f, keys[f.number]) for f in of["people"] if f.number in keys])
    if of["activities"]:
        made.notices += activities.build(run, of["activities"], deals)
        made.notices += _contacts(run, deals, given)
    if of["spend"]:
        made.notices += plans.spend(run, of["spend"], names, "source" in columns)
    if of["targets"]:
        made.notices += plans.targets(run, of["targets"], names, "team" in columns)
    if of["people"]:
        sellers.people(run, of["people"])
    made.rows = {name: int(run.one(f"SELECT count(*) FROM {name}")[0]) for name in TABLES if of[name]}
    return made


def write(run: Run, made: Further) -> None:
    """Write one Parquet file per table."""
    for name in made.rows:
        _copy(run, name, name)


def as_of(run: Run, folder: Path, until: int) -> None:
    """Write the tables of a generation again, as known at a time (epoch seconds), for the deals `typed_now`.

    What was spent and planned stays as it is; of the activities those that had happened, with their deal as
    it is numbered now.
    """
    kept = {name: f"read_parquet({literal(str((folder / f'{name}.parquet').resolve()))})" for name in TABLES}
    for name, source in kept.items():
        if not (folder / f"{name}.parquet").exists():
            continue
        if name == "activities":
            deals = f"read_parquet({literal(str((folder / 'deals.parquet').resolve()))})"
            run.do(
                "CREATE OR REPLACE TEMP TABLE owners AS SELECT deal_id, min(deal_key) AS deal_key "
                "FROM typed_now WHERE deal_id IS NOT NULL GROUP BY 1"
            )
            source = (
                f"(SELECT a.* REPLACE (o.deal_key AS deal_key) FROM {source} a "
                f"LEFT JOIN {deals} d ON d.deal_key = a.deal_key "
                "LEFT JOIN owners o ON o.deal_id = coalesce(d.deal_id, a.deal_id) "
                f"WHERE a.happened_s IS NULL OR a.happened_s <= {int(until)})"
            )
        _copy(run, source, name)


def _copy(run: Run, source: str, name: str) -> None:
    path = literal(str(run.target / f"{name}.parquet"))
    run.do(f"COPY (SELECT * FROM {source}) TO {path} (FORMAT parquet, COMPRESSION snappy)")


def _same(run: Run, files: list[File]) -> None:
    """Leave out empty rows, and what a later file of the same header says again."""
    for i, file in enumerate(files):
        rows.empty(run, file)
        later = [f for f in files[i + 1 :] if f.print == file.print and wide.year(f) == wide.year(file)]
        names = [n for n in SAME[file.recipe.table] if file.has(n)]
        rows.replaced(run, file, later, names)


def _contacts(run: Run, deals: list[File], given: date | None) -> list[Notice]:
    """Let the deals take their first contact and last activity from the activities, where no column of
    theirs says them."""
    takes = {
        column: source
        for column, name, source in (
            ("first_contact_s", "first_contact_at", "first_s"),
            ("last_activity_s", "last_activity_at", "last_s"),
        )
        if not any(f.has(name) for f in deals)
    }
    if not takes:
        return []
    activities.contacts(run, _until(run, given))
    (found,) = run.one("SELECT count(first_s) FROM contacted")
    (known,) = run.one("SELECT count(*) FROM contacted")
    if not known:
        return []
    taken = ", ".join(f"c.{source} AS {column}" for column, source in takes.items())
    run.do("ALTER VIEW typed_now RENAME TO typed_told")
    run.do(
        f"CREATE VIEW typed_now AS SELECT t.* REPLACE ({taken}) FROM typed_told t "
        "LEFT JOIN contacted c ON c.deal_key = t.deal_key"
    )
    asked = "first_contact_s" in takes and found
    return [tell("first_contact_from_activities", found, deals=found)] if asked else []


def _until(run: Run, given: date | None) -> int | None:
    """Return the last second of the day up to which things have happened: planned activities have not."""
    if given is not None:
        return int(datetime(given.year, given.month, given.day, tzinfo=UTC).timestamp()) + 86_399
    (latest,) = run.one(
        f"SELECT max(s) FROM (SELECT max(greatest({', '.join(HAPPENED)})) AS s FROM typed_now "
        "UNION ALL SELECT max(closed_s) FROM typed_now UNION ALL SELECT max(entered_s) FROM entries)"
    )
    return None if latest is None else int(latest) // 86_400 * 86_400 + 86_399
