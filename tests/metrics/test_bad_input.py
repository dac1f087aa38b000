"""Odd data under every metric: a table with nulls, or a plain sentence; never NaN, never a traceback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars import selectors as cs

from data.errors import HitrateError
from data.pipeline import Pipeline
from data.slice import Slice
from metrics.change import change
from metrics.definition_lab import definition_lab, robustness, spread, verdict
from metrics.funnel import funnel
from metrics.hit_rate import rates
from metrics.leaks import leak_report
from metrics.matured import curves, matured
from metrics.mix import mix_adjusted
from metrics.periods import against, period_before, year_before
from metrics.ranking import ranking
from metrics.season import season
from metrics.stale import rates_stale_lost, stale
from metrics.targets import Target, against_targets, benchmark
from tests.build import pipeline

SLICE = Slice(by=("owner",), basis="created", start=date(2025, 1, 1))
WON, LOST, OPEN = ({"status": s} for s in ("won", "lost", "open"))
CASES: dict[str, list[dict[str, Any]]] = {
    "one deal": [OPEN],
    "all open": [OPEN] * 40,
    "all won": [WON] * 40,
    "all lost": [LOST] * 40,
    "all disqualified": [{"status": "disqualified"}] * 40,
    "no dates": [{"status": s, "created": None, "closed": None} for s in ("won", "lost", "open")] * 9,
    "backward dates": [{"status": "won", "created": "2025-05-01", "closed": "2025-01-01"}] * 9 + [LOST] * 9,
    "no amounts": [WON | {"amount": None}, LOST | {"amount": 0.0}] * 30,
    "negative amounts": [WON | {"amount": -50.0}, LOST | {"amount": -100.0}] * 30,
    "two currencies": [WON, LOST | {"currency": "DKK"}] * 30,
    "no stage": [LOST | {"visited": [], "last": 0}] * 9,
    "blank everywhere": [r | {"owner": None, "source": None} for r in (WON, LOST)] * 30,
    "many values": [r | {"owner": f"seller {k}"} for k in range(700) for r in (WON, LOST)],
    "after the as-of date": [r | {"created": "2026-05-01", "closed": "2026-06-01"} for r in (WON, LOST)] * 9,
}


def frames(deals: Pipeline) -> Iterator[Callable[[], pl.DataFrame]]:
    """Return every metric as a question to be asked."""
    rated = rates(deals, SLICE)
    before = period_before(SLICE, deals.meta.as_of)
    one = SLICE.with_(by=())
    yield lambda: matured(deals, SLICE)
    yield lambda: matured(deals, SLICE, 90, stale_lost=True)
    yield lambda: curves(deals, SLICE)
    yield lambda: definition_lab(deals, SLICE)
    yield lambda: robustness(deals, one, before.with_(by=()))
    yield lambda: ranking(rated)
    yield lambda: against_targets(rated, "owner", {}, Target(0.3, 0.4))
    yield lambda: mix_adjusted(deals, SLICE, ["source"]).frame
    yield lambda: mix_adjusted(deals, SLICE, ["source"]).reversals
    yield lambda: season(deals, SLICE)
    yield lambda: against(deals, SLICE, year_before(SLICE, deals.meta.as_of))
    yield lambda: change(deals, before, SLICE).groups
    yield lambda: stale(deals, SLICE)
    yield lambda: rates_stale_lost(deals, SLICE)
    for reference in ("rest", "best", "before"):
        yield lambda ref=reference: leak_report(deals, start="2025-01-01", reference=ref).everything  # type: ignore[misc]
    yield lambda: leak_report(deals, pairs=[("owner", "source")]).everything
    yield lambda: funnel(deals, by="owner")


def answers(deals: Pipeline) -> Iterator[pl.DataFrame]:
    """Return every table; a metric that refuses these data must do so in a sentence that says what to do."""
    for ask in frames(deals):
        try:
            yield ask()
        except HitrateError as told:
            if not told.hint:
                raise


@pytest.mark.parametrize("rows", CASES.values(), ids=CASES)
def test_no_metric_breaks_or_shows_a_number_that_is_none(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    deals = pipeline(rows, tmp_path)
    for frame in answers(deals):
        odd = frame.select((cs.float().is_nan() | cs.float().is_infinite()).any())
        assert not any(True in column for column in odd.iter_columns()), frame
    lab = definition_lab(deals, SLICE)
    spread(lab), verdict(robustness(deals, SLICE, SLICE)), benchmark(rates(deals, SLICE))


@pytest.mark.parametrize("where", [(("owner", ("Nobody",)),), (("source", ()),)])
def test_a_filter_that_matches_nothing_gives_labelled_empty_tables(tmp_path: Path, where: Any) -> None:
    deals = pipeline([WON, LOST] * 20, tmp_path)
    nobody = SLICE.with_(where=where)
    for frame in (matured(deals, nobody), curves(deals, nobody),
                  mix_adjusted(deals, nobody, ["source"]).frame, ranking(rates(deals, nobody)),
                  change(deals, nobody, nobody).groups):  # fmt: skip
        assert frame.height == 0
        assert frame.columns[0] == "owner"


def test_an_as_of_date_before_all_data(tmp_path: Path) -> None:
    deals = pipeline([WON, LOST, OPEN] * 9, tmp_path, as_of=date(2020, 1, 1))
    made = matured(deals, Slice()).row(0, named=True)
    assert (made["undated"], made["open"]) == (9, 9)  # the open ones began after the day they are looked at
    assert stale(deals, Slice())["stale"].sum() == 0
    assert season(deals, Slice())["deals"].sum() == 0
    with pytest.raises(HitrateError, match="stage history"):
        funnel(deals, skipped="not")
