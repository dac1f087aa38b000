"""How pipeline is measured: in numbers of deals over all currencies, or in the amounts of one currency."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pages.shared import numbers
from pages.shared.changing import signed
from pages.shared.controls import choose
from pages.shared.snapshots.names import deals
from pages.shared.words import _


@dataclass(frozen=True)
class Measure:
    """Numbers of deals, or amounts in `currency` (None: one that nothing states); sizes are whole units."""

    by_count: bool
    currency: str | None = None

    def of(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the rows that count, with their `size`; the columns are of the metrics of snapshots."""
        own = pl.col("currency").eq_missing(pl.lit(self.currency, pl.String))
        kept = frame if self.by_count else frame.filter(own)
        return kept.with_columns(size=pl.col("deals" if self.by_count else "amount").cast(pl.Float64))

    @property
    def name(self) -> str:
        """Return what is measured."""
        return _("Deals") if self.by_count else _("Open pipeline")

    @property
    def unit(self) -> str:
        """Return the currency as a column's title adds it."""
        return f", {self.currency}" if self.currency and not self.by_count else ""

    def whole(self, size: float) -> str:
        """Return a size in full: 12, or € 1,234."""
        if self.by_count:
            return numbers.count(round(size))
        return numbers.money_major(round(size, 2), self.currency)

    def brief(self, size: float) -> str:
        """Return a size in few characters: 12, or €1.2M."""
        if self.by_count:
            return numbers.count(round(size))
        return numbers.money_short(round(size * 100), self.currency)

    def said(self, size: float) -> str:
        """Return a size for a sentence: 12 deals, or €1.2M."""
        return deals(round(size)) if self.by_count else self.brief(size)

    def signed(self, size: float) -> str:
        """Return a size with its sign: +3, or −€ 1,234."""
        if not self.by_count:
            return signed(round(size * 100), self.currency)
        return ("−" if size < 0 else "+" if size > 0 else "") + numbers.count(abs(round(size)))


def pick(frame: pl.DataFrame, default: str = "value") -> Measure:
    """Draw the choice between value and number of deals, and of the currency, and return it.

    Only currencies that hold an amount can be chosen, the one with most deals first; without any there is
    nothing to choose.
    """
    own = frame.filter(pl.col("amount") != 0).group_by("currency").agg(pl.col("deals").abs().sum())
    known: list[str | None] = own.sort("deals", "currency", descending=[True, False])["currency"].to_list()
    if not known:
        return Measure(True)
    ways = {"value": _("By value"), "deals": _("By number of deals")}
    if choose(_("Counted"), "size", ways, default, hidden=True) == "deals":
        return Measure(True)
    if len(known) == 1:
        return Measure(False, known[0])
    codes = {code or "": code or _("no currency") for code in known}
    return Measure(False, choose(_("Currency"), "money", codes, known[0] or "", hidden=True) or None)
