"""What happened to deals that stayed open between two snapshots, and the deals behind one flow of stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from data.cells.bars import ASIDES, STILL, known
from data.cells.movements import Between, own_keys, pairs
from data.cells.names import one_of
from data.cells.render import CELLS, template
from data.engine.quoting import literal

if TYPE_CHECKING:
    from data.pipeline import Pipeline

FROM = ("new", "open", "won", "lost", "disqualified")
TO = ("open", "won", "lost", "disqualified", "vanished")


def asides(pipeline: Pipeline, asked: Between) -> pl.DataFrame:
    """Count the deals open and in the slice on both days by what else changed.

    Columns: [part_2,] currency, then per aside its deals and, under `<aside>_amount`, the sum of their
    amounts after (hundredths).
    """
    beginning = pairs(pipeline, asked, own_keys(asked))
    bars = known(asked.by is not None)
    sums = []
    for name in ASIDES:
        sums.append(f"COUNT(CASE WHEN {bars[name].kept} THEN 1 END) AS {name}")
        amount = f"SUM(CASE WHEN {bars[name].kept} THEN amount_2 END)"
        sums.append(f"CAST(COALESCE({amount}, 0) AS BIGINT) AS {name}_amount")
    sql = template("asides").format(
        part="part_2 AS part_2,\n  " if asked.by is not None else "",
        sums=",\n  ".join(sums),
        kept=STILL,
        keys="1, 2" if asked.by is not None else "1",
    )
    frame = pipeline.engine.fetch(f"{beginning}\n{sql}")
    own = ["part_2"] if asked.by is not None else []
    counts = [column for name in ASIDES for column in (name, f"{name}_amount")]
    frame.columns = [*own, "currency", *counts]
    return frame.cast({"currency": CELLS["VARCHAR"], **dict.fromkeys(counts, pl.Int64)})


def flow_condition(from_kind: str, from_stage: str | None, to_kind: str, to_stage: str | None) -> str:
    """Return the condition over pairs that keeps the deals of one flow from stage to stage.

    A kind is one of FROM or TO; the stage counts only where it is "open". HitrateError for an unknown kind.
    """
    one_of("kind of move", from_kind, FROM)
    one_of("kind of move", to_kind, TO)
    inside = "((has = 1 AND inside_2 = 1) OR (has = 0 AND inside_1 = 1))"
    first = "had = 0" if from_kind == "new" else f"had = 1 AND status_1 = {literal(from_kind)}"
    last = "has = 0" if to_kind == "vanished" else f"has = 1 AND status_2 = {literal(to_kind)}"
    parts = [inside, first, last]
    if from_kind == "open":
        parts.append("stage_1 IS NULL" if from_stage is None else f"stage_1 = {literal(from_stage)}")
    if to_kind == "open":
        parts.append("stage_2 IS NULL" if to_stage is None else f"stage_2 = {literal(to_stage)}")
    return " AND ".join(parts)
