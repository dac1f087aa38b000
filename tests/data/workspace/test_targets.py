"""Targets are kept with the workspace, whatever is imported into it."""

from __future__ import annotations

from io import BytesIO

import pytest

from data.errors import HitrateError
from data.workspace import Store, Workspace
from data.workspace.targets import RateTarget

from .conftest import export

ALL = RateTarget(low=0.3, definition="decided")
BAND = RateTarget(low=0.2, high=0.4, definition="decided", column="source", value="Web")
STEP = RateTarget(low=0.6, stage=2)


def test_targets_are_there_in_the_next_session(store: Store, filled: Workspace) -> None:
    filled.set_targets([ALL, BAND, STEP])
    assert store.open(filled.id).manifest.targets == [ALL, BAND, STEP]


def test_targets_need_no_import_and_survive_one(filled: Workspace) -> None:
    filled.set_targets([ALL])
    assert filled.generation == 1
    filled.receive("more.csv", BytesIO(export(12)))
    filled.commit().close()
    assert (filled.generation, filled.manifest.targets) == (2, [ALL])


def test_the_last_target_of_a_kind_holds(filled: Workspace) -> None:
    filled.set_targets([ALL, BAND, ALL.model_copy(update={"low": 0.35})])
    assert [target.low for target in filled.manifest.targets] == [0.35, 0.2]


@pytest.mark.parametrize(
    ("low", "high"), [(-0.1, None), (1.2, None), (0.5, 0.4), (0.5, 1.1), (float("nan"), None)]
)
def test_what_is_no_rate_is_refused_and_changes_nothing(
    low: float, high: float | None, filled: Workspace
) -> None:
    filled.set_targets([ALL])
    with pytest.raises(HitrateError, match="Not a target"):
        filled.set_targets([RateTarget(low=low, high=high)])
    assert filled.manifest.targets == [ALL]
