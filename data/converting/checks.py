"""What an import tells about the data beyond what recognition saw: exports that mislead are called out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from data.converting import describe
from data.converting.folding import folded
from data.converting.run import Run
from data.converting.source import File
from data.converting.told import tell
from data.engine.quoting import literal
from data.meta import StageSource
from data.notice import Notice

DAY_S = 86_400


def of_dates(run: Run, seen: describe.Seen, as_of: date) -> list[Notice]:
    """Call out dates that cannot be: closed before created, closed in the future, decided on no day."""
    found = []
    if backward := seen.counts["closed_before_created"]:
        found.append(tell("closed_before_created", backward, deals=backward))
    end = (as_of - date(1970, 1, 1)).days * DAY_S + DAY_S
    if seen.last_closed is not None and seen.last_closed >= end:
        (future,) = run.one(f"SELECT count(*) FROM {describe.deals(run)} WHERE closed_s >= {end}")
        found.append(tell("closed_in_future", future, deals=future, as_of=as_of.isoformat()))
    if seen.undated and seen.counts["with_closed_s"]:
        found.append(tell("closed_without_date", seen.undated, deals=seen.undated))
    return found


def of_stages(run: Run, stage_source: StageSource) -> list[Notice]:
    """Call out stages nobody put in order, and lost deals whose way is not known."""
    found = []
    unknown = run.rows(
        f"SELECT stage, count(*) FROM {describe.deals(run)} WHERE status = 'open' AND stage IS NOT NULL "
        "AND stage_no IS NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    if unknown:
        deals = sum(n for _, n in unknown)
        stages = ", ".join(str(s) for s, _ in unknown[:5])
        found.append(tell("stage_without_place", deals, deals=deals, stages=stages))
    if stage_source == "history":
        (blank,) = run.one(
            f"SELECT count(*) FROM {describe.deals(run)} WHERE status = 'lost' AND last_no = 0"
        )
        if blank:
            found.append(tell("lost_with_no_stage", blank, deals=blank))
    return found


def of_values(seen: describe.Seen, unread: Iterable[tuple[str, int]]) -> list[Notice]:
    """Call out cells that could not be read, lost deals without a value, and mixed currencies."""
    found = [tell("values_unread", n, about=file, cells=n) for file, n in unread if n]
    if seen.negative:
        found.append(tell("negative_amounts", seen.negative, deals=seen.negative))
    lost = seen.counts["lost"]
    if seen.worth["won"] and lost and not seen.worth["lost"]:
        found.append(tell("lost_without_value", lost, deals=lost))
    if len(seen.currencies) > 1:
        listed = ", ".join(seen.currencies)
        found.append(tell("several_currencies", len(seen.currencies), currencies=listed))
    return found


def of_snapshots(run: Run, days: tuple[date, ...], compared: bool) -> list[Notice]:
    """Say which snapshot counts, and how many deals of earlier ones are not in it."""
    if len(days) < 2:
        return []
    day = max(days).isoformat()
    found = [tell("snapshots", len(days), snapshots=len(days), day=day)]
    if not compared:
        return found
    source = f"read_parquet({literal(str(run.target / 'versions.parquet'))})"
    (gone,) = run.one(f"SELECT count(DISTINCT deal_no) FROM {source} WHERE deal_key IS NULL")
    return [*found, tell("vanished", gone, deals=gone, day=day)] if gone else found


def unused(files: Iterable[File]) -> list[Notice]:
    """Name the files that no table is made of."""
    return [tell("file_unused", f.rows, about=f.name) for f in files]


def merged(*groups: Iterable[Notice]) -> tuple[Notice, ...]:
    """Put notices together, each once; the same about several files is one.

    One about the whole import gives way to one of the same code that a file already gave: that one knows
    the column.
    """
    found: dict[tuple[str, str | None, str | None, str], Notice] = {}
    codes: set[str] = set()
    for notice in (n for group in groups for n in group):
        if notice.file is not None or notice.code not in codes:
            found.setdefault((notice.code, notice.file, notice.column, notice.text()), notice)
        codes.add(notice.code)
    return tuple(folded(found.values()))
