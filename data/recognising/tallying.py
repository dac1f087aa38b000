"""How many rows of each outcome have what: one pass over a deals file that many checks share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.engine.quoting import literal
from data.recipe import FileRecipe, OutcomeRule
from data.recognising.flags import is_true, text_of
from data.recognising.meaning import meaning
from data.recognising.profile import Column, Facts

LONG = 50_000  # rows from which one question at a time is quicker than all at once


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
    """Count, per status, everything the checks look at.

    In a long file each by itself: asked again under other fields, its answer is known, and what is rare the
    file's own statistics mostly rule out. In a short one all at once, but for what a day decides: planning
    takes longer than reading.
    """
    column = {f: facts.by_name(h) for f, h in recipe.fields.items()}

    def filled(name: str) -> str:
        found = column.get(name)
        return f"c{found.index} IS NOT NULL" if found is not None else "false"

    asked = {
        "rows": "true",
        "amounts": filled("amount"),
        "zeros": zero(column.get("amount")),
        "hopeless": zero(column.get("probability")),
        "closed": filled("closed_at"),
        "expected": filled("expected_close_at"),
        "future": future(facts, recipe, snapshot),
        "on_the_way": _on_the_way(column.get("stage")),
    }
    undated = [name for name in asked if name != "future"]
    parts = [[name] for name in asked] if facts.rows > LONG else [undated, ["future"]]
    found: dict[str, dict[str, int]] = {}
    for names in parts:
        counted = _counted(facts, recipe.outcome, [asked[name] for name in names])
        for status, numbers in counted.items():
            found.setdefault(status, dict.fromkeys(asked, 0)).update(zip(names, numbers, strict=True))
    return {
        status: Tally(worth=n["amounts"] - n.pop("zeros"), **n) for status, n in found.items() if n["rows"]
    }


def _counted(facts: Facts, rule: OutcomeRule, tests: list[str]) -> dict[str, list[int]]:
    """Return, per status, on how many rows each piece of SQL is true.

    The status is worked out once per value of its columns where those have few: the file lists them.
    """
    if tests == ["false"]:
        return {}
    many = len(tests) > 1
    counts = ", ".join(
        f"{f'count(*) FILTER ({test})' if many else 'count(*)'} AS n{i}" for i, test in enumerate(tests)
    )
    source = f"{counts} FROM {facts.view} {'' if many else f'WHERE {tests[0]}'} GROUP BY ALL"
    read = [c for c in (facts.by_name(rule.column), facts.by_name(rule.second)) if c is not None]
    status = status_sql(facts, rule)
    if read and all(c.values is not None for c in read):
        cells = ", ".join(dict.fromkeys(f"c{c.index}" for c in read))
        sums = ", ".join(f"sum(n{i})::BIGINT" for i in range(len(tests)))
        rows = facts.ask(f"SELECT {status}, {sums} FROM (SELECT {cells}, {source}) GROUP BY 1")
    else:
        rows = facts.ask(f"SELECT {status}, {source}")
    return {status_: [int(n) for n in numbers] for status_, *numbers in rows}


def zero(found: Column | None) -> str:
    """Return SQL that is true where a filled cell holds no number other than 0.

    Most amounts begin with a digit from 1 to 9, and where all do the file's statistics say so.
    """
    if found is None:
        return "false"
    cell = f"c{found.index}"
    return f"({cell} < '1' OR {cell} >= ':') AND NOT regexp_matches({cell}, '[1-9]')"


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
