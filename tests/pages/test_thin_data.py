"""Every page on data with next to nothing in them: a sentence, labelled charts, no NaN."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.pipeline import Pipeline
from tests.build import pipeline
from tests.exports import STAGES, exports
from tests.pages.app import start, workspace
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


SHOTS = (date(2025, 3, 31), date(2025, 6, 30))
SNAPSHOT_VIEWS: list[tuple[str, dict[str, str]]] = [
    ("movements", {"size": "deals", "by": "Channel"}), ("movements", {"view": "stages"}),
    ("movements", {"view": "time"}), ("slippage", {"part": "audit"}), ("slippage", {"by": "Channel"}),
]  # fmt: skip


def written(rows: list[dict[str, Any]], ended: bool = True) -> list[dict[str, Any]]:
    """Return the rows as an export has them; while they have not `ended`, all deals are open."""
    cells = []
    for n, row in enumerate(rows):
        status = row.get("status", "open") if ended else "open"
        one = {
            "Id": f"D{n}",
            "Status": "junk" if status == "disqualified" else status,
            "Stage": STAGES[row.get("last", 1) - 1] if status == "open" else status.capitalize(),
            "Created": row.get("created", "2025-01-01"),
            "Expected": "2025-06-01" if n % 2 and not ended else "2025-08-01",
            "Closed": None if status == "open" else "2025-06-15",
            "Amount": row.get("amount", 1000.0),
            "Currency": "EUR",
            "Owner": row.get("owner", "Ann"),
            "Channel": row.get("source", "Web"),
        }
        cells.append(one)
    return cells


def snapshots(case: str, folder: Path, count: int) -> Pipeline:
    """Import a case as one or two exports of different days."""
    days = [(str(day), written(CASES[case], day == SHOTS[-1])) for day in SHOTS[-count:]]
    return exports(folder, days, as_of=date(2020, 1, 1) if case.startswith("as-of") else None)


def said(app: AppTest) -> None:
    """Hold a page to a sentence, with nothing undrawn or unwritten."""
    assert len(clean(app).split()) > 12
    assert (undrawn(app), unwritten(app)) == ([], [])


@pytest.mark.parametrize("page", ["movements", "slippage"])
@pytest.mark.parametrize("case", CASES)
def test_two_snapshots_of_thin_data_get_a_sentence(
    case: str, page: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said(open_page(monkeypatch, snapshots(case, tmp_path, 2), f"{page}.py"))


@pytest.mark.parametrize(("page", "query"), SNAPSHOT_VIEWS)
@pytest.mark.parametrize("case", ["one deal", "all won", "negative amounts", "a blank everywhere"])
def test_other_views_of_two_thin_snapshots_get_a_sentence(
    case: str, page: str, query: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said(open_page(monkeypatch, snapshots(case, tmp_path, 2), f"{page}.py", **query))


@pytest.mark.parametrize("page", ["movements", "slippage"])
@pytest.mark.parametrize("case", CASES)
def test_one_snapshot_of_thin_data_says_what_a_second_would_show(
    case: str, page: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = open_page(monkeypatch, snapshots(case, tmp_path, 1), f"{page}.py")
    assert "two files are enough" in clean(app)
    assert (undrawn(app), unwritten(app)) == ([], [])


def uploaded(rows: list[dict[str, Any]]) -> bytes:
    """Return the rows as a text file."""
    cells = written(rows)
    lines = [";".join(cells[0]), *(";".join("" if v is None else str(v) for v in c.values()) for c in cells)]
    return "\n".join(lines).encode()


@pytest.mark.parametrize("case", CASES)
def test_the_data_page_of_thin_data_states_what_was_read(case: str) -> None:
    here = workspace(("deals.csv", uploaded(CASES[case])), commit=False)
    here.commit(as_of=date(2020, 1, 1) if case.startswith("as-of") else None).close()
    app = start({"w": here.id}, page="definitions.py")
    said, n = clean(app), f"{len(CASES[case]):,}"
    assert f"{n} rows read" in said.replace("**", "")
    assert "won / (won + lost), by closing date" in said
    assert (undrawn(app), unwritten(app)) == ([], [])
