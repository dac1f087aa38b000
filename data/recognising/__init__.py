"""Text columns to a proposal: which table, which fields, how to read them, and what misleads."""

from __future__ import annotations

from data.recognising import words
from data.recognising.labels import DROP_LABELS, FIELD_LABELS, STATUS_LABELS, TABLE_LABELS
from data.recognising.proposing import propose

words.prepare()

__all__ = ["DROP_LABELS", "FIELD_LABELS", "STATUS_LABELS", "TABLE_LABELS", "propose"]
