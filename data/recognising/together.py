"""Files dropped together explain each other: shared ids say which is the list of deals."""

from __future__ import annotations

from dataclasses import dataclass

from data.errors import N_
from data.notice import Notice
from data.recognising.assigning import Assigned
from data.recognising.draft import Draft, fields_of
from data.recognising.profile import Column

SHARED = 0.5  # of one file's ids found in the other: the files are about the same deals
LINKED = 0.2  # of a history's or an activity list's ids found among the deals (tasks also hang on accounts)
LARGER = 1.05  # a list with this many times the ids of another holds it, rather than repeats it
ALIKE = 0.6  # of the fields of the smaller of two exports: they are the same list on two days
SAMPLE = 2_000
NAMED = N_("Its values are the deal names of the other file.")
SAME = 0.95  # of the values of a column that names deals of another file
SOME = 3  # values that such a column must have


@dataclass(frozen=True)
class Ids:
    """A file and its column of deal ids."""

    draft: Draft
    column: Column


def overlap(one: Draft, a: Column, other: Draft, b: Column) -> float:
    """Return the share of (up to 2,000) distinct values of a column that another file's column holds."""
    mine = (
        f"SELECT DISTINCT trim(c{a.index}) AS v FROM {one.facts.view} "
        f"WHERE c{a.index} IS NOT NULL LIMIT {SAMPLE}"
    )
    theirs = f"SELECT trim(c{b.index}) FROM {other.facts.view}"
    known, found = one.facts.con.execute(
        f"SELECT count(*), count(*) FILTER (v IN ({theirs})) FROM ({mine})"
    ).fetchall()[0]
    return float(found / known) if known else 0.0


def settle(drafts: list[Draft], fresh: list[Draft]) -> None:
    """Correct, for files nobody decided about yet, the table and the deal id by what the others hold."""
    if len(drafts) > 1:
        listed = [
            Ids(d, c)
            for d in drafts
            if d.table in ("deals", "unknown")
            for c in [d.found.column("deal_id")]
            if c is not None and c.unique > 0.95
        ]
        for i, one in enumerate(listed):
            for other in listed[i + 1 :]:
                _pair(one, other, fresh)
        _leads(listed, fresh)
        _entries(drafts, fresh)
        _several(drafts, fresh)
        told = any(d.table == "more_deals" and _tells(d) for d in drafts)
        for draft in drafts:
            draft.told = told


def _pair(one: Ids, other: Ids, fresh: list[Draft]) -> None:
    """Decide which of two files about the same deals is the list and which only adds columns."""
    if _alike(one.draft, other.draft) or "deals" not in (one.draft.table, other.draft.table):
        return
    small, large = sorted((one, other), key=lambda ids: ids.column.distinct)
    if overlap(small.draft, small.column, large.draft, large.column) < SHARED:
        return
    if large.column.distinct > LARGER * small.column.distinct or large.draft.table == small.draft.table:
        main, more = large, small
    else:
        main, more = (large, small) if large.draft.table == "deals" else (small, large)
    if main.draft in fresh:
        _become(main.draft, "deals")
    if more.draft in fresh:
        _become(more.draft, "more_deals")


def _leads(listed: list[Ids], fresh: list[Draft]) -> None:
    """Let a list of leads that names the deals they became add its columns to those deals.

    Leads and the opportunities made of them are the same business: added up, it would count twice.
    """
    for leads in listed:
        for main in listed:
            draft = leads.draft
            if draft is main.draft or draft not in fresh or {draft.table, main.draft.table} != {"deals"}:
                continue
            named = [
                c
                for c in draft.facts.columns
                if c is not leads.column
                and c.filled >= SOME
                and c.unique > 0.95
                and c.kind not in ("date", "flag", "text", "email")
                and overlap(draft, c, main.draft, main.column) >= SAME
            ]
            if named:
                _become(draft, "more_deals")
                _point(draft, named[0])
                draft.notices.append(_became(draft, named[0], main.draft))


def _became(draft: Draft, column: Column, main: Draft) -> Notice:
    values: dict[str, str | int | float] = {
        "file": draft.facts.file,
        "deals": main.facts.file,
        "count": column.filled,
        "rest": draft.facts.rows - column.filled,
        "column": column.name,
    }
    return Notice(
        code="leads_joined",
        level="warning",
        file=draft.facts.file,
        column=column.name,
        count=draft.facts.rows - column.filled,
        values=values,
        message=N_(
            "{file} is a list of leads; “{column}” names the deals of {deals} that {count} of them became. "
            "Its columns are added to those deals. The other {rest} leads are not counted: to count leads, "
            "import {file} by itself."
        ),
    )


