"""What the bytes are decides, not the name; what holds no table is refused with a sentence."""

from __future__ import annotations

import gzip
import io
import zipfile

import polars as pl
import pytest

from tests.data.reading.conftest import rows_of

CSV = b"Name;Stage;Amount\nA;New;100\nB;Won;50\n"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n  \r\n", "empty"),
        (b"%PDF-1.7\n...", "kind"),
        (b"\x89PNG\r\n\x1a\n....", "kind"),
        (b"\xff\xd8\xff\xe0....", "kind"),
        (b'[{"deal": 1}]', "kind"),
        (b'<?xml version="1.0"?><Workbook/>', "kind"),
        (bytes(range(256)) * 8, "binary"),
        (b"PAR1 cut off", "damaged"),
        (gzip.compress(CSV)[:20], "damaged"),
        (gzip.compress(CSV)[:-6] + b"??????", "damaged"),
        (gzip.compress(b"%PDF-1.7"), "kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_xls"),
        (b"\xd0\xcf\x11\xe0" + bytes(80) + "EncryptedPackage".encode("utf-16-le"), "protected"),
        (b"PK\x03\x04 cut off", "damaged"),
        (b"PK\x05\x06" + bytes(18), "zip"),
        (b"<html><body><p>Log in first</p></body></html>", "no_table"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_what_holds_no_table_is_refused(content, code, refused):
    error = refused(content, "export.csv")
    assert error.values["code"] == code
    assert error.hint


def test_gzip_is_unpacked_whatever_its_name(load):
    table = load(gzip.compress(CSV), "deals.xls")
    assert (table.container, len(rows_of(table))) == ("csv.gz", 2)


def test_a_gzip_bomb_is_refused(refused):
    assert refused(gzip.compress(b"a;b\n" + b"0" * (80 << 20))).values["code"] == "bomb"


def test_parquet_becomes_text(load):
    frame = pl.DataFrame(
        {
            "Id": [1, 2],
            "Amount": [12.0, float("nan")],
            "Day": pl.Series(["2025-01-31", None]).str.to_date(),
            "At": pl.Series(["2025-01-31 14:30:00", None]).str.to_datetime(),
            "Won": [True, None],
            "Note": ["x", ""],
            "Tags": [["a"], []],
            "None": pl.Series([None, None], dtype=pl.Null),
        }
    )
    target = io.BytesIO()
    frame.write_parquet(target)
    table = load(target.getvalue(), "deals.csv")
    assert (table.container, table.header_row, table.columns[:2]) == ("parquet", 0, ("Id", "Amount"))
    assert rows_of(table)[0][:6] == ("1", "12", "2025-01-31", "2025-01-31 14:30:00", "true", "x")
    assert rows_of(table)[1][:6] == ("2", None, None, None, None, None)


def test_a_truncated_parquet_is_refused(refused):
    target = io.BytesIO()
    pl.DataFrame({"a": list(range(5000))}).write_parquet(target)
    assert refused(target.getvalue()[:-500]).values["code"] == "damaged"
    assert refused(target.getvalue()[:500] + target.getvalue()[900:]).values["code"] == "damaged"


def test_a_web_page_saved_as_xls(load):
    page = (
        '<html><head><meta charset="utf-8"></head><table>'
        "<tr><th>Deal</th><th>Owner</th><th>Amount</th></tr>"
        "<tr><td>Café &amp; Co</td><td>Søren<br>Juhl</td><td>1.234,50</td></tr>"
        "<tr><td colspan=2>Total</td><td>1.234,50</td></tr></table></html>"
    )
    table = load(page.encode(), "report.xls")
    assert (table.container, table.columns) == ("html", ("Deal", "Owner", "Amount"))
    assert rows_of(table) == [("Café & Co", "Søren\nJuhl", "1.234,50")]
    assert table.junk[0].cells["Amount"] == "1.234,50"


def test_a_zip_of_something_else_is_refused(refused):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("Opportunity.csv", CSV)
    assert refused(target.getvalue()).values["code"] == "zip"
