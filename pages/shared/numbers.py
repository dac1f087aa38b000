"""Numbers, money and dates as the reader writes them. *Not available* is a dash, never 0 or nan."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from decimal import Decimal

import altair as alt
from babel.dates import format_date, format_skeleton, get_day_names, get_month_names
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_symbol,
)

from data.errors import N_
from pages.shared.words import locale, ngettext, t

NOT_AVAILABLE = "–"
Number = int | float | Decimal
_FEW = 100  # below this many deals a rate has no decimals: one deal moves it by a whole point
_NO_CENTS = 1_000


def _missing(value: Number | None) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def rate(value: Number | None, n: int | None = None) -> str:
    """Return a share (0..1) as a percentage; one decimal from 100 deals on, none below."""
    if value is None or _missing(value):
        return NOT_AVAILABLE
    pattern = "#,##0.0%" if (n or 0) >= _FEW else "#,##0%"
    return str(format_percent(value, format=_percent(pattern), locale=locale()))


def _percent(pattern: str) -> str:
    """Return the pattern with the space before the sign that this locale uses ("8 %" in Danish)."""
    own = locale().percent_formats[None].pattern
    return pattern.replace("%", own[own.index("%") - 1] + "%") if not own[-2].isalnum() else pattern


def number(value: Number | None, decimals: int = 0) -> str:
    """Return a plain number with thousands separators."""
    if value is None or _missing(value):
        return NOT_AVAILABLE
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, format=pattern, locale=locale()))


def count(value: int | None) -> str:
    """Return a number of things."""
    return number(value)


def points(value: Number | None, n: int | None = None, signed: bool = False) -> str:
    """Return a difference between two shares (0.09) in percentage points ("9 points")."""
    if value is None or _missing(value):
        return NOT_AVAILABLE
    size = float(value) * 100
    text = number(abs(size), 1 if (n or 0) >= _FEW else 0)
    sign = ("−" if size < 0 else "+") if signed and text.strip("0.,") else ("−" if size < 0 else "")
    one = text == "1"
    return ngettext("{number} point", "{number} points", 1 if one else 2).format(number=sign + text)


def money(minor: Number | None, currency: str | None = None) -> str:
    """Return an amount given in hundredths; no cents from 1 000 up, no sign without a currency."""
    if minor is None or _missing(minor):
        return NOT_AVAILABLE
    return money_major(Decimal(str(minor)) / 100, currency)


def money_major(value: Number | None, currency: str | None = None) -> str:
    """Return an amount given in whole units of the currency."""
    if value is None or _missing(value):
        return NOT_AVAILABLE
    exact = Decimal(str(value))
    whole = abs(exact) >= _NO_CENTS or exact == int(exact)
    if not currency:
        return number(value, 0 if whole else 2)
    pattern = locale().currency_formats["standard"].pattern
    if whole:
        pattern = pattern.replace(".00", "")
    if get_currency_symbol(currency, locale=locale())[-1].isalpha():
        pattern = pattern.replace("¤#", "¤\xa0#")  # "DKK 120", not "DKK120"
    return str(format_currency(value, currency, format=pattern, locale=locale(), currency_digits=False))


def money_short(minor: Number | None, currency: str | None = None) -> str:
    """Return an amount given in hundredths in few characters ("€ 1.2M"), for axes and cards."""
    if minor is None or _missing(minor):
        return NOT_AVAILABLE
    value = float(minor) / 100
    digits = 0 if abs(value) < 1e6 else 1
    if currency:
        return str(format_compact_currency(value, currency, locale=locale(), fraction_digits=digits))
    return str(format_compact_decimal(value, locale=locale(), fraction_digits=digits))


def short(value: float) -> str:
    """Return a plain number in few characters ("1.5M"), for an axis."""
    digits = 0 if value == int(value) and value < 1000 else 1
    return str(format_compact_decimal(value, locale=locale(), fraction_digits=digits))


def day(value: date | datetime | None) -> str:
    """Return a date ("21 Nov 2025"). "1. jun." at the start of a paragraph would be read as a list."""
    if value is None:
        return NOT_AVAILABLE
    return str(format_date(value, format="medium", locale=locale())).replace(". ", ".\xa0", 1)


def month(value: date | None) -> str:
    """Return a month ("Nov 2025")."""
    return NOT_AVAILABLE if value is None else format_date(value, format="LLL y", locale=locale())


def _months(start: date, end: date) -> int:
    """Return how many whole months a period is; 0 where it begins or ends within one."""
    after = end + timedelta(days=1)
    whole = start.day == 1 == after.day
    return (after.year - start.year) * 12 + after.month - start.month if whole else 0


def dates(start: date | None, end: date | None) -> str:
    """Return a period as a name: "May 2017", or its first and last day."""
    if start and end and _months(start, end) == 1:
        return str(format_date(start, format="MMMM y", locale=locale()))
    return span(day(start), day(end))


def within(start: date | None, end: date | None) -> str:
    """Return a period as a part of a sentence: "in May 2017", "in 2017", "from 1 May to 15 Jun 2017"."""
    if start is None or end is None:
        only = N_("until {day}") if end else N_("from {day} on") if start else N_("at any time")
        return t(only, day=day(start or end))
    if (months := _months(start, end)) == 1 or (months == 12 and start.month == 1):
        return t(N_("in {period}"), period=dates(start, end) if months == 1 else start.year)
    if start == end:
        return t(N_("on {day}"), day=day(end))
    first = day(start)
    if start.year == end.year:
        first = str(format_skeleton("MMMd", start, locale=locale())).replace(". ", ".\xa0", 1)
    return t(N_("from {start} to {end}"), start=first, end=day(end))


def days(value: Number | None) -> str:
    """Return a duration in days ("12 days")."""
    if value is None or _missing(value):
        return NOT_AVAILABLE
    whole = round(value)
    return ngettext("{number} day", "{number} days", whole).format(number=count(whole))


def span(low: str, high: str) -> str:
    """Return an interval from two written numbers."""
    return f"{low} – {high}"


def altair_locale() -> alt.Locale:
    """Return the reader's number and date words for charts; set it with `configure(locale=...)`."""
    own = locale()
    symbols = own.number_symbols.get("latn") or next(iter(own.number_symbols.values()))
    number_words = alt.NumberLocale(
        decimal=symbols["decimal"],
        thousands=symbols["group"],
        grouping=[3],
        currency=["", ""],
        percent=_percent("%"),
    )
    wide, short = get_day_names("wide", locale=own), get_day_names("abbreviated", locale=own)
    week = [6, 0, 1, 2, 3, 4, 5]  # the charts' week starts on Sunday, Babel's on Monday
    months = get_month_names("wide", context="stand-alone", locale=own)
    brief = get_month_names("abbreviated", context="stand-alone", locale=own)
    time_words = alt.TimeLocale(
        dateTime="%d %b %Y %H:%M",
        date="%d-%m-%Y",
        time="%H:%M:%S",
        periods=["AM", "PM"],
        days=[wide[i] for i in week],
        shortDays=[short[i] for i in week],
        months=[months[i] for i in range(1, 13)],
        shortMonths=[brief[i] for i in range(1, 13)],
    )
    return alt.Locale(number=number_words, time=time_words)
