"""Bytes to text columns: any export a CRM writes, as tables of text, with every record accounted for."""

from __future__ import annotations

from data.reading.reader import read
from data.reading.tables import Junk, RawTable, Reject

__all__ = ["Junk", "RawTable", "Reject", "read"]
