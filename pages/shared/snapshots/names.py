"""What the movements are called, on an axis and in a sentence."""

from __future__ import annotations

import re
from datetime import date

from data.errors import N_
from pages.shared import numbers
from pages.shared.words import _, ngettext, t

STEPS = {
    "new": N_("Came in"),
    "reopened": N_("Reopened"),
    "pulled_in": N_("Pulled into the period"),
    "moved_in": N_("Moved in"),
    "increased": N_("Amount raised"),
    "decreased": N_("Amount lowered"),
    "won": N_("Won"),
    "lost": N_("Lost"),
    "disqualified": N_("Disqualified"),
    "vanished": N_("Gone from the export"),
    "pushed_out": N_("Pushed out of the period"),
    "moved_out": N_("Moved away"),
}
ASIDES = {
    "pushed_later": N_("Pushed to a later date"),
    "pulled_earlier": N_("Pulled to an earlier date"),
    "stage_forward": N_("A stage further"),
    "stage_back": N_("A stage back"),
    "owner_changed": N_("Another owner"),
    "closed_new": N_("Came in already closed"),
}
PHRASES = {
    "new": N_("{amount} came in"),
    "reopened": N_("{amount} was reopened"),
    "pulled_in": N_("{amount} was pulled into the period"),
    "moved_in": N_("{amount} moved in from elsewhere"),
    "increased": N_("amounts were raised by {amount}"),
    "decreased": N_("amounts were lowered by {amount}"),
    "won": N_("{amount} was won"),
    "lost": N_("{amount} was lost"),
    "disqualified": N_("{amount} was disqualified"),
    "vanished": N_("{amount} is gone from the export"),
    "pushed_out": N_("{amount} was pushed out of the period"),
    "moved_out": N_("{amount} moved elsewhere"),
}
DUE = {"still_due": N_("Still due"), "undated": N_("Date taken out"), "due": N_("Due at the start")}
TOTALS = ("opening", "closing")
MEANING = {
    "new": N_("not in the first export, open in the second"),
    "reopened": N_("closed in the first export, open in the second"),
    "pulled_in": N_("open in both; expected to close in the period only since"),
    "moved_in": N_(
        "open in the second; fits the filter or group only since, by a changed owner or other column, or was "
        "not shown by a partial export"
    ),
    "increased": N_("open in both, with a higher amount"),
    "decreased": N_("open in both, with a lower amount"),
    "vanished": N_("open in the first export, not in the second: deleted, merged or no longer exported"),
    "pushed_out": N_("open in both; no longer expected to close in the period"),
    "moved_out": N_("open in both; no longer fits the filter or group"),
}


def name(movement: str, start: date, end: date) -> str:
    """Return what a movement is called; a total by its day."""
    if movement in TOTALS:
        return t(N_("Open on {day}"), day=numbers.day(start if movement == "opening" else end))
    known = {**STEPS, **ASIDES, **DUE}
    return _(known.get(movement, movement))


def phrase(movement: str, amount: str) -> str:
    """Return a movement and its amount as a part of a sentence."""
    return t(PHRASES[movement], amount=amount)


def ended(sentence: str) -> str:
    """Return a sentence that ends in one full stop, also after an abbreviation ("24,9 mln.")."""
    return re.sub(r"\.(\**)\.$", r".\1", sentence)


def deals(n: int) -> str:
    """Return "1 deal" or "12 deals"."""
    return ngettext("{n} deal", "{n} deals", n).format(n=numbers.count(n))
