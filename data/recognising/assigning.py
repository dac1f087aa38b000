"""Which column is which field: by its name first, by its values where the name could be several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from data.errors import N_
from data.recipe import Guess
from data.recognising import words
from data.recognising.cues import Cues
from data.recognising.fields import ASIDE, DATES, NUMBERS
from data.recognising.fitting import fit
from data.recognising.headers import Match, matches
from data.recognising.meaning import known_share
from data.recognising.profile import Column, Facts
from data.recognising.supporting import by_values, cues_of, support

SAME = 0.95  # of a score: two columns that fit equally well, but for the language of the header
SURE = 0.5  # of a name: from here on values need not tell which column is a field
WEAK = ("like", "inside")  # readings of a name that need their values
PLAIN = 0.6  # a score from which a reading needs no confirmation
PLAINEST = {*DATES, *NUMBERS, "source", "owner", "stage", "status"}
APART = ("stage_entered", "derived")  # patterns of columns that are no field, whatever words are in them


@dataclass
class Candidate:
    """One possible reading of one column."""

    column: Column
    field: str
    score: float
    match: Match | None
    reason: str


@dataclass
class Assigned:
    """The chosen columns and what else each could have been."""

    fields: dict[str, Column] = field(default_factory=dict)
    guesses: dict[int, Guess] = field(default_factory=dict)
    rivals: dict[str, Column] = field(default_factory=dict)  # field -> another column that fits as well
    weak: set[str] = field(default_factory=set)  # fields told from values or a likeness alone

    def column(self, name: str) -> Column | None:
        return self.fields.get(name)


_NAME = N_("The name says so.")
_ID = N_("The name says it holds the id of this.")
_LIKE = N_("The name is like “{label}”.")
_WHY = {"name": _NAME, "id": _ID, "like": _LIKE}
_INSIDE = N_("Part of the name says so.")
_EMPTY = N_("The name says so, but the column is empty.")
_NOTHING = N_("Neither name nor values say what it is.")


def candidates(facts: Facts, allowed: Iterable[str], language: str) -> list[Candidate]:
    """Return every reading of every column that its values do not rule out, best first."""
    order = {name: i for i, name in enumerate((*allowed, *ASIDE))}
    found: list[Candidate] = []
    cues = cues_of(facts)
    for column in facts.columns:
        aside = any(p.search(column.name) for kind in APART for p in words.patterns(kind))
        for match in matches(column.name):
            if match.field not in order:
                continue
            score = match.strength * fit(facts, column, match.field)
            if match.how in WEAK and (aside or (not column.filled and match.strength < 0.7)):
                continue
            if match.how in WEAK:
                score *= support(cues, column, match.field)
            if language in match.languages:
                score *= 1.04
            reason = _EMPTY if not column.filled else _WHY.get(match.how, _INSIDE)
            if score >= (0.05 if not column.filled else 0.3):
                found.append(Candidate(column, match.field, score, match, reason))
    missing = set(order) - {c.field for c in found if c.score >= SURE}
    named = {c.column.index for c in found if c.score >= SURE}
    found += [
        Candidate(c, n, s, None, why) for c, n, s, why in by_values(facts, missing, named) if n in order
    ]
    if cues.outcome is not None:
        found = [c for c in found if not _is_no_status(cues, c, found)]
    # Of two columns that are equally source (or amount, or a date) the one that is nothing else goes first.
    ways = Counter(c.column.index for c in found if c.score >= SURE)
    return sorted(
        found,
        key=lambda c: (
            -round(c.score, 3),
            order[c.field],
            ways[c.column.index] if c.field in PLAINEST else 0,
            c.column.index,
        ),
    )


def _is_no_status(cues: Cues, one: Candidate, found: list[Candidate]) -> bool:
    """True for a "Status" few of whose words are known, where another column says won and lost and the name
    has another meaning too: the province, say."""
    return (
        one.field in ("status", "result")
        and one.column is not cues.outcome
        and known_share(one.column) < 0.4
        and any(c.column is one.column and c.field not in ("status", "result") for c in found)
    )


def assign(facts: Facts, allowed: Iterable[str], language: str) -> Assigned:
    """Give each field at most one column and each column at most one field, surest first."""
    result, taken = Assigned(), set[int]()
    ranked = candidates(facts, allowed, language)
    for candidate in ranked:
        index = candidate.column.index
        if index in taken or candidate.field in result.fields or _named_twice(facts, candidate.column):
            continue
        taken.add(index)
        result.fields[candidate.field] = candidate.column
        if candidate.score < PLAIN and (candidate.match is None or candidate.match.how == "like"):
            result.weak.add(candidate.field)
        if (rival := _rival(ranked, candidate)) is not None:
            result.rivals[candidate.field] = rival
        other = next(
            (
                c.field
                for c in ranked
                if c.column.index == index and c.field != candidate.field and c.field not in ASIDE
            ),
            None,
        )
        result.guesses[index] = Guess(
            column=candidate.column.name,
            field=candidate.field,
            reason=candidate.reason,
            values={"label": candidate.match.label} if candidate.match and candidate.match.label else {},
            confidence=round(min(1.0, candidate.score), 2),
            runner_up=other,
        )
    for column in facts.columns:
        if column.index not in taken:
            other = next(
                (c.field for c in ranked if c.column.index == column.index and c.field not in ASIDE), None
            )
            result.guesses[column.index] = Guess(
                column=column.name, field=None, reason=_NOTHING, runner_up=other
            )
    return result


def _rival(ranked: list[Candidate], chosen: Candidate) -> Column | None:
    """Return the next column that fits a field as well by name and values, where it is filled as much."""
    return next(
        (
            c.column
            for c in ranked
            if c.field == chosen.field
            and c.column is not chosen.column
            and c.score >= SAME * chosen.score
            and c.match is not None
            and c.column.filled >= 0.5 * chosen.column.filled > 0
            and c.column.name != chosen.column.name
        ),
        None,
    )


def _named_twice(facts: Facts, column: Column) -> bool:
    """True for the later of two columns of one name: a recipe could not tell them apart."""
    return facts.by_name(column.name) is not column or not column.name
