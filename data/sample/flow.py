"""How leads move: stages passed, lost or left for good, and the events (stage entries) this writes.

Every lead walks the five stages in order. At a stage it is disqualified (early stages only), passes,
or is lost; passing takes less time than losing, and a few that would be lost are never closed and
stay open for ever (stale). Then the untidiness of a real CRM is laid over the walk without changing
how it ends at any stage: stages skipped, moves back, deals reopened after a loss.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.sample import company
from data.sample.leads import Leads
from data.sample.truths import Truths
from data.sample.worktime import Floats, Ints, clock, month_of

K = 5
WON, LOST, DISQUALIFIED = K, K + 1, K + 2
MEDIAN = (0.4, 4.0, 5.5, 8.0, 5.5)
SPREAD = (1.9, 0.8, 0.8, 0.75, 0.7)
LOSING, LOSING_SPREAD = 26.0, 0.55
"""Working days until a deal that will be lost is given up: wins are quicker."""
STALE, SKIP, BACK, BACK_FOR_GOOD, REOPEN = 0.05, 0.06, 0.03, 0.012, 0.02
SOON = 0.006
"""Shortest stay in a stage, working days (3 minutes), so that no two entries share a minute."""


@dataclass(frozen=True)
class Events:
    """One row per stage entered, by deal and time; `code`: 0..4 stages, then WON, LOST, DISQUALIFIED."""

    deal: Ints
    at: Ints
    code: Ints
    from_code: Ints


@dataclass(frozen=True)
class Walk:
    """Entry time of each stage (NaN: not reached), how the walk ends, in which stage and when."""

    entry: Floats
    last: Ints
    end: Ints
    ended: Floats


def chances(leads: Leads, truths: Truths) -> Floats:
    """Return the chance of passing each stage, per lead (n x 5).

    The falling source's chances fall in a straight line over time around a centre weighted by the
    leads that get that far, so that its average at every stage is exactly the base.
    """
    p = np.tile(np.array(truths.base), (len(leads), 1))
    for leak in truths.leaks:
        p[leads.is_(leak.field, leak.value), truths.stages.index(leak.stage)] = leak.conversion
    here = leads.is_("source", truths.falling.source)
    age = (leads.working[here] - leads.working[0]) / (leads.working[-1] - leads.working[0])
    reach = np.ones(len(age))
    for stage, drop in zip(truths.falling.stages, truths.falling.drop, strict=True):
        k = truths.stages.index(stage)
        p[here, k] -= drop * (age - np.average(age, weights=reach))
        reach *= p[here, k]
    return np.asarray(np.clip(p, 0.02, 0.985))


def walk(rng: np.random.Generator, leads: Leads, truths: Truths) -> Walk:
    """Walk all leads through the stages with no end of the data in sight."""
    n = len(leads)
    p = chances(leads, truths)
    unfit = np.zeros((n, K))
    share = {s.name: s.disqualified for s in company.SOURCES}
    unfit[:, 0] = [share[s] * 0.7 for s in leads.columns["source"]]
    unfit[:, 1] = [share[s] * 0.4 for s in leads.columns["source"]]
    entry = np.full((n, K), np.nan)
    entry[:, 0] = leads.working
    last, end = np.full(n, K - 1), np.full(n, WON)
    ended, alive = leads.working.copy(), np.ones(n, dtype=bool)
    stale = rng.random(n) < STALE
    for k in range(K):
        entry[alive, k] = ended[alive]
        out, passed = alive & (rng.random(n) < unfit[:, k]), rng.random(n) < p[:, k]
        lost = alive & ~out & ~passed
        stay = MEDIAN[k] * rng.lognormal(0.0, SPREAD[k], n)
        stay = np.where(lost, LOSING * rng.lognormal(0.0, LOSING_SPREAD, n), stay)
        stay = np.clip(stay * np.array(company.PACE)[month_of(ended)], SOON, 150.0)
        stay = np.where(lost & stale, 5000.0, stay)
        ended = np.where(alive, ended + stay, ended)
        last, end = np.where(lost | out, k, last), np.where(lost, LOST, np.where(out, DISQUALIFIED, end))
        alive = alive & ~lost & ~out
    return Walk(entry, last, end, ended)


def skip_some(rng: np.random.Generator, way: Walk) -> Walk:
    """Blank the entry of some stages that were passed (never the first, nor the one a deal ended in)."""
    number = np.arange(K)
    passed = (number > 0) & (number < way.last[:, None])
    entry = np.where(passed & (rng.random(way.entry.shape) < SKIP), np.nan, way.entry)
    return Walk(entry, way.last, way.end, way.ended)


def events(rng: np.random.Generator, way: Walk) -> Events:
    """Return all stage entries of the walk, untidiness included, sorted by deal and time."""
    n = len(way.last)
    deal, stage = np.nonzero(~np.isnan(way.entry))
    rows = [(deal, way.entry[deal, stage], stage), (np.arange(n), way.ended, way.end)]
    start = way.entry[np.arange(n), way.last]
    stay = np.minimum(way.ended - start, 40.0)
    chance, enough = rng.random(n), (stay > 1.0) & (way.last > 0)
    back = np.nonzero(enough & (chance < BACK))[0]
    rows += [
        (back, start[back] + 0.3 * stay[back], way.last[back] - 1),
        (back, start[back] + 0.6 * stay[back], way.last[back]),
    ]
    gone = np.nonzero(enough & (chance > 1 - BACK_FOR_GOOD) & (way.end == LOST))[0]
    rows += [(gone, start[gone] + 0.5 * stay[gone], way.last[gone] - 1)]
    again = np.nonzero((stay > 6.0) & (chance > 0.5) & (chance < 0.5 + REOPEN))[0]
    rows += [
        (again, start[again] + 0.4 * stay[again], np.full(len(again), LOST)),
        (again, start[again] + 0.8 * stay[again], way.last[again]),
    ]
    who, at, code = (np.concatenate(part) for part in zip(*rows, strict=True))
    order = np.lexsort((at, who))
    who, at, code = who[order].astype(np.int64), at[order], code[order].astype(np.int64)
    before = np.where(np.diff(who, prepend=-1) == 0, np.roll(code, 1), -1)
    return Events(who, clock(at), code, before)


def since_creation(written: Events, created: Ints) -> Events:
    """Let the first entry of every deal be its creation (which may be out of hours)."""
    at = np.where(written.from_code < 0, created[written.deal], written.at)
    return Events(written.deal, at, written.code, written.from_code)


@dataclass(frozen=True)
class Standing:
    """Per deal, how it stands at one moment: last event, open stage stood in, since when, furthest stage."""

    known: NDArray[np.bool_]
    code: Ints
    stage: Ints
    at: Ints
    stage_at: Ints
    furthest: Ints


def standing(written: Events, deals: int, moment: int) -> Standing:
    """Return how every deal stands at `moment`; deals created later are not `known`."""
    seen = written.at <= moment
    who, at, code = written.deal[seen], written.at[seen], written.code[seen]
    out = {name: np.full(deals, -1, dtype=np.int64) for name in ("code", "stage", "at", "stage_at")}
    # Rows are sorted by deal and time, so of repeated assignments the last, the newest, stays.
    out["code"][who], out["at"][who] = code, at
    still = code < K
    out["stage"][who[still]], out["stage_at"][who[still]] = code[still], at[still]
    furthest = np.full(deals, -1, dtype=np.int64)
    np.maximum.at(furthest, who[still], code[still])
    return Standing(out["code"] >= 0, out["code"], out["stage"], out["at"], out["stage_at"], furthest)
