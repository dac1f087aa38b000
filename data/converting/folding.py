"""What is told of several files alike becomes one notice: twelve exports of one header say it once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from data.notice import Notice, Part

ALONE = ("join", "table_", "repaired")  # each is about a pair of files, or about one as a whole
LISTED = 5  # texts named
NAMED = 3  # files named in the sentence
COUNTED = re.compile(r"(?P<before>.*) \((?P<n>\d+)\)(?P<after>.*)", re.DOTALL)
Value = str | int | float


def folded(notices: Iterable[Notice]) -> list[Notice]:
    """Return the notices with those of one code and column over several files as one, where the first stood.

    Its count is the sum, its `parts` are the files. Questions stay as they are: each is about its own file.
    Without a column only what says the same of every file is one.
    """
    groups: dict[tuple[object, ...], list[Notice]] = {}
    for place, notice in enumerate(notices):
        groups.setdefault(_key(notice, place), []).append(notice)
    found: list[Notice] = []
    for group in groups.values():
        found += [_one(group)] if len({n.file for n in group}) > 1 else group
    return found


def _key(notice: Notice, place: int) -> tuple[object, ...]:
    if notice.file is None or notice.level == "question" or notice.code.startswith(ALONE):
        return (place,)
    if notice.column is not None:
        return (notice.code, notice.level, notice.message, notice.column)
    texts = sorted((k, v) for k, v in notice.values.items() if isinstance(v, str) and k != "file")
    return (notice.code, notice.level, notice.message, None, *texts)


def _one(group: Sequence[Notice]) -> Notice:
    """Return one notice for several about different files; two about one of them are one part."""
    parts: dict[str, Part] = {}
    for notice in group:
        name, known = str(notice.file), parts.get(str(notice.file))
        rows = tuple(dict.fromkeys((*(known.rows if known else ()), *notice.rows)))
        counts = [n for n in (known.count if known else None, notice.count) if n is not None]
        parts[name] = Part(file=name, count=sum(counts) if counts else None, rows=rows)
    told = [n.count for n in group if n.count is not None]
    first = group[0]
    names = list(dict.fromkeys(str(n.values["file"]) for n in group if "file" in n.values))
    values = {
        key: _value(key, [n.values[key] for n in group if key in n.values], group) for key in first.values
    }
    if names:
        values["file"] = ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
    count = sum(told) if told else None
    return first.model_copy(update={"values": values, "count": count, "parts": tuple(parts.values())})


def _value(key: str, found: Sequence[Value], group: Sequence[Notice]) -> Value:
    """Return what a gap of the sentence holds for all files: numbers added up, texts listed."""
    if key == "share":
        return _share(group)
    numbers = [v for v in found if not isinstance(v, str)]
    if len(numbers) == len(found) and (len(set(numbers)) > 1 or _is_count(key, group)):
        return sum(numbers)
    texts = [str(v) for v in found]
    return found[0] if len(set(texts)) == 1 else _listed(texts)


def _is_count(key: str, group: Sequence[Notice]) -> bool:
    return all(n.count is not None and n.values.get(key) == n.count for n in group)


def _share(group: Sequence[Notice]) -> int:
    """Return the share of all rows, from the shares of the files, which are whole percents."""
    rows = sum(100 * (n.count or 0) / max(float(n.values["share"]), 0.5) for n in group)
    return round(100 * sum(n.count or 0 for n in group) / rows) if rows else 0


def _listed(texts: Sequence[str]) -> str:
    """Return lists of texts as one; counts behind one text ("google (3) → Google") are added up."""
    found: dict[tuple[str, str], int | None] = {}
    for part in (part for text in texts for part in text.split(", ")):
        counted = COUNTED.fullmatch(part)
        if counted is None:
            found.setdefault((part, ""), None)
        else:
            key = (counted["before"], counted["after"])
            found[key] = (found.get(key) or 0) + int(counted["n"])
    named = [a if n is None else f"{a} ({n}){b}" for (a, b), n in found.items()]
    return ", ".join(named[:LISTED]) + (", …" if len(named) > LISTED else "")
