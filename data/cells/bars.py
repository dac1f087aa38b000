"""What each movement between two snapshots is: one rule for the ledger and for the deals behind its bars."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

import polars as pl

from data.cells.filters import typed
from data.cells.movements import AFTER, BEFORE, IN, NO_DATE
from data.cells.names import one_of
from data.engine.quoting import literal

if TYPE_CHECKING:
    from data.pipeline import Pipeline

MOVEMENTS = (
    "opening", "new", "reopened", "pulled_in", "moved_in", "increased", "decreased", "won", "lost",
    "disqualified", "vanished", "pushed_out", "moved_out", "closing",
)  # fmt: skip
MEMO = "closed_new"
ASIDES = ("pushed_later", "pulled_earlier", "stage_forward", "stage_back", "owner_changed")
ANY = "\0any"  # any currency, as None is "not stated"
FIRST = f"(had = 1 AND status_1 = 'open' AND inside_1 = 1 AND due_1 = {IN})"
SECOND = f"(has = 1 AND status_2 = 'open' AND inside_2 = 1 AND due_2 = {IN})"
STILL = f"({FIRST} AND has = 1 AND status_2 = 'open' AND inside_2 = 1)"


def _same(name: str) -> str:
    """Return the condition that both sides hold the same; true or false, never null: blank is a value too."""
    a, b = f"{name}_1", f"{name}_2"
    return f"(({a} IS NOT NULL AND {b} IS NOT NULL AND {a} = {b}) OR ({a} IS NULL AND {b} IS NULL))"


SAME_MONEY, SAME_VALUE = _same("currency"), _same("part")


@dataclass(frozen=True)
class Bar:
    """One movement: which deals (a condition over a pair of states), on which side they count, and for rises
    and falls of the amount which `way` it went."""

    kept: str
    side: Literal[1, 2]
    way: Literal[-1, 0, 1] = 0


@cache
def known(by: bool) -> dict[str, Bar]:
    """Return what each movement is, as a condition; `by` where there is a breakdown to move within."""
    same = f"({SAME_VALUE} AND {SAME_MONEY})" if by else SAME_MONEY
    kept_on = f"{FIRST} AND (({SECOND} AND {same}) OR (has = 1 AND status_2 = 'won' AND {SAME_MONEY}))"
    ended = f"{FIRST} AND has = 1 AND status_2 ="
    there = "status_1 = 'open' AND had = 1"
    still = "status_2 = 'open' AND has = 1"
    return {
        "opening": Bar(FIRST, 1),
        "new": Bar(f"had = 0 AND in_view = 0 AND {SECOND}", 2),
        "reopened": Bar(f"had = 1 AND status_1 <> 'open' AND {SECOND}", 2),
        "pulled_in": Bar(f"{there} AND inside_1 = 1 AND due_1 <> {IN} AND {SECOND}", 2),
        "moved_in": Bar(
            f"{SECOND} AND ((had = 0 AND in_view = 1) OR ({there} AND inside_1 = 0) OR ({FIRST} AND NOT "
            f"{same}))",
            2,
        ),
        "increased": Bar(kept_on, 1, way=1),
        "decreased": Bar(kept_on, 1, way=-1),
        "won": Bar(f"{ended} 'won'", 1),
        "lost": Bar(f"{ended} 'lost'", 1),
        "disqualified": Bar(f"{ended} 'disqualified'", 1),
        "vanished": Bar(f"{FIRST} AND has = 0", 1),
        "pushed_out": Bar(f"{FIRST} AND {still} AND inside_2 = 1 AND due_2 <> {IN}", 1),
        "moved_out": Bar(f"{FIRST} AND (({still} AND inside_2 = 0) OR ({SECOND} AND NOT {same}))", 1),
        "closing": Bar(SECOND, 2),
        MEMO: Bar("had = 0 AND has = 1 AND in_view = 0 AND status_2 <> 'open' AND inside_2 = 1", 2),
        # What became of deals due in a period, whatever the slice they are in after.
        "pushed": Bar(f"{FIRST} AND {still} AND due_2 = {AFTER}", 1),
        "pulled": Bar(f"{FIRST} AND {still} AND due_2 = {BEFORE}", 1),
        "still_due": Bar(f"{FIRST} AND {still} AND due_2 = {IN}", 1),
        "undated": Bar(f"{FIRST} AND {still} AND due_2 = {NO_DATE}", 1),
        # What happened to deals that stayed open, beside the sum: asked of single deals only.
        "pushed_later": Bar(f"{STILL} AND expected_2 >= expected_1 + 86400", 2),
        "pulled_earlier": Bar(f"{STILL} AND expected_2 + 86400 <= expected_1", 2),
        "stage_forward": Bar(f"{STILL} AND stage_no_2 > stage_no_1", 2),
        "stage_back": Bar(f"{STILL} AND stage_no_2 < stage_no_1", 2),
        "owner_changed": Bar(f"{STILL} AND owner_1 <> owner_2", 2),
    }


@cache
def test(bar: Bar) -> pl.Expr:
    """Return what holds for the cells of one movement."""
    kept = pl.sql_expr(bar.kept)
    return kept & (pl.col("way") == bar.way) if bar.way else kept


def condition(
    pipeline: Pipeline, by: str | None, movement: str, value: object = None, currency: str | None = ANY
) -> str:
    """Return the condition over pairs that keeps the deals behind one bar.

    `value` is the bar's value of the column `by`. HitrateError for an unknown movement.
    """
    every = known(by is not None)
    bar = every[one_of("movement", movement, every)]
    parts = [f"({bar.kept})", *({1: ["change > 0"], -1: ["change < 0"]}.get(bar.way, ()))]
    if by is not None:
        kind = pipeline.engine.schema("versions")[by]
        same = "IS NULL" if value is None else f"= {literal(typed(str(value), kind, by))}"
        parts.append(f"part_{bar.side} {same}")
    if currency != ANY:
        same = "IS NULL" if currency is None else f"= {literal(currency)}"
        parts.append(f"currency_{bar.side} {same}")
    return " AND ".join(parts)
