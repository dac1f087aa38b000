"""Rows with too many cells become rejects; the rest of the file is still read by the fast reader."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from data.reading import RawTable, delimited, overlong, read

HEAD = "Deal,Amount,Note\n"
SOUND = [f'D{i},{i}.50,"said, {i}\nand left"\n' for i in range(40)]


def table(tmp_path: Path, lines: list[str]) -> RawTable:
    path = tmp_path / "deals.csv"
    path.write_bytes((HEAD + "".join(lines)).encode())
    (found,) = read(path, path.name, tmp_path / "tables")
    assert found.rows_read == pl.read_parquet(found.path).height + len(found.junk) + len(found.rejects)
    return found


@pytest.fixture
def fast_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("read record by record")

    monkeypatch.setattr(delimited, "_careful", refuse)


@pytest.mark.usefixtures("fast_only")
@pytest.mark.parametrize("chunk", [7, 50, 4 << 20])
def test_a_row_with_too_many_cells_is_rejected_and_the_rest_read_fast(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(overlong, "CHUNK", chunk)
    lines = [*SOUND[:20], 'D98,1,"a, b",lost,"c\nd"\n', *SOUND[20:], "D99,2,b,won"]
    found = table(tmp_path, lines)
    assert [(r.row, r.text) for r in found.rejects] == [
        (22, "D98 | 1 | a, b | lost | c\nd"),
        (43, "D99 | 2 | b | won"),
    ]
    kept = pl.read_parquet(found.path)
    assert kept["row"].to_list() == [*range(2, 22), *range(23, 43)]
    assert kept["c0"].to_list() == [f"D{i}" for i in range(40)]


@pytest.mark.usefixtures("fast_only")
def test_cells_too_many_that_hold_nothing_are_no_reason_to_reject(tmp_path: Path) -> None:
    found = table(tmp_path, [*SOUND, "D90,1,a,,\n", "D91,2,b\n", "D92,3,c,d\n"])
    assert [r.row for r in found.rejects] == [44]
    assert pl.read_parquet(found.path)["c0"].to_list()[-2:] == ["D90", "D91"]


def test_a_file_in_which_many_rows_are_too_long_is_read_record_by_record(tmp_path: Path) -> None:
    found = table(tmp_path, [*SOUND[:10], *(f"D{i},1,a,b\n" for i in range(50, 55)), *SOUND[10:]])
    assert [r.row for r in found.rejects] == list(range(12, 17))
    assert pl.read_parquet(found.path).height == 40


@pytest.mark.parametrize("place", [0, 1, 30])
def test_one_row_with_too_many_cells_is_not_taken_for_the_header(tmp_path: Path, place: int) -> None:
    found = table(tmp_path, [*SOUND[:place], "Kim,Lee,called,mailed,met\n", *SOUND[place:]])
    assert (found.header_row, found.columns, len(found.rejects)) == (1, ("Deal", "Amount", "Note"), 1)


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_overlong_records_are_found_where_they_stand(tmp_path: Path, end: str) -> None:
    path = tmp_path / "text.csv"
    path.write_bytes(f'a,b\n1,"2,2"\n3,4,5\n6\n7,8,"9\n9"{end}'.encode())
    found = overlong.overlong(path, 4, ",", 2)
    content = path.read_bytes()
    assert [(r.number, content[r.start : r.end].decode().strip()) for r in found] == [
        (1, "3,4,5"),
        (3, '7,8,"9\n9"'),
    ]


def test_a_wide_header_below_lines_about_the_report_is_the_header(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    about = [f"Filter {i},{word}" for i, word in enumerate(["Kim", "Lee", "Ann", "Bo", "Cy", "Di"])]
    path.write_text("\n".join([*about, ",".join("ABCDEFGH")]) + "\n")
    (found,) = read(path, path.name, tmp_path / "tables")
    assert found.columns == tuple("ABCDEFGH")
