"""From a number to the deals behind it: exactly those that it counts, kept in the address under `at.`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from data import Pipeline, Slice
from data.cells.filters import EXITS
from data.errors import N_
from data.meta import STATUSES, Meta
from metrics.definitions import ALL, BY_NAME
from metrics.stale import limits, pairs, still_open
from pages.shared import address, filters, unread
from pages.shared.caching import cached
from pages.shared.filters import BLANK, DRILL, FIELD
from pages.shared.words import t

Where = tuple[tuple[str, tuple[str | None, ...]], ...]
Limits = tuple[tuple[int, int], ...]  # stage and days, as `Slice.stale` has them
KNOWN = {"contacted": "first_contact_s", "amount": "amount_minor"}  # what a hit rate can ask to be known
MONTHS = {"month": 1, "quarter": 3, "year": 12}
DEEPEST = 62  # stages that fit in a visited mask


@dataclass(frozen=True)
class Drill:
    """Which deals of the view a clicked number stands for; every part narrows, as in `Slice`.

    `stale` keeps the stale deals among those still open, as `metrics.stale` counts them.
    """

    status: tuple[str, ...] = ()
    stage: int | None = None
    exit: str | None = None
    start: date | None = None
    end: date | None = None
    known: tuple[str, ...] = ()
    reached: int | None = None
    pipeline: str | None = None
    where: Where = ()
    stale: Limits | None = None

    def apply(self, asked: Slice) -> Slice:
        """Return the slice narrowed to these deals."""
        if self.stale is not None:
            asked = still_open(asked).with_(stale=self.stale)
        starts = [d for d in (asked.start, self.start) if d]
        ends = [d for d in (asked.end, self.end) if d]
        return asked.with_(
            status=self.status or asked.status,
            stage=self.stage,
            exit=self.exit,
            start=max(starts, default=None),
            end=min(ends, default=None),
            known=self.known,
            reached=self.reached,
            pipeline=self.pipeline or asked.pipeline,
            where=asked.where + self.where,
        )


def one(column: str, value: str | None) -> Where:
    """Return the condition that a column holds one value; the empty text, as a mark reports it, is blank."""
    return ((column, (value or None,)),)


def denominator(
    meta: Meta, name: str, where: Where = (), start: date | None = None, end: date | None = None
) -> Drill:
    """Return the deals that a hit rate is taken over, of one group or period."""
    part = BY_NAME[name].denominator
    stages = {"opportunities": meta.definitions.opportunity_stage, "meetings": meta.definitions.meeting_stage}
    return Drill(
        status=() if part.status == ALL else part.status,
        known=(KNOWN[part.measure],) if part.measure in KNOWN else (),
        reached=stages.get(part.measure),
        where=where,
        start=start,
        end=end,
    )


def lost(leak: dict[str, Any]) -> Drill:
    """Return the lost deals of a leak; `leak` is a row of `metrics.leaks`."""
    stage = leak["stage_no"]
    return Drill(
        ("lost",),
        stage,
        "lost" if stage else None,
        pipeline=leak["pipeline"],
        where=one(leak["field"], leak["value"]),
    )


def period(first: date, grain: str) -> tuple[date, date]:
    """Return the first and last day of the month, quarter or year that begins on `first`."""
    months = first.year * 12 + first.month - 1 + MONTHS[grain]
    return first, date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


def drill(pipeline: Pipeline) -> Drill:
    """Return the drill-down the address asks for; what does not exist is left out."""
    where, _gone = filters.filtered(pipeline, DRILL + FIELD)
    stage, way = _number("stage"), address.one(DRILL + "exit")
    runs = [p.name for p in pipeline.meta.pipelines]
    run = next((name for name in (address.one(DRILL + "pipeline"),) if name in runs), None)
    return Drill(
        status=tuple(s for s in address.many(DRILL + "status") if s in STATUSES),
        stage=stage,
        exit=way if way == "no_stage" or (stage and way in EXITS) else None,
        start=filters.day(DRILL + "start", []),
        end=filters.day(DRILL + "end", []),
        known=tuple(c for c in KNOWN.values() if c in address.many(DRILL + "known")),
        reached=_number("reached"),
        pipeline=run,
        where=filters.pairs(where),
        stale=_stale(pipeline, run or next((n for n in (address.one("pipeline"),) if n in runs), None)),
    )


def stale_limits(pipeline: Pipeline, run: str | None) -> Limits:
    """Return after how many days an open deal is stale, per stage; see `metrics.stale.limits`."""
    return pairs(limits(pipeline, run))


def _stale(pipeline: Pipeline, run: str | None) -> Limits | None:
    """Return the limits of the stages the address names; the days are those of the data, not of the link."""
    asked = {int(n) for n in _stages()}
    if not asked:
        return None
    return tuple(pair for pair in cached(stale_limits)(pipeline, run) if pair[0] in asked)


def _stages() -> list[str]:
    """Return the stages named under `stale` that can be stages."""
    return [n for n in address.many(DRILL + "stale") if n.isascii() and n.isdecimal() and len(n) < 3]


def _number(name: str) -> int | None:
    text = address.one(DRILL + name, "") or ""
    return next((number for number in range(1, DEEPEST + 1) if str(number) == text), None)


def written(found: Drill) -> dict[str, list[str]]:
    """Return a drill-down as the address holds it; what it does not narrow has no values."""
    plain: dict[str, Iterable[object]] = {
        "status": found.status,
        "stage": [found.stage] if found.stage else [],
        "exit": [found.exit] if found.exit else [],
        "start": [found.start] if found.start else [],
        "end": [found.end] if found.end else [],
        "known": found.known,
        "reached": [found.reached] if found.reached else [],
        "pipeline": [found.pipeline] if found.pipeline else [],
        "stale": [stage for stage, _days in found.stale or ()],
    }
    own = {DRILL + name: [str(value) for value in values] for name, values in plain.items()}
    return own | {DRILL + FIELD + column: [v or BLANK for v in values] for column, values in found.where}


def clean(pipeline: Pipeline) -> tuple[str, ...]:
    """Take what is no part of a drill-down out of the address; return the sentences that say so."""
    if not address.names(DRILL):
        return ()
    _where, said = filters.filtered(pipeline, DRILL + FIELD)
    known = written(drill(pipeline)) | {DRILL + "stale": _stages()}  # a stage without a limit has none stale
    for name in address.names(DRILL):
        kept = [value for value in address.many(name) if value in known.get(name, ())]
        gone = [value for value in address.many(name) if value not in kept]
        if not name.startswith(DRILL + FIELD):
            told = N_("“{value}” at “{name}” in the address was not understood; it was left out.")
            gaps = {"name": unread.quoted(name)}
            said += [t(told, value=unread.quoted(value), **gaps) for value in gone]
        if gone:
            address.put(name, kept)
    return tuple(said)


def go_to_deals(found: Drill) -> None:
    """Open the Deals page on the deals behind a number. Call it in the page's body, not in a callback."""
    changes: dict[str, Any] = dict.fromkeys(address.names(DRILL))
    address.go("deals.py", changes | written(found))
