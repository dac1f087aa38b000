"""Which deals the reader is looking at: the address read as a `Slice`, and changes to it.

Names in the address: `period` `from` `to` `basis` `by` `rate` `pipeline`, and `f.<column>` for the
values of a column, where the empty text stands for "(blank)". A name or value that does not exist in
this data is dropped, and the reader is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

import polars as pl

from data import Pipeline, Slice, cells
from data.errors import N_
from data.meta import Meta
from data.slice import Basis
from metrics.definitions import BY_NAME, Definition, basis_of
from pages.shared import address, unread
from pages.shared.caching import cached
from pages.shared.periods import ALL, CUSTOM, PERIODS, bounds
from pages.shared.words import _, plain, t

FIELD = "f."
DRILL = "at."
BLANK = ""
FIRST = ("source", "owner", "team")
BASES: dict[str, str] = {"closed": N_("Closing date"), "created": N_("Creation date")}
NAMES = ("period", "from", "to", "basis", "pipeline")
READINGS = ("skipped", "back", "stale")
SEEN = ("asof",)


@dataclass(frozen=True)
class Asked:
    """What the address asks for, after dropping what does not exist; `dropped` says what, in sentences."""

    slice: Slice
    definition: str
    breakdown: str | None
    dropped: tuple[str, ...] = ()


def labels(meta: Meta) -> dict[str, str]:
    """Return the header in the user's file for every column one can slice by."""
    return {**meta.labels, **{d.column: d.label for d in meta.dimensions}}


def values(pipeline: Pipeline, column: str) -> list[str]:
    """Return the values of a column, most frequent first; the empty text is "blank"."""
    frame: pl.DataFrame = cached(cells.values)(pipeline, column)
    return [BLANK if v is None else str(v) for v in frame.get_column("value").to_list()]


def shown(value: str | None) -> str:
    """Return a value as the reader sees it."""
    return value or _("(blank)")


def filtered(pipeline: Pipeline, prefix: str) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Return the filters that exist in this data, and a sentence for each that does not."""
    found: dict[str, tuple[str, ...]] = {}
    dropped: list[str] = []
    for name in address.names(prefix):
        column = name.removeprefix(prefix)
        dimension = pipeline.meta.dimension(column)
        if dimension is None:
            dropped.append(
                t(
                    N_("This data has no column “{column}”; that filter was left out."),
                    column=unread.quoted(column),
                )
            )
            continue
        known = set(values(pipeline, column))
        kept = tuple(v for v in address.many(name) if v in known)
        for value in address.many(name):
            if value not in known:
                dropped.append(
                    t(
                        N_("“{value}” does not occur in {column}; it was left out of the filter."),
                        value=unread.quoted(shown(value)),
                        column=plain(dimension.label),
                    )
                )
        if kept:
            found[column] = kept
    return found, dropped


def _choice(name: str, known: Iterable[str], default: str, dropped: list[str]) -> str:
    value = address.one(name, default) or default
    if value in set(known):
        return value
    dropped.append(unread.absent(value))
    return default


def _known(name: str, known: Iterable[str], dropped: list[str]) -> str | None:
    """Return the value under a name; None where there is none, or none that is known."""
    return _choice(name, [*known, ""], "", dropped) or None


def day(name: str, dropped: list[str]) -> date | None:
    text = address.one(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        dropped.append(t(N_("“{value}” is not a date; it was left out."), value=unread.quoted(text or "")))
        return None


def _alone(dropped: list[str]) -> None:
    """Read dates that came in the address without `period=custom`, or say why they are left out."""
    dates, period = [name for name in ("from", "to") if address.came(name)], address.one("period")
    if period is None and any(day(name, []) for name in dates):
        address.put("period", CUSTOM)
    elif period != CUSTOM:
        for name in dates:
            if day(name, dropped):
                told = N_("“{value}” was left out: dates count only where the period is “{custom}”.")
                gaps = {"value": unread.quoted(address.one(name) or ""), "custom": _(PERIODS[CUSTOM])}
                dropped.append(t(told, **gaps))
            address.put(name, None)


def _other_basis(meta: Meta) -> str:
    """Return that the date the address asks for is not the one this hit rate goes by; "" if it is."""
    asked = address.one("basis")
    if asked not in BASES or not address.came("basis") or asked == basis(meta):
        return ""
    told = N_("This hit rate goes by {own}: “{asked}” in the address was left out.")
    return t(told, own=_(BASES[basis(meta)]).lower(), asked=_(BASES[asked]))


def definitions(meta: Meta) -> dict[str, Definition]:
    """Return the hit rates that this data can answer, the workspace's own among them."""
    cannot = {
        "value": not meta.has_amount,
        "contacted": not meta.has_contact,
        "meetings": meta.definitions.meeting_stage is None,
    }
    dates = {"created": meta.has_created, "closed": meta.has_closed}
    able = {name: d for name, d in BY_NAME.items() if not cannot.get(name) and (dates[d.basis] or d.follows)}
    return able or dict(BY_NAME)


