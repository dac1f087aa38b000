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
    "CASE WHEN b.code < 8 THEN COALESCE(b.amount, 0) ELSE COALESCE(b.amount, a.amount, 0) END "
    "- COALESCE(a.amount, 0)"
)
KEYS = {
    "code_1": "BIGINT", "code_2": "BIGINT", "in_view": "BIGINT", "currency_1": "VARCHAR",
    "currency_2": "VARCHAR", "way": "BIGINT",
}  # fmt: skip
TOLD = ("had", "has", "status_1", "status_2", "inside_1", "inside_2", "due_1", "due_2")
SUMS = ("deals", "amount_1", "amount_2", "changed")
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


def movements(pipeline: Pipeline, asked: Between, tests: Sequence[pl.Expr] = ()) -> pl.DataFrame:
    """Count deals by how they stood in two snapshots; `tests` are further columns, worked out from these.

    Columns: [part_1, part_2, stage_1, stage_2, stage_no_1, stage_no_2 (null when not asked for),] had, has,
    status_1, status_2, currency_1, currency_2, inside_1, inside_2, due_1, due_2, in_view, way
    (of the amount: 1 up, -1 down, 0 the same) (keys); deals,
    amount_1, amount_2, changed (hundredths). Deals that were closed and did not change are left out.
    """
    names = _sides(asked)
    frame = pipeline.engine.fetch(movements_query(pipeline, asked))
    frame.columns = [*names, *KEYS, *SUMS]
    schema = pipeline.engine.schema("versions")
    kinds = {n: _kind(pipeline, asked, schema, n) for n in names} | KEYS
    cast = frame.lazy().cast({**{n: CELLS[k] for n, k in kinds.items()}, **dict.fromkeys(SUMS, pl.Int64)})
    told = [expression for side in (1, 2) for expression in _told(side)]
    kept = (*names, *TOLD, *(k for k in KEYS if k[:4] != "code"), *SUMS)
    return cast.with_columns(told).select(*kept, *tests).collect()


def _told(side: int) -> list[pl.Expr]:
    """Return what the code of one side says, in columns."""
    code = pl.col(f"code_{side}")
    return [
        code.is_not_null().cast(pl.Int64).alias("had" if side == 1 else "has"),
        pl.lit(pl.Series(STATUSES)).gather(code // 8).alias(f"status_{side}"),
        (code // 4 % 2).alias(f"inside_{side}"),
        (code % 4).alias(f"due_{side}"),
    ]


def movements_query(pipeline: Pipeline, asked: Between) -> str:
    """Return the SQL that `movements` runs."""
    names = _sides(asked)
    select = "".join(f"{n} AS {n},\n  " for n in names)
    places = ", ".join(str(n + 1) for n in range(len(names) + len(KEYS)))
    sql = template("movements").format(keys_select=select, keys=places)
    return f"{pairs(pipeline, asked, own_keys(asked), single=False)}\n{sql}"


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
    beginning = pairs(pipeline, asked, own_keys(asked))
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
    frame = pipeline.engine.fetch(f"{beginning}\n{sql}")
    frame.columns = [*one, *rest]
    return frame.cast({n: CELLS[DRILLED[n.rsplit("_", 1)[0] if n in rest else n]] for n in frame.columns})


def moved_count(pipeline: Pipeline, asked: Between, kept: str) -> int:
    """Return how many deals are behind one movement."""
    beginning = pairs(pipeline, asked, own_keys(asked))
    return int(pipeline.engine.fetch(f"{beginning}\n{template('moved_count').format(kept=kept)}").item())


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
    return [f"{k}_{side}" for k in own_keys(asked) for side in (1, 2)]


def own_keys(asked: Between) -> list[str]:
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


def pairs(pipeline: Pipeline, asked: Between, keys: Sequence[str], single: bool = True) -> str:
    """Return the beginning of a query: the table `pairs`, with `x_1` and `x_2` of `keys`, of what every
    movement goes by and, where `single` deals are asked for, of what is told of one."""
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
    listed = list(dict.fromkeys([*keys, *(SINGLE if single else ()), "currency", "amount"]))
    both = [f"{t}.{n} AS {n}_{k}" for n in (*listed, "code") for k, t in ((1, "a"), (2, "b"))]
    both.append(f"{CHANGE} AS change")
    if single:
        both.append("COALESCE(a.deal_no, b.deal_no) AS deal_no")
        for k, t, there in ((1, "a", "had"), (2, "b", "has")):
            both.append(f"CASE WHEN {t}.code IS NULL THEN 0 ELSE 1 END AS {there}")
            both += [f"{sql} AS {n}_{k}" for n, sql in _decoded(f"{t}.code").items()]
    return template("moved_pairs").format(
        start_s=epoch(asked.start),
        end_s=epoch(asked.end),
        state="".join(f"{stored[n]} AS {n},\n    " for n in listed),
        code=_code(asked, chosen(pipeline, asked.where)),
        held=", ".join(f"{n} AS {n}" for n in (*listed, "code")),
        both=", ".join(both),
    )


def _code(asked: Between, where: str) -> str:
    """Return SQL for the status, whether it is in the slice and when it was due, as one number."""
    status = " ".join(f"WHEN {literal(s)} THEN {8 * n}" for n, s in enumerate(STATUSES))
    inside = "4" if not asked.where else f"CASE WHEN {where} THEN 4 ELSE 0 END"
    return f"CASE status {status} END + {inside} + {_due(asked)}"


def _decoded(code: str) -> dict[str, str]:
    """Return SQL for what the number says; NULL where there is none."""
    status = " ".join(
        f"WHEN {code} >= {8 * n} THEN {literal(s)}" for n, s in reversed(list(enumerate(STATUSES)))
    )
    return {
        "status": f"CASE {status} END",
        "inside": f"CASE WHEN {code} % 8 >= 4 THEN 1 WHEN {code} IS NOT NULL THEN 0 END",
        "due": f"{code} % 4",
    }
