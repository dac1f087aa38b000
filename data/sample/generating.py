"""Put the sample together: one seed, one company."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from data.sample import deals as book_of
from data.sample import plans
from data.sample.activities import frame as activity_frame
from data.sample.activities import touches
from data.sample.flow import events, since_creation, skip_some, walk
from data.sample.leads import make_leads
from data.sample.truths import Truths
from data.sample.worktime import end_of, month_ends

GHOSTS = 12
"""Deals that were deleted from the CRM: in some earlier snapshots, in no later file."""


@dataclass(frozen=True)
class Sample:
    """One sample: frames under canonical column names, amounts in EUR, times in local clock time.

    `deals`          one row per lead, as exported on the evening of `truths.as_of`.
    `stage_entries`  deal_id, deal_name, from_stage, stage, changed_at.
    `snapshots`      the deals file of the last twelve month ends; the last equals `deals`.
    `unreadable`     ids of deals whose amount was typed as words ("n.t.b."): null in `deals`.
    """

    deals: pl.DataFrame
    stage_entries: pl.DataFrame
    activities: pl.DataFrame
    spend: pl.DataFrame
    targets: pl.DataFrame
    people: pl.DataFrame
    customers: pl.DataFrame
    products: pl.DataFrame
    snapshots: dict[date, pl.DataFrame]
    unreadable: tuple[str, ...]
    truths: Truths


def generate(seed: int = 7, leads: int = 6000, snapshots: int = 12) -> Sample:
    """Return the sample of a seed; the same seed gives the same sample, to the byte.

    `leads` is the number of rows of the deals file, `snapshots` the number of month ends kept.
    """
    truths = replace(Truths(), seed=seed)
    ghosts = min(GHOSTS, leads // 50)
    streams = [np.random.default_rng([seed, concern]) for concern in range(8)]
    drawn = make_leads(streams[0], leads + ghosts, truths)
    way = skip_some(streams[1], walk(streams[2], drawn, truths))
    written = since_creation(events(streams[3], way), drawn.created)
    done = touches(streams[4], drawn, way, end_of(truths.as_of))
    book = book_of.make_book(streams[5], drawn, written, done, truths, ghosts)
    frames = {day: book_of.deals_at(book, day) for day in month_ends(truths.as_of, max(snapshots, 1))}
    final = frames[truths.as_of]
    activities = activity_frame(streams[6], done, book.ids, book.owner)
    blank = final.filter(pl.col("amount").is_null())["deal_id"].to_list()
    return Sample(
        deals=final,
        stage_entries=book_of.entries(book, truths),
        activities=activities.filter(pl.col("deal_id").is_in(final["deal_id"].implode())),
        spend=plans.spend(streams[7], truths, leads),
        targets=plans.targets(truths, float(final.filter(pl.col("status") == "Won")["amount"].sum())),
        people=plans.people(),
        customers=plans.customers(streams[7], drawn.accounts, final["account"]),
        products=plans.products(),
        snapshots=frames if snapshots else {},
        unreadable=tuple(blank[:: max(len(blank) // 3, 1)][:3]),
        truths=truths,
    )
