"""`make bench`: ours beside what a user would use instead, in the same run, as ratios.

python -m bench                      everything, at 1 000 000 and 10 000 000 deals
python -m bench --only import        one part: import, recognition, questions, snapshots, browser
python -m bench --rows 1000000       one size of the import
python -m bench --deals 1000000      one size of the questions

pandas reads only the columns it needs; "whole file" is the same script reading all of them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bench import imports, snapshots
from bench.make_deals import generation
from bench.measure import compare, report

OUT = Path(__file__).parent / "out"
SIZES = (1_000_000, 10_000_000)
WHOLE = 1_000_000  # deals up to which pandas reads the whole file too, as most scripts begin
RIVALS = ("hitrate", "floor", "pandas")


def questions(deals: int, rounds: int, whole: bool) -> None:
    folder = generation(OUT / f"deals_{deals}", deals)
    for question in ("hit_rate", "funnel", "matured", "leaks"):
        tasks = {rival: (f"{question}_{rival}", str(folder)) for rival in RIVALS}
        if deals <= WHOLE or whole:
            tasks["whole file"] = (f"{question}_pandas", str(folder), "whole")
        report(f"{question.replace('_', ' ')} at {deals:,} deals", compare(tasks, rounds, repeat=3))


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parts = ["import", "recognition", "questions", "snapshots", "browser"]
    parser.add_argument("--only", choices=parts)
    parser.add_argument("--rows", type=int, help="one size of the imported CSV instead of three")
    parser.add_argument("--deals", type=int, help="one size of the questions instead of both")
    parser.add_argument("--weeks", type=int, default=snapshots.WEEKS, help="weekly exports of snapshots")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--whole", action="store_true", help="pandas on the whole file at any size")
    chosen = parser.parse_args()
    if chosen.only in (None, "import"):
        imports.bench(OUT, (chosen.rows,) if chosen.rows else imports.SIZES, chosen.rounds)
    if chosen.only in (None, "recognition"):
        imports.recognition(OUT, chosen.rounds)
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
