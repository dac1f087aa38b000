"""Calls, e-mails, visits and messages, and what came of them; they fit the stages the deal stood in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.sample.flow import LOST, Events, Walk
from data.sample.leads import Leads, Strings
from data.sample.worktime import Floats, Ints, clock

CALL, MAIL, VISIT, MESSAGE = range(4)
KINDS = ("Call", "E-mail", "Visit", "Social message")
MINUTES = (6.0, 3.0, 65.0, 2.0)
ATTEMPT = (0.62, 0.28, 0.00, 0.10)
LATER = (0.46, 0.38, 0.12, 0.04)
REACHED = 0.38
"""Share of first attempts that reach a person; a lead is Contacted at the first that does."""


@dataclass(frozen=True)
class Touches:
    """One row per activity, by deal and time; `reached` is a real conversation or answer."""

    deal: Ints
    at: Ints
    kind: Ints
    reached: NDArray[np.bool_]


def attempts(rng: np.random.Generator, way: Walk) -> tuple[Ints, Floats, Ints, NDArray[np.bool_]]:
    """Return attempts made while the lead was new; the last one of a lead that got further reached it."""
    n = len(way.last)
    left = np.nanmin(np.column_stack([way.entry[:, 1:], way.ended]), axis=1)
    further = (way.last > 0) | (left < way.ended)
    count = np.minimum(rng.geometric(REACHED, n), 7)
    count = np.where(~further & (rng.random(n) < 0.35), 0, count)
    deal = np.repeat(np.arange(n), count)
    number = np.arange(len(deal)) - np.repeat(np.cumsum(count) - count, count) + 1
    room = np.where(further, left - way.entry[:, 0], np.minimum(left - way.entry[:, 0], 3.0 * count))
    at = way.entry[deal, 0] + room[deal] * number / count[deal] * np.where(further, 1.0, 0.95)[deal]
    reached = further[deal] & (number == count[deal])
    kind = rng.choice(4, len(deal), p=ATTEMPT)
    return deal, at, kind, reached


def follow_up(rng: np.random.Generator, way: Walk) -> tuple[Ints, Floats, Ints, NDArray[np.bool_]]:
    """Return what happened in later stages: a visit as a meeting is held, and contact every few days."""
    deals, stages = np.nonzero(~np.isnan(way.entry[:, 1:]))
    stages = stages + 1
    start = way.entry[deals, stages]
    later = np.where(np.isnan(way.entry), np.inf, way.entry)
    following = np.column_stack(
        [np.minimum.accumulate(later[:, ::-1], axis=1)[:, ::-1][:, 1:], np.full(len(later), np.inf)]
    )
    stop = np.minimum(np.minimum(following[deals, stages], way.ended[deals]), start + 40.0)
    count = np.minimum(rng.poisson((stop - start) / 6.0), 8)
    row = np.repeat(np.arange(len(deals)), count)
    at = start[row] + (stop - start)[row] * rng.random(len(row))
    held = np.nonzero(stages == 2)[0]
    kind = np.concatenate([rng.choice(4, len(row), p=LATER), np.full(len(held), VISIT)])
    reached = np.concatenate([rng.random(len(row)) < 0.47, np.ones(len(held), dtype=bool)])
    return np.concatenate([deals[row], deals[held]]), np.concatenate([at, start[held]]), kind, reached


def touches(rng: np.random.Generator, leads: Leads, way: Walk, end: int) -> Touches:
    """Return all activities up to `end`, by deal and time."""
    parts = zip(attempts(rng, way), follow_up(rng, way), strict=True)
    deal, at, kind, reached = (np.concatenate(part) for part in parts)
    kind = np.where(leads.is_("source", "Cold calling")[deal] & (kind == MESSAGE), CALL, kind)
    seconds = clock(at)
    order = np.lexsort((seconds, deal))
    order = order[seconds[order] <= end]
    return Touches(deal[order].astype(np.int64), seconds[order], kind[order], reached[order])


def outcomes(rng: np.random.Generator, done: Touches) -> list[str]:
    """Put each activity's result in the words a CRM uses."""
    luck = rng.random(len(done.deal))
    yes, kind = done.reached, done.kind
    mail = np.where(
        yes,
        np.where(luck < 0.45, "Replied", np.where(luck < 0.7, "Clicked", "Opened")),
        np.where(luck < 0.35, "Opened", "No response"),
    )
    call = np.where(
        yes,
        "Conversation",
        np.where(luck < 0.5, "No answer", np.where(luck < 0.85, "Left voicemail", "Busy")),
    )
    visit = np.where(yes, "Held", np.where(luck < 0.6, "Cancelled", "Not held"))
    social = np.where(yes, "Replied", "No response")
    return list(np.select([kind == CALL, kind == MAIL, kind == VISIT], [call, mail, visit], social))


def frame(rng: np.random.Generator, done: Touches, ids: Strings, owner: Strings) -> pl.DataFrame:
    """Return the activities table: one row per activity, oldest deal first."""
    size = len(done.deal)
    minutes = np.array(MINUTES)[done.kind] * rng.lognormal(0.0, 0.4, size) * np.where(done.reached, 1.6, 0.6)
    return pl.DataFrame(
        {
            "activity_id": [f"ACT-{k}" for k in range(500_001, 500_001 + size)],
            "deal_id": list(ids[done.deal]),
            "owner": list(owner[done.deal]),
            "type": list(np.array(KINDS, dtype=object)[done.kind]),
            "direction": list(np.where(rng.random(size) < 0.88, "Outbound", "Inbound")),
            "activity_at": done.at,
            "outcome": outcomes(rng, done),
            "decision_maker": list(np.where(done.reached & (rng.random(size) < 0.55), "Yes", "No")),
            "minutes": np.maximum(np.round(minutes), 1).astype(np.int64),
        }
    ).with_columns(pl.from_epoch("activity_at"))


def first_and_last(done: Touches, deals: int, moment: int) -> tuple[Ints, Ints]:
    """Return epoch seconds of each deal's first and last activity up to `moment`; -1 where none."""
    seen = done.at <= moment
    who, at = done.deal[seen], done.at[seen]
    first, last = np.full(deals, -1, dtype=np.int64), np.full(deals, -1, dtype=np.int64)
    first[who[::-1]] = at[::-1]
    last[who] = at
    return first, last


def lost_reasons(rng: np.random.Generator, written: Events, deals: int) -> NDArray[np.object_]:
    """Draw why each deal would be lost, by the stage it is lost in; two months of 2026 see a price war."""
    early = ("No reaction", "No budget", "No need", "Timing")
    late = ("Too expensive", "Chose competitor", "No decision", "Timing", "Delivery time")
    at = np.zeros(deals, dtype=np.int64)
    lost = written.code == LOST
    at[written.deal[lost]] = written.at[lost]
    stage = np.zeros(deals, dtype=np.int64)
    stage[written.deal[lost]] = written.from_code[lost]
    war = (at >= 1_772_323_200) & (at < 1_777_593_600) & (rng.random(deals) < 0.35)
    a = np.array(early, dtype=object)[rng.choice(4, deals, p=(0.42, 0.22, 0.22, 0.14))]
    b = np.array(late, dtype=object)[rng.choice(5, deals, p=(0.33, 0.30, 0.18, 0.12, 0.07))]
    return np.where(stage < 2, a, np.where(war, "Chose competitor", b))
