"""Where an engine finds a canonical table."""

from __future__ import annotations

from dataclasses import dataclass


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
