"""SQL for dates as people say them: without their weekday, and weeks as the Monday they begin on."""

from __future__ import annotations

import re

from data.engine.quoting import literal

WEEK_WORD = "(?i:w|wk|week|weeknr|uge|vecka|kw|uke|semaine|sem)"


def skipped(cell: str, words: list[str]) -> str:
    """Leave out the words that stand beside a date, with the dot or comma behind them."""
    if not words:
        return cell
    names = "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))
    pattern = literal(rf"(?i)(^|[\s,0-9])(?:(?:{names})[.,]*(?:\s+|$))+")
    return f"trim(regexp_replace(regexp_replace({cell}, {pattern}, '\\1 ', 'g'), '\\s+', ' ', 'g'))"


def monday(cell: str) -> str:
    """Read "2026-W12", "week 12 2026" as the Monday of that ISO week, "2026-W12-3" as its Wednesday."""
    year = f"regexp_extract({cell}, '20[0-9]{{2}}')"
    week = f"regexp_extract({cell}, {literal(WEEK_WORD + '[. -]*([0-9]{1,2})')}, 1)"
    day = f"regexp_extract({cell}, {literal('-([1-7])$')}, 1)"
    text = f"{year} || '-W' || lpad({week}, 2, '0') || '-' || CASE {day} WHEN '' THEN '1' ELSE {day} END"
    return f"CASE WHEN {week} <> '' THEN try_strptime({text}, '%G-W%V-%u') END"
