"""All files dropped together become proposals: each judged on its own, then against the others.

Files with the same columns (weekly exports) are decided as one: their recipe is one, so the stages,
words and date order of all of them must be in it. What misleads is checked file by file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from data.errors import N_
from data.notice import Notice
from data.recipe import FileRecipe, Guess, Proposal, Recipe, fingerprint
from data.recognising import checks, dates, headers, spellings, stages, tables, together, unusable
from data.recognising.draft import Draft, fields_of, snapshot_of, write
from data.recognising.profile import Facts, profile
from data.recognising.tallying import tally

if TYPE_CHECKING:
    from data.reading import RawTable

_REMEMBERED = N_("Decided before, for a file with the same columns.")


def propose(raw: list[RawTable], known: Recipe | None = None) -> list[Proposal]:
    """Propose what every table is and how to read it, in the order given.

    A table whose header is in `known` takes its decisions from there and asks nothing. A table that could
    not be recognised has the table "unknown" and a question; nothing is raised. Values are counted over
    all rows by DuckDB; no row is looped over in Python.
    """
    con = duckdb.connect(":memory:")
    con.execute("SET enable_progress_bar = false")
    try:
        own = [profile(con, f"t{i}", [one.path], one.file, one.columns) for i, one in enumerate(raw)]
        prints = [fingerprint(one.columns) for one in raw]
        recalled = {p: known.files[p] for p in prints if known is not None and p in known.files}
        drafts = {
            p: _draft(con, [i for i, q in enumerate(prints) if q == p], raw, own, recalled.get(p))
            for p in dict.fromkeys(prints)
        }
        _decide(drafts, recalled)
        past = any(d.table == "stage_entries" for d in drafts.values())
        return [
            _proposal(
                one, own[i], drafts[p], recalled.get(p), p, prints.index(p) == i, past or prints.count(p) > 1
            )
            for i, (one, p) in enumerate(zip(raw, prints, strict=True))
        ]
    finally:
        con.close()


def _draft(
    con: duckdb.DuckDBPyConnection,
    places: list[int],
    raw: list[RawTable],
    own: list[Facts],
    recalled: FileRecipe | None,
) -> Draft:
    first = raw[places[0]]
    facts = own[places[0]]
    if len(places) > 1:
        facts = profile(con, f"all{places[0]}", [raw[i].path for i in places], first.file, first.columns)
        for column in facts.columns:  # weekly exports hold one deal many times: each file is judged by itself
            parts = [own[i].columns[column.index] for i in places]
            column.alone = sum(c.unique * c.filled for c in parts) / max(1, sum(c.filled for c in parts))
    language, system = headers.language(first.columns), headers.system(first.columns)
    draft = Draft(facts, recalled.table if recalled else tables.kind(facts), language, system)
    draft.found = fields_of(draft)
    return draft


def _decide(drafts: dict[str, Draft], recalled: dict[str, FileRecipe]) -> None:
    """Settle what the files say about each other, then write every recipe that is not remembered."""
    every = list(drafts.values())
    together.settle(every, [d for p, d in drafts.items() if p not in recalled])
    _histories(every)
    past = any(d.table == "stage_entries" for d in every) and any(d.table == "deals" for d in every)
    for p, draft in drafts.items():
        if p in recalled:
            draft.recipe = recalled[p].model_copy(deep=True)
        else:
            write(draft, past)


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
    one: RawTable, own: Facts, draft: Draft, recalled: FileRecipe | None, key: str, first: bool, past: bool
) -> Proposal:
    recipe = draft.recipe
    snapshot = snapshot_of(own, recipe)
    notices = list(draft.notices) if first and recalled is None else []
    if draft.table == "deals":
        notices += checks.check(own, recipe, tally(own, recipe, snapshot), past)
        notices += _new_stages(own, recipe) if recalled is not None else []
        notices += unusable.notices(own, recipe)
    elif draft.table == "unknown":
        notices = [_unknown(own)]
    notices += checks.twins(own)
    offered = _offers(own, recipe) if draft.table in ("deals", "more_deals") else {}
    notices += spellings.notices(own, offered)
    guesses = draft.found.guesses if recalled is None else _remembered(own, recalled)
    return Proposal(
        file=one.file,
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
        notices=[*one.notices, *(n for n in notices if n.level != "question")],
        questions=[] if recalled is not None else [n for n in notices if n.level == "question"],
        samples={c.name: [text[:200] for text in c.sample[:5]] for c in reversed(own.columns)},
        offers=offered,
        snapshot_at=snapshot.isoformat() if snapshot else None,
        from_memory=recalled is not None,
    )


def _offers(own: Facts, recipe: FileRecipe) -> dict[str, dict[str, str]]:
    """Return the merges not decided yet."""
    found = spellings.offers(own, recipe)
    left = {
        header: {a: b for a, b in pairs.items() if a not in recipe.merge.get(header, {})}
        for header, pairs in found.items()
    }
    return {header: pairs for header, pairs in left.items() if pairs}


def _remembered(facts: Facts, recipe: FileRecipe) -> dict[int, Guess]:
    field_of = {header: name for name, header in recipe.fields.items()}
    return {
        c.index: Guess(column=c.name, field=field_of.get(c.name), reason=_REMEMBERED, confidence=1.0)
        for c in facts.columns
    }


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
