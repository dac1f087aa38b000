"""All files dropped together become proposals: each judged on its own, then against the others.

Files with the same columns (weekly exports) are decided as one: their recipe is one, so the stages,
words and date order of all of them must be in it. What misleads is checked file by file.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

import duckdb

from data.engine import spare
from data.errors import N_
from data.naming import own_names, renamed
from data.notice import Notice
from data.recipe import FileRecipe, Proposal, Recipe, fingerprint
from data.recognising import (
    across,
    banding,
    checks,
    damage,
    dates,
    headers,
    pointing,
    remembering,
    spellings,
    stages,
    tables,
    together,
    unusable,
)
from data.recognising.draft import Draft, fields_of, snapshot_of
from data.recognising.fields import PERSONAL
from data.recognising.profile import Facts, profile
from data.recognising.remembering import Memory
from data.recognising.stopping import Cancelled, Progress, Steps, stoppable
from data.recognising.tallying import tally
from data.recognising.writing import write

if TYPE_CHECKING:
    from data.reading import RawTable


def propose(
    raw: list[RawTable],
    known: Recipe | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> list[Proposal]:
    """Propose what every table is and how to read it, in the order given.

    A table whose header is in `known` takes its decisions from there and asks nothing; one whose header
    nearly is asks about its new columns only, and says which are new and which are gone. A table that could
    not be recognised has the table "unknown" and a question; nothing is raised. Values are counted over all
    rows by DuckDB; no row is looped over in Python. `progress` hears the share done and a text; HitrateError
    when `cancelled()` turns true.
    """
    con = spare.take()
    spare.prepare()  # for the conversion that mostly follows
    con.execute("SET enable_progress_bar = false")
    try:
        with stoppable(con, cancelled):
            return _propose(con, raw, known, Steps(2 * len(raw) + 1, progress, cancelled))
    finally:
        con.close()


def _propose(
    con: duckdb.DuckDBPyConnection, raw: list[RawTable], known: Recipe | None, steps: Steps
) -> list[Proposal]:
    own = []
    names = own_names(one.file for one in raw)
    for i, one in enumerate(raw):
        own.append(profile(con, f"t{i}", [one.path], names[i], one.columns))
        steps.take()
    prints = [fingerprint(one.columns) for one in raw]
    recalled = {
        p: memory
        for one, p in zip(raw, prints, strict=True)
        if (memory := remembering.recall(one.columns, p, known)) is not None
    }
    drafts = {
        p: _draft(con, [i for i, q in enumerate(prints) if q == p], raw, own, recalled.get(p))
        for p in dict.fromkeys(prints)
    }
    _decide(drafts, recalled)
    steps.take()
    past = any(d.table == "stage_entries" for d in drafts.values())
    found = []
    for i, (one, p) in enumerate(zip(raw, prints, strict=True)):
        first, history = prints.index(p) == i, past or prints.count(p) > 1
        found.append(_proposal(one, own[i], drafts[p], recalled.get(p), p, first, history))
        steps.take()
    return across.with_offers(found, drafts)


def _draft(
    con: duckdb.DuckDBPyConnection,
    places: list[int],
    raw: list[RawTable],
    own: list[Facts],
    recalled: Memory | None,
) -> Draft:
    first = raw[places[0]]
    facts = own[places[0]]
    if len(places) > 1:
        facts = profile(con, f"all{places[0]}", [raw[i].path for i in places], facts.file, first.columns)
        for column in facts.columns:  # weekly exports hold one deal many times: each file is judged by itself
            parts = [own[i].columns[column.index] for i in places]
            column.alone = sum(c.unique * c.filled for c in parts) / max(1, sum(c.filled for c in parts))
    language, system = headers.language(first.columns), headers.system(first.columns)
    draft = Draft(facts, recalled.recipe.table if recalled else tables.kind(facts), language, system)
    draft.found = fields_of(draft)
    return draft


def _decide(drafts: dict[str, Draft], recalled: dict[str, Memory]) -> None:
    """Settle what the files say about each other, then write every recipe that is not remembered."""
    every = list(drafts.values())
    together.settle(every, [d for p, d in drafts.items() if p not in recalled])
    _histories(every)
    past = any(d.table == "stage_entries" for d in every) and any(d.table == "deals" for d in every)
    for p, draft in drafts.items():
        memory = recalled.get(p)
        if memory is None or not memory.whole:
            write(draft, past)
        if memory is not None:
            draft.recipe = remembering.renewed(memory, draft.recipe)


def _histories(drafts: list[Draft]) -> None:
    """Let every deals file see in which order the histories enter stages."""
    read = None
    for draft in drafts:
        deal, stage = draft.found.column("deal_id"), draft.found.column("stage")
        if draft.table == "stage_entries" and deal is not None and stage is not None:
            draft.history = read = stages.read_history(draft.facts, deal, stage, _sortable(draft))
    for draft in drafts:
        if draft.table == "deals":
            draft.history = read


def _sortable(draft: Draft) -> str | None:
    """Return SQL that sorts the entries of a history in time."""
    column = draft.found.column("changed_at") or draft.found.column("created_at")
    if column is None:
        return None
    rule = dates.decide(draft.facts, [column], draft.language).rules.get(column.name)
    plain = [f for f in rule.formats if f.startswith("%") and "%z" not in f and "%Z" not in f] if rule else []
    formats = ", ".join("'" + f.replace("'", "''") + "'" for f in plain)
    return f"try_strptime(trim(c{column.index}), [{formats}])" if plain else f"c{column.index}"


def _proposal(
    one: RawTable, own: Facts, draft: Draft, recalled: Memory | None, key: str, first: bool, past: bool
) -> Proposal:
    recipe = draft.recipe
    snapshot = snapshot_of(own, recipe, one.file)
    notices = [n for n in draft.notices if recalled is None or recalled.is_new(n)] if first else []
    if draft.table == "deals":
        notices += checks.check(own, recipe, tally(own, recipe, snapshot or date.today()), past)
        notices += _new_stages(own, recipe) if recalled is not None else []
        notices += unusable.notices(own, recipe)
    elif draft.table == "unknown":
        notices = [_persons(own) if _only_persons(draft) else _unknown(own)]
    notices += checks.twins(own)
    cuts = draft.table in ("deals", "more_deals", "customers", "people", "products")
    cut = banding.offers(own, recipe, draft.language) if cuts else {}
    offered = _offers(own, recipe) if draft.table in ("deals", "more_deals") else {}
    notices += spellings.notices(own, offered)
    damaged = damage.offers(own, recipe)
    notices += damage.notices(own, recipe, damaged)
    offered = {h: offered.get(h, {}) | damaged.get(h, {}) for h in (*offered, *damaged)}
    notices = pointing.point(own, recipe, notices, snapshot or date.today())
    guesses = draft.found.guesses
    if recalled is not None:
        guesses = remembering.guesses(own, recalled, recipe, guesses)
    return Proposal(
        file=own.file,
        fingerprint=key,
        container=one.container,
        encoding=one.encoding,
        delimiter=one.delimiter,
        header_row=one.header_row,
        sheet=one.sheet,
        language=draft.language,
        system=draft.system,
        rows=own.rows,
        columns=list(one.columns),
        recipe=recipe.model_copy(deep=True),
        guesses=[guesses[c.index] for c in own.columns],
        notices=[*renamed(one.notices, one.file, own.file), *(n for n in notices if n.level != "question")],
        questions=[n for n in notices if n.level == "question" and (recalled is None or recalled.is_new(n))],
        samples={c.name: [text[:200] for text in c.sample[:5]] for c in reversed(own.columns)},
        offers=offered,
        bands=cut,
        snapshot_at=snapshot.isoformat() if snapshot else None,
        snapshot_from=_day_from(recipe) if snapshot else None,
        from_memory=recalled is not None,
        changed={"new": list(recalled.new), "gone": list(recalled.gone)}
        if recalled is not None and not recalled.whole
        else {},
    )


def _day_from(recipe: FileRecipe) -> Literal["column", "file name"]:
    return "column" if "snapshot_at" in recipe.fields else "file name"


def _offers(own: Facts, recipe: FileRecipe) -> dict[str, dict[str, str]]:
    """Return the merges not decided yet."""
    found = spellings.offers(own, recipe)
    left = {
        header: {a: b for a, b in pairs.items() if a not in recipe.merge.get(header, {})}
        for header, pairs in found.items()
    }
    return {header: pairs for header, pairs in left.items() if pairs}


def _new_stages(own: Facts, recipe: FileRecipe) -> list[Notice]:
    """Warn about stage labels that a remembered kind of file never had before."""
    stage = own.by_name(recipe.fields.get("stage"))
    known = {s for order in recipe.stage_order.values() for s in order} | {
        w.strip() for w in recipe.outcome.words
    }
    new = (
        {v.strip(): n for v, n in (stage.values or {}).items() if v.strip() not in known}
        if stage and known
        else {}
    )
    if stage is None or not new:
        return []
    return [
        Notice(
            code="stage_new",
            file=own.file,
            column=stage.name,
            count=sum(new.values()),
            values={"stages": ", ".join(list(new)[:5]), "count": sum(new.values())},
            message=N_(
                "{count} deals stand in stages that were not there before ({stages}). They count as open "
                "and have no place in the funnel until you give them one."
            ),
        )
    ]


def _only_persons(draft: Draft) -> bool:
    """True for a list of persons to contact: names and addresses, and ids of what they belong to."""
    fields = set(draft.recipe.fields)
    return bool(fields & PERSONAL) and not draft.recipe.keep and fields <= {*PERSONAL, "account", "deal_id"}


def _persons(facts: Facts) -> Notice:
    return Notice(
        code="table_of_persons",
        file=facts.file,
        count=facts.rows,
        values={"file": facts.file},
        message=N_(
            "{file} lists persons: who they are and how to reach them. No number here needs that, so nothing "
            "of it is kept."
        ),
    )


def _unknown(facts: Facts) -> Notice:
    return Notice(
        code="table_unknown",
        level="question",
        file=facts.file,
        count=facts.rows,
        values={"file": facts.file, "columns": ", ".join(c.name for c in facts.columns[:8])},
        message=N_(
            "{file} was not recognised: no column says in which stage deals are or how they ended. "
            "Its columns are {columns}. Say which table it is, or leave it out."
        ),
    )
