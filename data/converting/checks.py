"""What an import tells about the data beyond what recognition saw: exports that mislead are called out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from data.converting import describe
from data.converting.run import Run
from data.converting.source import File
from data.errors import N_
from data.meta import StageSource
from data.notice import Notice

DAY_S = 86_400


def of_dates(run: Run, counts: dict[str, int], as_of: date) -> list[Notice]:
    """Call out dates that cannot be: closed before created, closed in the future, decided on no day."""
    found = []
    source = describe.deals(run)
    if counts["closed_before_created"]:
        found.append(Notice(
            code="closed_before_created", count=counts["closed_before_created"],
            message=N_("{deals} deals closed before they were created. They count, but not in cycle times."),
            values={"deals": counts["closed_before_created"]}))
    end = (as_of - date(1970, 1, 1)).days * DAY_S + DAY_S
    (future,) = run.one(f"SELECT count(*) FROM {source} WHERE closed_s >= {end}")
    if future:
        found.append(Notice(
            code="closed_in_future", count=future, values={"deals": future, "as_of": as_of.isoformat()},
            message=N_("{deals} decided deals have a closing date after {as_of}, the day these data speak of.")))
    (undated,) = run.one(f"SELECT count(*) FROM {source} WHERE status <> 'open' AND closed_s IS NULL")
    if undated and counts["with_closed_s"]:
        found.append(Notice(
            code="closed_without_date", count=undated, values={"deals": undated},
            message=N_("{deals} decided deals have no closing date. They are missing wherever a period is chosen by "
                       "closing date.")))
    return found


def of_stages(run: Run, stage_source: StageSource, with_history: bool) -> list[Notice]:
    """Call out stages nobody put in order, and decided deals whose way is not known."""
    found = []
    unknown = run.rows(
        "SELECT stage, count(*) FROM typed_now WHERE status = 'open' AND stage IS NOT NULL AND stage_no IS NULL "
        "GROUP BY 1 ORDER BY 2 DESC, 1")
    if unknown:
        found.append(Notice(
            code="stage_without_place", count=sum(n for _, n in unknown), level="question",
            message=N_("{deals} open deals stand in stages that have no place in the order: {stages}."),
            values={"deals": sum(n for _, n in unknown), "stages": ", ".join(str(s) for s, _ in unknown[:5])}))
    if with_history and stage_source == "history":
        (blank,) = run.one(f"SELECT count(*) FROM {describe.deals(run)} WHERE status = 'lost' AND last_no = 0")
        if blank:
            found.append(Notice(
                code="lost_with_no_stage", count=blank, values={"deals": blank}, level="info",
                message=N_("{deals} lost deals have no open stage on record, so no stage can be told as where they were lost.")))
    return found


def of_values(run: Run, counts: dict[str, int], currencies: tuple[str, ...], unread: dict[str, int]) -> list[Notice]:
    """Call out cells that could not be read, lost deals without a value, and mixed currencies."""
    found = [Notice(code="values_unread", count=n, file=file, values={"cells": n, "file": file},
                    message=N_("{cells} cells of {file} could not be read. They are blank in the tables and listed below."))
             for file, n in unread.items() if n]
    won, lost = run.one(f"SELECT count(*) FILTER (status = 'won' AND amount_minor <> 0), "
                        f"count(*) FILTER (status = 'lost' AND amount_minor <> 0) FROM {describe.deals(run)}")
    if won and counts["lost"] and not lost:
        found.append(Notice(
            code="lost_without_value", count=counts["lost"], values={"deals": counts["lost"]},
            message=N_("None of the {deals} lost deals carries a value, so the hit rate by value is 100 % whatever "
                       "happens. Use the hit rate by count.")))
    if len(currencies) > 1:
        found.append(Notice(
            code="several_currencies", level="info", count=len(currencies), values={"currencies": ", ".join(currencies)},
            message=N_("Amounts are in several currencies ({currencies}). They are never added together.")))
    return found


def of_snapshots(run: Run, days: tuple[date, ...]) -> list[Notice]:
    """Say which snapshot counts, and how many deals of earlier ones are not in it."""
    if len(days) < 2:
        return []
    (gone,) = run.one("SELECT count(DISTINCT deal_id) FROM typed WHERE deal_id IS NOT NULL AND deal_id NOT IN "
                      "(SELECT deal_id FROM typed_now WHERE deal_id IS NOT NULL)")
    found = [Notice(code="snapshots", level="info", count=len(days),
                    message=N_("{count} snapshots of the same deals: outcomes are those of the latest, {day}."),
                    values={"count": len(days), "day": max(days).isoformat()})]
    if gone:
        found.append(Notice(code="vanished", count=gone, values={"deals": gone, "day": max(days).isoformat()},
                            message=N_("{deals} deals of earlier snapshots are not in that of {day}: deleted, merged or "
                                       "filtered out. They are neither won nor lost and are not counted.")))
    return found


def unused(files: Iterable[File]) -> list[Notice]:
    """Name the files that no table is made of yet."""
    return [Notice(code="file_unused", level="info", file=f.name, count=f.rows, values={"file": f.name},
                   message=N_("{file} was read but nothing is counted from it."))
            for f in files]


def merged(*groups: Iterable[Notice]) -> tuple[Notice, ...]:
    """Put notices together, the same one (by code, file and column) once: the first, which knows most."""
    found: dict[tuple[str, str | None, str | None, str], Notice] = {}
    for notice in (n for group in groups for n in group):
        found.setdefault((notice.code, notice.file, notice.column, notice.text()), notice)
    return tuple(found.values())
