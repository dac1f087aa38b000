"""Nothing is lost silently, whatever the bytes: seeded mutations, an independent reader, cancelling."""

from __future__ import annotations

import csv
import io
import random
import time
from pathlib import Path

import pytest

from data.errors import HitrateError
from data.reading import delimited, read
from tests.data.reading.conftest import check_ledger, rows_of

CELLS = [
    "",
    "a",
    "x y",
    'say "hi"',
    "two\nlines",
    "two\r\nl",
    "semi;colon",
    "com,ma",
    "tab\tx",
    "pipe|x",
    "€ 1.234,50",
    "12",
    "2025-01-01",
    "=1+1",
    "שלום",
    "😀",
    " lead",
    "trail ",
    "null",
    '"',
    '""',
    '","',
    "\\",
]


def written(chance: random.Random, rows: int) -> tuple[str, str]:
    """Return well-formed text as the standard library writes it, and its delimiter."""
    width, delimiter = chance.choice([2, 3, 6]), chance.choice(",;\t|")
    out = io.StringIO(newline="")
    writer = csv.writer(
        out,
        delimiter=delimiter,
        quoting=chance.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
        lineterminator=chance.choice(["\n", "\r\n"]),
    )
    writer.writerow([f"Head {i}" for i in range(width)])
    writer.writerows([f"k{n}", *(chance.choice(CELLS) for _ in range(width - 2)), "end"] for n in range(rows))
    return out.getvalue(), delimiter


def by_csv(text: str, delimiter: str) -> list[tuple[str | None, ...]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [tuple(cell or None for cell in row) for row in reader][1:]


@pytest.mark.parametrize("seed", range(40))
def test_well_formed_text_gives_what_the_standard_library_reads(seed, load):
    text, delimiter = written(random.Random(seed), rows=25)
    table = load(text.encode())
    assert (table.delimiter, rows_of(table)) == (delimiter, by_csv(text, delimiter))


def test_the_careful_reader_agrees_with_the_fast_one(load, monkeypatch):
    text, delimiter = written(random.Random(7), rows=4000)
    fast = rows_of(load(text.encode()))
    monkeypatch.setattr(delimited, "_fast", lambda *_: None)
    assert fast == rows_of(load(text.encode())) == by_csv(text, delimiter)


def test_line_breaks_in_cells_do_not_confuse_the_parallel_reader(load):
    text, delimiter = written(random.Random(11), rows=60_000)
    assert rows_of(load(text.encode())) == by_csv(text, delimiter)


def mutated(chance: random.Random, text: bytes) -> bytes:
    """Return the bytes with a few of them changed, lost, doubled or put in."""
    data = bytearray(text)
    for _ in range(chance.choice([1, 2, 8, 30])):
        place, size = chance.randrange(len(data) + 1), chance.choice([1, 3, 60])
        match chance.randrange(4):
            case 0:
                data[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del data[place : place + size]
            case 2:
                data[place:place] = data[place : place + size]
            case _:
                data[place:place] = bytes(chance.choice(b'",;\t|\r\n\x00 \xff\xc3') for _ in range(size))
    return bytes(data)


def outcome(path: Path, into: Path) -> str:
    """Read a file; return "read", its ledger checked, or the code of what it was refused for."""
    try:
        for table in read(path, "deals.csv", into):
            check_ledger(table)
    except HitrateError as error:
        return error.values["code"]
    return "read"


@pytest.mark.parametrize("seed", range(20))
def test_no_bytes_break_the_ledger_or_the_reader(seed, tmp_path: Path):
    chance = random.Random(seed)
    for number in range(20):
        text, _ = written(chance, rows=chance.randrange(40))
        path = tmp_path / "upload"
        codec = chance.choice(["utf-8", "utf-16", "cp1252"])
        path.write_bytes(mutated(chance, text.encode(codec, "replace")))
        start = time.monotonic()
        assert outcome(path, tmp_path / str(number)) != "unreadable"
        assert time.monotonic() - start < 20


def test_many_quotes_that_never_close_do_not_hang(load):
    start = time.monotonic()
    table = load(b"a;b\n" + b'"x"";y\n' * 40_000)
    assert time.monotonic() - start < 30
    assert table.rows_read > 0


def test_reading_can_be_cancelled_and_leaves_nothing(tmp_path: Path):
    path = tmp_path / "upload"
    path.write_bytes(b"a;b\n1;2\n")
    heard: list[float] = []
    with pytest.raises(HitrateError) as caught:
        read(path, "deals.csv", tmp_path / "into", heard.append, cancel=lambda: len(heard) > 1)
    assert caught.value.values["code"] == "cancelled"
    assert not list((tmp_path / "into").iterdir())


def test_progress_goes_from_nothing_to_all(tmp_path: Path):
    path = tmp_path / "upload"
    path.write_bytes(b"a;b\n1;2\n")
    heard: list[float] = []
    (first,) = read(path, "deals.csv", tmp_path / "into", heard.append)
    (second,) = read(path, "again.csv", tmp_path / "into")
    assert (heard[0], heard[-1], heard) == (0.0, 1.0, sorted(heard))
    assert (first.path.name, second.path.name, first.digest) == ("0.parquet", "1.parquet", second.digest)
