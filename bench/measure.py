"""Run tasks in processes of their own, in turn, and compare them: median seconds and peak memory."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Figure:
    """What one task took: median seconds over the runs, and the largest peak of resident memory."""

    seconds: float
    megabytes: float


def run(task: str, *args: str, repeat: int = 1) -> tuple[list[float], float]:
    """Run one task in a fresh process; return its seconds per repeat and its peak memory in MB."""
    command = [sys.executable, "-W", "ignore", "-m", "bench.child", task, str(repeat), *args]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{task} failed:\n{done.stderr[-2000:]}")
    answer = json.loads(done.stdout.strip().splitlines()[-1])
    return answer["seconds"], answer["megabytes"]


def compare(tasks: dict[str, tuple[str, ...]], rounds: int, repeat: int = 1) -> dict[str, Figure]:
    """Run the tasks in turn (A B C A B C ...), so that a drift of the machine meets all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    memory: dict[str, float] = dict.fromkeys(tasks, 0.0)
    for _ in range(rounds):
        for name, (task, *args) in tasks.items():
            took, peak = run(task, *args, repeat=repeat)
            seconds[name] += took
            memory[name] = max(memory[name], peak)
    return {name: Figure(statistics.median(seconds[name]), memory[name]) for name in tasks}


def report(title: str, figures: dict[str, Figure], ours: str = "hitrate") -> None:
    """Print one table: each task's median, its peak memory, and how ours compares to it."""
    print(f"\n{title}")
    print(f"  {'':12} {'median s':>9} {'peak MB':>8}   ours / this")
    for name, figure in figures.items():
        ratio = "" if name == ours else f"{figures[ours].seconds / figure.seconds:8.2f} x"
        print(f"  {name:12} {figure.seconds:9.3f} {figure.megabytes:8.0f}   {ratio}")
