"""The cells a second time, in plain Polars on all deals in memory, written from the definitions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import polars as pl

from data.slice import Slice

STAGES = ("Lead", "Meeting", "Offer", "Contract")
WEIRD = 'a"b; DROP TABLE deals; --'
EMOJI = "🦊 Größe"
WORD = "order"
VALUES: dict[str, list[str | None]] = {
    "source": ["Web", "web", "O'Neil", "\\", "{where}", None],
    "owner": ["Ann", "Bo", "Çelik"],
    WEIRD: ["x'; DROP TABLE deals; --", "%s $1 ?", None],
    EMOJI: ["🦊", " ", "a\nb"],
    WORD: ["group", "NULL", None],
}
AS_OF = date(2025, 3, 1)
BORN = datetime(1970, 1, 1)


def random_rows(rng: Random, number: int) -> list[dict[str, Any]]:
    """Return deals of every kind, messy ones too: no dates, backward dates, unknown stages, no amount."""
    return [random_row(rng) for _ in range(number)]


def random_row(rng: Random) -> dict[str, Any]:
    status = rng.choice(["open", "won", "lost", "lost", "disqualified"])
    visited = [s for s in range(1, 5) if rng.random() < 0.6]
    furthest = max(visited, default=0)
    last = rng.choice([0, *visited, furthest, furthest])
    moment = datetime(2025, 1, 1) + timedelta(hours=rng.randrange(24 * 75))
    created = None if rng.random() < 0.1 else moment
    later = timedelta(hours=rng.randrange(-90, 1500))
    closed = None if status == "open" else (created or datetime(2025, 1, 5)) + later
    row: dict[str, Any] = {
        "status": status,
        "visited": visited,
        "furthest": furthest,
        "last": last,
        "amount": rng.choice([None, 0.01, 19.99, 5e9]),
        "currency": rng.choice(["EUR", "DKK", None]),
        "pipeline": rng.choice(["Sales", "Renewals"]),
        "created": stamp(created),
        "first_contact": rng.choice([None, "2025-01-09"]),
        "closed": stamp(closed) if rng.random() < 0.9 else None,
        "stage_entered": stamp(created) if status == "open" and rng.random() < 0.8 else None,
        "days": {
            s: rng.randrange(40) for s in visited if s != last or status != "open" or rng.random() < 0.3
        },
    }
    return row | {name: rng.choice(choices) for name, choices in VALUES.items()}


def stamp(when: datetime | None) -> int | None:
    return None if when is None else int((when - BORN).total_seconds())


def random_slice(rng: Random) -> Slice:
    """Return a question of any kind: breakdowns, filters, period, month, outcome, stage and exit."""
    names = list(VALUES)
    filtered = rng.sample(names, rng.choice([0, 0, 0, 1, 2]))
    where = tuple((name, tuple(rng.sample(VALUES[name], 2))) for name in filtered)
    first = date(2025, 1, 1) + timedelta(days=rng.randrange(40))
    stage, exit = random_exit(rng)
    return Slice(
        by=tuple(rng.sample([*names, "status", "currency"], rng.choice([0, 1, 1, 2]))),
        where=where,
        basis=rng.choice(["created", "closed"]),
        start=rng.choice([None, first]),
        end=rng.choice([None, first + timedelta(days=rng.randrange(60))]),
        grain=rng.choice([None, "month"]),
        pipeline=rng.choice([None, None, "Sales"]),
        status=rng.choice([(), (), ("won", "lost")]),
        stage=stage,
        exit=exit,
        skipped=rng.choice(["passed", "not"]),
        back=rng.choice(["stands", "cancels"]),
        reached=rng.choice([None, None, 1, 2, 3]),
        known=rng.choice([(), (), (), ("amount_minor",), ("first_contact_s",)]),
        stale=rng.choice([None] * 5 + [(), ((0, 20),), ((1, 3), (2, 10), (4, 0))]),
    )


def random_exit(rng: Random) -> tuple[int | None, str | None]:
    if rng.random() < 0.6:
        return None, rng.choice([None, None, None, "no_stage"])
    ways = [None, "entered", "advanced", "lost", "disqualified", "moved_back", "still_there"]
    return rng.randrange(1, 5), rng.choice(ways)


def exit_of(deal: dict[str, Any], stage: int, skipped: str, back: str) -> str | None:
    """Return how one deal left a stage; None when it never entered it."""
    won, far, last = deal["status"] == "won", deal["furthest_no"], deal["last_no"]
    been = deal["visited_mask"] >> (stage - 1) & 1 if skipped == "not" else far >= stage or won
    if not been:
        return None
    if won or last > stage:
        return "advanced"
    if last == stage:
        return "still_there" if deal["status"] == "open" else str(deal["status"])
    return "advanced" if back == "stands" and far > stage else "moved_back"


def keeps(deal: dict[str, Any], question: Slice) -> bool:
    """Return whether one deal is in a slice."""
    second = deal[f"{question.basis}_s"]
    over = went_stale(deal, question.stale or ())
    if question.stale is not None and question.basis == "closed":
        second = over
    day = None if second is None else (BORN + timedelta(seconds=second)).date()
    left = None if question.stage is None else exit_of(deal, question.stage, question.skipped, question.back)
    unplaced = deal["furthest_no"] == 0 and deal["status"] != "won"
    nowhere = deal["visited_mask"] == 0 if question.skipped == "not" else unplaced
    return all(
        [
            all(deal[name] in allowed for name, allowed in question.where),
            question.start is None or (day is not None and day >= question.start),
            question.end is None or (day is not None and day <= question.end),
            question.stale is None or over is not None,
            question.pipeline in (None, deal["pipeline"]),
            not question.status or deal["status"] in question.status,
            question.stage is None or (left is not None and question.exit in (None, "entered", left)),
            question.exit != "no_stage" or nowhere,
            question.reached is None or got_to(deal, question.reached),
            all(deal[name] is not None for name in question.known),
        ]
    )


def went_stale(deal: dict[str, Any], limits: tuple[tuple[int, int], ...]) -> int | None:
    """Return the second at which an open deal went over its limit; None when it has not."""
    now = stamp(datetime.combine(AS_OF, time(23, 59, 59)))
    for stage, limit in limits:
        begun = deal["stage_entered_s"] if stage else deal["created_s"]
        if deal["status"] != "open" or begun is None or begun > now or (stage and deal["last_no"] != stage):
            continue
        before = (deal["stood_days"] or 0) if stage else 0
        if before + (now - begun) // 86_400 > limit:
            return int(begun + 86_400 * (limit + 1 - before))
    return None


def got_to(deal: dict[str, Any], stage: int) -> bool:
    return stage == 1 or deal["furthest_no"] >= stage or deal["status"] == "won"


def kept(deals: pl.DataFrame, question: Slice) -> pl.DataFrame:
    rows = [deal for deal in deals.iter_rows(named=True) if keeps(deal, question)]
    return pl.DataFrame(rows, schema=deals.schema, orient="row")


def grouped(frame: pl.DataFrame, question: Slice, keys: list[str], sums: dict[str, pl.Expr]) -> pl.DataFrame:
    period = [pl.col(f"{question.basis}_month").alias("period")] if question.grain else []
    names = [*(n for n in question.by if n not in keys), *(["period"] if period else []), *keys]
    cells = frame.with_columns(period).group_by(names).agg(**sums).select(*names, *sums)
    whole = {name: pl.Float64 if name == "squares" else pl.Int64 for name in sums}
    return cells.cast(whole).sort(names, nulls_last=True)


AMOUNT = pl.col("amount_minor")
MONEY = {"deals": pl.len(), "amount_minor": AMOUNT.sum(), "amount_known": AMOUNT.count()}


def outcomes(deals: pl.DataFrame, question: Slice, opportunity: int, meeting: int | None) -> pl.DataFrame:
    def to(stage: int) -> pl.Expr:
        return (pl.lit(stage == 1) | (pl.col("furthest_no") >= stage) | (pl.col("status") == "won")).sum()

    sums = MONEY | {
        "contacted": pl.col("first_contact_s").count(),
        "opportunities": to(opportunity),
        "meetings": pl.lit(None) if meeting is None else to(meeting),
    }
    return grouped(kept(deals, question), question, ["status", "currency"], sums)


def flow(deals: pl.DataFrame, question: Slice, squares: bool = False) -> pl.DataFrame:
    keys = ["visited_mask", "furthest_no", "last_no", "status", "currency"]
    more = {"squares": (AMOUNT.cast(pl.Float64) ** 2).sum()} if squares else {}
    return grouped(kept(deals, question), question, keys, MONEY | more)


def days_until(day: date, start: str) -> pl.Expr:
    end = stamp(datetime(day.year, day.month, day.day, 23, 59, 59))
    gap = pl.lit(end) - pl.col(start)
    return pl.when(gap >= 0).then(gap // 86_400)


def ages(deals: pl.DataFrame, question: Slice, as_of: date) -> pl.DataFrame:
    gap = pl.col("closed_s") - pl.col("created_s")
    days = pl.when(status="open").then(days_until(as_of, "created_s")).when(gap >= 0).then(gap // 86_400)
    frame = kept(deals, question).with_columns(days=days)
    return grouped(frame, question, ["days", "status"], {"deals": pl.len()})


def stage_ages(deals: pl.DataFrame, question: Slice, as_of: date) -> pl.DataFrame:
    frame, parts = kept(deals, question).drop("stage_no"), []
    for stage in range(1, len(STAGES) + 1):
        spent, here = pl.col(f"days_{stage:02d}"), (pl.col("status") == "open") & (pl.col("last_no") == stage)
        running = pl.col("stood_days").fill_null(0) + days_until(as_of, "stage_entered_s")
        parts.append(
            frame.filter(here | spent.is_not_null()).with_columns(
                stage_no=pl.lit(stage, pl.Int64),
                ended=1 - here.cast(pl.Int64),
                days=pl.when(here).then(running).otherwise(spent),
            )
        )
    return grouped(pl.concat(parts), question, ["stage_no", "days", "ended"], {"deals": pl.len()})
