"""When two texts look like one: the form, as DuckDB SQL, under which they are the same."""

from __future__ import annotations


def plain(text: str) -> str:
    """Return SQL for a text without case, accents and every sign that is no letter or digit."""
    return f"regexp_replace(lower(strip_accents({text})), '[^\\p{{L}}\\p{{N}}]', '', 'g')"
