"""Sums of money: never across currencies, and a blank amount is unknown, not zero."""

from __future__ import annotations

import polars as pl

MINOR = 100  # cells hold hundredths of the currency


def units(minor: pl.Expr) -> pl.Expr:
    """Return hundredths as units of the currency, the float nearest to that many cents.

    Polars divides a column by multiplying with the reciprocal: 7460 / 100 is 74.60000000000001.
    """
    return (minor / MINOR).round(2)


def currencies() -> pl.Expr:
    """Count the currencies of the deals that carry an amount; "not stated" is one of its own."""
    return pl.col("currency").filter(pl.col("amount_known") > 0).n_unique()


def currency() -> pl.Expr:
    """Return the one currency of the deals that carry an amount; null when mixed or not stated."""
    own = pl.col("currency").filter(pl.col("amount_known") > 0)
    return pl.when(own.n_unique() == 1).then(own.first())


def amount(of: pl.Expr) -> pl.Expr:
    """Return the value, in whole units of the currency, of the deals that `of` selects.

    0 where there are no such deals; null where none of them carries an amount, and where the group
    mixes currencies.
    """
    known = pl.col("amount_known").filter(of).sum()
    there = pl.col("deals").filter(of).sum()
    total = pl.col("amount_minor").filter(of).sum() / MINOR
    return pl.when((currencies() <= 1) & ((known > 0) | (there == 0))).then(total)
