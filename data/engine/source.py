"""Where an engine finds a canonical table."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from data.engine.tables import unsaid


@dataclass(frozen=True)
class Source:
    """How one canonical table (`deals`, `stage_entries`) is read by an engine.

    `relation` is the engine's own FROM text: `read_parquet('...')`, a table in a warehouse, an object-store
    path. `columns` maps canonical columns to native expressions where the names differ; empty means that
    the relation already has the canonical columns. Both are an administrator's configuration, never user
    input.
    """

    relation: str
    columns: tuple[tuple[str, str], ...] = ()

    def select(self) -> str:
        """Return the SELECT that presents the relation under its canonical column names."""
        items = ", ".join(f'{native} AS "{name}"' for name, native in self.columns) or "*"
        return f"SELECT {items} FROM {self.relation}"  # noqa: S608 - an administrator's text


def with_unsaid(relation: str, columns: Container[str]) -> str:
    """Return the SELECT that presents a file of deals with all canonical columns: what it leaves out is
    null."""
    nulls = "".join(f', CAST(NULL AS {kind}) AS "{name}"' for name, kind in unsaid(columns).items())
    return f"SELECT *{nulls} FROM {relation}"  # noqa: S608 - names and types of our own
