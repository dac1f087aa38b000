"""kill -9 in the middle of an import: the old generation opens, and the next import works.

The child process kills itself at the n-th durable step (fsync or rename), for every n there is.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from data.workspace import Store

from .conftest import export

ROOT = Path(__file__).parents[3]
CHILD = """
import os, signal, sys
from io import BytesIO
from pathlib import Path
from data.workspace import Store, durable
from data.converting import writing
from tests.data.workspace.conftest import export

home, id, at = sys.argv[1], sys.argv[2], int(sys.argv[3])
steps = 0

def deadly(function):
    def step(*args, **kwargs):
        global steps
        steps += 1
        if steps == at:
            os.kill(os.getpid(), signal.SIGKILL)
        done = function(*args, **kwargs)
        return done
    return step

workspace = Store(home).open(id)
durable.flush = deadly(durable.flush)
Path.replace = deadly(Path.replace)
writing._copy = deadly(writing._copy)
workspace.receive("new.csv", BytesIO(export(25)))
workspace.remove(workspace.uploads[0])
workspace.commit().close()
print(steps)
"""


def child(store: Store, id: str, at: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CHILD, str(store.home), id, str(at)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def prepared(store: Store) -> str:
    workspace = store.create()
    workspace.receive("deals.csv", BytesIO(export(10)))
    workspace.commit().close()
    return workspace.id


def steps(store: Store) -> int:
    done = child(store, prepared(store), 0)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def survives(store: Store, at: int) -> None:
    id = prepared(store)
    assert child(store, id, at).returncode == -signal.SIGKILL
    workspace = store.open(id)
    pipeline = workspace.pipeline()
    assert pipeline is not None
    with pipeline:
        assert pipeline.summary()["deals"] in ((10,) if workspace.generation == 1 else (25,))
        assert (
            pipeline.engine.fetch("SELECT COUNT(*) AS n FROM deals").item() == pipeline.meta.counts["deals"]
        )
    upload = workspace.receive("after.csv", BytesIO(export(30)))
    for other in [u for u in workspace.uploads if u.digest != upload.digest]:
        workspace.remove(other)
    with workspace.commit() as after:
        assert after.summary()["deals"] == 30
    assert not list(workspace.folder.glob("generations/.tmp-*"))


@pytest.mark.parametrize("part", range(6))
def test_killed_at_any_durable_step(store: Store, part: int) -> None:
    """Six points spread over all steps, from the first written byte to the last rename."""
    total = steps(store)
    assert total > 12
    survives(store, 1 + part * (total - 1) // 5)
