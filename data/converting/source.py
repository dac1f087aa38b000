"""One file as the converter sees it: its text cells by header, its recipe, and where its rows are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from data.converting import values
from data.converting.run import Run
from data.engine.quoting import literal, quote
from data.notice import Notice
from data.recipe import DateRule, FileRecipe, NumberRule, Proposal, fingerprint

if TYPE_CHECKING:
    from data.reading import RawTable

DIMENSIONS = (
    "owner",
    "team",
    "source",
    "source_detail",
    "medium",
    "campaign",
    "account",
    "customer_type",
    "deal_type",
    "product",
    "industry",
    "company_size",
    "region",
    "country",
    "city",
    "age_group",
    "lost_reason",
    "status_reason",
    "competitor",
    "forecast_category",
)
NAMED = (*DIMENSIONS, "pipeline", "result")
NUMBERS = ("amount", "amount_actual", "recurring_amount", "probability")
ANY_DATE = DateRule(formats=["%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"])


@dataclass(frozen=True)
class File:
    """One table of an import, with its recipe.

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
    tables: dict[str, str] = field(default_factory=dict)  # their header in that file
    nulls: frozenset[str] = frozenset()  # headers with a program's word for nothing among their cells
    plain: frozenset[str] = frozenset()  # headers of numbers written with digits and a decimal sign only
    pipeline: str | None = None  # the pipeline of all its deals, where no column says one
    derived: bool = False  # deals made of a stage history that came alone

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

    def number_rule(self, name: str) -> NumberRule:
        """Return how the numbers of a canonical field are written."""
        return self.recipe.numbers.get(self.recipe.fields.get(name, ""), NumberRule())

    def is_plain(self, name: str) -> bool:
        """Say whether the numbers of a canonical field need no cleaning."""
        return self.recipe.fields.get(name) in self.plain

    def label(self, header: str) -> str:
        """Return the header as its own file writes it."""
        return self.tables.get(header, header)

    def with_(self, **changes: object) -> File:
        """Return the same file with some parts changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


def open_file(run: Run, number: int, table: RawTable, decided: FileRecipe | Proposal) -> File:
    """Look at one text table: which cells need more than a trim, and what its name tells of its day."""
    proposal = decided if isinstance(decided, Proposal) else None
    recipe = decided.recipe if isinstance(decided, Proposal) else decided
    relation = f"(SELECT file_row_number AS frn, * FROM {parquet(table.path)})"
    edges = _edges(run, relation, len(table.columns))
    cells: dict[str, str] = {}
    for i, header in enumerate(table.columns):
        cells.setdefault(header, values.text(quote(f"c{i}"), edges[i]))
    dims = [h for h in (*(h for n, h in recipe.fields.items() if n in NAMED), *recipe.keep) if h in cells]
    nulls = frozenset(
        h for h, has in zip(dims, _with_nulls(run, relation, [cells[h] for h in dims]), strict=True) if has
    )
    (rows,) = run.one(f"SELECT count(*) FROM {relation}")
    notices = (*table.notices, *(proposal.notices if proposal else ()))
    day = date.fromisoformat(proposal.snapshot_at[:10]) if proposal and proposal.snapshot_at else None
    return File(
        number,
        table.file,
        recipe,
        relation,
        cells,
        tuple(table.columns),
        table.rows_read,
        rows,
        table,
        day,
        notices,
        nulls=nulls,
        plain=_plain_numbers(run, relation, recipe, cells),
    )


def parquet(path: Path) -> str:
    """Return the FROM text of a text Parquet file, with each row's position in it."""
    return f"read_parquet({literal(str(path.resolve()))}, file_row_number = true)"


def unique(name: str, taken: Iterable[str]) -> str:
    """Return `name`, or `name (2)` and so on, so that it differs from `taken` whatever the case."""
    used = {t.casefold() for t in taken}
    found, number = name, 1
    while found.casefold() in used:
        number += 1
        found = f"{name} ({number})"
    return found


def _edges(run: Run, relation: str, width: int) -> list[values.Edge]:
    """Say for each column how much must come off its cells.

    Nearly always that is nothing, and a column read as it is converts twice as fast: the lowest and
    highest text are in the file's statistics, and only columns that look odd are searched.
    """
    if not width:
        return []
    names = [quote(f"c{i}") for i in range(width)]
    ends = run.one(
        "SELECT "
        + ", ".join(f"coalesce(min({c}) < '(' OR max({c}) > '~', false)" for c in names)
        + f" FROM {relation}"
    )
    tails = run.one(
        "SELECT "
        + ", ".join(f"coalesce(bool_or({c}[-1] NOT BETWEEN '!' AND '~'), false)" for c in names)
        + f" FROM {relation}"
    )
    suspect = {i: c for i, c in enumerate(names) if ends[i] or tails[i]}
    edges: list[values.Edge] = ["clean"] * width
    if suspect:
        tests = ", ".join(
            f"coalesce(bool_or({values.is_odd(c)}), false), coalesce(bool_or(trim({c}) <> {c}), false)"
            for c in suspect.values()
        )
        odd = run.one(f"SELECT {tests} FROM {relation}")
        for at, i in enumerate(suspect):
            edges[i] = "odd" if odd[2 * at] else "spaces" if odd[2 * at + 1] else "clean"
    return edges


def _with_nulls(run: Run, relation: str, cells: list[str]) -> list[bool]:
    """Say which cells hold a program's word for nothing."""
    if not cells:
        return []
    tests = ", ".join(f"coalesce(bool_or({values.is_null_word(cell)}), false)" for cell in cells)
    return [bool(x) for x in run.one(f"SELECT {tests} FROM {relation}")]


def _plain_numbers(run: Run, relation: str, recipe: FileRecipe, cells: dict[str, str]) -> frozenset[str]:
    """Return the headers of number columns that hold nothing but digits, a decimal sign and a minus."""
    heads = {recipe.fields[n]: None for n in NUMBERS if recipe.fields.get(n) in cells}
    if not heads:
        return frozenset()
    tests = ", ".join(
        f"count({cells[h]}) = "
        f"count({values.plain_number(cells[h], recipe.numbers.get(h, NumberRule()), 'DECIMAL(15, 2)')})"
        for h in heads
    )
    found = run.one(f"SELECT {tests} FROM {relation}")
    return frozenset(h for h, same in zip(heads, found, strict=True) if same)
