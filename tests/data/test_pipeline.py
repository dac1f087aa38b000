"""`open_exports` and what it returns: the notebook's way in."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from data import HitrateError, open_exports

HEAD = "Deal ID,Stage,Status,Created,Close date,Amount,Currency,Lead source\n"
LOST = '3,Closed Lost,Lost,2026-01-03,2026-01-30,"2,000.25",USD,Web\n'
ROWS = (
    '1,Closed Won,Won,2026-01-01,2026-01-20,"1,000.50",EUR,Web\n'
    "2,Proposal,Open,2026-01-02,2026-09-01,,EUR,Fair\n" + LOST + LOST
)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "deals.csv"
    path.write_text(HEAD + ROWS)
    return path


def test_summary_adds_up(export: Path) -> None:
    with open_exports(export) as pipeline:
        assert pipeline.summary() == {
            "deals": 3, "open": 1, "won": 1, "lost": 1, "disqualified": 0,
            "amount": {"EUR": 1000.5, "USD": 2000.25},
            "rows_read": 4, "rows_kept": 3, "rows_rejected": 1, "rows_junk": 0,
            "snapshots": [], "as_of": date(2026, 1, 30),
        }  # fmt: skip


def test_rejects_name_file_row_and_reason(export: Path) -> None:
    with open_exports(export) as pipeline:
        assert pipeline.rejects().rows() == [("deals.csv", 5, None, "3", "exact repeat of row 4")]


def test_the_proposal_says_what_was_guessed(export: Path) -> None:
    with open_exports(export) as pipeline:
        (found,) = pipeline.proposal
    assert (found["table"], found["delimiter"], found["decimal"], found["date_order"]) == (
        "deals",
        ",",
        ".",
        "ymd",
    )
    assert found["fields"]["source"] == "Lead source"
    assert found["outcome"]["Won"] == "won"


def test_a_recipe_as_dict_and_as_file_decides(export: Path, tmp_path: Path) -> None:
    recipe = {
        "files": {
            "deals.csv": {
                "outcome": {"source": "status", "column": "Status", "words": {"Won": "disqualified"}}
            }
        }
    }
    saved = tmp_path / "recipe.json"
    saved.write_text(json.dumps(recipe))
    for given in (recipe, saved, str(saved)):
        with open_exports(export, recipe=given) as pipeline:
            assert pipeline.summary()["disqualified"] == 1


def test_the_day_can_be_given(export: Path) -> None:
    with open_exports(export, as_of=date(2026, 2, 28)) as pipeline:
        assert pipeline.meta.as_of == date(2026, 2, 28)


def test_the_temporary_folder_goes_when_closed_and_a_given_home_stays(export: Path, tmp_path: Path) -> None:
    pipeline = open_exports(export)
    pipeline.close()
    assert not pipeline.folder.exists()
    kept = open_exports(export, home=tmp_path / "kept")
    kept.close()
    assert kept.folder.is_relative_to(tmp_path / "kept")
    assert kept.folder.exists()


def test_every_missing_file_is_named(export: Path) -> None:
    with pytest.raises(HitrateError) as error:
        open_exports(export, "no.csv", "neither.csv")
    assert "no.csv" in str(error.value)
    assert "neither.csv" in str(error.value)


def test_no_file_is_an_error() -> None:
    with pytest.raises(HitrateError, match="No file was given"):
        open_exports()


def test_an_unreadable_file_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(HitrateError):
        open_exports(tmp_path / "empty.csv")
    assert list((tmp_path / "temporary").iterdir()) == []
