"""The same metrics once more, deal by deal in plain Python, to be compared with the real ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]
DECIDED = ("won", "lost")


def count(rows: Iterable[Row], *status: str) -> int:
    return sum(row["status"] in status for row in rows)


def reached(row: Row, stage: int) -> bool:
    return stage <= 1 or row["status"] == "won" or max(row["visited"], default=0) >= stage


def fraction(rows: list[Row], name: str, opportunity: int = 1, meeting: int = 1) -> tuple[float, float]:
    """Return numerator and denominator of a definition."""
    if name in ("decided", "cohort"):
        return count(rows, "won"), count(rows, *DECIDED)
    if name == "created":
        return count(rows, "won"), count(rows, "won", "lost", "open")
    if name == "broad":
        return count(rows, "won"), count(rows, "won", "lost", "disqualified")
    if name == "value":
        return money(rows, "won"), money(rows, *DECIDED)
    keep = {
        "leads": lambda r: True,
        "contacted": lambda r: r["first_contact"] is not None,
        "qualified": lambda r: reached(r, opportunity),
        "meetings": lambda r: reached(r, meeting),
    }[name]
    kept = [row for row in rows if keep(row)]
    return count(kept, "won"), len(kept)


def money(rows: list[Row], *status: str) -> float:
    return sum(row["amount"] or 0 for row in rows if row["status"] in status)


def entered(row: Row, stage: int, skipped: str) -> bool:
    if skipped == "not":
        return stage in row["visited"]
    return row["status"] == "won" or max(row["visited"], default=0) >= stage


def exit(row: Row, stage: int, back: str) -> str:
    """Return how a deal that entered a stage left it, rule by rule as docs/metrics.md words them."""
    if row["status"] == "won" or row["last"] > stage:
        return "advanced"
    if row["last"] == stage:
        return "still_there" if row["status"] == "open" else row["status"]
    went_further = max(row["visited"]) > stage
    return "advanced" if went_further and back == "stands" else "moved_back"


def funnel(
    rows: list[Row], stages: int, skipped: str = "passed", back: str = "stands"
) -> list[dict[str, int]]:
    """Return entered and the five exits per stage."""
    table = []
    for stage in range(1, stages + 1):
        there = [row for row in rows if entered(row, stage, skipped)]
        ways = [exit(row, stage, back) for row in there]
        names = ("advanced", "lost", "disqualified", "moved_back", "still_there")
        table.append({"entered": len(there)} | {name: ways.count(name) for name in names})
    return table


def step(rows: list[Row], stage: int) -> tuple[int, int]:
    """Return advanced and decided at a stage."""
    line = funnel(rows, stage)[-1]
    return line["advanced"], line["advanced"] + line["lost"]


def win_after(rows: list[Row], stage: int) -> float:
    """Return the share won of the decided deals that advanced from a stage."""
    on = [r for r in rows if entered(r, stage, "passed") and exit(r, stage, "stands") == "advanced"]
    return count(on, "won") / count(on, *DECIDED)
