"""A file that cannot be read is refused with what, where, what was seen and what to do; the others go on."""

from __future__ import annotations

import os
import time

import pytest

from data import HitrateError, open_exports
from data.reading import read
from tests.soundness.bad_input import DEALS, HEADER, codes, parquet, rows, without, workbook_of, written


@pytest.mark.parametrize("raw", [b"", b"\xef\xbb\xbf", b"\r\n \n\n"])
def test_an_empty_file(refused, raw):
    assert "is empty" in str(refused(raw))


def test_a_header_only(refused):
    error = refused((",".join(HEADER) + "\n").encode(), alone=True)
    assert error.title == "No rows"
    assert "not one row below it" in str(error)


def test_a_header_only_beside_a_sound_file(tmp_path):
    (tmp_path / "deals.csv").write_bytes(written(rows()))
    (tmp_path / "none.csv").write_text("Deal ID,Stage,Amount,Country\n")
    with open_exports(tmp_path / "deals.csv", tmp_path / "none.csv") as pipeline:
        assert pipeline.summary()["deals"] == DEALS
        assert "no_rows" in codes(pipeline)


@pytest.mark.parametrize("raw", [os.urandom(4000), b"\x89PNG\r\n\x1a\n" + os.urandom(400), b"%PDF-1.7 x"])
def test_a_binary(refused, raw):
    assert (
        refused(b"\x00\x01\x02\x03\x04\x05" + raw if raw[:1] not in b"\x89%" else raw).title == "Not a table"
    )


def test_a_truncated_parquet(refused):
    assert "cut off or damaged" in str(refused(parquet()[:-40], "deals.parquet"))


def test_a_zip_bomb_as_workbook(refused):
    raw = workbook_of(bytes(300 << 20))
    assert len(raw) < 1 << 20
    start = time.monotonic()
    assert refused(raw, "deals.xlsx").title == "Too large"
    assert time.monotonic() - start < 20


@pytest.mark.parametrize("begin", [b"", b"Deal ID,Status\n1,Won\n"])
def test_two_gigabytes_of_nothing(tmp_path, begin):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:  # sparse: it takes no room on disk
        file.write(begin)
        file.truncate(2 << 30)
    began = time.monotonic()
    with pytest.raises(HitrateError, match=r"huge\.csv is not text"):
        read(path, "huge.csv", tmp_path / "into", checksum="0" * 64)
    assert time.monotonic() - began < 10


def test_a_line_without_an_end(refused):
    error = refused(b"deal;" * (2 << 20))
    assert "no end within 8 megabytes" in str(error)


def test_every_bad_file_is_named_at_once(tmp_path):
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "cut.parquet").write_bytes(parquet()[:200])
    with pytest.raises(HitrateError) as caught:
        open_exports(tmp_path / "empty.csv", tmp_path / "cut.parquet")
    assert "empty.csv" in str(caught.value)
    assert "cut.parquet" in str(caught.value)


def test_no_column_tells_stage_or_outcome(refused):
    error = refused(without("Stage", "Status"), alone=True)
    assert "in which stage a deal is, or how it ended" in str(error)
