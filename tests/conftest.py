"""What every test can rely on: no network, no left-over caches, UTC, its own home folder."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ["TZ"] = "UTC"
time.tzset()

SHARED = Path(__file__).resolve().parents[2] / "shared"
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every workspace a test makes inside its own temporary folder."""
    monkeypatch.setenv("HITRATE_HOME", str(tmp_path / "home"))


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail on any connection that would leave the machine."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address[0]}")
        real(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    """Clear Streamlit's caches, which all sessions share, between tests."""
    yield
    import streamlit as st

    st.cache_data.clear()
    st.cache_resource.clear()


def shared(*parts: str) -> Path:
    """Return a path among the real data sets, or skip the test where they are not to be had."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"real data not here: {'/'.join(parts)}")
    return path
