"""Which deals a drill-down holds and what they are worth, in words."""

from __future__ import annotations

from data.errors import N_
from data.slice import Slice
from metrics.hit_rate import amounts
from pages.shared import numbers, sentences
from pages.shared.charts.look import bare
from pages.shared.chips import STATUS_WORDS
from pages.shared.state import View, cached
from pages.shared.words import _, ngettext, plain, t

EXITS = {
    "entered": N_("that entered {stage}"),
    "advanced": N_("that went on from {stage}"),
    "lost": N_("lost at {stage}"),
    "disqualified": N_("disqualified at {stage}"),
    "moved_back": N_("that moved back from {stage}"),
    "still_there": N_("still at {stage}"),
}


def where(question: Slice, view: View) -> str:
    """Return which deals these are, as far as the chips do not say it."""
    if question.stale is not None:
        return _("open for longer than 95 % of the won deals took")
    if question.exit == "no_stage":
        return _("with no stage recorded")
    if question.stage is None:
        return ""
    stage = next(
        (s.label for s in view.pipeline.meta.stages(question.pipeline) if s.number == question.stage), ""
    )
    return t(EXITS.get(question.exit or "entered", EXITS["entered"]), stage=f"**{plain(stage)}**")


def sums(view: View, question: Slice) -> str:
    """Return what the deals are worth per currency, by outcome."""
    said = []
    for row in cached(amounts)(view.pipeline, question.with_(by=())).to_dicts():
        parts = [
            f"{_(STATUS_WORDS[k]).lower()} {numbers.money_major(row[f'{k}_amount'], row['currency'])}"
            for k in ("won", "lost", "open")
            if row[k]
        ]
        said.append(", ".join(parts))
    return "; ".join(filter(None, said))


def selection(view: View, question: Slice) -> list[tuple[str, str]]:
    """Return the drill-down as a line of the definition card; none when there is none."""
    said = where(question, view)
    return [(_("Selection"), bare(said))] if said else []


def headline(view: View, question: Slice, n: int) -> str:
    """Return the page's sentence: how many deals, which, and what they are worth."""
    whole = ngettext("**{n} deal**", "**{n} deals**", n).format(n=numbers.count(n))
    worth = sums(view, question)
    first = sentences.joined(whole, where(question, view))
    return f"{first}: {worth}." if worth else f"{first}."
