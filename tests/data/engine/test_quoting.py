"""Names and values reach the engine as themselves, whatever they hold."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.engine import literal, quote

NASTY = [
    'a"b; DROP TABLE deals',
    "a'b",
    "\\",
    "\\' OR 1=1 --",
    "line\nbreak",
    "$1 :p ? %s {{x}}",
    "🦊 naïve",
    "select",
    "/* c */",
    "--",
    " ",
    "",
]
CON = duckdb.connect()


@pytest.mark.parametrize("text", NASTY)
def test_a_nasty_literal_reads_back_as_itself(text: str) -> None:
    assert CON.sql(f"SELECT {literal(text)}").fetchall() == [(text,)]


@pytest.mark.parametrize("text", [t for t in NASTY if t])
def test_a_nasty_name_names_its_column(text: str) -> None:
    assert CON.sql(f"SELECT 1 AS {quote(text)}").columns == [text]


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_any_text_reads_back_as_itself(text: str) -> None:
    assert CON.sql(f"SELECT {literal(text)}").fetchall() == [(text,)]


@pytest.mark.parametrize("value", [None, True, False, 0, -5, 2**62, 1.5, date(2025, 2, 28)])
def test_other_values_read_back_as_themselves(value: object) -> None:
    assert CON.sql(f"SELECT {literal(value)}").fetchall() == [(value,)]  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["a\0b", float("nan"), float("inf")])
def test_what_has_no_literal_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="literal"):
        literal(value)  # type: ignore[arg-type]


def test_a_name_with_nul_is_refused() -> None:
    with pytest.raises(ValueError, match="identifier"):
        quote("a\0b")
