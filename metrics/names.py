"""From the names a person uses to the columns of the deals table, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, get_args

import polars as pl

from data.cells.names import one_of, resolve
from data.errors import N_, HitrateError
from data.slice import Basis, Slice

if TYPE_CHECKING:
    from data.pipeline import Pipeline

By = str | Sequence[str] | None
Where = Mapping[str, object] | None
Day = date | str | None

OWN = (
    "visited_mask",
    "furthest_no",
    "last_no",
    "status",
    "currency",
    "period",
)  # keys of the cells themselves


def question(
    pipeline: Pipeline,
    by: By = None,
    where: Where = None,
    basis: Basis = "created",
    start: Day = None,
    end: Day = None,
    pipeline_name: str | None = None,
) -> tuple[Slice, list[str]]:
    """Return the Slice that the arguments of a public metric describe, and the `by` names as given.

    Raises HitrateError for an unknown column, a date that cannot be read, a date cut on a date that
    the data do not hold, an unknown pipeline, or a breakdown by the outcome itself.
    """
    meta = pipeline.meta
    asked = [by] if isinstance(by, str) else list(by or ())
    found: dict[str, str] = {}  # a column asked for twice, under two names, counts once
    for name in asked:
        found.setdefault(resolve(pipeline, name), name)
    if "status" in found:
        raise HitrateError(
            N_("Not a breakdown"),
            N_("A rate cannot be broken down by the outcome it counts."),
            N_("Choose another column, or use the outcome as a filter."),
        )
    first, last = day(start), day(end)
    one_of("date basis", basis, get_args(Basis))
    if (first or last) and not (meta.has_created if basis == "created" else meta.has_closed):
        raise no_date(basis)
    if pipeline_name is not None:
        one_of("pipeline", pipeline_name, [p.name for p in meta.pipelines])
    chosen = tuple((resolve(pipeline, name), values(value)) for name, value in (where or {}).items())
    sliced = Slice(by=tuple(found), basis=basis, start=first, end=last, where=chosen, pipeline=pipeline_name)
    return sliced, list(found.values())


def no_date(basis: Basis) -> HitrateError:
    what = {
        "created": N_("The deals have no creation date, so they cannot be cut by it."),
        "closed": N_("The deals have no closing date, so they cannot be cut by it."),
    }
    return HitrateError(
        N_("No such date"), what[basis], N_("Leave the period out, or map a column to that date.")
    )


def day(value: Day) -> date | None:
    """Return a date; text is read as year-month-day."""
    if value is None or isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise HitrateError(
            N_("Not a date"),
            N_('"{text}" is not a date.'),
            N_("Write dates as year-month-day, such as 2025-12-31."),
            text=value,
        ) from None


def values(value: object) -> tuple[str | None, ...]:
    """Return the allowed values of one filter as text; None is "blank"."""
    many = value if isinstance(value, (list, tuple, set, frozenset, pl.Series)) else [value]
    return tuple(dict.fromkeys(None if v is None else str(v) for v in many))


def keys(by: Sequence[str]) -> list[str]:
    """Return the inner names of the breakdown columns: a header called "won" must not meet our own."""
    return [f"#{n}" for n in range(len(by))]


def keyed(cells: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Give the breakdown columns their inner names; one that the cells have anyway (currency) stays too."""
    inner = [pl.col(name).alias(key) for key, name in zip(keys(by), by, strict=True)]
    return cells.select(*inner, *(c for c in cells.columns if c not in by or c in OWN))


def named(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Give the breakdown columns the names asked for; " (2)" is added to one of ours."""
    inner = keys(names)
    taken = set(frame.columns) - set(inner)
    return frame.rename(
        {k: f"{name} (2)" if name in taken else name for k, name in zip(inner, names, strict=True)}
    )
