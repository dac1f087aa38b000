"""The flow of many columns at once, for looking at every value of every column."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import polars as pl

from data.cells.names import resolve
from data.cells.questions import FLOW, PLACE, SUMS, flow, flow_kinds
from data.cells.render import CELLS
from data.slice import Slice

if TYPE_CHECKING:
    from data.pipeline import Pipeline

# Most combinations of values that share one scan. Measured on 10 million deals, 8 columns of 5 to 200
# values: four scans of two columns take 1.3 s, eight of one 1.9 s, one GROUPING SETS 1.7 s; beyond some
# thousand combinations the hash table leaves the processor's cache and sharing costs more than it saves.
COMBINATIONS = 1500
ADDED = (*SUMS, "squares")


def flow_by_each(pipeline: Pipeline, question: Slice, columns: Iterable[str]) -> pl.DataFrame:
    """Return the flow cells of each column by itself, below one another.

    Columns: column (the name it was asked by), value (as text, null is blank), then those of `flow`
    without breakdown, `squares` too. Columns with few values share a scan and are summed apart afterwards:
    deals and amounts add up, so the answer is the same. The slice's own breakdown is not used; `period` is.
    """
    asked = dict.fromkeys(columns)
    groups = scans(pipeline, asked)
    keys = [*(["period"] if question.grain else []), *PLACE]
    tables: dict[str, pl.DataFrame] = {}
    for group in groups:
        cells = flow(pipeline, question.with_(by=tuple(group)), squares=True)
        tables |= {name: apart(cells, name, keys, len(group) == 1) for name in group}
    kinds = {"column": "VARCHAR", "value": "VARCHAR", **flow_kinds(True)}
    empty = pl.DataFrame(schema={name: CELLS[kind] for name, kind in kinds.items()})
    return pl.concat([tables[name] for name in asked] or [empty])


def scans(pipeline: Pipeline, columns: Iterable[str]) -> list[list[str]]:
    """Return the columns of each scan; one that is a key of the cells anyway (currency) has its own."""
    asked = list(dict.fromkeys(columns))
    own = [name for name in asked if name in FLOW]
    return [*([name] for name in own), *together(pipeline, [name for name in asked if name not in own])]


def apart(cells: pl.DataFrame, name: str, keys: list[str], alone: bool) -> pl.DataFrame:
    """Return the cells of one of the columns that shared a scan."""
    table = cells.with_columns(pl.lit(name).alias("column"), pl.col(name).cast(pl.String).alias("value"))
    groups = ["column", "value", *keys]
    if not alone:
        table = table.group_by(groups).agg(pl.col(measure).sum() for measure in ADDED)
    return table.select(*groups, *ADDED).sort(groups, nulls_last=True)


def together(pipeline: Pipeline, columns: list[str]) -> list[list[str]]:
    """Return the columns in groups whose combinations of values stay few, those with many values first."""
    sizes = {name: size(pipeline, name) for name in columns}
    groups: list[tuple[int, list[str]]] = []
    for name in sorted(columns, key=lambda column: -sizes[column]):
        for place, (combinations, members) in enumerate(groups):
            if combinations * sizes[name] <= COMBINATIONS:
                groups[place] = (combinations * sizes[name], [*members, name])
                break
        else:
            groups.append((sizes[name], [name]))
    return [members for _, members in groups]


def size(pipeline: Pipeline, name: str) -> int:
    """Return how many values a column has, blank included; too many to share when it is not known."""
    dimension = pipeline.meta.dimension(resolve(pipeline, name))
    return COMBINATIONS + 1 if dimension is None else max(1, dimension.values) + (dimension.blanks > 0)
