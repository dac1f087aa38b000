"""What flags say: won, closed and lost columns of yes and no, and what an outcome rule is made of."""

from __future__ import annotations

from dataclasses import dataclass, field

from data.engine.quoting import literal
from data.errors import N_
from data.meta import Status
from data.notice import Notice
from data.recipe import OutcomeRule
from data.recognising import words
from data.recognising.assigning import Assigned
from data.recognising.meaning import Meaning, meaning
from data.recognising.profile import Column, Facts


@dataclass
class Outcome:
    """The rule, what must be said about it, and which stage labels it taught us."""

    rule: OutcomeRule = field(default_factory=OutcomeRule)
    notices: list[Notice] = field(default_factory=list)
    learned: dict[str, Status] = field(default_factory=dict)


def text_of(column: Column) -> str:
    """Return SQL for a column's trimmed cell."""
    return f"trim(c{column.index})"


def is_true(column: Column) -> str:
    """Return SQL that is true where a flag column says yes."""
    yes = ", ".join(literal(w) for w, true in words.flag_words().items() if true)
    return f"coalesce(lower({text_of(column)}) IN ({yes}), false)"


def read_words(column: Column | None, lead: bool = False) -> dict[str, Meaning]:
    """Return what each value of a column means."""
    return {v: meaning(v, lead) for v in (column.values or {})} if column is not None else {}


def decide(facts: Facts, found: Assigned, said: dict[str, set[str]]) -> Outcome | None:
    """Use the flags where they settle both ways of ending; a lone won flag yields to better words."""
    won, closed, lost = (found.column(n) for n in ("is_won", "is_closed", "is_lost"))
    won, closed, lost = (c if c is not None and c.filled else None for c in (won, closed, lost))
    if won is not None and closed is not None:
        return Outcome(
            OutcomeRule(source="flags", column=won.name, second=closed.name), _disagree(facts, found, won)
        )
    if won is None or lost is not None or any(s & {"won", "lost"} for s in said.values()):
        return None
    dated = _closed_by_date(facts, won, found.column("closed_at"))
    if dated is not None:
        return dated
    rule = OutcomeRule(source="flags", column=won.name, otherwise="lost")
    no = sum(n for v, n in (won.values or {}).items() if not words.flag_words()[v.strip().casefold()])
    notice = Notice(
        code="not_won_is_lost",
        level="question",
        file=facts.file,
        column=won.name,
        count=no,
        values={"column": won.name, "count": no},
        message=N_(
            "“{column}” says who was won, nothing says who was lost. The {count} others "
            "are counted as lost; if some are still open, the hit rate is higher than "
            "shown."
        ),
    )
    return Outcome(rule, [notice])


def _closed_by_date(facts: Facts, won: Column, closed: Column | None) -> Outcome | None:
    """Read a won flag beside a closing date: closed and not won is lost, no date yet is open.

    Only where the date is an actual one: on (nearly) every won deal, and blank on some of the others.
    """
    if closed is None or closed.kind != "date":
        return None
    yes, over = is_true(won), f"c{closed.index} IS NOT NULL"
    wins, dated, lost, still = facts.con.execute(
        f"SELECT count(*) FILTER ({yes}), count(*) FILTER ({yes} AND {over}), "
        f"count(*) FILTER (NOT {yes} AND {over}), count(*) FILTER (NOT {yes} AND NOT {over}) "
        f"FROM {facts.view}"
    ).fetchall()[0]
    if not wins or dated < 0.95 * wins or not lost or not still:
        return None
    return Outcome(
        OutcomeRule(source="flags", column=won.name, second=closed.name),
        [
            Notice(
                code="closed_by_date",
                level="info",
                file=facts.file,
                column=closed.name,
                count=lost,
                values={"won": won.name, "closed": closed.name, "lost": lost, "open": still},
                message=N_(
                    "“{won}” says who was won. The {lost} others with a date in “{closed}” are counted as "
                    "lost, the {open} without one as open."
                ),
            )
        ],
    )


def disagreement(won: Column, stage: Column | None) -> str | None:
    """Return SQL that is true where the won flag says one thing and the stage another."""
    said = read_words(stage)
    bad = {s: [v for v, m in said.items() if m.status == s and m.exact] for s in ("won", "lost")}
    if stage is None or not (bad["won"] or bad["lost"]):
        return None
    return " OR ".join(
        f"({'NOT ' if s == 'won' else ''}{is_true(won)} AND {text_of(stage)} IN "
        f"({', '.join(literal(v.strip()) for v in labels)}))"
        for s, labels in bad.items()
        if labels
    )


def _disagree(facts: Facts, found: Assigned, won: Column) -> list[Notice]:
    """Count the rows whose won flag says one thing and whose stage another."""
    stage = found.column("stage")
    test = disagreement(won, stage)
    if stage is None or test is None:
        return []
    count = int(facts.ask(f"SELECT count(*) FROM {facts.view} WHERE {test}")[0][0])
    if not count:
        return []
    return [
        Notice(
            code="flag_and_stage_disagree",
            file=facts.file,
            column=won.name,
            count=count,
            values={"flag": won.name, "stage": stage.name, "count": count},
            message=N_(
                "On {count} rows “{flag}” and “{stage}” disagree about who won. “{flag}” is "
                "followed; by “{stage}” the hit rate would differ."
            ),
        )
    ]
