"""`python -m data.sample FOLDER [--seed N] [--leads N] [--style plain|dutch_excel|danish_excel]`"""

from __future__ import annotations

import argparse
import sys

from data.sample import generate, write_csv
from data.sample.writing import DRESSES


def main(arguments: list[str] | None = None) -> int:
    """Write every table of the sample company and the truths planted in it."""
    parser = argparse.ArgumentParser(prog="python -m data.sample", description=main.__doc__)
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--leads", type=int, default=6000)
    parser.add_argument("--style", choices=list(DRESSES), default="plain")
    chosen = parser.parse_args(arguments)
    paths = write_csv(generate(chosen.seed, chosen.leads), chosen.folder, chosen.style)
    sys.stdout.write("".join(f"{path}\n" for path in paths))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
