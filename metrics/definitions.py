"""The named definitions of a hit rate: what is counted, over what, and by which date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from data.cells.names import one_of
from data.errors import N_
from data.meta import Definitions, Status
from data.slice import Basis

Measure = Literal["deals", "contacted", "opportunities", "meetings", "amount"]


@dataclass(frozen=True)
class Part:
    """One side of the fraction: which measure, summed over deals of which outcomes."""

    measure: Measure
    status: tuple[Status, ...]


@dataclass(frozen=True)
class Definition:
    """A hit rate by name.

    `label`, `formula` and `reading` are English templates for the screen; `numerator` and `denominator`
    are what is computed; `basis` is the date that a period cuts on. `follows` is True where the
    workspace may set another basis without changing what the definition means.
    """

    name: str
    label: str
    formula: str
    numerator: Part
    denominator: Part
    basis: Basis
    reading: str
    follows: bool = False

    @property
    def by_value(self) -> bool:
        """Return True where money is counted instead of deals."""
        return self.denominator.measure == "amount"


WON: tuple[Status, ...] = ("won",)
DECIDED: tuple[Status, ...] = ("won", "lost")
JUDGED: tuple[Status, ...] = ("won", "lost", "disqualified")
LIVE: tuple[Status, ...] = ("won", "lost", "open")
ALL: tuple[Status, ...] = ("won", "lost", "open", "disqualified")

PRESETS: tuple[Definition, ...] = (
    Definition(
        "decided",
        N_("Won of decided deals"),
        N_("won / (won + lost), by closing date"),
        Part("deals", WON),
        Part("deals", DECIDED),
        "closed",
        N_("Of the deals that ended in this period, this share was won. Open deals are not counted."),
        True,
    ),
    Definition(
        "created",
        N_("Won of created deals"),
        N_("won / (won + lost + open), by creation date"),
        Part("deals", WON),
        Part("deals", LIVE),
        "created",
        N_(
            "Of the deals created in this period, this share is won so far. Recent periods read low, "
            "since deals are still open."
        ),
    ),
    Definition(
        "cohort",
        N_("Won of decided deals, by creation"),
        N_("won / (won + lost), by creation date"),
        Part("deals", WON),
        Part("deals", DECIDED),
        "created",
        N_(
            "Of the deals created in this period that have ended, this share was won. Quick decisions "
            "weigh more in recent periods."
        ),
    ),
    Definition(
        "broad",
        N_("Won of all closed deals"),
        N_("won / (won + lost + disqualified), by closing date"),
        Part("deals", WON),
        Part("deals", JUDGED),
        "closed",
        N_("As decided, but deals that were disqualified or came to no decision count as not won."),
        True,
    ),
    Definition(
        "value",
        N_("Won value of decided value"),
        N_("won value / (won value + lost value), by closing date"),
        Part("amount", WON),
        Part("amount", DECIDED),
        "closed",
        N_(
            "Of the money that was decided, this share was won. One large deal can move it; "
            "not available where lost deals carry no value."
        ),
        True,
    ),
    Definition(
        "leads",
        N_("Won of all leads"),
        N_("won / all leads, by creation date"),
        Part("deals", WON),
        Part("deals", ALL),
        "created",
        N_("Of everything that came in, disqualified and open included, this share is won so far."),
    ),
    Definition(
        "contacted",
        N_("Won of contacted leads"),
        N_("won / leads contacted, by creation date"),
        Part("contacted", WON),
        Part("contacted", ALL),
        "created",
        N_("Of the leads that somebody contacted, this share is won so far."),
    ),
    Definition(
        "qualified",
        N_("Won of qualified leads"),
        N_("won / leads that became an opportunity, by creation date"),
        Part("opportunities", WON),
        Part("opportunities", ALL),
        "created",
        N_(
            "Of the leads that reached the stage from which they count as an opportunity, "
            "this share is won so far."
        ),
    ),
    Definition(
        "meetings",
        N_("Won of meetings"),
        N_("won / deals that reached the meeting stage, by creation date"),
        Part("meetings", WON),
        Part("meetings", ALL),
        "created",
        N_("Of the deals that reached a meeting, this share is won so far."),
    ),
)
BY_NAME = {preset.name: preset for preset in PRESETS}

REASONS = {
    "empty": N_("Nothing to divide by: no deal counts in the denominator."),
    "currencies": N_("Deals in different currencies are not added up: choose one currency."),
    "no lost deals": N_(
        "The data hold no lost deals, so the rate would be 100 % whatever happened. Import lost deals too, "
        "or count won deals among all leads."
    ),
    "no lost value": N_(
        "The lost deals carry no value, so the rate by value would be 100 % whatever happened."
    ),
    "no amount": N_("No amount is known for these deals."),
    "no meeting stage": N_("Say first at which stage a meeting has taken place."),
    "no date": N_("These deals do not have the date that the period is cut by."),
    "too young": N_("No deal has been followed for so long yet: choose a shorter horizon."),
    "no contact": N_("The data do not say which leads were contacted."),
}


def definition(name: str | Definition | None, chosen: Definitions) -> Definition:
    """Return a definition by name; None is the one the workspace has chosen.

    Raises HitrateError for a name that is not among the presets, naming the nearest.
    """
    if isinstance(name, Definition):
        return name
    return BY_NAME[one_of("definition", chosen.rate if name is None else name, BY_NAME)]


def basis_of(chosen: Definitions, definition: Definition, named: bool) -> Basis:
    """Return the date to cut on: the workspace's where it chose both, else the definition's own."""
    return chosen.basis if definition.follows and not named else definition.basis
