"""What reading hands on: text tables, and the records that could not be rows of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import N_, HitrateError
from data.notice import Notice

if TYPE_CHECKING:
    from data.reading.split import Split

Progress = Callable[[float], None]
Cancel = Callable[[], bool]

EMPTY = "empty line"
FOOTER = "footer"
TOTAL = "total"
SUBTOTAL = "subtotal"
BANNER = "banner"
GROUP = "group"

NULS = N_("{file} holds {count} NUL characters, which no text has; they were left out.")
MAX_COLUMNS = 16_384  # Excel's own limit; no sales export comes near it


@dataclass(frozen=True)
class Junk:
    """A record that is not data: an empty line, a footer, a total.

    `row` counts records in the file from 1; `text` is its cells joined by " | "; `cells` holds the
    filled cells by header, so that a total can be used as a checksum.
    """

    row: int
    text: str
    reason: str
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reject:
    """A whole record that cannot be a row; `reason` is a plain English template."""

    row: int
    column: str | None
    text: str
    reason: str


@dataclass(frozen=True)
class RawTable:
    """One table as text, beside everything that was noticed while reading it.

    `path` is a Parquet file with `row` (the record's number in the file as a person counts, header
    included) and `c0, c1, ...` (text, null when empty), in file order, without junk and rejects.
    `columns` are the headers in the order of `c0, c1, ...`; two may be alike. `header_row` is 0 when
    the file has no header (or keeps it elsewhere, as Parquet does).
    Always rows_read == rows in `path` + len(junk) + len(rejects).
    """

    file: str
    path: Path
    columns: tuple[str, ...]
    container: str
    encoding: str | None
    delimiter: str | None
    header_row: int
    sheet: str | None
    sep_line: bool
    bom: bool
    quotechar: str
    rows_read: int
    junk: tuple[Junk, ...]
    rejects: tuple[Reject, ...]
    digest: str
    notices: tuple[Notice, ...]
    hidden: tuple[str, ...] = ()


@dataclass
class Draft:
    """A table on its way: every record after the header; a header is "" where the column has none."""

    split: Split
    headers: list[str]
    container: str
    header_row: int
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sep_line: bool = False
    bom: bool = False
    rejects: list[Reject] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Task:
    """One call of `read`: the user's name for the file, the scratch folder (and numbers for files in it),
    and how to report."""

    name: str
    scratch: Path
    progress: Progress | None = None
    cancel: Cancel | None = None
    names: Iterator[int] = field(default_factory=count)

    def step(self, done: float) -> None:
        """Report progress (0..1); raise if the user has cancelled."""
        if self.cancel is not None and self.cancel():
            raise HitrateError(
                N_("Cancelled"),
                N_("Reading {file} was cancelled."),
                N_("Nothing was changed."),
                code="cancelled",
                file=self.name,
            )
        if self.progress is not None:
            self.progress(done)

    def notice(self, code: str, message: str, **values: str | int | float) -> Notice:
        """Return a warning about this file."""
        rows = values.get("count")
        return Notice(
            code=code,
            message=message,
            values={"file": self.name, **values},
            file=self.name,
            count=rows if isinstance(rows, int) else None,
        )
