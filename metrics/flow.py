"""From flow cells to what happened at each stage. Pure: cells in, counts out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import polars as pl

from data.cells.names import one_of

Skipped = Literal["passed", "not"]
Back = Literal["stands", "cancels"]
EXITS = ("advanced", "lost", "disqualified", "moved_back", "still_there")


def checked(skipped: str, back: str) -> None:
    """Raise HitrateError for a reading that does not exist."""
    one_of("reading of skipped stages", skipped, get_args(Skipped))
    one_of("reading of moves back", back, get_args(Back))


def entered(stage: str, skipped: Skipped) -> pl.Expr:
    """Return True where a deal entered the stage.

    A skipped stage counts as passed (the deal got further, or was won), or only a recorded visit does.
    """
    if skipped == "passed":
        return (pl.col("furthest_no") >= pl.col(stage)) | (pl.col("status") == "won")
    visit = pl.lit(2, dtype=pl.Int64).pow(pl.col(stage) - 1).cast(pl.Int64)
    return (pl.col("visited_mask") // visit) % 2 == 1


def exit(stage: str, back: Back) -> pl.Expr:
    """Return how a deal that entered the stage left it: one of EXITS.

    Won: advanced. Last seen further on: advanced. Last seen here: lost, disqualified or still there. Last
    seen earlier: it fell back, which stands (advanced if it had got further, else moved back) or
    cancels the advance (moved back).
    """
    s, last = pl.col(stage), pl.col("last_no")
    beyond = (pl.col("furthest_no") > s) & (back == "stands")
    here = pl.col("status").replace_strict({"open": "still_there"}, default=pl.col("status"))
    return (
        pl.when((pl.col("status") == "won") | (last > s))
        .then(pl.lit("advanced"))
        .when(last == s)
        .then(here)
        .when(beyond)
        .then(pl.lit("advanced"))
        .otherwise(pl.lit("moved_back"))
    )


def by_stage(
    cells: pl.DataFrame, stages: int, skipped: Skipped = "passed", back: Back = "stands"
) -> pl.DataFrame:
    """Return the cells once per stage entered, with `stage_no` and `exit`.

    Invariant: per stage, entered = advanced + lost + disqualified + moved back + still there.
    """
    own = [c for c in cells.columns if c not in ("visited_mask", "deals", "amount_minor", "amount_known")]
    if skipped == "passed" and "visited_mask" in cells.columns:
        # Paths no longer matter: fewer rows before they are multiplied by the stages.
        cells = cells.group_by(own).agg(pl.col("deals", "amount_minor", "amount_known").sum())
    numbers = pl.DataFrame({"stage_no": range(1, stages + 1)}, schema={"stage_no": pl.Int64})
    return (
        cells.join(numbers, how="cross")
        .filter(entered("stage_no", skipped))
        .with_columns(exit=exit("stage_no", back))
    )


def counts(of: Sequence[str] = EXITS) -> list[pl.Expr]:
    """Return the deals that entered and those that left each way, as aggregates of `by_stage`."""
    return [
        pl.col("deals").sum().alias("entered"),
        *(pl.col("deals").filter(pl.col("exit") == name).sum().alias(name) for name in of),
    ]


def placed(cells: pl.DataFrame, skipped: Skipped) -> pl.DataFrame:
    """Return the cells of deals that entered at least one stage."""
    if skipped == "passed":
        return cells.filter((pl.col("furthest_no") > 0) | (pl.col("status") == "won"))
    return cells.filter(pl.col("visited_mask") > 0)
