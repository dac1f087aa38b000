"""What the company knows beside its CRM: marketing spend, sales targets, people, customers, products."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from data.sample import company
from data.sample.truths import Truths
from data.sample.worktime import Floats


def months(truths: Truths) -> list[date]:
    """Return the first day of every month of the sample."""
    return pl.date_range(truths.start, truths.as_of, "1mo", eager=True).to_list()


def trend(truths: Truths) -> Floats:
    """Return each month's size against the average month: season times growth."""
    season = np.array([company.INFLOW[m.month - 1] for m in months(truths)])
    level = season * (1 + company.GROWTH) ** (np.arange(len(season)) / 12)
    return np.asarray(level / level.mean())


def spend(rng: np.random.Generator, truths: Truths, leads: int) -> pl.DataFrame:
    """Return marketing cost per source and month, EUR: expected leads times cost per lead, and noise."""
    rows = []
    for source in company.SOURCES:
        cost = leads / len(months(truths)) * trend(truths) * source.share * source.cost
        cost = np.round(cost * rng.lognormal(0.0, 0.12, len(cost)) / 5) * 5
        rows += [
            (month, source.name, value) for month, value in zip(months(truths), cost.tolist(), strict=True)
        ]
    return pl.DataFrame(rows, schema=["month", "source", "cost"], orient="row").sort(
        "month", maintain_order=True
    )


def targets(truths: Truths, won: float) -> pl.DataFrame:
    """Return the monthly revenue target per seller, EUR: a shade above what the company sells.

    A seller has no target before the first month of work or after the last.
    """
    weight = sum(s.weight for s in company.SELLERS)
    rows = []
    for month, size in zip(months(truths), trend(truths).tolist(), strict=True):
        for s in company.SELLERS:
            if s.start <= month and (s.left is None or month <= s.left):
                goal = 1.12 * won / len(months(truths)) * size * s.weight / weight
                rows.append((month, s.name, s.team, round(goal / 500) * 500.0))
    return pl.DataFrame(rows, schema=["month", "owner", "team", "target"], orient="row")


def people() -> pl.DataFrame:
    """Return the sellers: team, manager, first and last day, monthly cost (pay, training, systems; EUR)."""
    rows = [(s.name, s.team, company.TEAMS[s.team], s.start, s.left, s.cost) for s in company.SELLERS]
    names = ["owner", "team", "manager", "start_date", "end_date", "monthly_cost"]
    return pl.DataFrame(rows, schema=names, orient="row")


def customers(rng: np.random.Generator, accounts: pl.DataFrame, used: pl.Series) -> pl.DataFrame:
    """Return the customer list: sector, size, country, customer since.

    As in life it does not match the deals file to the letter: five names are spelt a little differently
    (no space before the number, no dots) and a few accounts are missing.
    """
    listed = accounts.filter(pl.col("account").is_in(used.implode())).select(
        "account",
        "industry",
        "company_size",
        "country",
        customer_since=pl.from_epoch(pl.col("since")).cast(pl.Date),
    )
    lottery = pl.Series(rng.permutation(len(listed)))
    bare = pl.col("account").str.replace_all(".", "", literal=True).str.replace("/", "", literal=True)
    spelt = listed.with_columns(account=pl.when(lottery < 5).then(bare).otherwise("account"))
    return spelt.filter(lottery < len(listed) - 7)


def products() -> pl.DataFrame:
    """Return the product lines: family and list price (EUR)."""
    rows = [(p.name, p.family, p.list_price) for p in company.PRODUCTS]
    return pl.DataFrame(rows, schema=["product", "family", "list_price"], orient="row")
