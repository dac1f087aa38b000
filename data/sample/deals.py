"""The deals file as the CRM would have exported it on any evening: the last, and month ends before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.sample import company
from data.sample.activities import Touches, first_and_last, lost_reasons
from data.sample.flow import DISQUALIFIED, LOST, WON, Events, K, Standing, standing
from data.sample.leads import Leads, Strings, mixed, pick
from data.sample.truths import Truths
from data.sample.worktime import DAY, Floats, Ints, end_of, epoch

STATUS = {WON: "Won", LOST: "Lost", DISQUALIFIED: "Disqualified"}
PROPOSAL = 3
COLUMNS = [
    "deal_id",
    "deal_name",
    "account",
    "status",
    "stage",
    "owner",
    "team",
    "source",
    "campaign",
    "deal_type",
    "product",
    "amount",
    "currency",
    "recurring_amount",
    "probability",
    "created_at",
    "first_contact_at",
    "last_activity_at",
    "stage_entered_at",
    "expected_close_at",
    "closed_at",
    "customer_type",
    "industry",
    "company_size",
    "country",
    "age_group",
    "lost_reason",
    "competitor",
]
UNFIT = {"Duplicate": 0.3, "Private person": 0.3, "Outside our area": 0.25, "Student or job seeker": 0.15}
NEVER = np.iinfo(np.int64).max
LEAVER = next(s for s in company.SELLERS if s.left)
LAST_DAY = LEAVER.left or date.max


@dataclass(frozen=True)
class Book:
    """All that is needed to print the deals file of any evening; one entry per deal, deleted ones included.

    `handed_over`  deals that were open when their seller left: a colleague's from then on.
    `no_estimate`  deals without an amount until there is a quote.
    `days_due`     days from creation to the first expected close date; `careless` sellers let it pass.
    `mood`         0..1, how sure the seller feels.
    `deleted`      epoch second at which a deal was deleted from the CRM (NEVER for nearly all).
    `rewritten`    epoch second at which a won deal's amount was changed afterwards (NEVER for nearly all).
    """

    leads: Leads
    written: Events
    done: Touches
    ids: Strings
    names: Strings
    owner: Strings
    handed_over: NDArray[np.bool_]
    source: Strings
    reasons: Strings
    unfit: Strings
    rival: Strings
    customer_type: Strings
    no_estimate: NDArray[np.bool_]
    days_due: Ints
    careless: NDArray[np.bool_]
    mood: Floats
    deleted: Ints
    rewritten: Ints
    stages: tuple[str, ...]


def make_book(
    rng: np.random.Generator, leads: Leads, written: Events, done: Touches, truths: Truths, ghosts: int
) -> Book:
    """Settle everything about the deals that does not change from evening to evening."""
    n = len(leads)
    deleted, rewritten = tampered(rng, leads, written, truths, ghosts)
    owner = leads.columns["owner"]
    return Book(
        leads,
        written,
        done,
        ids=np.array([f"OPP-{k}" for k in range(20_001, 20_001 + n)], dtype=object),
        names=deal_names(leads),
        owner=owner,
        handed_over=(owner == LEAVER.name) & (standing(written, n, end_of(LAST_DAY)).code < K),
        source=untidy(rng, leads.columns["source"]),
        reasons=lost_reasons(rng, written, n),
        unfit=pick(rng, n, UNFIT),
        rival=pick(rng, n, company.COMPETITORS),
        customer_type=customer_types(leads, written),
        no_estimate=rng.random(n) < 0.10,
        days_due=rng.integers(30, 100, n),
        careless=rng.random(n) < 0.3,
        mood=rng.random(n),
        deleted=deleted,
        rewritten=rewritten,
        stages=truths.stages,
    )


def tampered(
    rng: np.random.Generator, leads: Leads, written: Events, truths: Truths, ghosts: int
) -> tuple[Ints, Ints]:
    """Choose the deals that will be deleted, and up to nine won deals whose amount is changed afterwards."""
    n, end = len(leads), epoch(truths.as_of)
    deleted, rewritten = np.full(n, NEVER), np.full(n, NEVER)
    gone = rng.choice(np.nonzero(leads.created < end - 150 * DAY)[0], ghosts, replace=False)
    deleted[gone] = end - rng.integers(5, 140, ghosts) * DAY
    final = standing(written, n, end_of(truths.as_of))
    won = (final.code == WON) & (final.at < end - 60 * DAY) & (final.at > end - 300 * DAY)
    changed = rng.permutation(np.nonzero(won)[0])[:9]
    rewritten[changed] = final.at[changed] + rng.integers(35, 60, len(changed)) * DAY
    return deleted, rewritten


def only(values: Strings, where: NDArray[np.bool_]) -> Strings:
    """Return the values where a condition holds, None elsewhere."""
    out = np.full(len(values), None, dtype=object)
    out[where] = values[where]
    return out


def deal_names(leads: Leads) -> Strings:
    """Name deals as sellers do: the customer and what it wants."""
    columns = leads.columns
    return np.array(
        [
            f"{a} - {p} {t.split()[0].lower()}"
            for a, p, t in zip(columns["account"], columns["product"], columns["deal_type"], strict=True)
        ],
        dtype=object,
    )


def untidy(rng: np.random.Generator, source: Strings) -> Strings:
    """Type a few sources by hand, in another case, and leave about one in a hundred blank."""
    luck = rng.random(len(source))
    out = np.where((source == "Website") & (luck < 0.015), "website", source)
    out = np.where((source == "LinkedIn") & (luck < 0.03), "Linkedin", out)
    return only(out, luck <= 0.988)


def customer_types(leads: Leads, written: Events) -> Strings:
    """A lead is Existing when its account was a customer already: from the start, or by an earlier win."""
    since = leads.accounts["since"].fill_null(NEVER).to_numpy().copy()
    won = written.code == WON
    np.minimum.at(since, leads.account[written.deal[won]], written.at[won])
    return np.where(since[leads.account] < leads.created, "Existing", "New")


def due(book: Book, until: Ints) -> Ints:
    """Return the expected close date (epoch day) as of `until`: pushed a month each time it passed."""
    first = book.leads.created // DAY + book.days_due
    late = np.maximum(-(-(until // DAY - first) // 30), 0)
    return first + np.where(book.careless, 0, 30 * late)


def amount(book: Book, at: Standing, moment: int) -> Floats:
    """Return what the amount field held: estimate, then the quote, then what was signed; NaN is blank."""
    quoted = (at.furthest >= PROPOSAL) | (at.code == WON)
    value = np.where(quoted, book.leads.quote, np.where(book.no_estimate, np.nan, book.leads.estimate))
    signed = np.where(book.rewritten > moment, np.round(book.leads.final * 0.94, 2), book.leads.final)
    return np.where(at.code == WON, np.where(book.rewritten == NEVER, book.leads.final, signed), value)


TIMES = ("created_at", "first_contact_at", "last_activity_at", "stage_entered_at", "closed_at")


def deals_at(book: Book, day: date) -> pl.DataFrame:
    """Return the deals file as exported in the evening of `day`, oldest deal first."""
    moment = end_of(day)
    at = standing(book.written, len(book.leads), moment)
    first, last = first_and_last(book.done, len(book.leads), moment)
    closed = at.code >= K
    value = amount(book, at, moment)
    service = book.leads.is_("deal_type", "Service contract")
    frame = pl.DataFrame(
        words_at(book, at, moment)
        | {
            "amount": value,
            "currency": ["EUR"] * len(value),
            "recurring_amount": np.where(service, np.round(value / 36, 2), np.nan),
            "probability": probability(book, at),
            "created_at": book.leads.created,
            "first_contact_at": first,
            "last_activity_at": last,
            "stage_entered_at": at.stage_at,
            "expected_close_at": due(book, np.where(closed, at.at, moment)),
            "closed_at": np.where(closed, at.at, -1),
        }
    )
    return (
        frame.select(COLUMNS)
        .filter(pl.Series(at.known & (book.deleted > moment)))
        .with_columns(
            pl.col("amount", "recurring_amount").fill_nan(None),
            *(pl.from_epoch(pl.when(pl.col(t) >= 0).then(pl.col(t))).alias(t) for t in TIMES),
            pl.col("expected_close_at").cast(pl.Int32).cast(pl.Date),
        )
    )


def probability(book: Book, at: Standing) -> Floats:
    """Return the CRM's probability: by stage while open, a little more where the seller feels good."""
    odds = np.array(company.PROBABILITIES)[at.stage] + np.where(book.mood > 0.8, 0.05, 0.0)
    return np.where(at.code == WON, 1.0, np.where(at.code >= K, 0.0, odds))


