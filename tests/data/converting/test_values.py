"""Reading one cell: dates, numbers and money, exactly or not at all."""

from __future__ import annotations

import duckdb
import pytest

from data.converting import values
from data.engine.quoting import literal
from data.recipe import DateRule, NumberRule


def evaluate(sql: str) -> object:
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'").complete()
        return con.execute(f"SELECT {sql}").fetchall()[0][0]


def minor(cell: str, rule: NumberRule) -> object:
    return evaluate(values.minor(literal(cell), rule))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1.234,50", 123450),
        ("€ 1.234,50", 123450),
        ("1.234,50 kr.", 123450),
        ("EUR 1.234,50", 123450),
        ("1\u00a0234,50", 123450),
        ("1\u202f234,50 €", 123450),
        ("(1.234,50)", -123450),
        ("-5", -500),
        ("5-", -500),
        ("€ 100,-", 10000),
        ("kr. 85.000,00", 8500000),
        ("'12,5", 1250),
        ("0", 0),
        ("1.234.567", 123456700),
        ("−7,25", -725),
        ("12 34", None),
        ("12k", None),
        ("abc", None),
        ("1,2,3", None),
        ("(5", None),
        ("10 mio", None),
        ("", None),
    ],
)
def test_money_with_a_decimal_comma(cell: str, expected: int | None) -> None:
    assert minor(cell, NumberRule(decimal=",", thousands=".")) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1234.5", 123450),
        ("1,234.50", 123450),
        ("$1,234.50", 123450),
        ("USD 1,234.50", 123450),
        ("1'234.50", 123450),
        ("12,34,567.00", 123456700),
        ("1e3", 100000),
        ("(12.34)", -1234),
        ("-$5", -500),
        ("1.234,50", None),
        ("#REF!", None),
        ("0.30000000000000004", 30),
        ("1.005", 101),
        ("-1.005", -101),
        ("9007199254740993.01", None),
    ],
)
def test_money_with_a_decimal_point(cell: str, expected: int | None) -> None:
    assert minor(cell, NumberRule(decimal=".", thousands=",")) == expected


def test_cents_are_exact_where_floats_are_not() -> None:
    assert minor("4503599627370.49", NumberRule()) == 450359962737049
    assert minor("1.1", NumberRule()) == 110


def test_a_dot_is_never_a_thousands_mark_unless_the_rule_says_so() -> None:
    assert minor("1.234", NumberRule(decimal=",")) is None


def test_scaled_amounts_cents_and_micros() -> None:
    assert minor("123456", NumberRule(scale=100)) == 123456
    assert minor("1234560000", NumberRule(scale=1_000_000)) == 123456


@pytest.mark.parametrize(
    ("cell", "scale", "expected"),
    [
        ("40", 100, 0.4),
        ("40 %", 100, 0.4),
        ("0,4", 1, 0.4),
        ("100", 100, 1.0),
        ("101", 100, None),
        ("-1", 100, None),
    ],
)
def test_probability(cell: str, scale: int, expected: float | None) -> None:
    assert evaluate(values.share(literal(cell), NumberRule(decimal=",", scale=scale))) == expected


@pytest.mark.parametrize(
    ("cell", "pattern", "expected"),
    [
        ("31-12-2025", "%d-%m-%Y", 1767139200),
        ("5/3/2026", "%m/%d/%Y", 1777766400),
        ("5/30/2026 1:07\u202fPM", "%m/%d/%Y %I:%M %p", 1780146420),
        ("46022", "excel", 1767139200),
        ("46022.5", "excel", 1767182400),
        ("1767139200000", "epoch_ms", 1767139200),
        ("1767139200", "epoch_s", 1767139200),
        ("2025-12-31T01:00:00+02:00", "%Y-%m-%dT%H:%M:%S%z", 1767135600),
        ("2025-12-31T01:00:00Z", "%Y-%m-%dT%H:%M:%S%z", 1767142800),
        ("9999-12-31", "%Y-%m-%d", None),
        ("1899-12-30", "%Y-%m-%d", None),
        ("32-12-2025", "%d-%m-%Y", None),
        ("12/31/2025", "%d-%m-%Y", None),
    ],
)
def test_dates(cell: str, pattern: str, expected: int | None) -> None:
    assert evaluate(values.seconds(literal(cell), DateRule(formats=[pattern]))) == expected


def test_several_formats_in_one_column() -> None:
    rule = DateRule(formats=["%d-%m-%Y", "%d-%m-%Y %H:%M"])
    found = [evaluate(values.seconds(literal(c), rule)) for c in ("31-12-2025", "31-12-2025 06:00")]
    assert found == [1767139200, 1767160800]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (" Web ", "Web"),
        ("\tWeb\n", "Web"),
        ("\u00a0Web", "Web"),
        ("  ", None),
        ("'+31 20", "+31 20"),
        ("'=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("'s-Gravenhage", "'s-Gravenhage"),
    ],
)
def test_text(cell: str, expected: str | None) -> None:
    assert evaluate(values.text(literal(cell))) == expected


def test_words_for_nothing_are_nothing_in_numbers_but_may_be_values_of_a_dimension() -> None:
    assert evaluate(values.is_filled(literal("n/a"))) is False
    assert evaluate(values.word(literal("None"))) == "None"
    assert evaluate(values.word(literal("#N/A"))) is None
