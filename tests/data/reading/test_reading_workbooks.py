"""Excel workbooks: formatted reports, groups, several sheets, hidden ones, bombs."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import xlsxwriter

from tests.data.reading.conftest import numbers_of, rows_of


def workbook(**sheets):
    """Return the bytes of a workbook; each sheet is a function that fills it."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    for name, fill in sheets.items():
        fill(book, book.add_worksheet(name))
    book.close()
    return target.getvalue()


def report(_, sheet):
    """Fill a sheet as a formatted Salesforce report is: header in row 11, column A empty, groups."""
    sheet.write(1, 1, "Deals by owner")
    sheet.write(2, 1, "As of 2026-08-13 14:00:09 Pacific Standard Time/PST")
    sheet.write_row(10, 1, ["Owner  ↑", "Deal", "Stage", "Amount"])
    sheet.write_row(11, 1, ["Ann", "A", "New", 100])
    sheet.write_row(12, 2, ["B", "Won", 50.5])
    sheet.write_row(13, 1, ["Subtotal", "Sum", "", 150.5])
    sheet.write_row(14, 1, ["Bob", "C", "New", 7])
    sheet.write_row(15, 1, ["Grand Total", "", "", 157.5])


def test_a_formatted_report_is_a_table(load):
    table = load(workbook(Report=report), "report.csv")
    assert (table.container, table.sheet, table.header_row) == ("xlsx", "Report", 11)
    assert table.columns == ("Owner  ↑", "Deal", "Stage", "Amount")
    assert rows_of(table) == [
        ("Ann", "A", "New", "100"),
        ("Ann", "B", "Won", "50.5"),
        ("Bob", "C", "New", "7"),
    ]
    assert [(j.row, j.reason) for j in table.junk] == [(14, "subtotal"), (16, "total")]
    assert numbers_of(table) == [12, 13, 15]


def test_dates_flags_and_long_numbers_keep_their_text(load):
    def fill(book, sheet):
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        sheet.write_row(0, 0, ["Deal", "Closed", "Won", "Id", "Rate"])
        sheet.write(1, 0, "A")
        sheet.write_datetime(1, 1, datetime(2026, 1, 5, 14, 30), day)
        sheet.write_boolean(1, 2, True)
        sheet.write_row(1, 3, [123456789012345, 0.25])

    assert rows_of(load(workbook(S=fill))) == [
        ("A", "2026-01-05 14:30:00", "true", "123456789012345", "0.25")
    ]


def test_every_visible_sheet_is_a_table_and_hidden_things_are_named(load_all):
    def deals(_, sheet):
        sheet.write_row(0, 1, ["Deal", "Secret", "Amount"])
        sheet.write_row(1, 1, ["A", "x", 1])
        sheet.set_column(2, 2, None, None, {"hidden": True})

    def hidden(_, sheet):
        sheet.write_row(0, 0, ["a", "b"])
        sheet.hide()

    tables = load_all(workbook(Deals=deals, Lookup=hidden, Empty=lambda b, s: None, More=deals))
    assert [t.sheet for t in tables] == ["Deals", "More"]
    assert tables[0].hidden == ("Secret", "Lookup")
    assert tables[0].path != tables[1].path


def test_error_cells_are_counted(load):
    def fill(_, sheet):
        sheet.write_row(0, 0, ["Deal", "Amount"])
        sheet.write(1, 0, "A")
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")

    table = load(workbook(S=fill))
    assert [(n.code, n.count) for n in table.notices] == [("cell_errors", 1)]


def test_a_workbook_with_nothing_to_show_is_refused(refused):
    assert refused(workbook(Empty=lambda b, s: None)).values["code"] == "empty"


def test_a_workbook_that_unpacks_without_end_is_refused(refused):
    target = io.BytesIO(workbook(Report=report))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/big.xml", bytes(80 << 20))
    assert refused(target.getvalue()).values["code"] == "bomb"


def test_a_part_that_lies_about_its_size_is_refused(refused):
    target = io.BytesIO(workbook(Report=report))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/big.xml", bytes(123_456_789))
    lied = target.getvalue().replace((123_456_789).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert refused(lied).values["code"] == "bomb"


def test_a_damaged_workbook_is_refused(refused):
    content = workbook(Report=report)
    assert refused(content[:-200]).values["code"] == "damaged"


def test_a_workbook_with_an_entity_bomb_expands_nothing(refused):
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "'
        + b"x" * 1000
        + b'"><!ENTITY b "'
        + b"&a;" * 1000
        + b'">]><workbook><sheets><sheet name="&b;"/></sheets></workbook>'
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", bomb)
        book.writestr("xl/_rels/workbook.xml.rels", b"<Relationships/>")
    assert refused(target.getvalue()).values["code"] in {"damaged", "empty"}