def _alike(one: Draft, other: Draft) -> bool:
    """True for two exports of the same list: the same columns, or mostly the same fields."""
    mine, theirs = set(one.found.fields), set(other.found.fields)
    fewer = min(len(mine), len(theirs))
    return one.table == other.table == "deals" and fewer >= 4 and len(mine & theirs) >= ALIKE * fewer


def _become(draft: Draft, table: str) -> None:
    if draft.table != table:
        draft.table = table  # type: ignore[assignment]
        draft.found = Assigned()
        draft.found = fields_of(draft)


def _entries(drafts: list[Draft], fresh: list[Draft]) -> None:
    """Let the deal column of a history or an activity list be the one whose values the deals file holds."""
    deals = [
        (d, c) for d in drafts if d.table == "deals" for c in [d.found.column("deal_id")] if c is not None
    ]
    for draft in fresh:
        if draft.table not in ("stage_entries", "activities") or not deals:
            continue
        present = draft.found.column("deal_id")
        if present is not None and any(overlap(draft, present, main, ids) >= LINKED for main, ids in deals):
            continue
        tried = [
            (overlap(draft, c, main, ids), c)
            for c in draft.facts.columns
            for main, ids in deals
            if c.filled and c.kind not in ("date", "flag", "text", "email") and _tells_apart(c)
        ]
        share, best = max(tried, key=lambda t: t[0], default=(0.0, None))
        if best is not None and share >= LINKED:
            _point(draft, best)
        elif draft.table == "activities":
            _by_name(draft, drafts)


def _tells_apart(column: Column) -> bool:
    """True unless a column repeats too few values: a duration of 15 minutes is also the number of a deal."""
    return column.header.deal or column.distinct >= min(SOME, column.filled)


def _by_name(draft: Draft, drafts: list[Draft]) -> None:
    """Let an activity list that names its deals by title, not by id, be joined by that."""
    titles = [
        (d, c) for d in drafts if d.table == "deals" for c in [d.found.column("deal_name")] if c is not None
    ]
    tried = [
        (overlap(draft, c, main, names), c)
        for c in draft.facts.columns
        for main, names in titles
        if c.filled and c.kind in ("words", "text") and _tells_apart(c)
    ]
    share, best = max(tried, key=lambda t: t[0], default=(0.0, None))
    if best is not None and share >= SHARED:
        found = draft.found
        for name in [n for n, c in found.fields.items() if c is best or n in ("deal_id", "deal_name")]:
            found.guesses[found.fields.pop(name).index].field = None
        found.fields["deal_name"] = best
        guess = found.guesses[best.index]
        guess.field, guess.confidence, guess.reason = "deal_name", 0.9, NAMED


def _point(draft: Draft, column: Column) -> None:
    found = draft.found
    for name in [n for n, c in found.fields.items() if c is column or n == "deal_id"]:
        found.guesses[found.fields.pop(name).index].field = None
    found.fields["deal_id"] = column
    guess = found.guesses[column.index]
    guess.field, guess.confidence = "deal_id", 0.95
    guess.reason = N_("Its values are the deal numbers of the other file.")


def _tells(draft: Draft) -> bool:
    return any(
        draft.found.column(n) is not None
        for n in ("won_at", "lost_at", "status", "result", "is_won", "stage")
    )


def _several(drafts: list[Draft], fresh: list[Draft]) -> None:
    """Ask when two lists of deals with different columns share no ids: their deals would be added up."""
    lists = [d for d in drafts if d.table == "deals"]
    files = ", ".join(dict.fromkeys(d.facts.file for d in lists))
    for draft in lists[1:]:
        if draft in fresh and not _alike(draft, lists[0]):
            draft.notices.append(
                Notice(
                    code="several_lists",
                    level="question",
                    file=draft.facts.file,
                    count=draft.facts.rows,
                    values={"files": files},
                    message=N_(
                        "{files} are all lists of deals, with different columns and no ids in common. "
                        "Their deals are added up; leave one out if it lists the same business twice "
                        "(leads and their opportunities)."
                    ),
                )
            )
