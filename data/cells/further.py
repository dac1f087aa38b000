"""What lies beside the deals: activities, what lead sources cost, targets and sellers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from data.cells.render import CELLS, Breakdown, answer, breakdown, render, template
from data.engine import tables
from data.engine.quoting import literal
from data.slice import Slice

if TYPE_CHECKING:
    from data.pipeline import Pipeline


def _told(table: dict[str, str], *but: str) -> dict[str, str]:
    return {name: kind for name, kind in table.items() if name not in ("file", "row", *but)}


DONE = {"month": "DATE", "kind": "VARCHAR", "direction": "VARCHAR", "outcome": "VARCHAR"}
SUMS = {"activities": "BIGINT", "seconds": "BIGINT", "timed": "BIGINT"}
TOUCHED = {"status": "VARCHAR", "activities": "BIGINT", "deals": "BIGINT"}
# As the tables have them, without what says where a row was read.
SPEND = _told(tables.SPEND, "amount_minor") | {"amount_minor": "BIGINT", "amount_known": "BIGINT"}
TARGETS = _told(tables.TARGETS)
PEOPLE = _told(tables.PEOPLE)
LIST = {
    "happened": "BIGINT",
    "kind": "VARCHAR",
    "kind_text": "VARCHAR",
    "direction": "VARCHAR",
    "outcome": "VARCHAR",
    "owner": "VARCHAR",
    "seconds": "BIGINT",
}
EVERY_DEAL = Slice()
NOTHING = Breakdown((), (), ())


def activities(pipeline: Pipeline, question: Slice = EVERY_DEAL) -> pl.DataFrame:
    """Count the activities about the deals of a slice.

    Columns: the slice's breakdown, [period,] month (first day, of the activity), kind (call, email, meeting,
    visit, message, task, other), direction (in, out, internal; null not said), outcome (as exported) (keys);
    activities, seconds (sum of durations), timed (activities that have one). Activities of deals that are not
    here are left out. No rows when no file of activities was imported.
    """
    parts = breakdown(pipeline, question, {**DONE, **SUMS}, ())
    if not pipeline.engine.schema("activities"):
        return _none(parts, {**DONE, **SUMS})
    sql = render("activities", pipeline, question, parts, len(DONE), outer=_again(parts, "d"))
    return answer(pipeline, sql, parts, {**DONE, **SUMS}).sort(*parts.names, *DONE, nulls_last=True)


def touched(pipeline: Pipeline, question: Slice = EVERY_DEAL) -> pl.DataFrame:
    """Count the deals of a slice by how many activities they had.

    Columns: the slice's breakdown, [period,] status, activities (0 included) (keys); deals. No rows when no
    file of activities was imported: nothing is known then, which is not the same as none.
    """
    parts = breakdown(pipeline, question, TOUCHED, ("status",))
    if not pipeline.engine.schema("activities"):
        return _none(parts, TOUCHED)
    ways = {"outer": _again(parts, "t"), "inner": _again(parts, "d"), "inner_keys": _names(parts, "d")}
    sql = render("touched", pipeline, question, parts, 2, **ways)
    return answer(pipeline, sql, parts, TOUCHED).sort(*parts.names, "status", "activities", nulls_last=True)


def activity_list(pipeline: Pipeline, deal_id: str | None) -> pl.DataFrame:
    """Return the activities of one deal, oldest first.

    Columns: happened (date and time, UTC; null unknown), kind, kind_text (as exported), direction, outcome,
    owner, seconds. No rows where the data hold none of this deal.
    """
    if deal_id is None or not pipeline.engine.schema("activities"):
        frame = _none(NOTHING, LIST)
    else:
        sql = template("activity_list").format(deal=literal(deal_id))
        frame = answer(pipeline, sql, NOTHING, LIST)
    when = pl.from_epoch("happened", time_unit="s").cast(pl.Datetime("us"))
    return frame.sort("happened", "kind_text", nulls_last=True).with_columns(when)


def spend(pipeline: Pipeline) -> pl.DataFrame:
    """Return what lead sources cost.

    Columns: source, source_detail, medium, campaign (null: not said), starts_on, ends_on (days, both
    included; null unknown), period (day, week, month, quarter, half, year, other), currency; amount_minor
    (hundredths), amount_known (rows with a cost). No rows when no file of costs was imported.
    """
    return _whole(pipeline, "spend", SPEND)


def targets(pipeline: Pipeline) -> pl.DataFrame:
    """Return what was to be reached, one row per row of the target sheet.

    Columns: scope (company, team, seller), name (of the team or seller; null for the company), team (that the
    row names), product, region, starts_on, ends_on, period, amount_minor (hundredths, null where the target
    is a number of deals), currency, deals (null where it is money). No rows without a target sheet.
    """
    return _whole(pipeline, "targets", TARGETS)


def people(pipeline: Pipeline) -> pl.DataFrame:
    """Return the sellers of the list of sellers.

    Columns: seller, team, manager, region, country, started_on, ended_on (null unknown or still here),
    monthly_cost_minor (hundredths), currency. No rows without such a list.
    """
    return _whole(pipeline, "people", PEOPLE)


def _whole(pipeline: Pipeline, name: str, columns: dict[str, str]) -> pl.DataFrame:
    if not pipeline.engine.schema(name):
        return _none(NOTHING, columns)
    return answer(pipeline, template(name), NOTHING, columns)


def _none(parts: Breakdown, columns: dict[str, str]) -> pl.DataFrame:
    kinds = dict(zip(parts.names, parts.kinds, strict=True)) | columns
    return pl.DataFrame(schema={name: CELLS[kind] for name, kind in kinds.items()})


def _again(parts: Breakdown, table: str) -> str:
    """Return the SELECT items that hand the breakdown on from an inner query."""
    return "".join(f"{table}.by_{n} AS by_{n},\n  " for n in range(1, len(parts.columns) + 1))


def _names(parts: Breakdown, table: str) -> str:
    return "".join(f"{table}.by_{n}, " for n in range(1, len(parts.columns) + 1))
