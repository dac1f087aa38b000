"""One measured task in a process of its own: `python -m bench.child TASK REPEAT [ARGS]` prints JSON.

The timer starts after imports and after `prepare`, so start-up is nobody's advantage. Peak memory is
the operating system's figure for the whole process.
"""

from __future__ import annotations

import json
import resource
import sys
import time

from bench import imports, snapshots, tasks


def main() -> None:
    name, repeat, *args = sys.argv[1:]
    work = next(getattr(module, name) for module in (tasks, imports, snapshots) if hasattr(module, name))(
        *args
    )
    seconds, cpu = [], []
    for _ in range(int(repeat)):
        start, busy = time.perf_counter(), time.process_time()
        work()
        seconds.append(time.perf_counter() - start)
        cpu.append(time.process_time() - busy)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "cpu": cpu, "megabytes": peak}))


if __name__ == "__main__":
    main()
