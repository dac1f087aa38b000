"""Dates as people say and spreadsheets group them: weekdays, ordinals, weeks, months."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from data import Pipeline, open_exports

ENDS = ["Won", "Lost", "Proposal"] * 4


def imported(folder: Path, cells: list[str]) -> Pipeline:
    """Import twelve deals whose creation dates are these cells over and over."""
    dates = [cells[i % len(cells)] for i in range(12)]
    ids = [str(100 + i) for i in range(12)]
    path = folder / "deals.csv"
    pl.DataFrame({"Deal ID": ids, "Stage": ENDS, "Created date": dates}).write_csv(path, separator=";")
    return open_exports(path)


def days(pipeline: Pipeline, count: int) -> list[date]:
    table = pl.read_parquet(pipeline.folder / "deals.parquet").sort("deal_key")
    return [datetime.fromtimestamp(s, UTC).date() for s in table["created_s"].head(count)]


SPOKEN = {
    "French first": ["1er mai 2026", "2 mai 2026", "13 juin 2026"],
    "English ordinals": ["1st May 2026", "2nd June 2026", "3rd July 2026", "14th August 2026"],
    "English, month first": ["May 1st, 2026", "June 2nd, 2026", "July 13th, 2026"],
    "English weekdays": ["Monday, 4 May 2026", "Tuesday, 5 May 2026", "Wed, 13 May 2026"],
    "English weekday, month first": ["Monday, May 4, 2026", "Friday, May 15, 2026"],
    "of": ["4th of May 2026", "15th of May 2026"],
    "Dutch": ["ma 4 mei 2026", "di 5 mei 2026", "woensdag 13 mei 2026", "do. 14 mei 2026"],
    "Dutch, figures": ["ma 04-05-2026", "wo 13-05-2026"],
    "Danish": ["mandag den 4. maj 2026", "ons. d. 13. maj 2026", "den 14. maj 2026"],
    "German": ["Mo., 04.05.2026", "Mi., 13.05.2026"],
    "German words": ["Montag, 4. Mai 2026", "Mittwoch, den 13. Mai 2026"],
    "Swedish": ["måndag 4 maj 2026", "den 13:e maj 2026"],
    "Norwegian": ["mandag 4. mai 2026", "onsdag 13. mai 2026"],
    "French": ["lundi 4 mai 2026", "mer. 13 mai 2026", "le 14 mai 2026"],
    "with a time": ["Mon 4 May 2026 14:03", "Wed 13 May 2026 09:15"],
}
READ = {
    "French first": [(5, 1), (5, 2), (6, 13)],
    "English ordinals": [(5, 1), (6, 2), (7, 3), (8, 14)],
    "English, month first": [(5, 1), (6, 2), (7, 13)],
    "English weekdays": [(5, 4), (5, 5), (5, 13)],
    "English weekday, month first": [(5, 4), (5, 15)],
    "of": [(5, 4), (5, 15)],
    "Dutch": [(5, 4), (5, 5), (5, 13), (5, 14)],
    "Danish": [(5, 4), (5, 13), (5, 14)],
    "French": [(5, 4), (5, 13), (5, 14)],
}


@pytest.mark.parametrize("name", SPOKEN)
def test_words_beside_a_date_are_left_out(name: str, tmp_path: Path) -> None:
    wanted = [date(2026, *day) for day in READ.get(name, [(5, 4), (5, 13)])]
    with imported(tmp_path, SPOKEN[name]) as pipeline:
        assert days(pipeline, len(wanted)) == wanted
        assert pipeline.rejects().is_empty()


@pytest.mark.parametrize(
    "cells",
    [
        ["2026-W19", "2026-W20"],
        ["2026W19", "2026W20"],
        ["W19 2026", "W20 2026"],
        ["week 19 2026", "wk 20, 2026"],
        ["uge 19, 2026", "uge 20, 2026"],
        ["KW 19/2026", "KW 20/2026"],
        ["vecka 19 2026", "vecka 20 2026"],
        ["2026-W19-1", "2026-W20-1"],
    ],
)
def test_a_week_counts_as_its_monday_and_says_so(cells: list[str], tmp_path: Path) -> None:
    with imported(tmp_path, cells) as pipeline:
        assert days(pipeline, 2) == [date(2026, 5, 4), date(2026, 5, 11)]
        assert {n.code: n.count for n in pipeline.meta.notices}["week_is_monday"] == 12


@pytest.mark.parametrize(
    "cells",
    [
        ["2026-05", "2026-11"],
        ["05/2026", "11/2026"],
        ["mei 2026", "november 2026"],
        ["May 2026", "Nov 2026"],
    ],
)
def test_a_month_counts_as_its_first_day_and_says_so(cells: list[str], tmp_path: Path) -> None:
    with imported(tmp_path, cells) as pipeline:
        assert days(pipeline, 2) == [date(2026, 5, 1), date(2026, 11, 1)]
        assert {n.code: n.count for n in pipeline.meta.notices}["month_is_first"] == 12


def test_a_word_that_is_no_weekday_is_listed(tmp_path: Path) -> None:
    cells = ["ma 4 mei 2026"] * 11 + ["rond 4 mei 2026"]
    with imported(tmp_path, cells) as pipeline:
        assert pipeline.rejects()["text"].to_list() == ["rond 4 mei 2026"]
