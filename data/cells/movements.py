"""What moved between two snapshots, and how the open pipeline stood at each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from data.cells.drilldown import MOST
from data.cells.filters import DAY, condition, epoch
from data.cells.names import resolve
from data.cells.render import CELLS, template, whole
from data.engine.quoting import literal, quote
from data.errors import N_, HitrateError
from data.meta import STATUSES
from data.slice import Slice

if TYPE_CHECKING:
    from data.pipeline import Pipeline

Where = tuple[tuple[str, tuple[str | None, ...]], ...]
EVERY, NO_DATE, BEFORE, IN, AFTER = 2, 0, 1, 2, 3  # where the expected closing lies against the period
CHANGE = (
    "(CASE WHEN code_2 % 4 = 0 THEN COALESCE(amount_2, 0) ELSE COALESCE(amount_2, amount_1, 0) END "
    "- COALESCE(amount_1, 0))"
)
KEYS = {
    "code_1": "BIGINT", "code_2": "BIGINT", "in_view": "BIGINT", "currency_1": "VARCHAR",
    "currency_2": "VARCHAR",
}  # fmt: skip
TOLD = ("had", "has", "status_1", "status_2", "inside_1", "inside_2", "due_1", "due_2")
SUMS = ("deals", "amount_1", "amount_2", "raised", "lowered", "raised_deals", "lowered_deals")
DRILLED = {
    "deal_id": "VARCHAR", "deal_name": "VARCHAR", "owner": "VARCHAR", "stage": "VARCHAR", "status": "VARCHAR",
    "amount": "BIGINT", "currency": "VARCHAR", "expected": "BIGINT",
}  # fmt: skip
SINGLE = ("deal_id", "deal_name", "owner", "stage", "stage_no", "expected")  # of one deal, beside the keys


@dataclass(frozen=True)
class Between:
    """Two snapshots to compare, and what of them.

    `start`, `end` are days of snapshots. `by` is a column; `where` as in a Slice. `due_start` and `due_end`
    cut the expected closing into before, in and after a period, both ends included. `stages` gives the
    stages too.
    """

    start: date
    end: date
    by: str | None = None
    where: Where = ()
    due_start: date | None = None
    due_end: date | None = None
    stages: bool = False


def movements(pipeline: Pipeline, asked: Between) -> pl.DataFrame:
    """Count deals by how they stood in two snapshots.

    Columns: [part_1, part_2, stage_1, stage_2, stage_no_1, stage_no_2 (null when not asked for),] had, has,
    status_1, status_2, currency_1, currency_2, inside_1, inside_2, due_1, due_2, in_view (keys); deals,
    amount_1, amount_2, raised, lowered (hundredths), raised_deals, lowered_deals. Deals that were closed and
    did not change are left out.
    """
    names = _sides(asked)
    frame = pipeline.engine.fetch(movements_query(pipeline, asked))
    frame.columns = [*names, *KEYS, *SUMS]
    schema = pipeline.engine.schema("versions")
    kinds = {n: _kind(pipeline, asked, schema, n) for n in names} | KEYS
    cast = frame.lazy().cast({**{n: CELLS[k] for n, k in kinds.items()}, **dict.fromkeys(SUMS, pl.Int64)})
    told = [expression for side in (1, 2) for expression in _told(side)]
    kept = (*names, *TOLD, *(k for k in KEYS if k[:4] != "code"), *SUMS)
    return cast.with_columns(told).select(kept).collect()


def _told(side: int) -> list[pl.Expr]:
    """Return what the code of one side says, in columns."""
    code = pl.col(f"code_{side}")
    return [
        code.is_not_null().cast(pl.Int64).alias("had" if side == 1 else "has"),
        (code % 4).replace_strict(range(4), STATUSES, return_dtype=pl.String).alias(f"status_{side}"),
        (code // 4 % 2).alias(f"inside_{side}"),
        (code // 8).alias(f"due_{side}"),
    ]


def movements_query(pipeline: Pipeline, asked: Between) -> str:
    """Return the SQL that `movements` runs."""
    names = _sides(asked)
    select = "".join(f"{n} AS {n},\n  " for n in names)
    places = ", ".join(str(n + 1) for n in range(len(names) + len(KEYS)))
    sql = template("movements").format(keys_select=select, change=CHANGE, keys=places)
    return f"{_pairs(pipeline, asked, _own_keys(asked))}\n{sql}"


def moved(
    pipeline: Pipeline,
    asked: Between,
    kept: str,
    order: str = "COALESCE(amount_2, amount_1)",
    offset: int = 0,
    limit: int = 100,
) -> pl.DataFrame:
    """Return the deals behind one movement: `kept` is a condition over the columns of `movements`.

    Columns: deal_id, deal_name, owner, then stage, status, amount (hundredths), currency, expected (epoch
    seconds), each before and after (`_1`, `_2`).
    """
    pairs = _pairs(pipeline, asked, list(dict.fromkeys([*_own_keys(asked), *SINGLE])))
    one = ("deal_id", "deal_name", "owner")
    select = [f"COALESCE({n}_2, {n}_1) AS {n}" for n in one]
    rest = [f"{n}_{side}" for n in DRILLED if n not in one[:2] for side in (1, 2)]
    sql = template("moved").format(
        select=",\n  ".join([*select, *(f"{n} AS {n}" for n in rest)]),
        kept=kept,
        order=f"{order} DESC NULLS LAST, deal_no",
        limit=min(whole(limit, "limit"), MOST),
        offset=whole(offset, "offset"),
    )
    frame = pipeline.engine.fetch(f"{pairs}\n{sql}")
    frame.columns = [*one, *rest]
    return frame.cast({n: CELLS[DRILLED[n.rsplit("_", 1)[0] if n in rest else n]] for n in frame.columns})


def moved_count(pipeline: Pipeline, asked: Between, kept: str) -> int:
    """Return how many deals are behind one movement."""
    pairs = _pairs(pipeline, asked, list(dict.fromkeys([*_own_keys(asked), *SINGLE])))
    return int(pipeline.engine.fetch(f"{pairs}\n{template('moved_count').format(kept=kept)}").item())


def held(pipeline: Pipeline) -> None:
    """Raise HitrateError where there are no versions to compare."""
    if not pipeline.engine.schema("versions"):
        raise HitrateError(
            N_("No snapshots to compare"),
            N_("The deals come from exports of one day only."),
            N_("Add an export of another day, with the day in the file name."),
        )


def known(pipeline: Pipeline, name: str) -> str:
    """Return the column of the versions that a name means; HitrateError when snapshots do not keep it."""
    column = resolve(pipeline, name)
    if column not in pipeline.engine.schema("versions") or column == "status":
        raise HitrateError(
            N_("Not known per snapshot"),
            N_(
                "“{name}” is not kept for each snapshot, so movements cannot be broken down or filtered by "
                "it."
            ),
            N_("Choose another column."),
            name=name,
        )
    return column


def end_of(day: date | None, otherwise: int) -> int:
    return otherwise if day is None else epoch(day) + DAY - 1


def _sides(asked: Between) -> list[str]:
    return [f"{k}_{side}" for k in _own_keys(asked) for side in (1, 2)]


def _own_keys(asked: Between) -> list[str]:
    return [*(["part"] if asked.by is not None else []), *(["stage", "stage_no"] if asked.stages else [])]


def _kind(pipeline: Pipeline, asked: Between, schema: dict[str, str], name: str) -> str:
    if name.startswith("part_"):
        return schema[known(pipeline, asked.by or "")]
    return "BIGINT" if name.startswith("stage_no") else "VARCHAR"


def chosen(pipeline: Pipeline, where: Where) -> str:
    """Return the condition of a filter over the versions; HitrateError where they do not hold its column."""
    for name, _ in where:
        if resolve(pipeline, name) != "status":
            known(pipeline, name)
    return f"({condition(pipeline, Slice(where=where))})"


def _due(asked: Between) -> str:
    """Return SQL for where the expected closing lies against the period asked for."""
    if asked.due_start is None and asked.due_end is None:
        return str(EVERY)
    first = epoch(asked.due_start) if asked.due_start else None
    last = end_of(asked.due_end, 0) if asked.due_end else None
    ways = [f"WHEN expected_close_s IS NULL THEN {NO_DATE}"]
    ways += [f"WHEN expected_close_s < {first} THEN {BEFORE}"] if first is not None else []
    ways += [f"WHEN expected_close_s > {last} THEN {AFTER}"] if last is not None else []
    return f"CASE {' '.join(ways)} ELSE {IN} END"


def _pairs(pipeline: Pipeline, asked: Between, keys: Sequence[str]) -> str:
    """Return the beginning of a query: the table `pairs`, with `x_1` and `x_2` of everything in it."""
    held(pipeline)
    schema = pipeline.engine.schema("versions")
    stored = {
        "part": "" if asked.by is None else quote(known(pipeline, asked.by)),
        "stage": "stage",
        "stage_no": "stage_no",
        "deal_id": "deal_id",
        "deal_name": "deal_name",
        "owner": quote("owner") if "owner" in schema else "CAST(NULL AS VARCHAR)",
        "expected": "expected_close_s",
        "currency": "currency",
        "amount": "amount_minor",
    }
    listed = [n for n in dict.fromkeys([*keys, "currency", "amount"]) if n != "status"]
    sides = [f"{t}.{n} AS {n}_{k}" for n in (*listed, "code") for k, t in ((1, "a"), (2, "b"))]
    sides += [
        f"{sql} AS {n}_{k}" for k, t in ((1, "a"), (2, "b")) for n, sql in _decoded(f"{t}.code").items()
    ]
    one = "COALESCE(a.deal_no, b.deal_no) AS deal_no, b.in_view AS in_view"
    return template("moved_pairs").format(
        start_s=epoch(asked.start),
        end_s=epoch(asked.end),
        state="".join(f"{stored[n]} AS {n},\n    " for n in listed),
        code=_code(asked, chosen(pipeline, asked.where)),
        held=", ".join(f"{n} AS {n}" for n in (*listed, "code")),
        both=", ".join([*sides, one]),
    )


def _code(asked: Between, where: str) -> str:
    """Return SQL for the status, whether it is in the slice and when it was due, as one number."""
    status = " ".join(f"WHEN {literal(s)} THEN {n}" for n, s in enumerate(STATUSES))
    inside = "4" if not asked.where else f"CASE WHEN {where} THEN 4 ELSE 0 END"
    return f"CASE status {status} END + {inside} + 8 * {_due(asked)}"


def _decoded(code: str) -> dict[str, str]:
    """Return SQL for what the number says; NULL where there is none."""
    status = " ".join(f"WHEN {n} THEN {literal(s)}" for n, s in enumerate(STATUSES))
    due = " ".join(f"WHEN {code} >= {8 * n} THEN {n}" for n in (AFTER, IN, BEFORE))
    return {
        "status": f"CASE {code} % 4 {status} END",
        "inside": f"CASE WHEN {code} % 8 >= 4 THEN 1 WHEN {code} IS NOT NULL THEN 0 END",
        "due": f"CASE {due} WHEN {code} IS NOT NULL THEN {NO_DATE} END",
    }
