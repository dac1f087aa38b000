"""Run tasks in processes of their own, in turn, and compare them: median seconds, CPU and peak memory."""

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
    """What one task took: median seconds and CPU seconds (all threads), and the largest peak of memory.

    On a machine that others use as well, CPU is the fairer of the two.
    """

    seconds: float
    megabytes: float
    cpu: float


def run(task: str, *args: str, repeat: int = 1) -> tuple[list[float], list[float], float]:
    """Run one task in a fresh process; return its seconds and CPU per repeat, and its peak memory in MB."""
    command = [sys.executable, "-W", "ignore", "-m", "bench.child", task, str(repeat), *args]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{task} failed:\n{done.stderr[-2000:]}")
    answer = json.loads(done.stdout.strip().splitlines()[-1])
    return answer["seconds"], answer["cpu"], answer["megabytes"]


def compare(tasks: dict[str, tuple[str, ...]], rounds: int, repeat: int = 1) -> dict[str, Figure]:
    """Run the tasks in turn (A B C A B C ...), so that a drift of the machine meets all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    busy: dict[str, list[float]] = {name: [] for name in tasks}
    memory: dict[str, float] = dict.fromkeys(tasks, 0.0)
    for _ in range(rounds):
        for name, (task, *args) in tasks.items():
            took, cpu, peak = run(task, *args, repeat=repeat)
            seconds[name] += took
            busy[name] += cpu
            memory[name] = max(memory[name], peak)
    return {
        name: Figure(statistics.median(seconds[name]), memory[name], statistics.median(busy[name]))
        for name in tasks
    }


def report(title: str, figures: dict[str, Figure], ours: str = "hitrate") -> None:
    """Print one table: each task's median, its peak memory, and how ours compares to it."""
    print(f"\n{title}")
    print(f"  {'':12} {'median s':>9} {'CPU s':>8} {'peak MB':>8}   ours / this   of CPU")
    for name, figure in figures.items():
        mine = figures[ours]
        ratio = f"{mine.seconds / figure.seconds:8.2f} x {mine.cpu / figure.cpu:8.2f} x"
        row = f"  {name:12} {figure.seconds:9.3f} {figure.cpu:8.3f} {figure.megabytes:8.0f}"
        print(f"{row}   {'' if name == ours else ratio}".rstrip())
