"""Titles above the header, totals and footers below the data, lines that only group."""

from __future__ import annotations

import pytest

from tests.data.reading.conftest import numbers_of, rows_of

HEADER = "Deal;Owner;Stage;Amount\n"
DATA = "A;Ann;New;100\nB;Bob;Won;50\n"


def test_a_banner_above_the_header_is_skipped(load):
    table = load(f"Open deals;;;\nAs of 2025-01-01;;;\n;;;\n{HEADER}{DATA}".encode())
    assert (table.header_row, table.columns[0], numbers_of(table)) == (4, "Deal", [5, 6])


@pytest.mark.parametrize(
    "word",
    [
        "Total",
        "Grand Totals (2 records)",
        "Totaal",
        "Eindtotaal:",
        "I alt",
        "Sum",
        "Gesamtsumme",
        "Summe",
        "Totalt",
        "Summa",
        "Total général",
        "Totaux",
    ],
)
def test_a_total_in_seven_languages_is_kept_as_a_checksum(word, load):
    table = load(f"{HEADER}{DATA}{word};;;150,00 kr.\n".encode())
    assert [(j.row, j.reason, dict(j.cells)) for j in table.junk] == [
        (4, "total", {"Deal": word, "Amount": "150,00 kr."})
    ]
    assert table.junk[0].text == f"{word} | 150,00 kr."


@pytest.mark.parametrize(
    "word",
    [
        "Subtotal",
        "Subtotaal",
        "Zwischensumme",
        "Delsum",
        "Delsumma",
        "Sous-total",
        "Count",
    ],
)
def test_a_subtotal_between_rows(word, load):
    table = load(f"{HEADER}A;Ann;New;100\n{word};;Sum;100\nB;Bob;Won;50\n".encode())
    assert [(j.row, j.reason) for j in table.junk] == [(3, "subtotal")]
    assert numbers_of(table) == [2, 4]


def test_a_deal_named_total_is_a_deal(load):
    table = load(f"{HEADER}Total;Ann;New;100\nTotal Energies - Add-on;Bob;Won;50\nSum;Ann;Won;\n".encode())
    assert len(rows_of(table)) == 3


def test_a_total_without_a_label(load):
    table = load(f"{HEADER}{DATA};;;150\n".encode())
    assert [(j.row, j.reason, dict(j.cells)) for j in table.junk] == [(4, "total", {"Amount": "150"})]


def test_lines_after_an_empty_line_at_the_end_are_a_footer(load):
    table = load(f"{HEADER}{DATA}\n\nHit rate 2025\nHalfmoon Systems\n".encode())
    assert [j.reason for j in table.junk] == ["empty line", "empty line", "footer", "footer"]


def test_a_short_last_row_is_a_row_when_nothing_says_otherwise(load):
    assert rows_of(load(f"{HEADER}{DATA}C\n".encode()))[-1] == ("C", None, None, None)


def test_an_empty_line_between_rows_is_counted(load):
    table = load(f"{HEADER}A;Ann;New;100\n\n;;;\nB;Bob;Won;50\n".encode())
    assert ([j.row for j in table.junk], numbers_of(table)) == ([3, 4], [2, 5])


def test_a_footer_sentence_with_commas_is_no_reject(load):
    table = load(f"{HEADER}{DATA}Confidential; do not share; copy; print; or lose\n".encode())
    assert ([j.reason for j in table.junk], table.rejects) == (["footer"], ())


def test_a_header_said_twice_is_dropped(load):
    table = load(f"{HEADER}{DATA}{HEADER}{DATA}".encode())
    assert [(j.row, j.reason) for j in table.junk] == [(4, "banner")]


def test_a_line_that_counts_a_group(load):
    table = load(f"{HEADER}Owner: Ann (1 record);;;\nA;Ann;New;100\n".encode())
    assert [(j.row, j.reason) for j in table.junk] == [(2, "group")]


def test_a_table_of_two_columns_has_a_total_too(load):
    table = load(b"Source;Spend\nWeb;100\nFair;50\nTotal;150\n")
    assert [j.text for j in table.junk] == ["Total | 150"]
