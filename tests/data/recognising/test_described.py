"""In a notebook the proposal tells, for each column, what it is, why, how surely and what else it may be."""

from __future__ import annotations

from pathlib import Path

from data import open_exports


def test_each_column_has_its_reason_confidence_and_runner_up(tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text("Deal ID,Fase,Bedrag\nD1,Gewonnen,10\nD2,Verloren,20\n")
    with open_exports(path) as pipeline:
        columns = pipeline.proposal[0]["columns"]
    assert columns["Bedrag"] == {
        "field": "amount",
        "reason": "The name says so.",
        "confidence": 1.0,
        "runner_up": None,
    }
    assert {name: column["field"] for name, column in columns.items()} == {
        "Deal ID": "deal_id",
        "Fase": "stage",
        "Bedrag": "amount",
    }
