"""Rejected rows go out, come back repaired, and stand where they belong: no deal is counted twice."""

from __future__ import annotations

import csv
import io
from io import BytesIO

import pytest

from data.errors import HitrateError
from data.workspace import Store, Workspace

HEAD = "Deal ID,Status,Created,Amount,Lead source"
GOOD = [f"D-{i},{'Won' if i % 2 else 'Lost'},2026-01-{i % 27 + 1:02d},{100 + i},Web" for i in range(30)]
BAD = ["D-90,Won,2026-01-05,much,Web", "D-91,Lost,soon,7,=Web", "D-92,Won,2026-01-06,5,Web,more,cells"]


def lines(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def text(rows: list[list[str]]) -> BytesIO:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return BytesIO(out.getvalue().encode())


@pytest.fixture
def broken(store: Store) -> Workspace:
    workspace = store.create()
    workspace.receive("deals.csv", BytesIO("\n".join([HEAD, *GOOD, *BAD]).encode()))
    workspace.commit().close()
    return workspace


def test_what_goes_out_is_the_rejected_rows_under_the_files_own_header(broken: Workspace) -> None:
    head, *rows = lines(broken.rejected("deals.csv"))
    assert head == ["Row in deals.csv", "Why it was not read", *HEAD.split(",")]
    assert [row[0] for row in rows] == ["32", "33", "34"]
    assert rows[0][2:] == BAD[0].split(",")
    assert rows[1][1].startswith("Created: not a date")
    assert rows[1][-1] == "'=Web"  # a spreadsheet must not run it
    assert rows[2][2:] == BAD[2].split(",")


def test_repaired_rows_take_their_place_and_are_no_new_export(broken: Workspace) -> None:
    head, *rows = lines(broken.rejected("deals.csv"))
    rows[0][5], rows[1][4], rows[2] = "900", "2026-01-09", rows[2][:7]
    broken.receive("repaired.csv", text([head, *rows]))
    with broken.commit() as pipeline:
        found = pipeline.summary()
        assert (found["deals"], found["rows_read"], found["rows_rejected"]) == (33, 33, 0)
        assert pipeline.rejects().is_empty()
        assert found["snapshots"] == []
        assert found["amount"] == {None: sum(range(100, 130)) + 900 + 7 + 5}
        assert {n.code: n.count for n in pipeline.meta.notices}["repaired"] == 3
        sources = pipeline.engine.fetch("SELECT source FROM deals WHERE deal_id = 'D-91'")
        assert sources.item() == "=Web"


def test_a_row_repaired_in_part_is_still_listed_for_the_rest(broken: Workspace) -> None:
    head, *rows = lines(broken.rejected("deals.csv"))
    rows[0][5] = "900"
    broken.receive("repaired.csv", text([head, rows[0]]))
    with broken.commit() as pipeline:
        assert pipeline.rejects()["row"].to_list() == [33, 34]
        assert (pipeline.summary()["deals"], pipeline.summary()["rows_read"]) == (32, 33)


def test_a_second_repair_of_a_row_counts_instead_of_the_first(broken: Workspace) -> None:
    head, *rows = lines(broken.rejected("deals.csv"))
    for name, amount in (("first.csv", "900"), ("second.csv", "800")):
        rows[0][5] = amount
        broken.receive(name, text([head, rows[0]]))
    with broken.commit() as pipeline:
        amount = pipeline.engine.fetch("SELECT amount_minor FROM deals WHERE deal_id = 'D-90'")
        assert amount["amount_minor"].to_list() == [80000]


def test_a_row_without_a_number_is_a_further_row_of_the_same_export(broken: Workspace) -> None:
    head, *_ = lines(broken.rejected("deals.csv"))
    broken.receive("more.csv", text([head, ["", "", "D-99", "Won", "2026-01-20", "1", "Fair"]]))
    with broken.commit() as pipeline:
        assert pipeline.summary()["deals"] == 33
        ledger = pipeline.meta.files[0]
        assert ledger.rows_read == ledger.rows_kept + ledger.rows_rejected + ledger.rows_junk == 34


def test_the_column_of_reasons_may_be_left_out(broken: Workspace) -> None:
    head, *rows = lines(broken.rejected("deals.csv"))
    rows[0][5] = "900"
    cut = [[row[0], *row[2:]] for row in (head, rows[0])]
    broken.receive("repaired.csv", text(cut))
    with broken.commit() as pipeline:
        assert {n.code for n in pipeline.meta.notices} >= {"repaired"}


def test_nothing_to_repair_is_said(broken: Workspace, filled: Workspace) -> None:
    for workspace, name in ((broken, "other.csv"), (filled, "deals.csv")):
        with pytest.raises(HitrateError, match="Nothing to repair"):
            workspace.rejected(name)
