"""A name of its own for every file of an import: "export.csv", "export.csv (2)"."""

from __future__ import annotations

from collections.abc import Container, Iterable

from data.notice import Notice


def unique(name: str, taken: Iterable[str]) -> str:
    """Return `name`, or `name (2)` and so on, so that it differs from `taken` whatever the case."""
    return free(name, {t.casefold() for t in taken})


def free(name: str, used: Container[str]) -> str:
    """Return `name`, or `name (2)` and so on, so that in small letters it is not among `used`."""
    found, number = name, 1
    while found.casefold() in used:
        number += 1
        found = f"{name} ({number})"
    return found


def own_names(names: Iterable[str]) -> list[str]:
    """Return the name under which each file is told and its rows are found, in the order they came: its own,
    with a number behind it where an earlier file has that name."""
    found: dict[str, str] = {}
    for name in names:
        own = free(name, found)
        found[own.casefold()] = own
    return list(found.values())


def renamed(notices: Iterable[Notice], old: str, new: str) -> tuple[Notice, ...]:
    """Return notices about the file `old`, now about `new`; others as they are."""
    if old == new:
        return tuple(notices)
    return tuple(n if n.file != old else _renamed(n, old, new) for n in notices)


def _renamed(notice: Notice, old: str, new: str) -> Notice:
    values = notice.values | ({"file": new} if notice.values.get("file") == old else {})
    return notice.model_copy(update={"file": new, "values": values})
