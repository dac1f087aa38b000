"""How a deal ended, and when: the outcome rule of a recipe, as SQL."""

from __future__ import annotations

from collections.abc import Mapping

from data.converting import values
from data.converting.source import ANY_DATE, File
from data.engine.quoting import literal
from data.meta import Status

ENDS = ("won_at", "lost_at", "closed_at", "expected_close_at")


def status(file: File) -> str:
    """Return SQL for a deal's status: open, won, lost or disqualified; never NULL."""
    rule = file.recipe.outcome
    first = file.cells.get(rule.column) if rule.column else None
    second = file.cells.get(rule.second) if rule.second else None
    if rule.source == "flags":
        return _flags(file, first, second)
    if rule.source == "active" and second is not None:
        gone = f"NOT {values.is_true(second)}"
        words = _words(first, rule.words, "NULL") if first else "NULL"
        return (
            f"CASE WHEN {words} = 'won' THEN 'won' WHEN {gone} THEN 'lost' ELSE coalesce({words}, 'open') END"
        )
    if rule.source == "probability" and first is not None:
        number = values.share(
            first, file.recipe.numbers.get(rule.column or "", file.number_rule("probability"))
        )
        by_share = f"CASE {number} WHEN 1 THEN 'won' WHEN 0 THEN 'lost' ELSE {literal(rule.otherwise)} END"
        return _words(first, rule.words, by_share)
    if rule.source in ("status", "stage") and first is not None:
        blank = f"CASE WHEN {first} IS NULL THEN {literal(rule.otherwise)} ELSE 'open' END"
        return _words(first, rule.words, blank)
    if rule.source == "dates":
        return _dates(file, first, second)
    return _by_date(file)


def times(file: File) -> dict[str, str]:
    """Return SQL for the times that can say when a deal closed, by canonical field."""
    return {name: file.seconds(name) for name in ENDS if file.has(name)}


def closed(file: File, state: str, when: Mapping[str, str]) -> str:
    """Return SQL for the time a decided deal closed: its won or lost time, the closing date, or the one
    close date that means expected while open and actual once closed; NULL on open deals. `when` is SQL for
    what `times` gives."""
    shared = [when["closed_at"]] if "closed_at" in when else []
    if file.recipe.expected_is_closed and "expected_close_at" in when:
        shared.append(when["expected_close_at"])
    branches: dict[str, list[str]] = {}  # one that two outcomes share is read once
    for kinds, name in ((("won",), "won_at"), (("lost", "disqualified"), "lost_at")):
        tried = ([when[name]] if name in when else []) + shared
        if tried:
            found = f"coalesce({', '.join(tried)})" if len(tried) > 1 else tried[0]
            branches.setdefault(found, []).extend(kinds)
    cases = (
        f"WHEN {state} IN ({', '.join(map(literal, kinds))}) THEN {found}"
        for found, kinds in branches.items()
    )
    return f"CASE {' '.join(cases)} END" if branches else "NULL::BIGINT"


def _flags(file: File, won: str | None, is_closed: str | None) -> str:
    rule = file.recipe.outcome
    if won is None and is_closed is None:
        return literal(rule.otherwise)
    yes = values.is_true(won) if won else "false"
    if is_closed is not None:
        dated = rule.second in file.recipe.dates
        over = f"{is_closed} IS NOT NULL" if dated else values.is_true(is_closed)
        return f"CASE WHEN {yes} THEN 'won' WHEN {over} THEN 'lost' ELSE 'open' END"
    # Blank is not "no": a deal whose flag was never set is still open.
    return f"CASE WHEN {yes} THEN 'won' WHEN {won} IS NULL THEN 'open' ELSE {literal(rule.otherwise)} END"


def _dates(file: File, won: str | None, lost: str | None) -> str:
    """A filled won or lost date decides; of two the later, and won where they are the same."""
    rule = file.recipe.outcome
    won_s, lost_s = (
        values.seconds(cell, file.recipe.dates.get(header or "", ANY_DATE)) if cell else "NULL::BIGINT"
        for cell, header in ((won, rule.column), (lost, rule.second))
    )
    return (
        f"CASE WHEN coalesce({won_s}, 0) >= coalesce({lost_s}, 1) THEN 'won' "
        f"WHEN {lost_s} IS NOT NULL THEN 'lost' ELSE {literal(rule.otherwise)} END"
    )


def _words(cell: str, words: dict[str, Status], otherwise: str) -> str:
    if not words:
        return otherwise
    cases = " ".join(f"WHEN {literal(w.strip())} THEN {literal(s)}" for w, s in words.items() if w.strip())
    return f"CASE {cell} {cases} ELSE {otherwise} END" if cases else otherwise


def _by_date(file: File) -> str:
    parts = [
        f"WHEN {file.seconds(name)} IS NOT NULL THEN {literal(kind)}"
        for name, kind in (("won_at", "won"), ("lost_at", "lost"))
        if file.has(name)
    ]
    return f"CASE {' '.join(parts)} ELSE 'open' END" if parts else "'open'"
