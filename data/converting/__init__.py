"""Text columns and a recipe in, typed Parquet tables and the ledger of rows out."""

from __future__ import annotations

from data.converting.convert import convert, write_proposals
from data.converting.run import Cancelled, ImportStopped, Progress

__all__ = ["Cancelled", "ImportStopped", "Progress", "convert", "write_proposals"]
