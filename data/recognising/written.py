"""Dates the way people say them: "Monday, 4 May 2026", "1er mai 2026", "2026-W12", "mei 2026"."""

from __future__ import annotations

import re
from functools import cache

from data.recognising import words

WEEK = "\x02"  # stands for a week in a shape
PERIOD = "\x03"  # stands before the shape of a month without a day
_WEEK_WORD = r"(?:w|wk|week|weeknr|uge|vecka|kw|uke|semaine|sem)"
_WEEK = re.compile(
    rf"20\d\d[-/ ]?{_WEEK_WORD}\.?[- ]?(?:0?[1-9]|[1-4]\d|5[0-3])(?:-[1-7])?$"
    rf"|{_WEEK_WORD}\.?[- ]?(?:0?[1-9]|[1-4]\d|5[0-3])[-,/ ]{{1,2}}20\d\d$",
    re.IGNORECASE,
)
_MONTH = re.compile(r"(?:19|20)\d\d[-/.](?:0[1-9]|1[0-2])$|(?:0?[1-9]|1[0-2])[-/.](?:19|20)\d\d$")
_WORD_AND_YEAR = re.compile(r"(?P<m>[^\W\d_]{3,9})(?P<dot>\.?)(?P<sep>[- ])(?:19|20)\d\d$")
_MAY_SPEAK = re.compile(
    r"[^\W\d_]{1,12}[.,]*[ ].*\d|\d{1,2}(?:[^\W\d_]{1,3}|:[ae])[ ,.]|\d{1,2} [^\W\d_]{2} "
)


_APART = re.compile(r"[\s,0-9]+")


@cache
def _beside() -> re.Pattern[str]:
    every = sorted({row["word"] for row in words.table("beside")}, key=len, reverse=True)
    return re.compile(rf"(^|[\s,0-9])(?:(?:{'|'.join(map(re.escape, every))})[.,]*(?:\s+|$))+", re.IGNORECASE)


@cache
def _words() -> frozenset[str]:
    return frozenset(row["word"].casefold().strip(".,") for row in words.table("beside"))


def bare(text: str) -> str:
    """Return a date without the words that say nothing more: its weekday, "den", the ending of "4th"."""
    if not _MAY_SPEAK.match(text):
        return text
    # Few texts have such a word; to look for one among the words takes a tenth of the time of the pattern.
    if text.isascii() and _words().isdisjoint(part.strip(".,") for part in _APART.split(text.lower())):
        return " ".join(text.split())
    return " ".join(_beside().sub(r"\1 ", text).split())


def said(cells: list[str]) -> list[str]:
    """Return the words of every language in use that stand beside the dates in these cells."""
    rows = words.table("beside")
    met = {word.casefold().strip(" .,") for cell in cells for word in re.split(r"[\s.,0-9]+", cell) if word}
    found = {(r["language"], r["kind"]) for r in rows if r["word"] in met}
    return sorted(
        {r["word"] for r in rows if (r["language"], r["kind"]) in found}, key=lambda w: (-len(w), w)
    )


def period(text: str) -> str | None:
    """Return WEEK or PERIOD where the text is a week or a month without a day."""
    if _WEEK.match(text):
        return WEEK
    if _MONTH.match(text):
        return PERIOD
    found = _WORD_AND_YEAR.match(text)
    if found and any(found["m"].casefold() in known for known in words.months().values()):
        return PERIOD
    return None
