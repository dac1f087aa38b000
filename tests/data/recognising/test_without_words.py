"""How much is found in a file whose words, or whose names, nobody told us (docs/recognition.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.recognition import FIXTURES, Score, score

EXPECTED = sorted(FIXTURES.glob("*.expected.json"))


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> list[Score]:
    if not EXPECTED:
        pytest.skip("shared/exports is absent")
    return [score(path, Path(tmp_path_factory.mktemp("read"))) for path in EXPECTED]


def share(scores: list[Score], way: str) -> tuple[float, float, float]:
    """Return the shares of fields and of core fields that are right, and of mapped columns that are."""
    found = [getattr(s, way) for s in scores]
    right, wrong = sum(f.right for f in found), sum(f.wrong for f in found)
    core = sum(f.core for f in found) / sum(s.core for s in scores)
    return right / sum(s.expected for s in scores), core, right / (right + wrong)


def test_with_its_words_every_column_is_right(scores: list[Score]) -> None:
    assert share(scores, "full") == (1.0, 1.0, 1.0)


def test_without_its_words_most_columns_are_right_and_hardly_any_wrong(scores: list[Score]) -> None:
    fields, core, precision = share(scores, "wordless")
    assert (fields >= 0.88, core >= 0.95, precision >= 0.97) == (True, True, True)
    assert [s.wordless.table for s in scores] == [s.full.table for s in scores]


def test_without_any_name_half_is_told_from_values(scores: list[Score]) -> None:
    fields, core, precision = share(scores, "nameless")
    assert (fields >= 0.48, core >= 0.6, precision >= 0.94) == (True, True, True)