def definition(meta: Meta) -> Definition:
    """Return the hit rate the address asks for, else the workspace's."""
    known = definitions(meta)
    return known.get(address.one("rate") or meta.definitions.rate) or next(iter(known.values()))


def own_basis(meta: Meta) -> Basis:
    """Return the date that periods cut on unless the address says otherwise."""
    wanted = basis_of(meta.definitions, definition(meta), named=bool(address.one("rate")))
    has = {"created": meta.has_created, "closed": meta.has_closed}
    other: Basis = "created" if wanted == "closed" else "closed"
    return wanted if has[wanted] or not has[other] else other


def free_basis(meta: Meta) -> bool:
    """Return True where the reader may choose the date without changing what the hit rate means."""
    return definition(meta).follows and meta.has_created and meta.has_closed


def basis(meta: Meta) -> Basis:
    """Return the date that periods cut on."""
    asked = address.one("basis")
    return cast(Basis, asked) if asked in BASES and free_basis(meta) else own_basis(meta)


def breakdowns(meta: Meta) -> list[str]:
    """Return the columns to break down by, the usual ones first."""
    usual = [c for c in FIRST if meta.dimension(c)]
    rest = [d.column for d in meta.dimensions if d.column not in usual and d.role == "dimension"]
    return usual + rest


def chosen(pipeline: Pipeline) -> Asked:
    """Return what the address asks of this pipeline."""
    meta, dropped = pipeline.meta, list[str]()
    period = _choice("period", PERIODS, ALL, dropped)
    start, end = bounds(period, meta.as_of, meta.definitions.fiscal_month)
    if period == CUSTOM:
        start, end = day("from", dropped), day("to", dropped)
    where, gone = filtered(pipeline, FIELD)
    columns = breakdowns(meta)
    by = _known("by", columns, dropped) or next(iter(columns), None)
    _choice("rate", definitions(meta), meta.definitions.rate, dropped)
    runs = [p.name for p in meta.pipelines]
    run = _known("pipeline", runs, dropped)
    _known("basis", BASES, dropped)
    asked = Slice(
        by=(by,) if by else (), basis=basis(meta), start=start, end=end, pipeline=run, where=pairs(where)
    )
    return Asked(asked, definition(meta).name, by, tuple(dropped + gone))


def pairs(where: Mapping[str, Iterable[str]]) -> tuple[tuple[str, tuple[str | None, ...]], ...]:
    return tuple((column, tuple(v or None for v in found)) for column, found in where.items())


def clean(pipeline: Pipeline) -> tuple[str, ...]:
    """Take what does not exist out of the address; return the sentences that say so."""
    dropped: list[str] = []
    _alone(dropped)
    dropped += chosen(pipeline).dropped
    if other := _other_basis(pipeline.meta):
        dropped.append(other)
        address.put("basis", None)
    if dropped:
        known, _gone = filtered(pipeline, FIELD)
        for name in address.names(FIELD):
            address.put(name, known.get(name.removeprefix(FIELD)))
        meta = pipeline.meta
        legal = {
            "period": PERIODS,
            "by": breakdowns(meta),
            "rate": definitions(meta),
            "basis": BASES,
            "pipeline": [p.name for p in meta.pipelines],
        }
        for name, choices in legal.items():
            if address.one(name) not in (None, *choices):
                address.put(name, None)
        for name in ("from", "to"):
            if day(name, []) is None:
                address.put(name, None)
    return tuple(dropped)


def set_filter(column: str, chosen_values: Iterable[str | None] | None) -> None:
    """Filter on a column (None clears it). Safe in a callback; elsewhere follow it with `st.rerun()`."""
    address.put(FIELD + column, None if chosen_values is None else [v or BLANK for v in chosen_values])


def clear_all() -> None:
    """Take every filter and reading out of the address; the definition and the breakdown stay."""
    address.drop(*NAMES, *READINGS, *SEEN, *address.names(FIELD), *address.names(DRILL))
