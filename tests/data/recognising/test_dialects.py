"""Every container and dialect of real exports, from bytes to deals: nothing asked, nothing lost."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from data import Pipeline, open_exports

Save = Callable[..., Pipeline]


@pytest.fixture
def imported(tmp_path: Path) -> Save:
    """Return a function that saves bytes under a name and imports them."""

    def _imported(raw: str | bytes, name: str = "deals.csv", encoding: str = "utf-8") -> Pipeline:
        path = tmp_path / name
        path.write_bytes(raw.encode(encoding) if isinstance(raw, str) else raw)
        return open_exports(path)

    return _imported


def deals(pipeline: Pipeline) -> pl.DataFrame:
    return pl.read_parquet(pipeline.folder / "deals.parquet").sort("deal_key")


def sums(pipeline: Pipeline) -> tuple[int, int, int]:
    """Return won, lost and the hundredths of all amounts."""
    found = pipeline.summary()
    return found["won"], found["lost"], deals(pipeline)["amount_minor"].sum()


def codes(pipeline: Pipeline) -> dict[str, dict[str, object]]:
    return {n.code: dict(n.values) for n in pipeline.meta.notices}


PLAIN = (
    "Deal ID;Fase;Bedrag;Aangemaakt op\nD1;Gewonnen;€ 1.234,50;31-12-2025\nD2;Verloren;€ 99,00;13-01-2026\n"
)
READ = (1, 1, 133_350)


@pytest.mark.parametrize(
    ("raw", "name", "encoding"),
    [
        ("sep=;\n" + PLAIN, "deals.csv", "cp1252"),
        (PLAIN.replace(";", "\t"), "deals.csv", "utf-16"),
        ("\ufeff" + PLAIN.replace(";", "\t"), "deals.csv", "utf-16-be"),
        (PLAIN.replace(";", "|"), "deals.txt", "utf-8-sig"),
        (gzip.compress(PLAIN.encode()), "deals.csv", ""),
        (PLAIN.replace("\n", "\r\n"), "deals.csv", "utf-8"),
    ],
    ids=["sep line, Windows-1252", "UTF-16 and tabs", "UTF-16 BE", "bars and BOM", "gzip", "CRLF"],
)
def test_containers_and_encodings(imported: Save, raw: str | bytes, name: str, encoding: str) -> None:
    with imported(raw, name, encoding) as pipeline:
        assert sums(pipeline) == READ


def test_a_header_joined_with_a_blank_and_quotes_that_are_not_doubled(imported: Save) -> None:
    raw = (
        '"Verkoopkans naam", "Verkoopkans Nr", "Bedrag", "Verkoop stadium"\r\n'
        '"De "Kade" BV - dak","POT1","1234.50","Closed Won"\r\n'
        '"Bakker","POT2","99.00","Closed Lost"\r\n'
    )
    with imported(raw, "Verkoopkansen.csv") as pipeline:
        assert sums(pipeline) == READ
        assert deals(pipeline)["deal_name"].to_list() == ['De "Kade" BV - dak', "Bakker"]


def test_line_breaks_and_doubled_quotes_in_cells(imported: Save) -> None:
    raw = (
        '"Deal ID","Deal Name","Stage","Amount"\n'
        '"D1","Bakker ""De Kade""\r\nNoord","Won","1234.50"\n"D2","b","Lost","99"\n'
    )
    with imported(raw) as pipeline:
        assert sums(pipeline) == READ
        assert deals(pipeline)["deal_name"][0] == 'Bakker "De Kade"\r\nNoord'


def report(grand: float = 1333.5) -> bytes:
    """Return a formatted Salesforce report: banner, header in row 11, groups, subtotals, footer."""
    rows: dict[int, list[object]] = {
        2: [None, "Pipeline by stage"],
        3: [None, "As of 2026-08-13 14:00:09 Central European Summer Time/CEST • Sorted by Close Date"],
        6: [None, "Filtered By"],
        7: [None, "Show: All opportunities"],
        11: [None, "Stage  ↑", "Opportunity ID", "Amount", "Close Date"],
        12: [None, "Closed Lost", "006Fk000L2m69I7III", 99, date(2026, 1, 13)],
        13: [None, "Subtotal", None, 99, None],
        14: [None, "Closed Won", "006Fk000wDdQGnMIQW", 1000, date(2025, 12, 31)],
        15: [None, None, "006Fk000jRNwkJTIQZ", 234.5, date(2025, 12, 30)],
        16: [None, "Subtotal", None, 1234.5, None],
        17: [None, "Grand Total", None, grand, None],
        19: [None, "Confidential Information - Do Not Distribute"],
        20: [None, "Copyright © 2000-2026 salesforce.com, inc. All rights reserved."],
    }
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet("Report")
        for y, row in rows.items():
            page.write_row(y - 1, 0, row)
    return out.getvalue()


def test_a_formatted_report_with_banner_groups_totals_and_footer(imported: Save) -> None:
    with imported(report(), "Pipeline by stage 2026-08-13.xlsx") as pipeline:
        assert sums(pipeline) == (2, 1, 133_350)
        assert pipeline.meta.files[0].total_agrees
        assert pipeline.proposal[0]["header_row"] == 11
        assert deals(pipeline)["stage"].to_list() == ["Closed Lost", "Closed Won", "Closed Won"]


def test_a_total_that_is_not_the_sum_is_told(imported: Save) -> None:
    with imported(report(grand=9999), "Pipeline by stage.xlsx") as pipeline:
        assert pipeline.meta.files[0].total_agrees is False


def test_hidden_columns_of_dynamics(imported: Save) -> None:
    out = io.BytesIO()
    names = ["(Do Not Modify) Opportunity", "(Do Not Modify) Row Checksum", "(Do Not Modify) Modified On",
             "Topic", "Est. Revenue", "Status", "Modified On"]  # fmt: skip
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet("All Opportunities")
        page.set_column(0, 2, 0, None, {"hidden": True})
        page.write_row(0, 0, names)
        page.write_row(
            1, 0, ["3f19711e-9eab-11ee-94cf-f8e7c42e1ca0", "x/=", 46000.5, "A", 1234.5, "Won", 46000.5]
        )
        page.write_row(
            2, 0, ["3f19711e-9eab-11ee-94cf-f8e7c42e1ca1", "y/=", 46001.5, "B", 99, "Lost", 46001.5]
        )
    with imported(out.getvalue(), "All Opportunities.xlsx") as pipeline:
        fields = pipeline.proposal[0]["recipe"]["fields"]
        assert sums(pipeline) == READ
        assert fields["deal_id"] == "(Do Not Modify) Opportunity"
        assert fields["modified_at"] == "Modified On"


def test_a_header_said_twice_uses_the_first_and_says_so(imported: Save) -> None:
    with imported("Deal ID,Stage,Amount,Amount\nD1,Won,1234.50,7\nD2,Lost,99.00,7\n") as pipeline:
        assert sums(pipeline) == READ
        assert "same_name" in codes(pipeline)


def test_apostrophes_that_guard_against_formulas(imported: Save) -> None:
    raw = (
        "Deal ID,Deal Name,Stage,Amount,Created Date\nD1,'=Kade,Won,'1234.50,'2026-01-31\n"
        "D2,'s-Gravenhage,Lost,'+99,'2026-01-13\n"
    )
    with imported(raw) as pipeline:
        assert sums(pipeline) == READ
        assert deals(pipeline)["deal_name"].to_list() == ["=Kade", "'s-Gravenhage"]
        assert deals(pipeline)["created_s"].null_count() == 0


CLOSE = "id,lead_name,status_type,status_label,value,value_period,confidence,date_created,date_won\n"


def test_cents_of_a_system_that_exports_them(imported: Save) -> None:
    raw = (
        CLOSE
        + "oppo_1,A,won,Won,123450,one_time,100,2026-01-02,2026-01-03\n"
        + "oppo_2,B,lost,Lost,9900,one_time,0,2026-01-02,\n"
    )
    with imported(raw) as pipeline:
        assert sums(pipeline) == READ
        assert "amounts_in_cents" in codes(pipeline)


@pytest.mark.parametrize("header", ["Amount (cents)", "amount_in_cents", "Bedrag in centen", "Beløb i øre"])
def test_cents_said_by_the_header(imported: Save, header: str) -> None:
    with imported(f"Deal ID,Stage,{header}\nD1,Won,123450\nD2,Lost,9900\n") as pipeline:
        assert sums(pipeline) == READ


def test_cents_shown_by_the_column_beside(imported: Save) -> None:
    raw = 'Deal ID,Stage,Amount,Shown amount\nD1,Won,123450,"€1,234.50"\nD2,Lost,9900,€99.00\n'
    with imported(raw) as pipeline:
        assert sums(pipeline) == READ


@pytest.mark.parametrize(
    ("header", "currency"),
    [
        ("Amount (k€)", "EUR"),
        ("Deal value ($000s)", "USD"),
        ("Bedrag (x €1.000)", "EUR"),
        ("Bedrag in duizenden", None),
        ("Beløb (tkr.)", None),
        ("Beløb i tusinde DKK", "DKK"),
        ("Betrag in T€", "EUR"),
        ("Betrag (TEUR)", "EUR"),
        ("Belopp (tkr)", None),
        ("Montant en milliers d'euros", "EUR"),
        ("Amount in thousands of dollars", "USD"),
    ],
)
def test_thousands_said_by_the_header(imported: Save, header: str, currency: str | None) -> None:
    with imported(f'Deal ID;Stage;"{header}"\nD1;Won;12,5\nD2;Lost;3\n') as pipeline:
        assert sums(pipeline) == (1, 1, 1_550_000)
        assert codes(pipeline)["scale_in_header"]["factor"] == 1000
        assert currency in (None, pipeline.proposal[0]["recipe"]["currency"])


def test_millions_said_by_the_header(imported: Save) -> None:
    with imported("Deal ID;Stage;Betrag in Mio. EUR\nD1;Won;1,25\nD2;Lost;0,5\n") as pipeline:
        assert sums(pipeline) == (1, 1, 175_000_000)


@pytest.mark.parametrize(
    ("cells", "scale"), [(["0.4", "1.0", "0"], 1), (["40", "100", "0"], 100), (["40 %", "100 %", "0 %"], 100)]
)
def test_probability_to_one_or_to_a_hundred(imported: Save, cells: list[str], scale: int) -> None:
    rows = "".join(
        f"D{i},{s},{c}\n" for i, (s, c) in enumerate(zip(["Proposal", "Won", "Lost"], cells, strict=True))
    )
    with imported("Deal ID,Stage,Probability\n" + rows) as pipeline:
        assert deals(pipeline)["probability"].to_list() == [0.4, 1.0, 0.0]


@pytest.mark.parametrize(
    ("cells", "total"),
    [
        (["€ 1.234,50", "€ 99,00"], 133_350),
        (["1 234,50 kr.", "99,00 kr."], 133_350),
        (["1\u00a0234,50 kr.", "99,00 kr."], 133_350),
        (["1\u202f234,50 €", "99,00 €"], 133_350),
        (["(1,234)", "2,567,801"], 256_656_700),
        (["1.234.567", "12.345"], 124_691_200),
        (["1'234.50", "99.00"], 133_350),
        (["1.234,-", "99,50"], 133_350),
        (["-1234.50", "99.00-"], -133_350),
    ],
)
def test_amounts_as_people_write_them(imported: Save, cells: list[str], total: int) -> None:
    rows = "".join(f"D{i};{s};{c}\n" for i, (s, c) in enumerate(zip(["Won", "Lost"], cells, strict=True)))
    with imported("Deal ID;Fase;Bedrag\n" + rows) as pipeline:
        assert deals(pipeline)["amount_minor"].sum() == total
        assert pipeline.rejects().is_empty()


def test_three_digits_behind_every_dot_are_asked(imported: Save) -> None:
    with imported("Deal ID;Stage;Amount\nD1;Won;12.345\nD2;Lost;8.125\n") as pipeline:
        (asked,) = pipeline.proposal[0]["questions"]
        assert "has three digits behind it" in asked


def days(pipeline: Pipeline) -> list[str]:
    return [str(datetime.fromtimestamp(s, UTC)) for s in deals(pipeline)["created_s"]]


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        (["31-12-2025", "2026-01-13 14:03"], ["2025-12-31 00:00:00+00:00", "2026-01-13 14:03:00+00:00"]),
        (["31-12-2025", "12/30/2025"], ["2025-12-31 00:00:00+00:00", "2025-12-30 00:00:00+00:00"]),
        (["46022", "46035"], ["2025-12-31 00:00:00+00:00", "2026-01-13 00:00:00+00:00"]),
        (["46022.5", "46035.25"], ["2025-12-31 12:00:00+00:00", "2026-01-13 06:00:00+00:00"]),
        (
            ["2025-12-31T23:30:00+01:00", "2026-01-13T00:30:00Z"],
            ["2025-12-31 22:30:00+00:00", "2026-01-13 00:30:00+00:00"],
        ),
        (
            ["2025-12-31 23:30:00 -0500", "2026-01-13 00:30:00 +0000"],
            ["2026-01-01 04:30:00+00:00", "2026-01-13 00:30:00+00:00"],
        ),
        (
            ["2025-12-31 23:30 CET", "2026-01-13 00:30 UTC"],
            ["2025-12-31 22:30:00+00:00", "2026-01-13 00:30:00+00:00"],
        ),
        (["1767225600000", "1768262400000"], ["2026-01-01 00:00:00+00:00", "2026-01-13 00:00:00+00:00"]),
    ],
    ids=[
        "two formats",
        "two orders",
        "Excel days",
        "Excel times",
        "offsets",
        "offsets apart",
        "zones by name",
        "milliseconds",
    ],
)
def test_dates_as_programs_write_them(imported: Save, cells: list[str], read: list[str]) -> None:
    rows = "".join(f"D{i};{s};{c}\n" for i, (s, c) in enumerate(zip(["Won", "Lost"], cells, strict=True)))
    with imported("Deal ID;Stage;Created date\n" + rows) as pipeline:
        assert days(pipeline) == read
        assert pipeline.rejects().is_empty()


def test_a_web_page_saved_as_xls(imported: Save) -> None:
    rows = "".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in line.split(';'))}</tr>" for line in PLAIN.splitlines()
    )
    page = f"<html><head><meta charset='utf-8'></head><body><table>{rows}</table></body></html>"
    with imported(page, "report1763596800000.xls") as pipeline:
        assert sums(pipeline) == READ
        assert pipeline.proposal[0]["container"] == "html"
