"""Never pushed against pushed at least once: by eye, and Newcombe's own numbers."""

from __future__ import annotations

import polars as pl
import pytest

from metrics.push_odds import ever_pushed


def counts(**won_lost: tuple[int, int]) -> pl.DataFrame:
    rows = [(name.strip("_"), *pair) for name, pair in won_lost.items()]
    return pl.DataFrame(rows, schema=["pushes", "won", "lost"], orient="row")


def test_all_pushes_count_together() -> None:
    row = ever_pushed(counts(_0=(65, 125), _1=(16, 23), _2=(11, 6), _3=(9, 4))).row(0, named=True)
    assert (row["never_won"], row["never_decided"], row["pushed_won"], row["pushed_decided"]) == (
        65,
        190,
        36,
        69,
    )
    assert row["difference"] == pytest.approx(36 / 69 - 65 / 190)
    assert row["enough"]


def test_the_difference_has_newcombes_interval_of_his_paper() -> None:
    """Newcombe (1998), table II: 56/70 - 48/80 by method 10 is 0.0524 to 0.3339."""
    row = ever_pushed(counts(_1=(56, 14), _0=(48, 32))).row(0, named=True)
    assert (round(row["difference_low"], 4), round(row["difference_high"], 4)) == (0.0524, 0.3339)


def test_nothing_decided_is_not_available() -> None:
    row = ever_pushed(counts(_0=(0, 0), _1=(0, 0))).row(0, named=True)
    assert row["never_rate"] is row["pushed_rate"] is row["difference"] is row["difference_low"] is None
    assert not row["enough"]
