"""Columns of numbers come with an offer of bands; those left out say why."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from data.recipe import Proposal
from data.recognising.banding import rounded
from data.workspace import Store


def proposed(tmp_path: Path, header: str, cells: list[str]) -> Proposal:
    lines = [f"Deal ID,Status,Amount,{header}"]
    lines += [f"D-{i},{'Won' if i % 2 else 'Lost'},{100 + i},{cell}" for i, cell in enumerate(cells)]
    workspace = Store(tmp_path).create()
    workspace.receive("deals.csv", io.BytesIO("\n".join(lines).encode()))
    return workspace.proposals[0]


def test_ages_are_offered_at_the_usual_edges(tmp_path: Path) -> None:
    found = proposed(tmp_path, "Age", [str(16 + i % 60) for i in range(300)])
    assert found.bands["Age"] == [18, 25, 35, 45, 55, 65]


def test_employees_are_offered_by_size_class(tmp_path: Path) -> None:
    found = proposed(tmp_path, "Number of employees", [str(1 + i * 7) for i in range(300)])
    assert found.bands["Number of employees"] == [10, 50, 250]


def test_other_numbers_are_offered_by_round_quantiles_with_a_word_of_why(tmp_path: Path) -> None:
    found = proposed(tmp_path, "Floor area", [str(40 + i * 3.5) for i in range(300)])
    edges = found.bands["Floor area"]
    assert edges == sorted(set(edges))
    assert 2 <= len(edges) <= 4
    assert found.recipe.drop["Floor area"] == "number"
    assert "bands" in next(g.reason for g in found.guesses if g.column == "Floor area")
    assert found.recipe.bands == {}


def test_amounts_are_offered_too_and_ids_are_not(tmp_path: Path) -> None:
    found = proposed(tmp_path, "External id", [str(90_000 + i) for i in range(300)])
    assert set(found.bands) == {"Amount"}


def test_text_with_too_many_values_is_left_out_with_the_reason(tmp_path: Path) -> None:
    found = proposed(tmp_path, "Machine", [f"Machine {i}" for i in range(300)])
    assert found.recipe.drop["Machine"] == "too many values"


@pytest.mark.parametrize(("value", "edge"), [(0, 0), (7, 5), (38, 50), (1240, 1000), (-38, -50), (96, 100)])
def test_edges_are_round(value: float, edge: float) -> None:
    assert rounded(value) == edge
