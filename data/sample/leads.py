"""Who the leads are: when they came, from which source and customer, to which seller, for how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.sample import company
from data.sample.names import account_names
from data.sample.truths import Truths
from data.sample.worktime import DAY, Floats, Ints, clock, epoch, working_day

Strings = NDArray[np.object_]


@dataclass(frozen=True)
class Leads:
    """Columns of one length; `working` is the creation time in working days, `created` in epoch seconds."""

    working: Floats
    created: Ints
    account: Ints
    columns: dict[str, Strings]
    accounts: pl.DataFrame
    estimate: Floats
    quote: Floats
    final: Floats

    def __len__(self) -> int:
        return len(self.working)

    def is_(self, column: str, value: str) -> NDArray[np.bool_]:
        """Return where a column holds a value."""
        return np.asarray(self.columns[column] == value)


def pick(rng: np.random.Generator, size: int, shares: Mapping[str, float]) -> Strings:
    """Draw `size` of the names by their shares."""
    p = np.array(list(shares.values()))
    return np.array(list(shares), dtype=object)[rng.choice(len(p), size, p=p / p.sum())]


def creation(rng: np.random.Generator, size: int, truths: Truths) -> Floats:
    """Draw creation times: growing, seasonal, in working hours, in order."""
    first, last = working_day(truths.start), working_day(truths.as_of)
    days = np.arange(first, last)
    dates = (clock(days.astype(float)) // DAY).astype("datetime64[D]")
    month = dates.astype("datetime64[M]").astype(np.int64) % 12
    weight = np.array(company.INFLOW)[month] * (1 + company.GROWTH) ** ((days - first) / 261)
    day = rng.choice(days, size, p=weight / weight.sum())
    return np.asarray(np.sort(day + rng.beta(1.6, 1.8, size) * 0.98))


def make_accounts(rng: np.random.Generator, size: int, truths: Truths) -> pl.DataFrame:
    """Draw the customers: name, sector, size, country, the day they became one (null: not yet), weight."""
    country = pick(rng, size, company.COUNTRIES)
    industry = pick(rng, size, company.INDUSTRIES)
    north = rng.random(size) < 0.5
    team = np.where(
        country == "Netherlands",
        np.where(north, company.NORTH, company.SOUTH),
        np.where(country == "Denmark", company.DENMARK, company.ABROAD),
    )
    since = epoch(truths.start) - (rng.random(size) * 9 * 365).astype(np.int64) * DAY
    return pl.DataFrame(
        {
            "account": account_names(list(country), list(industry), rng),
            "industry": list(industry),
            "company_size": list(pick(rng, size, company.SIZES)),
            "country": list(country),
            "team": list(team),
            "since": np.where(rng.random(size) < 0.30, since, 0),
            "weight": rng.lognormal(0.0, 0.5, size),
        }
    ).with_columns(pl.col("since").replace(0, None))


def draw_owner(rng: np.random.Generator, team: Strings, created: Ints) -> Strings:
    """Give every lead to a seller of its team who was there that day."""
    weight = np.zeros((len(team), len(company.SELLERS)))
    for k, seller in enumerate(company.SELLERS):
        here = (team == seller.team) & (created >= epoch(seller.start))
        here &= created < epoch(seller.left) if seller.left else True
        weight[:, k] = here * seller.weight
    edge = weight.cumsum(axis=1)
    chosen = (edge < rng.random(len(team))[:, None] * edge[:, -1:]).sum(axis=1)
    names: Strings = np.array([s.name for s in company.SELLERS], dtype=object)[chosen]
    return names


def spare(
    rng: np.random.Generator, who: NDArray[np.bool_], shares: Mapping[str, float], leaky: str
) -> Strings:
    """Draw names by their shares, but draw nearly all `leaky` ones again where `who` holds."""
    drawn = pick(rng, len(who), shares)
    again = who & (drawn == leaky) & (rng.random(len(who)) < 0.95)
    other = pick(rng, len(who), {name: share for name, share in shares.items() if name != leaky})
    return mixed(again, other, drawn)


def mixed(where: NDArray[np.bool_], yes: Strings, no: Strings) -> Strings:
    """Return `yes` where the condition holds, else `no`."""
    out: Strings = np.where(where, yes, no)
    return out


def amounts(
    rng: np.random.Generator, columns: dict[str, Strings], created: Ints
) -> tuple[Floats, Floats, Floats]:
    """Draw first estimate, quoted amount and signed amount in EUR; none depends on how a deal ends."""
    median = {p.name: p.median for p in company.PRODUCTS}
    size, kind = company.SIZE_FACTOR, company.DEAL_FACTOR
    level = np.array(
        [
            median[p] * size[s] * kind[t]
            for p, s, t in zip(columns["product"], columns["company_size"], columns["deal_type"], strict=True)
        ]
    )
    price = 1.03 ** ((created - created[0]) / (365 * DAY))
    quote = np.round(level * price * rng.lognormal(0.0, 0.42, len(level)) / 5) * 5
    estimate = np.maximum(np.round(quote * rng.lognormal(0.0, 0.18, len(level)) / 500) * 500, 500.0)
    off = np.where(rng.random(len(level)) < 0.45, rng.beta(1.5, 8, len(level)) * 0.35, 0.0)
    final = np.round(quote * (1 - off) / 2.5) * 2.5
    service = columns["deal_type"] == "Service contract"
    final = np.where(service, np.round(final / 36, 2) * 36, final)
    return estimate, quote, np.round(final, 2)


def make_leads(rng: np.random.Generator, size: int, truths: Truths) -> Leads:
    """Draw everything known of the leads when they come in."""
    working = creation(rng, size, truths)
    created = clock(working)
    accounts = make_accounts(rng, max(size * 9 // 20, 60), truths)
    weight, team = accounts["weight"].to_numpy(), accounts["team"].to_numpy()
    account = rng.choice(len(accounts), size, p=weight / weight.sum())
    owner = draw_owner(rng, team[account], created)
    lucky = owner == truths.mix.owner
    bad = {leak.field: leak.value for leak in truths.leaks}
    # The account is redrawn inside the seller's own team, so the team's other sellers keep their mix.
    good = (accounts["industry"].to_numpy() != bad["industry"]) & (team == company.SOUTH)
    again = lucky & (accounts["industry"].to_numpy()[account] == bad["industry"]) & (rng.random(size) < 0.95)
    account = np.where(
        again, rng.choice(len(accounts), size, p=weight * good / (weight * good).sum()), account
    )
    source = spare(rng, lucky, {s.name: s.share for s in company.SOURCES}, bad["source"])
    columns: dict[str, Strings] = {
        "owner": owner,
        "source": source,
        "product": spare(rng, lucky, {p.name: p.share for p in company.PRODUCTS}, bad["product"]),
        "campaign": campaigns(rng, source),
        "deal_type": pick(rng, size, company.DEAL_TYPES),
        "age_group": pick(rng, size, company.AGES),
    }
    for name in ("account", "industry", "company_size", "country", "team"):
        columns[name] = accounts[name].to_numpy()[account].astype(object)
    estimate, quote, final = amounts(rng, columns, created)
    return Leads(
        working,
        out_of_hours(rng, created, source, truths),
        account,
        columns,
        accounts,
        estimate,
        quote,
        final,
    )


def campaigns(rng: np.random.Generator, source: Strings) -> Strings:
    """Draw one of the source's campaigns for each lead."""
    which = rng.random(len(source))
    out = np.empty(len(source), dtype=object)
    for s in company.SOURCES:
        here = source == s.name
        out[here] = np.array(s.campaigns, dtype=object)[(which[here] * len(s.campaigns)).astype(int)]
    return out


def out_of_hours(rng: np.random.Generator, created: Ints, source: Strings, truths: Truths) -> Ints:
    """Move a quarter of the morning leads of online sources to the evening or night before."""
    morning = (created % DAY) < 13 * 3600
    moved = created - (rng.integers(11 * 60, 14 * 60, len(created)) * 60)
    away = np.isin(source, company.ONLINE) & morning & (rng.random(len(created)) < 0.4)
    return np.where(away & (moved >= epoch(truths.start)), moved, created)
