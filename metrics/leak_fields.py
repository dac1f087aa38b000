"""Columns not compared for leaks: one that repeats another, and one that gives the outcome away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from data.cells import outcomes
from data.errors import N_
from data.notice import Notice
from data.slice import Slice

if TYPE_CHECKING:
    from data.pipeline import Pipeline

FILLED, TWENTIETH = 0.1, 0.05
SIDE = 30
DUPLICATE = N_('"{label}" says the same as "{first}", so only the latter was compared.')
TELLTALE = N_('"{label}" is filled in mostly on deals that ended one way, so it was left out.')


def duplicates(pipeline: Pipeline, slice: Slice, cells: pl.DataFrame) -> dict[str, str]:
    """Return the fields that say the same, one to one, as an earlier one: field -> that earlier field.

    Such fields have the same flow value by value; the few that do are then asked for together.
    """
    rest = [c for c in cells.columns if c not in ("field", "value")]
    each = cells.group_by("field", "value", maintain_order=True).agg(print=pl.struct(rest).hash().sum())
    prints = each.group_by("field", maintain_order=True).agg(pl.col("print").sort())
    seen: dict[tuple[int, ...], list[str]] = {}
    found: dict[str, str] = {}
    for field, marks in prints.iter_rows():
        alike = seen.setdefault(tuple(marks), [])
        first = next((f for f in alike if one_to_one(pipeline, slice, f, field, len(marks))), None)
        found |= {} if first is None else {field: first}
        alike.append(field)
    return found


def one_to_one(pipeline: Pipeline, slice: Slice, first: str, second: str, values: int) -> bool:
    """Return True where two fields with as many values have only so many combinations."""
    both = outcomes(pipeline, slice.with_(by=(first, second)))
    return both.select(first, second).n_unique() == values


def telltales(cells: pl.DataFrame) -> list[str]:
    """Return the fields that give the outcome away: filled in on won deals and not on lost, or the reverse.

    Their values would look like the worst leaks there are. The rule: filled in on at least a tenth of
    one side and on less than a twentieth of that share on the other, with 30 deals on each side.
    """
    deals, filled = pl.col("deals"), pl.col("value").is_not_null()
    sides = [deals.filter(pl.col("status") == s).sum().alias(s) for s in ("won", "lost")]
    known = [
        deals.filter((pl.col("status") == s) & filled).sum().alias(f"{s}_filled") for s in ("won", "lost")
    ]
    frame = cells.group_by("field", maintain_order=True).agg(*sides, *known)
    won, lost = pl.col("won_filled") / pl.col("won"), pl.col("lost_filled") / pl.col("lost")
    lopsided = pl.min_horizontal(won, lost) < TWENTIETH * pl.max_horizontal(won, lost)
    many = pl.min_horizontal("won", "lost") >= SIDE
    return frame.filter(many & lopsided & (pl.max_horizontal(won, lost) >= FILLED))["field"].to_list()


def left_out(same: dict[str, str], telltale: Sequence[str], labels: dict[str, str]) -> list[Notice]:
    """Return a remark for each field that was not compared."""
    said = [
        Notice(
            code="duplicate_dimension",
            message=DUPLICATE,
            level="info",
            column=labels.get(field, field),
            values={"label": labels.get(field, field), "first": labels.get(first, first)},
        )
        for field, first in same.items()
    ]
    return said + [
        Notice(
            code="telltale_dimension",
            message=TELLTALE,
            column=labels.get(field, field),
            values={"label": labels.get(field, field)},
        )
        for field in telltale
    ]
