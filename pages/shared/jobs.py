"""Work that outlives a click: one thread per job, with its progress, and a stop that works.

Jobs belong to the process, not to a browser session: whoever reloads the page, or opens the workspace in
another window, follows the same job instead of starting a second one.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from data.converting import Cancelled, Progress
from data.errors import HitrateError

Work = Callable[[Progress, Cancelled], Any]
_MOST = 64
_jobs: OrderedDict[tuple[str, str], Job] = OrderedDict()
_lock = threading.Lock()


class Job:
    """One piece of work in a thread of its own. `share` (0..1) and `text` say how far it is."""

    def __init__(self, key: str, work: Work) -> None:
        self.key = key
        self.share, self.text = 0.0, ""
        self._work = work
        self._stop, self._done = threading.Event(), threading.Event()
        self._result: Any = None
        self._error: BaseException | None = None
        threading.Thread(target=self._run, name="hitrate-job", daemon=True).start()

    @property
    def done(self) -> bool:
        """Whether the work has ended, well or not."""
        return self._done.is_set()

    @property
    def stopped(self) -> bool:
        """Whether somebody asked it to stop."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the work to stop; it says so itself by ending with an error."""
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end, but no longer than this; return whether it came."""
        return self._done.wait(seconds)

    def result(self) -> Any:
        """Return what the work returned, or raise what it raised."""
        self._done.wait()
        if self._error is not None:
            raise self._error
        return self._result

    def _tell(self, share: float, text: str) -> None:
        self.share, self.text = min(max(share, self.share), 1.0), text

    def _run(self) -> None:
        try:
            self._result = self._work(self._tell, self._stop.is_set)
        except BaseException as error:
            self._error = error
        finally:
            self._done.set()


def begin(workspace: str, kind: str, key: str, work: Work) -> Job:
    """Return the workspace's job of this kind; one with another key is stopped and replaced."""
    with _lock:
        found = _jobs.get((workspace, kind))
        if found is not None and found.key == key:
            return found
        if found is not None:
            found.cancel()
        made = _jobs[workspace, kind] = Job(key, work)
        for name in [name for name, job in _jobs.items() if job.done][: max(0, len(_jobs) - _MOST)]:
            del _jobs[name]
        return made


def find(workspace: str, kind: str) -> Job | None:
    """Return the workspace's job of this kind, running or ended and not yet forgotten."""
    return _jobs.get((workspace, kind))


def running(workspace: str, kind: str) -> bool:
    """Return whether such a job is at work."""
    found = find(workspace, kind)
    return found is not None and not found.done


def forget(workspace: str, kind: str, job: Job) -> None:
    """Let go of a job whose end has been dealt with."""
    with _lock:
        if _jobs.get((workspace, kind)) is job:
            del _jobs[workspace, kind]


def was_stopped(error: HitrateError) -> bool:
    """Return whether an error only says that the user stopped the work."""
    return error.values.get("code") == "cancelled"
