"""Small exports that the walks upload."""

from __future__ import annotations

from pathlib import Path

DUTCH_HEADER = "Kans-ID;Naam;Fase;Status;Leadbron;Verkoper;Bedrag;Aangemaakt op;Afsluitdatum"


def dutch(folder: Path, name: str = "verkoopkansen.csv") -> Path:
    """Write 120 deals as a Dutch Excel does: 60 decided by Anna (40 won), 40 by Bram (10 won), 20 open."""
    rows = [DUTCH_HEADER]
    for n in range(120):
        seller, won = ("Anna Vermeer", n < 40) if n < 60 else ("Bram Zuidema", n < 70)
        status = "Open" if n >= 100 else "Gewonnen" if won else "Verloren"
        closed = "" if status == "Open" else f"{1 + n % 28:02}-09-2026"
        source = ("Website", "Beurs", "Partner")[n % 3]
        rows.append(
            f"K-{n:04};Klant {n} – project;{('Intake', 'Offerte')[n % 2]};{status};{source};{seller};"
            f"€ 1.{n:03},50;{1 + n % 28:02}-05-2026;{closed}"
        )
    path = folder / name
    path.write_bytes("\r\n".join([*rows, ""]).encode("cp1252"))
    return path


WEEKLY_HEADER = "Deal ID,Deal Name,Deal Owner,Lead Source,Stage,Status,Amount,Created Date,Expected Close Date,Closed Date"  # noqa: E501


def _weekly(n: int, month: int) -> str | None:
    """Return deal n as the export of the end of January (1), February (2) or March (3) shows it."""
    unborn = (50 < n <= 60 and month < 3) or (40 < n <= 50 and month < 2)
    if unborn or (n == 40 and month == 3):
        return None
    status, due, closed, stage, amount = "Open", "2026-02-20", "", "Meeting", 1000
    owner = ("Anna Vermeer", "Bram Zuidema")[n % 2]
    if n <= 20:
        if month > 1 and n <= 9:
            status, closed = ("Won" if n <= 6 else "Lost"), "2026-02-17"
        elif month > 1 and n <= 15:
            due, stage = "2026-04-15", "Proposal"
    elif n <= 40:
        due = "2026-03-20"
        if month > 2 and n <= 29:
            status, closed = ("Won" if n <= 26 else "Lost"), "2026-03-12"
        elif month > 2 and n <= 37:
            due, stage = "2026-05-15", "Proposal"
        elif month > 2:
            amount, owner = (1500, owner) if n == 38 else (1000, "Carla Smit")
    elif n <= 60:
        due, stage = ("2026-04-10" if n <= 50 else "2026-05-10"), "Lead"
    else:
        status, due, closed = ("Won" if n <= 70 else "Lost"), "2026-01-15", "2026-01-15"
        if month == 3 and n == 61:
            status, due, closed = "Open", "2026-04-30", ""
        if month == 3 and n == 62:
            amount = 9000
    since = ((60, "2025-10-06"), (50, "2026-03-03"), (40, "2026-02-03"), (0, "2025-11-03"))
    created = next(day for least, day in since if n > least)
    source = ("Website", "Trade fair", "Partner")[n % 3]
    return f"W-{n:04},Project {n},{owner},{source},{stage},{status},{amount},{created},{due},{closed}"


def weekly(folder: Path) -> list[Path]:
    """Write 80 deals as three monthly exports show them, the last one with a past that was rewritten.

    February to March: 41 open, 10 came in, 1 reopened, 6 won, 3 lost, 1 gone, 42 open; 8 pushed, 1 raised;
    deal 61 reopened and deal 62 changed in amount after it was won.
    """
    found = []
    for month, day in ((1, 31), (2, 28), (3, 31)):
        path = folder / f"deals-2026-{month:02}-{day}.csv"
        rows = [row for n in range(1, 81) if (row := _weekly(n, month))]
        path.write_text("\n".join([WEEKLY_HEADER, *rows, ""]), encoding="utf-8")
        found.append(path)
    return found
