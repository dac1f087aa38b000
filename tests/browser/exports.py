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
