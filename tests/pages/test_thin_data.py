"""Every analysis page on data with next to nothing in them: a sentence, labelled charts, no NaN."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.build import pipeline
from tests.pages.open_page import clean, open_page

PAGES = ("overview", "hit_rates", "fair", "matured", "funnel", "change", "lab", "deals")
BOTH: list[dict[str, Any]] = [
    {"status": status, "source": source, "created": f"2025-0{1 + n % 6}-05", "last": 1 + n % 3}
    for n, (status, source) in enumerate(
        [(s, w) for w in ("Web", "Fair") for s in ("won", "lost", "lost", "open", "disqualified")] * 8
    )
]
CASES: dict[str, list[dict[str, Any]]] = {
    "one segment": [row | {"source": "Web"} for row in BOTH],
    "one deal": [{"status": "won"}],
    "all open": [{"status": "open", "source": s} for s in ("Web", "Fair")] * 20,
    "all won": [{"status": "won", "source": s} for s in ("Web", "Fair")] * 20,
    "zero amounts": [row | {"amount": 0.0} for row in BOTH],
    "negative amounts": [row | {"amount": -250.0 if n % 2 else 100.0} for n, row in enumerate(BOTH)],
    "5000 values": [{"status": "won" if n % 3 else "lost", "source": f"s{n:04d}"} for n in range(5000)],
    "a stage with no entry": [row | {"last": 1, "status": "lost"} for row in BOTH],
    "as-of date before all data": BOTH,
    "a blank everywhere": [row | {"source": None, "owner": None, "amount": None} for row in BOTH],
}


def undrawn(app: AppTest) -> list[str]:
    """Return what is wrong with the charts: no description, or a number that is none."""
    specs = [chart.proto.spec for chart in app.get("vega_lite_chart")]
    blank = ["a chart without a description" for spec in specs if not json.loads(spec).get("description")]
    bare = [spec.replace(" ", "") for spec in specs]
    return blank + [word for word in ("NaN", "Infinity") for spec in bare if f":{word}" in spec]


def unwritten(app: AppTest) -> list[str]:
    """Return the cells of tables that say nan or None in so many words."""
    texts = [
        str(value)
        for table in app.dataframe
        for column in table.value.select_dtypes(["object", "string"]).columns
        for value in table.value[column]
        if isinstance(value, str)
    ]
    return [text for text in texts if text.lower() in ("nan", "none", "inf", "null")]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("case", CASES)
def test_thin_data_get_a_sentence(
    case: str, page: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    early = {"as_of": date(2020, 1, 1)} if case.startswith("as-of") else {}
    app = open_page(monkeypatch, pipeline(CASES[case], tmp_path, **early), f"{page}.py")
    said = clean(app)
    assert len(said.split()) > 12
    assert undrawn(app) == []
    assert unwritten(app) == []


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("hit_rates", {"show": "time", "grain": "year"}), ("hit_rates", {"show": "two"}),
        ("matured", {"horizon": "365"}), ("funnel", {"sides": "periods"}), ("funnel", {"leakref": "best"}),
        ("change", {"period": "lastyear", "against": "year"}), ("change", {"parts": "group"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("case", ["one deal", "all open", "as-of date before all data", "negative amounts"])
def test_other_views_of_thin_data_get_a_sentence(
    case: str, page: str, query: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    early = {"as_of": date(2020, 1, 1)} if case.startswith("as-of") else {}
    app = open_page(monkeypatch, pipeline(CASES[case], tmp_path, **early), f"{page}.py", **query)
    assert clean(app)
    assert (undrawn(app), unwritten(app)) == ([], [])
