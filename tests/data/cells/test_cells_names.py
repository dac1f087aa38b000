"""Names and choices from outside: headers work, unknown ones are refused with the nearest that exists."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data import cells
from data.errors import HitrateError
from data.pipeline import Pipeline
from data.slice import Slice
from tests.build import pipeline


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    rows = [{"source": "Web", "Land": "NL"}, {"source": None, "Land": "DK", "created": "2025-03-31"}]
    return pipeline(rows, tmp_path_factory.mktemp("two"), labels={"source": "Lead source", "Land": "Land"})


def test_a_header_of_the_file_means_its_column(two: Pipeline) -> None:
    cell = cells.outcomes(two, Slice(by=("Lead source",), where=(("lead SOURCE", ("Web",)),)))
    assert cell.columns[0] == "Lead source"
    assert cell["deals"].to_list() == [1]


@pytest.mark.parametrize(
    ("name", "near"), [("sorce", "source"), ("Lead sorce", "Lead source"), ("LANDS", "Land")]
)
def test_an_unknown_name_is_refused_with_the_nearest(two: Pipeline, name: str, near: str) -> None:
    with pytest.raises(HitrateError, match=f"Did you mean “{near}”"):
        cells.flow(two, Slice(by=(name,)))


def test_a_name_like_no_other_is_refused_with_the_choices(two: Pipeline) -> None:
    with pytest.raises(HitrateError, match="Choose one of: Lead source"):
        cells.values(two, "'; DROP TABLE deals; --")


@pytest.mark.parametrize(
    "question",
    [
        Slice(status=("wno",)),
        Slice(exit="list", stage=1),
        Slice(exit="lost"),
        Slice(pipeline="Sale"),
        Slice(basis="closing"),  # type: ignore[arg-type]
        Slice(grain="week"),  # type: ignore[arg-type]
        Slice(skipped="maybe", stage=1),  # type: ignore[arg-type]
        Slice(known=("amuont",)),
        Slice(where=(("stage_no", ("one",)),)),
        Slice(where=(("source", ("a\0b",)),)),
        Slice(where=(("source", ("\udc80",)),)),
        Slice(where=(("created_month", ("31-12-2025",)),)),
        Slice(where=(("probability", ("nan",)),)),
    ],
)
def test_a_choice_that_does_not_exist_is_a_plain_error(two: Pipeline, question: Slice) -> None:
    with pytest.raises(HitrateError) as told:
        cells.outcomes(two, question)
    assert told.value.hint


@pytest.mark.parametrize(
    ("question", "deals"),
    [
        (Slice(where=(("source", (None,)),)), 1),
        (Slice(where=(("source", ("Web", None)),)), 2),
        (Slice(where=(("source", ()),)), 0),
        (Slice(where=(("source", ("unheard of",)),)), 0),
        (Slice(where=(("stage_no", ("1",)), ("reopened", ("false",)))), 2),
        (Slice(stage=99), 0),
        (Slice(where=(("created_month", ("2025-03-01",)),)), 1),
        (Slice(start=date.min, end=date.max), 2),
        (Slice(start=date(2025, 3, 31), end=date(2025, 3, 31)), 1),
        (Slice(where=(("closed_month", (None,)),)), 2),
    ],
)
def test_a_filter_keeps_what_it_says(two: Pipeline, question: Slice, deals: int) -> None:
    assert cells.count(two, question) == deals


def test_a_header_that_is_also_a_name_of_the_answer_is_refused_not_mixed_up(tmp_path: Path) -> None:
    odd = pipeline([{"contacted": "yes"}, {"contacted": "no"}], tmp_path)
    with pytest.raises(HitrateError, match="contacted"):
        cells.outcomes(odd, Slice(by=("contacted",)))
    assert cells.values(odd, "contacted").height == 2


@pytest.mark.parametrize("page", [{"limit": -1}, {"offset": -5}, {"offset": 2**40}, {"limit": "all"}])
def test_a_page_that_does_not_exist_is_a_plain_error(two: Pipeline, page: dict[str, Any]) -> None:
    with pytest.raises(HitrateError, match="page"):
        cells.deals(two, Slice(), **page)
