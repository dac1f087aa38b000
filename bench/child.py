"""One measured task in a process of its own: `python -m bench.child TASK REPEAT [ARGS]` prints JSON.

The timer starts after imports and after `prepare`, so start-up is nobody's advantage. Peak memory is
the operating system's figure for the whole process.
"""

from __future__ import annotations

import json
import resource
import sys
import time

from bench import tasks


def main() -> None:
    name, repeat, *args = sys.argv[1:]
    work = getattr(tasks, name)(*args)
    seconds = []
    for _ in range(int(repeat)):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak}))


if __name__ == "__main__":
    main()