def words_at(book: Book, at: Standing, moment: int) -> dict[str, object]:
    """Return the text columns of the deals file."""
    lost, columns = at.code == LOST, book.leads.columns
    heir = np.array([company.SUCCESSOR.get(name, name) for name in book.owner], dtype=object)
    left = book.handed_over & (moment > end_of(LAST_DAY))
    known = np.array([source is not None for source in book.source])
    reason = only(mixed(lost, book.reasons, book.unfit), lost | (at.code == DISQUALIFIED))
    rival = only(book.rival, lost & (book.reasons == "Chose competitor"))
    return {name: list(texts) for name, texts in columns.items()} | {
        "deal_id": list(book.ids),
        "deal_name": list(book.names),
        "status": [STATUS.get(code, "Open") for code in at.code.tolist()],
        "stage": [book.stages[stage] for stage in at.stage.tolist()],
        "owner": list(mixed(left, heir, book.owner)),
        "source": list(book.source),
        "campaign": list(only(columns["campaign"], known)),
        "customer_type": list(book.customer_type),
        "lost_reason": pl.Series(list(reason), dtype=pl.String),
        "competitor": pl.Series(list(rival), dtype=pl.String),
    }


def entries(book: Book, truths: Truths) -> pl.DataFrame:
    """Return the stage history: one row per stage entered, closing words included, in order of time."""
    words = np.array([*truths.stages, "Won", "Lost", "Disqualified", None], dtype=object)
    seen = (book.written.at <= end_of(truths.as_of)) & (book.deleted[book.written.deal] == NEVER)
    part = Events(
        *(
            values[seen]
            for values in (book.written.deal, book.written.at, book.written.code, book.written.from_code)
        )
    )
    return (
        pl.DataFrame(
            {
                "deal_id": list(book.ids[part.deal]),
                "deal_name": list(book.names[part.deal]),
                "from_stage": pl.Series(list(words[part.from_code]), dtype=pl.String),
                "stage": list(words[part.code]),
                "changed_at": part.at,
            }
        )
        .with_columns(pl.from_epoch("changed_at"))
        .sort("changed_at", maintain_order=True)
    )
