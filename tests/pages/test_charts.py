"""Charts are pure: frame and words in, a specification out that can be read without a browser."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import polars as pl
import pytest

from pages.shared import charts
from pages.shared.charts.look import folded, named
from pages.shared.theme import DARK, LIGHT

WORDS = {
    name: name
    for name in (
        "group",
        "rate",
        "interval",
        "n",
        "period",
        "down",
        "across",
        "leak",
        "low",
        "stake",
        "stage",
        "deals",
        "part",
        "advanced",
        "still_there",
        "moved_back",
        "disqualified",
        "lost",
    )
}
EVIL = "</text><script>alert(1)</script> \"'] + datum"


def dot(**change: Any) -> dict[str, Any]:
    return {
        "key": "Web",
        "label": "Web",
        "rate": 0.4,
        "low": 0.3,
        "high": 0.5,
        "side": "better",
        "enough": True,
        "rate_text": "40%",
        "interval_text": "30% – 50%",
        "n_text": "90",
        "told": "Web: 40%",
    } | change


def layers(spec: dict[str, Any]) -> list[dict[str, Any]]:
    if "layer" not in spec:
        return [spec]
    return [leaf for part in spec["layer"] for leaf in layers(part)]


@pytest.mark.parametrize("look", [LIGHT, DARK])
def test_dots_say_their_sentence_and_can_be_picked(look: Any) -> None:
    spec = charts.dots(pl.DataFrame([dot()]), WORDS, look, "Web leads").to_dict()
    assert spec["description"] == "Web leads"
    assert [p["name"] for p in spec["params"]] == ["pick"]
    assert "30% – 50%" in str(spec["datasets"])


def test_a_rate_that_is_not_available_is_a_dash_and_no_dot() -> None:
    spec = charts.dots(
        pl.DataFrame([dot(), dot(key="", rate=None, low=None, high=None)]), WORDS, LIGHT, ""
    ).to_dict()
    dashes = [p for p in layers(spec) if p["mark"].get("text") == "–"]
    assert dashes[0]["transform"] == [{"filter": "!isValid(datum.rate)"}]


def test_a_chart_of_nothing_is_still_a_chart() -> None:
    empty = pl.DataFrame([dot()]).clear()
    assert charts.dots(empty, WORDS, LIGHT, "").to_dict()["height"] > 0


def test_names_are_quoted_and_never_cut() -> None:
    expression = named([EVIL])
    assert expression.endswith('"]][datum.value]')
    assert (
        "".join(folded("Recommendation from an existing customer")).replace(" ", "")
        == "Recommendationfromanexistingcustomer"
    )
    assert folded("x" * 45, 20) == ["x" * 20, "x" * 20, "x" * 5]
    assert folded("Proposal/Quote", 13) == ["Proposal/", "Quote"]
    assert folded("and/or", 13) == ["and/or"]


def funnel(**change: Any) -> pl.DataFrame:
    parts = {"advanced": 6, "still_there": 1, "moved_back": 0, "disqualified": 1, "lost": 2} | change
    texts = {f"{name}_text": str(n) for name, n in parts.items()}
    return pl.DataFrame(
        [
            {
                "stage_no": 1,
                "stage": "Offer",
                "entered": sum(parts.values()),
                **parts,
                **texts,
                "between": "75% went on",
                "entered_text": "10",
                "told": "Offer",
            }
        ]
    )


def test_the_parts_of_a_stage_lie_end_to_end() -> None:
    spec = charts.stages(funnel(), WORDS, LIGHT, "").to_dict()
    rows = next(rows for rows in spec["datasets"].values() if "start" in rows[0])
    assert [(r["part"], r["start"], r["end"]) for r in rows] == [
        ("advanced", 0, 6),
        ("still_there", 6, 7),
        ("disqualified", 7, 8),
        ("lost", 8, 10),
    ]


def test_a_stage_that_nobody_entered_draws_no_bar() -> None:
    nobody = funnel(advanced=0, still_there=0, disqualified=0, lost=0)
    assert charts.stages(nobody, WORDS, LIGHT, "").to_dict()["description"] == ""


def test_won_lost_and_open_have_one_colour_everywhere() -> None:
    spec = charts.stages(funnel(), WORDS, DARK, "").to_dict()
    scale = next(p["encoding"]["color"]["scale"] for p in layers(spec) if "color" in p["encoding"])
    assert dict(zip(scale["domain"], scale["range"], strict=True))["lost"] == DARK.lost


def test_the_cautious_end_is_never_drawn_below_nothing() -> None:
    row = {
        "key": "0",
        "label": "Fair",
        "low": -5.0,
        "stake": 9.0,
        "low_text": "0",
        "stake_text": "9",
        "told": "",
    }
    spec = charts.stakes(pl.DataFrame([row]), WORDS, LIGHT, "").to_dict()
    assert next(iter(spec["datasets"].values()))[0]["solid"] == 0


def month(n: int, label: str, rate: float | None, mature: bool = True) -> dict[str, Any]:
    return {
        "key": label,
        "period_key": str(n),
        "period": date(2025, n, 1),
        "label": label,
        "rate": rate,
        "low": rate and rate - 0.1,
        "high": rate and rate + 0.1,
        "mature": mature,
        "period_text": str(n),
        "rate_text": "",
        "interval_text": "",
        "n_text": "",
        "told": "",
    }


def test_at_most_five_lines_are_drawn() -> None:
    rows = [month(m, f"Group {g}", 0.1 * g) for g in range(1, 8) for m in (1, 2)]
    spec = charts.trend(pl.DataFrame(rows), WORDS, LIGHT, "").to_dict()
    assert len({r["label"] for rows in spec["datasets"].values() for r in rows}) == 5


def test_names_at_line_ends_never_cover_one_another() -> None:
    rows = [month(m, name, 0.30) for name in ("A", "B", "C") for m in (1, 2)]
    spec = charts.trend(pl.DataFrame(rows), WORDS, LIGHT, "").to_dict()
    ends = sorted(r["at"] for rows in spec["datasets"].values() for r in rows if "at" in r)
    assert min(b - a for a, b in pairwise(ends)) > 0.015


def test_immature_months_are_dashed_and_hang_on_the_last_mature_one() -> None:
    rows = [month(1, "All", 0.3), month(2, "All", 0.4), month(3, "All", 0.2, mature=False)]
    spec = charts.trend(pl.DataFrame(rows), WORDS, LIGHT, "").to_dict()
    dashed = next(p for p in layers(spec) if p["mark"].get("strokeDash"))
    assert [r["rate"] for r in spec["datasets"][dashed["data"]["name"]]] == [None, 0.4, 0.2]


def test_a_month_without_a_rate_breaks_the_line() -> None:
    rows = [month(1, "All", 0.3), month(2, "All", None), month(3, "All", 0.2)]
    spec = charts.trend(pl.DataFrame(rows), WORDS, LIGHT, "").to_dict()
    assert any(r["rate"] is None for rows in spec["datasets"].values() for r in rows)


def test_a_cell_with_too_few_deals_has_a_hatch_and_no_number() -> None:
    cell = {
        "down": "A",
        "across": "B",
        "down_label": "A",
        "across_label": "B",
        "rate": 0.5,
        "enough": False,
        "rate_text": "50%",
        "n_text": "3",
        "cell_text": "n 3",
        "interval_text": "",
        "told": "",
    }
    spec = charts.heat(pl.DataFrame([cell]), WORDS, LIGHT, "").to_dict()
    texts = [p for p in layers(spec) if p["mark"]["type"] == "text"]
    assert all(p["transform"] == [{"filter": "datum.enough"}] for p in texts)
    assert any(p["mark"].get("shape") for p in layers(spec))
