"""Decimal sign, thousands sign, scale and currency are decided over all cells."""

from __future__ import annotations

import pytest

from data.recipe import Proposal
from data.recognising import propose
from tests.data.recognising.conftest import Make

STAGES: list[str | None] = ["Won", "Lost", "Proposal", "Won", "Lost", "Proposal"]


def _amounts(
    make: Make, cells: list[str | None], header: str = "Amount", **more: list[str | None]
) -> Proposal:
    n = len(cells)
    return propose(
        [
            make(
                {
                    "Deal ID": [str(100 + i) for i in range(n)],
                    "Stage": [STAGES[i % 6] for i in range(n)],
                    header: cells,
                    **more,
                }
            )
        ]
    )[0]


@pytest.mark.parametrize(
    ("cells", "decimal", "thousands"),
    [
        (["€ 1.234,50", "€ 99,00"], ",", "."),
        (["1 234,50 kr.", "12,00 kr."], ",", " "),
        (["1,234.50", "1,000,000.00"], ".", ","),
        (["(1,234.00)", "12.00"], ".", ","),
        (["1.234.567", "12.345"], ",", "."),
        (["12.345", "8.25"], ".", ""),
        (["0.125", "12.500"], ".", ""),
        (["1'234.50", "12.00"], ".", "'"),
        (["1234", "99"], ".", ""),
    ],
)
def test_signs(make: Make, cells: list[str | None], decimal: str, thousands: str) -> None:
    rule = _amounts(make, cells * 3).recipe.numbers["Amount"]
    assert (rule.decimal, rule.thousands) == (decimal, thousands)


def test_three_digits_behind_every_sign_are_asked(make: Make) -> None:
    found = _amounts(make, ["12.345", "8.125", "100.250"])
    assert "decimal_unknown" in {n.code for n in found.questions}


def test_another_column_settles_the_sign(make: Make) -> None:
    found = _amounts(make, ["12.345", "8.125"], **{"Actual revenue": ["1.234,50", "10,25"]})
    assert found.recipe.numbers["Amount"].thousands == "."
    assert "decimal_unknown" not in {n.code for n in found.questions}


@pytest.mark.parametrize(
    ("cells", "scale"), [(["0.4", "1.0"], 1), (["40", "100"], 100), (["40 %", "0 %"], 100), (["0", "1"], 1)]
)
def test_probability_scale(make: Make, cells: list[str | None], scale: int) -> None:
    found = _amounts(make, ["10", "20"], Probability=cells)
    assert found.recipe.numbers["Probability"].scale == scale


@pytest.mark.parametrize(
    ("header", "cell", "code"),
    [
        ("Amount", "€ 10", "EUR"),
        ("Amount USD", "10", "USD"),
        ("Amount (DKK)", "10", "DKK"),
        ("Amount", "$10", "USD"),
        ("Beløb", "10 kr.", "DKK"),
        ("Bedrag", "10", "EUR"),
        ("Amount", "10", None),
    ],
)
def test_currency(make: Make, header: str, cell: str, code: str | None) -> None:
    names = {"Beløb": ("Sælger", "Kunde", "Kilde"), "Bedrag": ("Verkoper", "Klant", "Bron")}.get(header, ())
    more: dict[str, list[str | None]] = {name: ["A", "B"] for name in names}
    assert _amounts(make, [cell] * 2, header, **more).recipe.currency == code


def test_two_currencies_in_one_column_are_asked(make: Make) -> None:
    found = _amounts(make, ["€ 10", "€ 12", "$ 11"])
    notice = next(n for n in found.questions if n.code == "currencies_in_cells")
    assert (notice.count, notice.values["currencies"]) == (1, "EUR, USD")


def test_currency_words(make: Make) -> None:
    found = _amounts(make, ["10", "12"], Currency=["Euro", "Danish Krone"])
    assert found.recipe.currency_words == {"Euro": "EUR", "Danish Krone": "DKK"}
