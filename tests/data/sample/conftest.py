"""The default sample, generated once for all tests of it."""

from __future__ import annotations

import pytest

from data.sample import Sample, generate


@pytest.fixture(scope="session")
def sample() -> Sample:
    return generate()
