"""Fair comparison: who only looks good by the mix is told; thin data get a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from data import Slice, open_exports
from data.sample import Truths, sample_files
from metrics.mix import mix_adjusted
from metrics.mix_fields import favours, telling_fields
from pages.shared import fairness
from tests.build import pipeline
from tests.pages.open_page import clean, open_page


def deals(owner: str, source: str, won: int, lost: int) -> list[dict[str, Any]]:
    own = {"owner": owner, "source": source}
    return [{"status": "won", **own}] * won + [{"status": "lost", **own}] * lost


# Everybody wins half of the referrals and a tenth of the cold calls; Ann is given the referrals.
MIXED = [
    *deals("Ann", "Referral", 90, 90), *deals("Ann", "Cold", 2, 18),
    *deals("Bo", "Referral", 40, 40), *deals("Bo", "Cold", 12, 108),
    *deals("Cy", "Referral", 40, 40), *deals("Cy", "Cold", 12, 108),
]  # fmt: skip


def test_who_looks_good_by_the_mix_only_is_the_answer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = open_page(monkeypatch, pipeline(MIXED, tmp_path), "fair.py", by="owner")
    said = clean(app)
    assert "**Ann** wins 46.0% of 200 deals, against 32.7% over all" in said
    assert "10.0% of these deals have source “Cold”, 43.3% of all do; of those 10.0% are won." in said
    table = app.dataframe[0].value.set_index("owner")
    assert table.loc["Ann", "verdict"] == "looks better by its mix"
    assert table.loc["Ann", "adjusted"] == table.loc["Bo", "adjusted"]


def test_the_proposal_is_the_field_whose_mix_differs(tmp_path: Path) -> None:
    even = [{**row, "region": "N" if k % 2 else "S"} for k, row in enumerate(MIXED)]
    found, asked = pipeline(even, tmp_path), Slice(by=("owner",))
    assert telling_fields(found, asked) == ["source"]
    assert favours(found, asked, "Ann", ["source"]).filter(value="Cold")["own_share"].item() == 0.1


def test_the_best_seller_of_the_sample_is_best_by_mix(tmp_path: Path) -> None:
    found = open_exports(*sample_files(tmp_path), home=tmp_path / "home")
    asked = Slice(by=("owner",))
    fair = fairness.read(mix_adjusted(found, asked, telling_fields(found, asked)))
    assert [row["owner"] for row in fairness.misled(fair, "better")] == [Truths().mix.owner]
    assert not fair.of("better", "better")
    found.close()


def test_an_order_turned_round_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The kidney stones of Charig et al. (1986): open surgery is better for either size."""
    rows = [
        *deals("Open", "Small", 81, 6), *deals("Open", "Large", 192, 71),
        *deals("Puncture", "Small", 234, 36), *deals("Puncture", "Large", 55, 25),
    ]  # fmt: skip
    said = clean(open_page(monkeypatch, pipeline(rows, tmp_path), "fair.py", by="owner"))
    assert "(Simpson's paradox): **Open** wins 78.0% and **Puncture** 82.6%" in said


def test_fields_come_from_the_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = pipeline([{**row, "region": "N"} for row in MIXED] + [{"region": "S"}], tmp_path)
    app = open_page(monkeypatch, found, "fair.py", by="owner", mix="region")
    clean(app)
    assert app.multiselect(key="choose_mix").value == ["region"]


def test_none_of_the_fields_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = open_page(monkeypatch, pipeline(MIXED, tmp_path), "fair.py", by="owner")
    app.multiselect(key="choose_mix").set_value([]).run()
    assert "Choose a field to adjust for" in clean(app)


def test_the_ranking_shows_the_ranks_each_may_hold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = open_page(monkeypatch, pipeline(MIXED, tmp_path), "fair.py", by="owner")
    assert "Strong beyond chance: **Ann**" in clean(app)
    spec = json.loads(app.get("vega_lite_chart")[1].proto.spec)
    assert r"2 \u2013 3" in str(spec["layer"]).replace("\\\\", "\\")


THIN: dict[str, list[dict[str, Any]]] = {
    "one deal": deals("Ann", "Web", 1, 0),
    "all open": [{"status": "open", "owner": o} for o in ("Ann", "Bo")] * 5,
    "all won": deals("Ann", "Web", 40, 0) + deals("Bo", "Fair", 40, 0),
    "all lost": deals("Ann", "Web", 0, 40) + deals("Bo", "Fair", 0, 40),
    "no dates": [{**d, "created": None, "closed": None} for d in MIXED],
    "no amounts": [{**d, "amount": None} for d in MIXED],
    "one group": deals("Ann", "Web", 40, 40) + deals("Ann", "Fair", 20, 40),
    "blank": [{**d, "owner": None if d["owner"] == "Bo" else d["owner"]} for d in MIXED],
}


@pytest.mark.parametrize("name", THIN)
def test_thin_data_gets_a_sentence(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert clean(open_page(monkeypatch, pipeline(THIN[name], tmp_path), "fair.py", by="owner"))


@pytest.mark.parametrize("rate", ["value", "created", "meetings"])
def test_other_definitions_get_a_page(rate: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert clean(open_page(monkeypatch, pipeline(MIXED, tmp_path), "fair.py", by="owner", rate=rate))
