"""What real exports look like, as recorded beside each: the reader must agree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import SHARED

FIXTURES = SHARED / "exports" / "fixtures"
EXPECTED = sorted(FIXTURES.glob("*.expected.json")) or [FIXTURES / "absent.expected.json"]
SNAPSHOTS = sorted(FIXTURES.glob("10_hubspot_snapshots/*.csv")) or [FIXTURES / "absent.csv"]


def expected(path: Path) -> dict[str, object]:
    if not path.exists():
        pytest.skip("the recorded exports are not here")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", EXPECTED, ids=lambda p: p.name[:2])
def test_a_real_export_is_read_as_recorded(path, load):
    truth = expected(path)
    table = load(FIXTURES / truth["file"], truth["file"])
    facts = ("container", "delimiter", "header_row", "bom", "sep_line", "sheet")
    found = {key: getattr(table, key) for key in facts}
    assert found == {key: truth[key] for key in found}
    same = {"iso-8859-1": "cp1252"}
    assert table.encoding == same.get(truth["encoding"], truth["encoding"])
    assert len(table.junk) == truth["footer_rows"]
    kept = table.rows_read - len(table.junk)
    assert kept == truth["totals"].get("n_rows", truth["totals"]["n_deals"])
    assert not table.rejects


@pytest.mark.parametrize("path", EXPECTED, ids=lambda p: p.name[:2])
def test_every_mapped_header_of_a_real_export_is_found(path, load):
    truth = expected(path)
    table = load(FIXTURES / truth["file"], truth["file"])
    names = [name for name in truth["mapping"].values() if isinstance(name, str)]
    assert [name for name in names if name not in table.columns] == []


@pytest.mark.parametrize("path", SNAPSHOTS, ids=lambda p: p.stem[-10:])
def test_snapshots_keep_every_deal(path, load):
    truth = expected(path.parent / "expected.json")
    table = load(path, path.name)
    assert (table.encoding, table.delimiter, table.junk) == (truth["encoding"], truth["delimiter"], ())


def test_hidden_columns_and_sheets_of_a_workbook_are_named(load):
    path = next(FIXTURES.glob("07_*.xlsx"), None)
    if path is None:
        pytest.skip("the recorded exports are not here")
    table = load(path, path.name)
    assert table.hidden[:3] == table.columns[:3]
    assert table.hidden[3:] == ("hiddenSheet",)
