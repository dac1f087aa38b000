"""Rules for what people write: month names, flags with a date, spellings, columns that hold nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data import open_exports
from data.recognising import propose
from data.recognising.spellings import alike
from tests.data.recognising.conftest import Make

ENDS = ["Won", "Lost", "Proposal"] * 4
MONTHS = {
    "nl": ["1 jan. 2026", "2 februari 2026", "3. mrt 2026", "4 mei 2026"],
    "da": ["1. januar 2026", "2. feb. 2026", "3. marts 2026", "4. maj 2026"],
    "de": ["1. Januar 2026", "2. Feb. 2026", "3. März 2026", "4. Mai 2026"],
    "sv": ["1 januari 2026", "2 februari 2026", "3 mars 2026", "4 maj 2026"],
    "nb": ["1. januar 2026", "2. februar 2026", "3. mars 2026", "4. mai 2026"],
    "fr": ["1 janvier 2026", "2 févr. 2026", "3 mars 2026", "4 mai 2026"],
}


def deals(**columns: list[str]) -> dict[str, list[str | None]]:
    return {"Deal ID": [str(100 + i) for i in range(12)], "Stage": list(ENDS), **columns}


def save(path: Path, columns: dict[str, list[str | None]]) -> Path:
    pl.DataFrame(columns).write_csv(path, separator=";")
    return path


@pytest.mark.parametrize("language", MONTHS)
def test_months_as_words_are_read_exactly(language: str, tmp_path: Path) -> None:
    path = save(tmp_path / "deals.csv", deals(**{"Created date": MONTHS[language] * 3}))
    with open_exports(path) as pipeline:
        found = pl.read_parquet(pipeline.folder / "deals.parquet").sort("deal_key")
        days = pl.select(pl.from_epoch(found["created_s"].head(4), "s").dt.date()).to_series().to_list()
        assert days == [date(2026, 1, 1), date(2026, 2, 2), date(2026, 3, 3), date(2026, 5, 4)]
        assert pipeline.rejects().is_empty()


def test_a_month_unknown_to_the_language_is_listed(tmp_path: Path) -> None:
    cells = ["4 mei 2026"] * 11 + ["4 pluviôse 2026"]
    with open_exports(save(tmp_path / "deals.csv", deals(**{"Created date": cells}))) as pipeline:
        assert pipeline.rejects()["text"].to_list() == ["4 pluviôse 2026"]


def test_a_won_flag_beside_a_closing_date(make: Make) -> None:
    closed = ["2026-01-05", "2026-01-09", ""] * 4
    columns = {"Deal ID": [str(i) for i in range(12)], "Won": ["Yes", "No", "No"] * 4, "Closed date": closed}
    found = propose([make({k: [c or None for c in v] for k, v in columns.items()})])[0]
    assert (found.recipe.outcome.column, found.recipe.outcome.second) == ("Won", "Closed date")
    assert {n.code: n.count for n in found.notices}["closed_by_date"] == 4
    assert not [q for q in found.questions if q.code == "not_won_is_lost"]


def test_a_won_flag_beside_a_date_on_every_deal_is_still_asked(make: Make) -> None:
    columns = {"Deal ID": [str(i) for i in range(12)], "Won": ["Yes", "No", "No"] * 4}
    found = propose([make({**columns, "Close date": ["2026-01-05"] * 12})])[0]
    assert "not_won_is_lost" in {q.code for q in found.questions}


@pytest.mark.parametrize(
    ("one", "other"),
    [("Google", "google"), ("GTX Pro", "GTXPro"), ("LinkedIn", "Linked-in"), ("Café Noir", "cafe noir"),
     ("A.B. Foods", "AB Foods")],
)  # fmt: skip
def test_spellings_that_are_alike(one: str, other: str) -> None:
    assert alike(one) == alike(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1-10", "110"),
        ("50+", "50-"),
        ("C++", "C#"),
        ("Team 1", "Team 2"),
        ("1.5 kg", "15 kg"),
        ("A/B", "AB"),
    ],
)
def test_spellings_that_are_not(one: str, other: str) -> None:
    assert alike(one) != alike(other)


def test_spellings_are_offered_and_merged_only_when_the_recipe_says_so(tmp_path: Path) -> None:
    sources = ["Google"] * 7 + ["google"] * 2 + ["Fair"] * 3
    path = save(tmp_path / "deals.csv", deals(**{"Lead source": sources}))
    with open_exports(path) as apart:
        told = next(n for n in apart.meta.notices if n.code == "near_miss")
        assert (told.level, told.count, told.column) == ("info", 2, "Lead source")
        assert set(pl.read_parquet(apart.folder / "deals.parquet")["source"]) == {"Google", "google", "Fair"}
    recipe = {"files": {"deals.csv": {"merge": {"Lead source": {"google": "Google"}}}}}
    with open_exports(path, recipe=recipe) as merged:
        assert set(pl.read_parquet(merged.folder / "deals.parquet")["source"]) == {"Google", "Fair"}


def test_names_that_promise_what_the_cells_do_not_hold(make: Make) -> None:
    found = propose([make(deals(Amount=["see quote"] * 12, **{"Created date": ["soon"] * 12}))])[0]
    assert {n.column for n in found.notices if n.code == "name_without_values"} == {"Amount", "Created date"}


def test_an_amount_column_with_many_words_is_still_the_amount(make: Make) -> None:
    found = propose(
        [make(deals(Amount=[*["tbd", "ask", "later", "open", "soon"], *[f"{i}00" for i in range(7)]]))]
    )
    assert found[0].recipe.fields["amount"] == "Amount"


def test_weekly_exports_keep_their_id_column(make: Make) -> None:
    week = deals(**{"Record ID": [str(900 + i) for i in range(12)]})
    del week["Deal ID"]
    for proposal in propose([make(week, f"deals-2026-11-{day:02d}.csv") for day in (1, 8, 15, 22)]):
        assert proposal.recipe.fields["deal_id"] == "Record ID"


def test_at_most_so_many_columns_are_kept(make: Make) -> None:
    found = propose([make(deals(**{f"Field {i}": ["a", "b", "c"] * 4 for i in range(400)}))])[0].recipe
    assert len(found.keep) == 200
    assert list(found.drop.values()).count("too many columns") == 200


@pytest.mark.parametrize(
    ("cells", "amounts", "currency"),
    [
        (["45 k€", "1,5 k€", "900 €"], [4_500_000, 150_000, 90_000], "EUR"),
        (["DKK 1,2 mio.", "DKK 300", "DKK 2 mio."], [120_000_000, 30_000, 200_000_000], "DKK"),
        (["$45k", "$1.5M", "$900"], [4_500_000, 150_000_000, 90_000], "USD"),
        (["10 KR", "20 kr", "30 kr."], [1_000, 2_000, 3_000], None),
        (["1E+05", "1.5E+03", "250.75"], [10_000_000, 150_000, 25_075], None),
    ],
)
def test_thousands_millions_and_powers(
    cells: list[str], amounts: list[int], currency: str | None, tmp_path: Path
) -> None:
    with open_exports(save(tmp_path / "deals.csv", deals(Amount=cells * 4))) as pipeline:
        found = pl.read_parquet(pipeline.folder / "deals.parquet").sort("deal_key")
        assert found["amount_minor"].to_list() == amounts * 4
        assert currency is None or found["currency"].unique().to_list() == [currency]
