"""Names and choices that come from outside, checked against what there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from data.engine.tables import days_columns
from data.errors import N_, HitrateError

if TYPE_CHECKING:
    from data.pipeline import Pipeline

HIDDEN = {"deal_key", "visited_mask", "stood_days"}  # of no meaning to a person, so never suggested


def resolve(pipeline: Pipeline, name: str) -> str:
    """Return the column of the deals table that `name` means: a column, or the header in the user's file.

    An exact match wins over one that differs in upper and lower case. HitrateError with the nearest
    valid name when there is none.
    """
    schema = pipeline.engine.schema("deals")
    labels = {label: column for column, label in pipeline.meta.labels.items() if column in schema}
    if name in schema:
        return name
    if name in labels:
        return labels[name]
    loose = {known.casefold(): column for known, column in [*labels.items(), *((c, c) for c in schema)]}
    if name.casefold() in loose:
        return loose[name.casefold()]
    raise unknown(name, suggestions(schema, pipeline.meta.labels))


def suggestions(schema: Mapping[str, str], labels: Mapping[str, str]) -> list[str]:
    """Return the names a person may use, labels before canonical names."""
    skip = HIDDEN | set(days_columns(dict(schema)).values())
    named = [labels[column] for column in schema if column in labels]
    return list(dict.fromkeys([*named, *(column for column in schema if column not in skip)]))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the valid choice that looks most like `name`, whatever its case; None when none does."""
    folded = {choice.casefold(): choice for choice in known}
    close = get_close_matches(name.casefold(), folded, n=1, cutoff=0.5)
    return folded[close[0]] if close else None


def unknown(name: str, known: Iterable[str]) -> HitrateError:
    """Return the error for a column that does not exist, naming the nearest that does."""
    choices = list(known)
    title, message = N_("No such column"), N_("There is no column “{name}” in these deals.")
    if near := nearest(name, choices):
        return HitrateError(title, message, N_("Did you mean “{nearest}”?"), name=name, nearest=near)
    some = ", ".join(choices[:12])
    return HitrateError(title, message, N_("Choose one of: {choices}."), name=name, choices=some)


def one_of(what: str, value: str, allowed: Iterable[str]) -> str:
    """Return `value` when it is allowed, else raise HitrateError with the nearest choice that is."""
    choices = list(allowed)
    if value in choices:
        return value
    raise HitrateError(
        N_("No such choice"),
        N_("“{value}” is not a possible {what}."),
        N_("Did you mean “{nearest}”? Possible: {choices}."),
        what=what,
        value=value,
        nearest=nearest(value, choices) or next(iter(choices), "-"),
        choices=", ".join(choices[:12]),
    )
