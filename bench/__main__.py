"""`make bench`: ours beside what a user would use instead, in the same run, as ratios.

python -m bench                      everything, at 1 000 000 and 10 000 000 deals
python -m bench --only import        one part: import, questions, snapshots, browser
python -m bench --deals 1000000      one size of the questions

pandas reads only the columns it needs; "whole file" is the same script reading all of them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bench import snapshots
from bench.make_csv import make_csv
from bench.make_deals import generation
from bench.measure import compare, report

OUT = Path(__file__).parent / "out"
SIZES = (1_000_000, 10_000_000)
WHOLE = 1_000_000  # deals up to which pandas reads the whole file too, as most scripts begin
RIVALS = ("hitrate", "floor", "pandas")


def imports(rows: int, rounds: int) -> None:
    csv = make_csv(OUT / f"export_{rows}.csv", rows)
    tasks = {rival: (f"import_{rival}", str(csv)) for rival in RIVALS}
    report(f"import of a CSV of {rows:,} rows ({csv.stat().st_size / 1e6:.0f} MB)", compare(tasks, rounds))


def questions(deals: int, rounds: int, whole: bool) -> None:
    folder = generation(OUT / f"deals_{deals}", deals)
    for question in ("hit_rate", "funnel", "matured", "leaks"):
        tasks = {rival: (f"{question}_{rival}", str(folder)) for rival in RIVALS}
        if deals <= WHOLE or whole:
            tasks["whole file"] = (f"{question}_pandas", str(folder), "whole")
        report(f"{question.replace('_', ' ')} at {deals:,} deals", compare(tasks, rounds, repeat=3))


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--only", choices=["import", "questions", "snapshots", "browser"])
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the imported CSV")
    parser.add_argument("--deals", type=int, help="one size of the questions instead of both")
    parser.add_argument("--weeks", type=int, default=snapshots.WEEKS, help="weekly exports of snapshots")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--whole", action="store_true", help="pandas on the whole file at any size")
    chosen = parser.parse_args()
    if chosen.only in (None, "import"):
        imports(chosen.rows, chosen.rounds)
    if chosen.only in (None, "questions"):
        for size in [chosen.deals] if chosen.deals else SIZES:
            questions(size, chosen.rounds, chosen.whole)
    if chosen.only in (None, "snapshots"):
        size = chosen.deals if chosen.only and chosen.deals else snapshots.DEALS
        snapshots.bench(OUT, size, chosen.weeks, chosen.rounds)
    if chosen.only in (None, "browser"):
        from bench.browser import repaint

        repaint(OUT)


if __name__ == "__main__":
    main()
