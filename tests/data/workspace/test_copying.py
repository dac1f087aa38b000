"""An upload on disk is what was sent, whatever its length; one that breaks off leaves nothing running."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import pytest
from blake3 import blake3

from data.workspace import durable

CHUNK, FLUSHED = 8, 32


class Broken(io.RawIOBase):
    """A stream that fails after so many pieces."""

    def __init__(self, pieces: int) -> None:
        self.left = pieces

    def read(self, size: int = -1, /) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise ConnectionError("the line went dead")
        return b"x" * size


class Dripping(io.BytesIO):
    """A stream that gives less than was asked for, as a socket does."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 1, 3))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Copy in small pieces; return how often the disk was waited for, filled as it goes."""
    calls: list[int] = []
    real = durable.flush

    def flush(handle: int) -> None:
        calls.append(handle)
        real(handle)

    monkeypatch.setattr(durable, "CHUNK", CHUNK)
    monkeypatch.setattr(durable, "FLUSHED", FLUSHED)
    monkeypatch.setattr(durable, "flush", flush)
    return calls


@pytest.mark.parametrize("stream", [io.BytesIO, Dripping])
@pytest.mark.parametrize(
    "length",
    [
        0,
        1,
        CHUNK - 1,
        CHUNK,
        CHUNK + 1,
        2 * CHUNK,
        FLUSHED - 1,
        FLUSHED,
        FLUSHED + 1,
        3 * FLUSHED + 5,
        20_000,
    ],
)
def test_digest_and_length_are_those_of_what_was_sent(
    tmp_path: Path, small: list[int], length: int, stream: type[io.BytesIO]
) -> None:
    sent = bytes((i * 7 + i // 251) % 256 for i in range(length))
    path = tmp_path / "upload"
    assert durable.copy_stream(stream(sent), path) == (blake3(sent).hexdigest(), length)
    assert path.read_bytes() == sent
    assert len(small) >= (2 if length >= FLUSHED else 1)


def test_the_sizes_in_use_give_the_same(tmp_path: Path) -> None:
    sent = bytes(range(256)) * (durable.CHUNK // 256)
    for n, raw in enumerate((sent[:-1], sent, sent + b"x", sent * 17)):
        found = durable.copy_stream(io.BytesIO(raw), tmp_path / str(n))
        assert found == (blake3(raw).hexdigest(), len(raw))


@pytest.mark.parametrize("pieces", [0, 1, 2, 10])
def test_a_stream_that_breaks_off_is_an_error_and_leaves_no_thread(
    tmp_path: Path, small: list[int], pieces: int
) -> None:
    before = set(threading.enumerate())
    with pytest.raises(ConnectionError, match="went dead"):
        durable.copy_stream(Broken(pieces), tmp_path / "upload")
    assert set(threading.enumerate()) == before
    assert (tmp_path / "upload").stat().st_size == pieces * CHUNK


def test_what_is_there_is_not_written_over(tmp_path: Path, small: list[int]) -> None:
    path = tmp_path / "upload"
    path.write_bytes(b"earlier")
    with pytest.raises(FileExistsError):
        durable.copy_stream(io.BytesIO(b"later"), path)
    assert path.read_bytes() == b"earlier"


def test_a_disk_that_fails_at_the_end_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(durable, "flush", full)
    before = set(threading.enumerate())
    with pytest.raises(OSError, match="No space left"):
        durable.copy_stream(io.BytesIO(b"x"), tmp_path / "upload")
    assert set(threading.enumerate()) == before


def test_a_disk_that_fails_while_the_upload_comes_in_is_told(
    small: list[int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def flush(handle: int) -> None:
        small.append(handle)
        if len(small) == 1:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(durable, "flush", flush)
    with pytest.raises(OSError, match="Input/output"):
        durable.copy_stream(io.BytesIO(b"x" * 20 * FLUSHED), tmp_path / "original")
