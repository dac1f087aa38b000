"""The definition lab and the robustness strip: every row equals the hit rate asked for by itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.errors import HitrateError
from data.meta import Definitions
from data.pipeline import Pipeline
from data.slice import Slice
from metrics import hit_rate
from metrics.definition_lab import definition_lab, robustness, spread, verdict
from metrics.definitions import PRESETS, REASONS
from metrics.matured import matured
from metrics.stale import rates_stale_lost
from tests.build import pipeline
from tests.metrics.company import STAGES, company

NAMES = [*(preset.name for preset in PRESETS), "matured"]
ANN, BO = (Slice(where=(("owner", (who,)),)) for who in ("Ann", "Bo"))


@pytest.fixture
def made(tmp_path: Path) -> Pipeline:
    stated = Definitions(opportunity_stage=2, meeting_stage=3)
    return pipeline(company(91), tmp_path, STAGES, definitions=stated)


def test_every_definition_equals_the_hit_rate_asked_for_by_name(made: Pipeline) -> None:
    lab = definition_lab(made, Slice(basis="closed", start=date(2025, 4, 1)))
    assert lab["name"].to_list() == NAMES
    for row in lab.head(-1).iter_rows(named=True):
        told = hit_rate(made, definition=row["name"], start="2025-04-01").row(0, named=True)
        assert {c: row[c] for c in ("open", "rate", "low", "high", "enough")} == {
            c: told[c] for c in ("open", "rate", "low", "high", "enough")}  # fmt: skip


def test_the_matured_row_equals_the_matured_rate(made: Pipeline) -> None:
    row = definition_lab(made, Slice(), horizon=200).row(-1, named=True)
    told = matured(made, Slice(), 200).row(0, named=True)
    assert (row["days"], row["rate"], row["low"]) == (200, told["rate"], told["low"])
    assert "200 days" in row["formula"].format(days=row["days"])


def test_the_chosen_definition_is_marked_and_read_by_the_date_of_the_page(tmp_path: Path) -> None:
    stated = Definitions(rate="decided", basis="created")
    made = pipeline(
        [{"status": "won", "created": "2024-01-01", "closed": "2025-06-01"}], tmp_path, definitions=stated
    )
    lab = definition_lab(made, Slice(basis="created", start=date(2025, 1, 1)))
    assert lab.filter("chosen")["name"].to_list() == ["decided"]
    assert lab.filter(name="decided").select("basis", "rate").row(0) == ("created", None)
    assert lab.filter(name="broad").select("basis", "rate").row(0) == ("closed", 1.0)


def test_the_spread_names_the_lowest_and_the_highest(made: Pipeline) -> None:
    lab = definition_lab(made, Slice())
    found = spread(lab)
    assert found is not None
    assert found.difference == pytest.approx(lab["rate"].max() - lab["rate"].min())  # type: ignore[operator]
    assert (found.lowest["rate"], found.counted) == (lab["rate"].min(), lab["rate"].count())


def test_no_rate_anywhere_has_reasons_and_no_spread(tmp_path: Path) -> None:
    lab = definition_lab(
        pipeline([{"status": "open", "amount": None}], tmp_path), Slice(end=date(2020, 1, 1))
    )
    assert lab["rate"].null_count() == lab.height
    assert set(lab["reason"]) <= set(REASONS)
    assert spread(lab) is None


def test_a_period_by_a_date_nobody_has_is_said(tmp_path: Path) -> None:
    made = pipeline([{"status": "won", "closed": None}], tmp_path)
    lab = definition_lab(made, Slice(start=date(2025, 1, 1)), chosen="created")
    assert lab.filter(name="decided")["reason"].item() == "no date"


def test_the_strip_sets_two_groups_against_each_other_under_every_reading(made: Pipeline) -> None:
    strip = robustness(made, ANN, BO, 200)
    assert strip.select("name", "stale_lost").rows() == [(n, s) for s in (False, True) for n in NAMES]
    for stale_lost, ask in ((False, None), (True, rates_stale_lost)):
        row = strip.filter(name="created", stale_lost=stale_lost).row(0, named=True)
        both = [hit_rate(made, definition="created", where=dict(s.where))["rate"].item() if ask is None
                else ask(made, s.with_(basis="created"), "created")["rate"].item()
                for s in (ANN, BO)]  # fmt: skip
        assert [row["rate_a"], row["rate_b"]] == both
        assert row["ahead"] == ("a" if both[0] > both[1] else "b")


def test_who_is_always_ahead_is_ahead(tmp_path: Path) -> None:
    rows = [{"owner": o, "status": s} for o, won, lost in (("Ann", 80, 20), ("Bo", 20, 80))
            for s in ["won"] * won + ["lost"] * lost]  # fmt: skip
    made = pipeline(rows, tmp_path)
    told = verdict(robustness(made, ANN, BO, 60))
    assert (told.ahead, told.b, told.untold) == ("a", 0, 4)  # meetings and contacts are not known, twice
    assert told.settled_a == 14  # all that have an interval: by value there is none
    assert verdict(robustness(made, BO, ANN, 60)).ahead == "b"


def test_an_empty_side_is_untold(made: Pipeline) -> None:
    told = verdict(robustness(made, ANN, Slice(where=(("owner", ("Nobody",)),))))
    assert (told.ahead, told.untold) == (None, 20)


def test_an_unknown_definition_is_refused(made: Pipeline) -> None:
    with pytest.raises(HitrateError, match="decided"):
        definition_lab(made, Slice(), chosen="decide")
