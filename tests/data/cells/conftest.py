"""Two hundred and forty messy deals, built once, and the same deals as a frame for the twin."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import polars as pl
import pytest

from data.pipeline import Pipeline
from tests.build import pipeline
from tests.data.cells.twin import AS_OF, STAGES, random_rows


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    folder = tmp_path_factory.mktemp("messy")
    made = pipeline(random_rows(Random(20), 240), folder, STAGES, labels={"source": "Bron"}, as_of=AS_OF)
    yield made
    made.close()


@pytest.fixture(scope="module")
def deals(messy: Pipeline) -> pl.DataFrame:
    return pl.read_parquet(messy.folder / "deals.parquet")
