"""Delimited text: encodings, delimiters, quoting, headers, uneven rows."""

from __future__ import annotations

import pytest

from tests.data.reading.conftest import numbers_of, rows_of

PLAIN = "Navn;Beløb;Ejer\nÆble – “A”;1.234,50 €;Søren\nPære;;Åse\n"
ROWS = [("Æble – “A”", "1.234,50 €", "Søren"), ("Pære", None, "Åse")]


@pytest.mark.parametrize(
    ("codec", "mark", "name"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
        ("utf-16-be", b"\xfe\xff", "utf-16-be"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("cp1252", b"", "cp1252"),
    ],
)
def test_every_encoding_gives_the_same_rows(codec, mark, name, load):
    table = load(mark + PLAIN.encode(codec))
    assert rows_of(table) == ROWS
    assert (table.encoding, table.bom, table.delimiter) == (name, bool(mark), ";")
    assert table.columns == ("Navn", "Beløb", "Ejer")


def test_one_foreign_byte_far_into_a_utf8_file_is_found(load):
    text = "a;b\n" + "é;x\n" * 200_000
    table = load(text.encode() + b"\xe9;y\n" + b"z;z\n" * 200_000)
    assert rows_of(table)[200_000] == ("é", "y")
    assert [n.code for n in table.notices] == ["mixed_encoding"]


def test_one_foreign_byte_far_into_an_ascii_file_makes_it_windows_1252(load):
    table = load(b"a;b\n" + b"e;x\n" * 300_000 + b"\x80;y\n" + b"z;z\n" * 300_000)
    assert rows_of(table)[300_000] == ("€", "y")
    assert table.encoding == "cp1252"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_among_decimal_commas(delimiter, load):
    lines = [["Name", "Amount", "Note"], ['"A, b; c"', '"1.234,50"', "x"], ['"D | e"', '"2,5"', ""]]
    table = load("\n".join(delimiter.join(line) for line in lines).encode())
    assert table.delimiter == delimiter
    assert rows_of(table) == [("A, b; c", "1.234,50", "x"), ("D | e", "2,5", None)]


def test_a_sep_line_names_the_delimiter_and_counts_as_a_row(load):
    table = load(b"sep=|\r\nName|Amount\r\nA|1,5\r\n")
    assert (table.sep_line, table.delimiter, table.header_row, numbers_of(table)) == (True, "|", 2, [3])


def test_quotes_doubled_and_line_breaks_inside_cells(load):
    table = load(b'"a","b ""x"""\r\n"one\r\ntwo","say ""hi"", then"\r\n"q","r"\r\n')
    assert table.columns == ("a", 'b "x"')
    assert rows_of(table) == [("one\r\ntwo", 'say "hi", then'), ("q", "r")]
    assert numbers_of(table) == [2, 3]


def test_vtiger_joins_its_header_with_a_blank_and_doubles_no_quote(load):
    table = load(b'"Naam", "Bedrag", "Stadium"\r\n"Foo "bar" baz","100","Won"\r\n"x "y"","5","New"\r\n')
    assert table.columns == ("Naam", "Bedrag", "Stadium")
    assert rows_of(table) == [('Foo "bar" baz', "100", "Won"), ('x "y"', "5", "New")]


def test_a_stray_quote_is_part_of_its_cell(load):
    table = load(b'Name;Size;Note\nPipe;5" wide;a\nRod;6";b\nTube;"7 ""mm""";c\n')
    assert rows_of(table) == [("Pipe", '5" wide', "a"), ("Rod", '6"', "b"), ("Tube", '7 "mm"', "c")]


def test_an_unnamed_empty_last_column_is_left_off(load):
    assert load(b"a;b;\n1;2;\n3;4;\n").columns == ("a", "b")


def test_a_delimiter_after_every_row_but_not_the_header(load):
    assert rows_of(load(b"a;b;c\n1;2;3;\n4;5;6;\n")) == [("1", "2", "3"), ("4", "5", "6")]


def test_an_unnamed_column_with_a_value_far_down_is_kept(load):
    table = load(b"a;b;\n" + b"1;2;\n" * 30_000 + b"1;2;late\n")
    assert table.columns == ("a", "b", "Column 3")
    assert rows_of(table)[-1] == ("1", "2", "late")


def test_one_column_needs_no_delimiter(load):
    table = load(b"Company\nFoo, Inc\nBar\n\nBaz, LLC\n")
    assert (table.delimiter, table.columns) == (None, ("Company",))
    assert rows_of(table) == [("Foo, Inc",), ("Bar",), ("Baz, LLC",)]


def test_two_columns_of_one_name_are_both_kept(load):
    table = load(b"Name;Name;X\nA;B;C\n")
    assert (table.columns, rows_of(table)) == (("Name", "Name", "X"), [("A", "B", "C")])


def test_short_rows_are_filled_up_and_long_ones_listed(load):
    table = load(b"a;b;c\n1;2;3\n4;5\n6;7;8;9\n6;7;8;;\n")
    assert rows_of(table) == [("1", "2", "3"), ("4", "5", None), ("6", "7", "8")]
    assert [(r.row, r.text) for r in table.rejects] == [(4, "6 | 7 | 8 | 9")]


@pytest.mark.parametrize("end", [b"\r", b"\r\r\n", b"\n", b"\r\n"])
def test_any_line_end(end, load):
    assert rows_of(load(end.join([b"a;b", b"1;2", b"3;4", b""]))) == [("1", "2"), ("3", "4")]


def test_an_unclosed_quote_swallows_nothing(load):
    assert rows_of(load(b'a;b;c\n1;"xy;3\n4;5;6\n')) == [("1", '"xy', "3"), ("4", "5", "6")]


def test_hostile_cells_stay_as_they_are(load):
    cells = ['=HYPERLINK("http://x")', "<script>alert(1)</script>", "שלום", "😀 Won", "NaN", " x ", "\\N"]
    line = ";".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    table = load(f"a;b;c;d;e;f;g\n{line}\n".encode())
    assert rows_of(table) == [tuple(cells)]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_nul_characters_are_left_out_and_counted(load, codec):
    table = load("Na\x00me;Stage\nBo;Qual\x00ifiéd\x00\nAnn;Won\n".encode(codec))
    assert (table.columns, rows_of(table)[0]) == (("Name", "Stage"), ("Bo", "Qualifiéd"))
    assert {n.code: n.count for n in table.notices} == {"nul_characters": 3}


def test_three_thousand_columns(load):
    table = load(";".join(f"Column no {i}" for i in range(3000)).encode() + b"\n" + b"x;" * 2999 + b"y\n")
    assert (len(table.columns), rows_of(table)[0][-1]) == (3000, "y")


def test_a_header_alone_is_a_table_without_rows(load):
    table = load(b"Name;Stage;Amount\n")
    assert (table.columns, table.rows_read, [n.code for n in table.notices]) == (
        ("Name", "Stage", "Amount"),
        0,
        ["no_rows"],
    )


def test_a_file_without_a_header_is_told(load):
    table = load(b"1;2025-01-01;3,5\n2;2025-01-02;4,5\n")
    assert (table.header_row, numbers_of(table)) == (0, [1, 2])
    assert [n.code for n in table.notices] == ["no_header"]


def test_a_stray_byte_in_the_header_behind_a_byte_order_mark(load):
    table = load(b"\xef\xbb\xbfN\xe4me;Stage\nBo;Won\n")
    assert (table.columns, table.encoding, table.bom) == (("Näme", "Stage"), "cp1252", True)
