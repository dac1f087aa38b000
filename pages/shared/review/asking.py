"""What the reader should confirm: questions of one kind about one file become one question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from data.errors import N_
from data.notice import Notice
from data.recipe import Proposal

KINDS: dict[str, str] = {
    "date_order_unknown": "dates",
    "date_order_mixed": "dates",
    "decimal_unknown": "numbers",
    "decimal_signs_differ": "numbers",
    "currency_guessed": "money",
    "currencies_in_cells": "money",
    "outcome_unknown": "outcome",
    "outcome_unknown_words": "outcome",
    "outcome_by_probability": "outcome",
    "not_won_is_lost": "others",
    "table_unknown": "table",
    "several_lists": "lists",
    "stage_order_guessed": "stages",
    "stage_without_place": "stages",
    "two_columns_fit": "rivals",
    "undated_again": "day",
}
TITLES: dict[str, str] = {
    "dates": N_("Which comes first in the dates of {file}: the day or the month?"),
    "numbers": N_("Does a comma or a point mark the decimals in {file}?"),
    "money": N_("In which currency are the amounts of {file}?"),
    "outcome": N_("Which deals of {file} were won, which were lost?"),
    "others": N_("The deals of {file} that were not won: are they lost, or still open?"),
    "table": N_("What does {file} hold?"),
    "lists": N_("Do these files list the same deals twice?"),
    "rivals": N_("Two columns of {file} may hold the same thing. Which one counts?"),
    "stages": N_("In which order do deals pass the stages of {file}?"),
    "day": N_("Of which day is each of these exports?"),
    "other": N_("Is this right for {file}?"),
}
APART = frozenset({"rivals", "other"})  # one question for each column, not for each file
ELSEWHERE = frozenset({"join_near_miss", "near_miss"})  # offered as merges, with a box of their own


@dataclass(frozen=True)
class Ask:
    """One question: its kind, the file it is about (by its place in the list), and the notices behind it."""

    kind: str
    place: int
    fingerprint: str
    file: str
    notices: tuple[Notice, ...]

    @property
    def key(self) -> str:
        """A name for widgets and for remembering the answer."""
        first = self.notices[0]
        own = f"_{first.code}_{first.column or ''}" if self.kind in APART else ""
        return f"{self.kind}_{self.fingerprint}{own}"


def asks(proposals: Sequence[Proposal], found: Iterable[Notice]) -> list[Ask]:
    """Return the questions in `found`, one for each file and kind, what blocks most first.

    A question that names no file is about the first list of deals; files with the same columns share one.
    """
    first_deals = next((i for i, p in enumerate(proposals) if p.recipe.table == "deals"), 0)
    groups: dict[tuple[str, str, str], list[Notice]] = {}
    places: dict[tuple[str, str, str], int] = {}
    for notice in found:
        if notice.level != "question" or notice.code in ELSEWHERE:
            continue
        kind = KINDS.get(notice.code, "other")
        place = next((i for i, p in enumerate(proposals) if p.file == notice.file), first_deals)
        own = f"{notice.code}{notice.column}" if kind in APART else ""
        name = (kind, proposals[place].fingerprint, own)
        places.setdefault(name, place)
        told = groups.setdefault(name, [])
        if notice.text() not in {n.text() for n in told}:
            told.append(notice)
    made = [
        Ask(
            kind, places[name], proposals[places[name]].fingerprint, proposals[places[name]].file, tuple(told)
        )
        for name, told in groups.items()
        for kind in [name[0]]
    ]
    order = list(TITLES)
    first = ("table", "outcome", "others", "lists")
    return sorted(made, key=lambda a: (first.index(a.kind) if a.kind in first else 9, order.index(a.kind)))
