"""The files look, to the byte, like what a CRM exports and what Excel saves in Dutch or Danish."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from data.sample import Sample, generate, sample_files, write_csv
from data.sample.__main__ import main
from data.sample.wording import HEADERS, VALUES


@pytest.fixture(scope="module")
def dutch(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dutch")
    write_csv(sample, folder, "dutch_excel")
    return folder


def rows(path: Path, encoding: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding).splitlines(), delimiter=delimiter))


def test_dutch_excel_is_windows_1252_with_semicolons_and_crlf(dutch: Path) -> None:
    raw = (dutch / "verkoopkansen.csv").read_bytes()
    first = raw.split(b"\r\n")[0].decode("cp1252").split(";")
    assert first[:5] == ["Kans-ID", "Verkoopkans naam", "Klantnaam", "Status", "Fase"]
    assert raw.count(b"\r\n") == raw.count(b"\n") == 6000 + 2
    assert "Sofie Kjærbæk".encode("cp1252") in raw
    assert b"\x80 " in raw  # the euro sign, which only Windows-1252 has at this byte


def test_dutch_amounts_have_a_decimal_comma_and_dates_start_with_the_day(dutch: Path, sample: Sample) -> None:
    head, first = rows(dutch / "verkoopkansen.csv", "cp1252", ";")[:2]
    cell = dict(zip(head, first, strict=True))
    value = sample.deals["amount"][0]
    assert cell["Bedrag"] == f"€ {value:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
    assert cell["Aangemaakt op"] == sample.deals["created_at"][0].strftime("%d-%m-%Y %H:%M")
    assert cell["Status"] in ("Open", "Gewonnen", "Verloren", "Gediskwalificeerd")


def test_dutch_file_ends_in_a_total_that_agrees(dutch: Path, sample: Sample) -> None:
    *_, last = rows(dutch / "verkoopkansen.csv", "cp1252", ";")
    filled = [cell for cell in last if cell]
    assert filled[0] == last[0] == "Totaal"
    assert len(filled) == 2
    number = float(filled[1].removeprefix("€ ").replace(".", "").replace(",", "."))
    assert number == pytest.approx(sample.deals["amount"].sum(), abs=0.005)


def test_three_amounts_are_words(dutch: Path, sample: Sample) -> None:
    table = rows(dutch / "verkoopkansen.csv", "cp1252", ";")
    vague = [row[0] for row in table if row[table[0].index("Bedrag")] == "n.t.b."]
    assert vague == list(sample.unreadable)
    assert len(vague) == 3


def test_plain_is_utf_8_with_commas_and_iso_dates(sample: Sample, tmp_path: Path) -> None:
    paths = {path.name: path for path in write_csv(sample, tmp_path)}
    frame = pl.read_csv(paths["opportunities.csv"], infer_schema=False)
    assert frame.columns == [HEADERS[name][0] for name in sample.deals.columns]
    created = frame["Created Date"].str.to_datetime("%Y-%m-%d %H:%M")
    assert created.equals(sample.deals["created_at"].rename("Created Date"))
    assert frame["Amount"].cast(pl.Float64, strict=False).sum() == pytest.approx(sample.deals["amount"].sum())
    assert b"\r" not in paths["opportunities.csv"].read_bytes()


def test_truths_lie_beside_the_files(dutch: Path, sample: Sample) -> None:
    told = json.loads((dutch / "truths.json").read_text("utf-8"))
    assert [leak["value"] for leak in told["leaks"]] == ["Partner", "Construction", "Heat pumps"]
    assert told["as_of"] == "2026-10-31"
    assert told["seed"] == sample.truths.seed


def test_every_table_and_snapshot_is_written(dutch: Path) -> None:
    assert len(list(dutch.glob("*.csv"))) == 8
    assert len(list((dutch / "snapshots").glob("*_20??-??-??.csv"))) == 12


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["opportunities.csv", "stage_history.csv"]),
        ("nl", ["verkoopkansen.csv", "fasehistorie.csv"]),
        ("da", ["salgsmuligheder.csv", "fasehistorik.csv"]),
        ("fr", ["opportunities.csv", "stage_history.csv"]),
    ],
)
def test_the_one_click_sample_is_deals_and_history(language: str, names: list[str], tmp_path: Path) -> None:
    paths = sample_files(tmp_path, language)
    assert [path.name for path in paths] == names
    assert all(path.stat().st_size > 100_000 for path in paths)


def words(frame: pl.DataFrame) -> Iterator[str]:
    for name in (
        "status",
        "stage",
        "team",
        "deal_type",
        "product",
        "industry",
        "company_size",
        "country",
        "customer_type",
        "lost_reason",
    ):
        yield from frame[name].drop_nulls().unique()


def test_every_value_has_a_dutch_and_a_danish_word(sample: Sample) -> None:
    assert set(words(sample.deals)) <= set(VALUES)
    for column in ("type", "direction", "outcome", "decision_maker"):
        assert set(sample.activities[column].unique()) <= set(VALUES), column


def test_translations_keep_different_values_apart(sample: Sample) -> None:
    for name in (
        "status",
        "stage",
        "source",
        "team",
        "product",
        "industry",
        "company_size",
        "country",
        "lost_reason",
    ):
        values = sample.deals[name].drop_nulls().unique().to_list()
        for k in (0, 1):
            assert len({VALUES.get(v, (v, v))[k] for v in values}) == len(values), name


def test_command_line_writes_the_same_bytes_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        assert main([str(tmp_path / name), "--seed", "5", "--leads", "300", "--style", "danish_excel"]) == 0
    assert "salgsmuligheder.csv" in capsys.readouterr().out
    first = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file())
    assert len(first) == 21
    assert all((tmp_path / "a" / p).read_bytes() == (tmp_path / "b" / p).read_bytes() for p in first)


def test_small_samples_work_too() -> None:
    small = generate(1, leads=120)
    assert small.deals.height == 120
    assert small.stage_entries.height > 120
