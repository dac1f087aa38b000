"""Which deals files are one export at several days."""

from __future__ import annotations

from dataclasses import dataclass

from data.converting import rows, typed
from data.converting.run import Run
from data.converting.source import File

DAY = 86_400
SAME = 0.5  # share of ids two exports have in common when they are of the same deals


@dataclass(frozen=True)
class Family:
    """Files that are one export. `places` are positions in the list of deals files, `days` the days they
    speak of (seconds, rising); `by_id` says whether its deals have an id."""

    number: int
    places: tuple[int, ...]
    days: tuple[int, ...]
    by_id: bool

    @property
    def several(self) -> bool:
        """Say whether there is anything to compare."""
        return len(self.days) > 1


def find(run: Run, deals: list[File]) -> list[Family]:
    """Group the deals files: by header, and where a header changed between two days, by their ids."""
    shown = {i: days(run, f) for i, f in enumerate(deals)}
    groups: dict[str, list[int]] = {}
    for i, file in enumerate(deals):
        groups.setdefault(file.print, []).append(i)
    found: list[list[int]] = []
    for group in groups.values():
        home = next((one for one in found if _continues(run, deals, shown, one, group)), None)
        if home is None:
            found.append(list(group))
        else:
            home.extend(group)
    return [
        Family(
            n,
            tuple(sorted(group)),
            tuple(sorted({s for i in group for s in shown[i]})),
            all(deals[i].has("deal_id") for i in group),
        )
        for n, group in enumerate(found)
    ]


def days(run: Run, file: File) -> tuple[int, ...]:
    """Return the days a file speaks of, as the second they begin: one of its name, or those of a column."""
    if not file.has("snapshot_at"):
        return () if file.snapshot is None else (_second(file),)
    found = run.rows(
        f"SELECT DISTINCT {day(file)} AS s FROM {rows.kept(run, file)} WHERE {day(file)} IS NOT NULL ORDER "
        "BY 1"
    )
    return tuple(int(s) for (s,) in found)


def day(file: File) -> str:
    """Return SQL for the second on which the day of a row's export begins; NULL where none is known."""
    return f"(({typed.snapshot(file)}) // {DAY} * {DAY})"


def _second(file: File) -> int:
    assert file.snapshot is not None
    return (file.snapshot.toordinal() - 719_163) * DAY


def _continues(
    run: Run, deals: list[File], shown: dict[int, tuple[int, ...]], one: list[int], other: list[int]
) -> bool:
    """Say whether two groups are one export whose header changed: other days, and mostly the same ids."""
    first, second = ({s for i in group for s in shown[i]} for group in (one, other))
    if not first or not second or first & second:
        return False
    if not all(deals[i].has("deal_id") and shown[i] for i in (*one, *other)):
        return False
    a, b = (deals[max(group, key=lambda i: max(shown[i]))] for group in (one, other))
    ids = [
        f"SELECT DISTINCT {f.cell('deal_id')} AS id FROM {rows.kept(run, f)} WHERE {f.cell('deal_id')} IS "
        "NOT NULL"
        for f in (a, b)
    ]
    left, right, both = run.one(
        f"WITH a AS ({ids[0]}), b AS ({ids[1]}) SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b), "
        "(SELECT count(*) FROM a JOIN b USING (id))"
    )
    return bool(both and both >= SAME * min(left, right))
