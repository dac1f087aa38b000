"""One file as the converter sees it: its text cells by header, its recipe, and where its rows are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from data.converting import values
from data.converting.looking import look
from data.converting.run import Run
from data.engine.quoting import literal
from data.naming import renamed
from data.notice import Notice
from data.recipe import DateRule, FileRecipe, NumberRule, Proposal, fingerprint

if TYPE_CHECKING:
    from data.reading import RawTable

ANY_DATE = DateRule(formats=["%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"])


@dataclass(frozen=True)
class Banded:
    """A column of bands: its labels in order, and of what it is made (for listing what was not read)."""

    labels: tuple[str, ...]
    header: str
    cell: str
    read: str

    def elsewhere(self) -> Banded:
        """Return the same bands for a file that only joins them: their cells are listed where they stand."""
        return replace(self, header="\0")


@dataclass(frozen=True)
class File:
    """One table of an import, with its recipe.

    `name` is its own in this import: of two files called "export.csv" the later is "export.csv (2)";
    `table.file` is what the user called it.
    `cells` maps a header to SQL for its trimmed text; `relation` is what to put after FROM: it has
    `frn` (position in the file, from 0), `row` (number in the source) and what `cells` refer to.
    """

    number: int
    name: str
    recipe: FileRecipe
    relation: str
    cells: dict[str, str]
    columns: tuple[str, ...]
    rows_read: int
    rows: int
    table: RawTable
    snapshot: date | None = None
    notices: tuple[Notice, ...] = ()
    joined: tuple[str, ...] = ()  # headers that came from another file
    nulls: frozenset[str] = frozenset()  # headers with a program's word for nothing among their cells
    plain: frozenset[str] = frozenset()  # headers of numbers written with digits and a decimal sign only
    bare: frozenset[str] = frozenset()  # headers without a cell that begins with an apostrophe
    listed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # "c3" -> its cells, where few
    pipeline: str | None = None  # the pipeline of all its deals, where no column says one
    derived: bool = False  # deals made of a stage history that came alone
    ids: Mapping[str, str] = field(default_factory=dict)  # field -> header of the id its name stands for
    said: bool = False  # the user said of which day it is
    banded: dict[str, Banded] = field(default_factory=dict)  # header of bands -> what they are made of

    @property
    def print(self) -> str:
        """The fingerprint of the header: files that share it are the same export, maybe of another day."""
        return fingerprint(self.columns)

    def cell(self, name: str) -> str:
        """Return SQL for the cell of a canonical field; NULL when the file has none."""
        header = self.recipe.fields.get(name)
        return self.cells.get(header, "NULL::VARCHAR") if header else "NULL::VARCHAR"

    def has(self, name: str) -> bool:
        """Say whether a canonical field is mapped to a column this file has."""
        return self.recipe.fields.get(name) in self.cells

    def word(self, header: str) -> str:
        """Return SQL for a cell as the value of a dimension."""
        return (
            values.word(self.cells[header])
            if header in self.nulls or header in self.joined
            else self.cells[header]
        )

    def date_rule(self, name: str) -> DateRule:
        """Return how the dates of a canonical field are written."""
        return self.recipe.dates.get(self.recipe.fields.get(name, ""), ANY_DATE)

    def seconds(self, name: str) -> str:
        """Return SQL for the time that the cell of a canonical field says, in seconds."""
        bare = self.recipe.fields.get(name) in self.bare
        return values.seconds(self.cell(name), self.date_rule(name), sure=bare)

    def number_rule(self, name: str) -> NumberRule:
        """Return how the numbers of a canonical field are written."""
        return self.recipe.numbers.get(self.recipe.fields.get(name, ""), NumberRule())

    def is_plain(self, name: str) -> bool:
        """Say whether the numbers of a canonical field need no cleaning."""
        return self.recipe.fields.get(name) in self.plain

    def with_(self, **changes: object) -> File:
        """Return the same file with some parts changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


def open_file(run: Run, number: int, table: RawTable, decided: FileRecipe | Proposal) -> File:
    """Look at one text table: which cells need more than a trim, and what its name tells of its day."""
    proposal = decided if isinstance(decided, Proposal) else None
    recipe = decided.recipe if isinstance(decided, Proposal) else decided
    relation = f"(SELECT file_row_number AS frn, * FROM {parquet(table.path)})"
    seen = look(run, table.path, relation, tuple(table.columns), recipe)
    (rows,) = run.one(f"SELECT count(*) FROM {relation}")
    name = run.own_name(table.file)
    notices = renamed((*table.notices, *(proposal.notices if proposal else ())), table.file, name)
    day = date.fromisoformat(proposal.snapshot_at[:10]) if proposal and proposal.snapshot_at else None
    return File(
        number,
        name,
        recipe,
        relation,
        {h: values.merged(cell, recipe.merge.get(h, {})) for h, cell in seen.cells.items()},
        tuple(table.columns),
        table.rows_read,
        rows,
        table,
        day,
        notices,
        said=proposal is not None and proposal.snapshot_from == "given",
        nulls=seen.nulls,
        plain=seen.plain,
        bare=seen.bare,
        listed=seen.listed,
    )


def parquet(path: Path) -> str:
    """Return the FROM text of a text Parquet file, with each row's position in it."""
    return f"read_parquet({literal(str(path.resolve()))}, file_row_number = true)"
