"""What a stage or status word means: open, won, lost, disqualified, or only "finished"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from data.meta import Status
from data.recognising import words
from data.recognising.profile import Column

OUTCOMES: tuple[Status, ...] = ("won", "lost", "disqualified")


@dataclass(frozen=True)
class Meaning:
    """`status` is null for a word nobody told us about; `finished` marks words such as "Closed" that
    say a deal is over but not how; `rank` is how far along an open stage usually is (0..100)."""

    status: Status | None
    rank: float | None = None
    finished: bool = False
    exact: bool = True
    doubtful: bool = False


UNKNOWN = Meaning(None, exact=False)


def bare(label: str) -> str:
    """Return a stage label without its number, percentage and decoration."""
    text = re.sub(r"^\s*\d{1,2}\s*[-.:)]\s*(?=\D)", "", label)
    return re.sub(r"[\s(]*\d{1,3}\s*%\)?\s*$", "", text).strip()


@cache
def meaning(label: str, lead: bool = False) -> Meaning:
    """Return what a label means; `lead` where the file speaks of leads, not opportunities."""
    text = bare(label)
    if not text or text.isdigit():
        return UNKNOWN
    found = words.stage_words().get(words.key(text), ())
    if found:
        return _one(found, lead, True)
    spaced = f" {words.fold(text)} "
    for phrase in words.stage_phrases():
        if phrase in spaced:
            known = words.stage_words().get(phrase.replace(" ", ""), ())
            usable = tuple(w for w in known if w.part or w.meaning == "open")
            if usable:
                return _one(usable, lead, False)
    return UNKNOWN


def _one(found: tuple[words.StageWord, ...], lead: bool, exact: bool) -> Meaning:
    """Choose among the meanings of one word: that of leads or of deals first, apart before lost."""
    scope = "lead" if lead else "deal"
    own = tuple(w for w in found if w.scope == scope) or found
    said = {w.meaning for w in own}
    finished = "closed" in said
    for status in ("disqualified", "won", "lost"):
        if status in said:
            return Meaning(status, None, finished, exact, len(said - {"closed"}) > 1)
    if "converted" in said:
        return Meaning("won", None, finished, exact, True)
    if finished:
        return Meaning(None, None, True, exact)
    ranks = [w.rank for w in own if w.rank is not None]
    return Meaning("open", sum(ranks) / len(ranks) if ranks else None, False, exact)


def known_share(column: Column) -> float:
    """Return the share of a column's distinct values that are stage or status words."""
    values = list(column.values or column.sample[:60])
    known = sum(1 for v in values if (m := meaning(v)).status is not None or m.finished)
    return known / len(values) if values else 0.0
