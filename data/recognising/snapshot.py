"""The day an export speaks of, where its file name or a column says so."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from data.recognising import words


def from_name(name: str) -> date | None:
    """Return the date in a file name such as `...-2026-11-20.csv` or `report1763596800000.csv`."""
    for kind in ("file_hubspot", "file_salesforce", "file_us", "file_iso", "file_day_first", "file_week"):
        for pattern in words.patterns(kind):
            if (hit := pattern.search(name)) and (found := _read(hit.groupdict())):
                return found
    return None


def _read(parts: dict[str, str | None]) -> date | None:
    try:
        if text := parts.get("ymd"):
            plain = re.sub(r"\D", "", text)
            return date(int(plain[:4]), int(plain[4:6]), int(plain[6:8]))
        if text := parts.get("dmy"):
            day, month, year = (int(n) for n in re.split(r"\D", text))
            return date(year, month, day)
        if text := parts.get("mdy"):
            month, day, year = (int(n) for n in text.split("-"))
            return date(year, month, day)
        if text := parts.get("ms"):
            found = datetime.fromtimestamp(int(text) / 1000, UTC).date()
            return found if 2000 <= found.year <= 2100 else None
        if (year_text := parts.get("year")) and (week := parts.get("week")):
            return date.fromisocalendar(int(year_text), int(week), 7)
    except ValueError:
        return None
    return None


def latest(texts: list[str], formats: list[str]) -> date | None:
    """Return the latest of a few cells under one of these strptime patterns."""
    found = []
    for text in texts:
        for pattern in formats:
            try:
                found.append(datetime.strptime(text, pattern).date())
                break
            except ValueError:
                continue
    return max(found, default=None)
