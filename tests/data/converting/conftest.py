"""Small text tables and recipes for the converter, without reading or recognising anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data.converting import convert
from data.meta import Definitions, Meta
from data.reading.tables import Junk, RawTable, Reject
from data.recipe import DateRule, FileRecipe, NumberRule, OutcomeRule, Proposal

DAY = DateRule(formats=["%d-%m-%Y"])
WORDS = {"Won": "won", "Lost": "lost", "Junk": "disqualified"}


@dataclass
class Done:
    """What one conversion wrote."""

    folder: Path
    meta: Meta

    def table(self, name: str = "deals") -> pl.DataFrame:
        return pl.read_parquet(self.folder / f"{name}.parquet")

    def column(self, name: str, table: str = "deals") -> list[object]:
        return self.table(table)[name].to_list()

    def codes(self) -> set[str]:
        return {n.code for n in self.meta.notices}


class Maker:
    """Makes text tables and converts them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.made = folder, 0

    def table(
        self,
        name: str,
        columns: str,
        *rows: str,
        junk: tuple[Junk, ...] = (),
        rejects: tuple[Reject, ...] = (),
    ) -> RawTable:
        """One table; cells are parted by `|`, an empty cell is null."""
        heads = columns.split("|")
        cells = [row.split("|") for row in rows]
        path = self.folder / f"{name}.{self.made}.parquet"
        self.made += 1
        data: dict[str, list[object]] = {"row": [i + 2 for i in range(len(rows))]}
        schema: dict[str, pl.DataType] = {"row": pl.Int64()}
        for i in range(len(heads)):
            data[f"c{i}"], schema[f"c{i}"] = [line[i] or None for line in cells], pl.String()
        pl.DataFrame(data, schema=schema).write_parquet(path)
        return RawTable(
            file=name,
            path=path,
            columns=tuple(heads),
            container="csv",
            encoding="utf-8",
            delimiter=",",
            header_row=1,
            sheet=None,
            sep_line=False,
            bom=False,
            quotechar='"',
            rows_read=len(rows) + len(junk) + len(rejects),
            junk=junk,
            rejects=rejects,
            digest=name,
            notices=(),
        )

    def convert(
        self, *parts: tuple[RawTable, FileRecipe | Proposal], as_of: date | None = None, **more: object
    ) -> Done:
        target = self.folder / f"out{self.made}"
        self.made += 1
        meta = convert([t for t, _ in parts], [r for _, r in parts], Definitions(), target, as_of, **more)  # type: ignore[arg-type]
        return Done(target, meta)

    def one(self, columns: str, *rows: str, recipe: FileRecipe, **more: object) -> Done:
        return self.convert((self.table("deals.csv", columns, *rows), recipe), **more)  # type: ignore[arg-type]


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    return Maker(tmp_path)


@pytest.fixture
def recipe() -> Callable[..., FileRecipe]:
    """A recipe of a plain deals file; keyword arguments change it."""

    def make(**changes: object) -> FileRecipe:
        plain = FileRecipe(
            fields={
                "deal_id": "Id",
                "status": "Status",
                "created_at": "Created",
                "closed_at": "Closed",
                "amount": "Amount",
                "source": "Source",
            },
            dates={"Created": DAY, "Closed": DAY},
            numbers={"Amount": NumberRule(decimal=",", thousands=".")},
            outcome=OutcomeRule(source="status", column="Status", words=WORDS),
            currency="EUR",
        )  # type: ignore[arg-type]
        return plain.model_copy(update=changes)

    return make
