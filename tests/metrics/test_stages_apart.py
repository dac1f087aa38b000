"""Two funnels beside one another."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from data.slice import Slice
from metrics.stages_apart import stages_apart
from tests.build import pipeline

# Web: 300 at Lead, 180 go on; of those 90 go on from Meeting. Fair: 300, 180, 150. Six of each are open.
ROWS = [
    {"source": source, "created": created, "status": status, "last": last}
    for source, created, at_two in (("Web", "2024-03-01", 90), ("Fair", "2025-03-01", 30))
    for status, last, n in (("lost", 1, 120), ("lost", 2, at_two), ("won", 3, 180 - at_two), ("open", 2, 6))
    for _ in range(n)
]
WEB, FAIR = (Slice(where=(("source", (name,)),)) for name in ("Web", "Fair"))


def test_two_groups_by_eye(tmp_path: Path) -> None:
    lead, meeting, offer = stages_apart(pipeline(ROWS, tmp_path), WEB, FAIR).to_dicts()
    assert (lead["conversion_a"], lead["conversion_b"], lead["different"]) == (186 / 306, 186 / 306, False)
    assert [meeting[f"{c}_{s}"] for s in "ab" for c in ("decided", "lost")] == [180, 90, 180, 30]
    assert meeting["difference"] == pytest.approx(90 / 180 - 150 / 180)
    assert (meeting["different"], offer["difference"], offer["different"]) == (True, 0.0, False)


def test_as_statsmodels_has_it(tmp_path: Path) -> None:
    rows = stages_apart(pipeline(ROWS, tmp_path), WEB, FAIR).to_dicts()
    told = confint_proportions_2indep(90, 180, 150, 180, method="newcomb")
    assert (rows[1]["difference_low"], rows[1]["difference_high"]) == pytest.approx(told)
    p = [proportions_ztest(x, n)[1] for x, n in (([186, 186], [306, 306]), ([90, 150], [180, 180]))] + [1.0]
    assert [row["q"] for row in rows] == pytest.approx(multipletests(p, method="fdr_bh")[1], abs=1e-9)


def test_two_periods_are_the_same_question(tmp_path: Path) -> None:
    found = pipeline(ROWS, tmp_path)
    sides = [Slice(start=date(year, 1, 1), end=date(year, 12, 31)) for year in (2024, 2025)]
    assert stages_apart(found, *sides).equals(stages_apart(found, WEB, FAIR))


def test_a_few_deals_are_no_difference(tmp_path: Path) -> None:
    rows = [{"source": s, "status": w} for s, w in (("Web", "won"), ("Fair", "lost")) for _ in range(9)]
    row = stages_apart(pipeline(rows, tmp_path), WEB, FAIR).row(0, named=True)
    assert row["q"] < 0.05
    assert not row["different"]


def test_an_empty_side_has_no_rate(tmp_path: Path) -> None:
    row = stages_apart(pipeline(ROWS, tmp_path), WEB, WEB.with_(end=date(2001, 1, 1))).row(1, named=True)
    assert (row["entered_b"], row["conversion_b"], row["difference"], row["p"]) == (0, None, None, None)
