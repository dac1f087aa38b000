"""What fills the gaps of a sentence from below the pages: texts as they stand, days as readers write them."""

from __future__ import annotations

from datetime import date

from pages.shared.numbers import day
from pages.shared.words import plain

DAYS = frozenset({"day", "near", "start", "end", "as_of"})  # gaps that hold a day of ours, as 2026-10-31


def text(name: str, value: object) -> str:
    """Return what fills the gap `name`, safe to show."""
    if name in DAYS and isinstance(value, str):
        try:
            return day(date.fromisoformat(value))
        except ValueError:
            return plain(value)
    return plain(value)
