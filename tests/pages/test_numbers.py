"""Numbers, money and dates as a Dutch, a Danish and an English reader write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from babel.core import Locale

from pages.shared import numbers
from pages.shared import words as words_

NB = "\xa0"


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def choose(code: str) -> None:
        monkeypatch.setattr(numbers, "locale", lambda: Locale.parse(code))
        monkeypatch.setattr(words_, "language", lambda: code[:2])

    return choose


@pytest.mark.parametrize(
    ("code", "few", "many"),
    [("en_GB", "36%", "35.7%"), ("nl_NL", "36%", "35,7%"), ("da_DK", f"36{NB}%", f"35,7{NB}%")],
)
def test_a_rate_has_a_decimal_only_from_a_hundred_deals(reading, code: str, few: str, many: str) -> None:
    reading(code)
    assert (numbers.rate(0.3567, 99), numbers.rate(0.3567, 100)) == (few, many)


@pytest.mark.parametrize(
    ("code", "large", "small"),
    [
        ("en_GB", "€1,234,568", "€999.50"),
        ("nl_NL", f"€{NB}1.234.568", f"€{NB}999,50"),
        ("da_DK", f"1.234.568{NB}€", f"999,50{NB}€"),
    ],
)
def test_money_has_no_cents_from_a_thousand_up(reading, code: str, large: str, small: str) -> None:
    reading(code)
    assert (numbers.money(123456789, "EUR"), numbers.money(99950, "EUR")) == (large, small)


def test_money_without_a_currency_is_a_plain_number(reading) -> None:
    reading("nl_NL")
    assert numbers.money(123456700) == "1.234.567"


@pytest.mark.parametrize(
    "write",
    [
        numbers.rate,
        numbers.points,
        numbers.money,
        numbers.count,
        numbers.days,
        numbers.day,
        numbers.month,
        numbers.money_short,
    ],
)
def test_what_is_not_available_is_a_dash(reading, write: Callable[[None], str]) -> None:
    reading("en_GB")
    assert write(None) == "–"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_nan_and_infinity_never_reach_the_screen(reading, value: float) -> None:
    reading("en_GB")
    assert (numbers.rate(value, 500), numbers.points(value), numbers.number(value)) == ("–", "–", "–")


def test_points_count_in_hundredths_and_say_their_direction(reading) -> None:
    reading("en_GB")
    assert numbers.points(0.09) == "9 points"
    assert numbers.points(0.01) == "1 point"
    assert numbers.points(-0.091, 200, signed=True) == "−9.1 points"
    assert numbers.points(0.09, signed=True) == "+9 points"


def test_dates_are_written_in_the_readers_order(reading) -> None:
    reading("da_DK")
    assert numbers.day(date(2025, 3, 4)) == f"4.{NB}mar. 2025"  # "4. mar." would open a numbered list


@pytest.mark.parametrize(
    ("code", "decimal", "percent", "january"),
    [("en_GB", ".", "%", "January"), ("nl_NL", ",", "%", "januari"), ("da_DK", ",", f"{NB}%", "januar")],
)
def test_charts_get_the_readers_separators_and_months(
    reading, code: str, decimal: str, percent: str, january: str
) -> None:
    reading(code)
    words = numbers.altair_locale().to_dict()
    assert words["number"]["decimal"] == decimal
    assert words["number"]["percent"] == percent
    assert words["time"]["months"][0] == january


def test_a_chart_week_begins_on_sunday(reading) -> None:
    reading("nl_NL")
    assert numbers.altair_locale().to_dict()["time"]["days"][0] == "zondag"


@pytest.mark.parametrize(
    ("start", "end", "said", "name"),
    [
        (date(2017, 5, 1), date(2017, 5, 31), "in May 2017", "May 2017"),
        (date(2024, 2, 1), date(2024, 2, 29), "in February 2024", "February 2024"),
        (date(2024, 2, 1), date(2024, 2, 28), "from 1 Feb to 28 Feb 2024", "1 Feb 2024 – 28 Feb 2024"),
        (date(2017, 1, 1), date(2017, 12, 31), "in 2017", "1 Jan 2017 – 31 Dec 2017"),
        (date(2016, 7, 1), date(2017, 6, 30), "from 1 Jul 2016 to 30 Jun 2017", "1 Jul 2016 – 30 Jun 2017"),
        (date(2017, 5, 4), date(2017, 5, 4), "on 4 May 2017", "4 May 2017 – 4 May 2017"),
        (None, date(2017, 5, 4), "until 4 May 2017", "– – 4 May 2017"),
        (date(2017, 5, 4), None, "from 4 May 2017 on", "4 May 2017 – –"),
        (None, None, "at any time", "– – –"),
    ],
)
def test_a_period_reads_as_a_part_of_a_sentence(
    reading, start: date | None, end: date | None, said: str, name: str
) -> None:
    reading("en_GB")
    assert numbers.within(start, end) == said
    assert numbers.dates(start, end) == name


@pytest.mark.parametrize(
    ("code", "month", "days"),
    [
        ("nl_NL", "in mei 2017", "van 1 mei tot en met 15 jun 2017"),
        ("da_DK", "i maj 2017", f"fra 1.{NB}maj til 15.{NB}jun. 2017"),
    ],
)
def test_a_period_reads_so_in_the_other_languages(reading, code: str, month: str, days: str) -> None:
    reading(code)
    assert numbers.within(date(2017, 5, 1), date(2017, 5, 31)) == month
    assert numbers.within(date(2017, 5, 1), date(2017, 6, 15)) == days
