"""How many rows of each outcome have what: one pass over a deals file that many checks share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.engine.quoting import literal
from data.recipe import FileRecipe, OutcomeRule
from data.recognising.flags import is_true, text_of
from data.recognising.meaning import meaning
from data.recognising.profile import Column, Facts


@dataclass(frozen=True)
class Tally:
    """Rows of one status, and how many of them have what."""

    rows: int = 0
    amounts: int = 0  # an amount is written
    worth: int = 0  # an amount other than 0
    hopeless: int = 0  # probability 0
    closed: int = 0  # closed_at is filled
    expected: int = 0  # expected_close_at is filled
    future: int = 0  # closes after the day of the export
    on_the_way: int = 0  # stands in an open stage


def status_sql(facts: Facts, rule: OutcomeRule) -> str:
    """Return SQL for the status of a row under an outcome rule."""
    first, second = facts.by_name(rule.column), facts.by_name(rule.second)
    spoken = " ".join(
        f"WHEN {literal(w.strip())} THEN {literal(s)}" for w, s in rule.words.items() if w.strip()
    )
    read = f"CASE {text_of(first)} {spoken} END" if first is not None and spoken else "NULL"
    if rule.source == "flags":
        yes = is_true(first) if first is not None else "false"
        if second is not None:
            over = f"c{second.index} IS NOT NULL" if second.kind == "date" else is_true(second)
            return f"CASE WHEN {yes} THEN 'won' WHEN {over} THEN 'lost' ELSE 'open' END"
        return f"CASE WHEN {yes} THEN 'won' ELSE {literal(rule.otherwise)} END"
    if rule.source == "active" and second is not None:
        gone = f"WHEN NOT {is_true(second)} THEN 'lost'"
        return f"CASE WHEN {read} = 'won' THEN 'won' {gone} ELSE coalesce({read}, 'open') END"
    if rule.source == "dates":
        won = f"WHEN c{first.index} IS NOT NULL THEN 'won' " if first is not None else ""
        lost = f"WHEN c{second.index} IS NOT NULL THEN 'lost' " if second is not None else ""
        return f"CASE {won}{lost}ELSE 'open' END"
    return f"coalesce({read}, 'open')"


def tally(facts: Facts, recipe: FileRecipe, snapshot: date | None) -> dict[str, Tally]:
    """Count, per status, everything the checks look at: in one pass, and another where a day is given."""
    column = {f: facts.by_name(h) for f, h in recipe.fields.items()}

    def filled(name: str) -> str:
        found = column.get(name)
        return f"c{found.index} IS NOT NULL" if found is not None else "false"

    parts = {
        "amounts": filled("amount"),
        "worth": worth(column.get("amount")),
        "hopeless": f"{filled('probability')} AND NOT {worth(column.get('probability'))}",
        "closed": filled("closed_at"),
        "expected": filled("expected_close_at"),
        "future": future(facts, recipe, snapshot),
        "on_the_way": _on_the_way(column.get("stage")),
    }
    # What needs no day is asked by itself: asked again with a day, the answer is known.
    status, days = status_sql(facts, recipe.outcome), {parts["future"]} - {"false"}
    found = _counted(facts, status, sorted({"true", *parts.values()} - days))
    if days:
        later = _counted(facts, status, sorted(days))
        found = {status_: {**counts, **later[status_]} for status_, counts in found.items()}
    return {
        status_: Tally(counts["true"], **{name: counts[part] for name, part in parts.items()})
        for status_, counts in found.items()
    }


def _counted(facts: Facts, status: str, parts: list[str]) -> dict[str, dict[str, int]]:
    """Return, per status, on how many rows each piece of SQL is true."""
    counts = ", ".join(f"count(*) FILTER ({part})" for part in parts)
    rows = facts.ask(f"SELECT {status}, {counts} FROM {facts.view} GROUP BY 1")
    return {status_: dict(zip(parts, map(int, found), strict=True)) for status_, *found in rows}


def worth(found: Column | None) -> str:
    """Return SQL that is true where a cell holds a number other than 0."""
    if found is None:
        return "false"
    cell = f"c{found.index}"  # most amounts begin with such a digit: that is told at half the cost
    return f"CASE WHEN {cell} >= '1' AND {cell} < ':' THEN true ELSE regexp_matches({cell}, '[1-9]') END"


def _on_the_way(stage: Column | None) -> str:
    """Return SQL that is true where a deal stands in an open stage."""
    labels = [v for v in (stage.values or {}) if meaning(v).status in (None, "open")] if stage else []
    listed = ", ".join(literal(v.strip()) for v in labels)
    return f"{text_of(stage)} IN ({listed})" if stage is not None and listed else "false"


def future(facts: Facts, recipe: FileRecipe, snapshot: date | None) -> str:
    """Return SQL that is true where the closing date lies after the day of the export."""
    header = recipe.fields.get("closed_at") or recipe.fields.get("expected_close_at")
    column, rule = facts.by_name(header), recipe.dates.get(header or "")
    if snapshot is None or column is None or rule is None:
        return "false"
    plain = [f for f in rule.formats if f.startswith("%") and "%z" not in f and "%Z" not in f]
    if not plain:
        return "false"
    formats = ", ".join(literal(f) for f in plain)
    return (
        f"CAST(try_strptime({text_of(column)}, [{formats}]) AS DATE) > "
        f"CAST({literal(snapshot.isoformat())} AS DATE)"
    )
