"""The ledger between two snapshots once more, in plain Python, deal by deal; and random histories for it."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

Row = dict[str, Any]
Line = tuple[Any, Any, str]  # value of the breakdown, currency, movement
TEAMS, OWNERS = ("North", "South", None), ("Ann", "Bob", "Cy")


def cents(row: Row) -> int:
    return 0 if row.get("Amount") is None else round(float(row["Amount"]) * 100)


def is_due(row: Row, due: tuple[str, str] | None) -> bool:
    when = row.get("Expected")
    return due is None or (when is not None and due[0] <= when <= due[1])


def ledger(
    first: dict[str, Row],
    second: dict[str, Row],
    by: str | None = None,
    due: tuple[str, str] | None = None,
    where: tuple[str, Any] | None = None,
) -> dict[Line, tuple[int, int]]:
    """Return (deals, cents) per breakdown value, currency and movement, of rows by id."""
    out: Counter[Line] = Counter()
    worth: Counter[Line] = Counter()

    def inside(row: Row) -> bool:
        return where is None or row.get(where[0]) == where[1]

    def add(row: Row, what: str, deals: int, amount: int) -> None:
        line = (row.get(by) if by else None, row.get("Currency", "EUR"), what)
        out[line] += deals
        worth[line] += amount

    for deal in {*first, *second}:
        old, new = first.get(deal), second.get(deal)
        was = old is not None and old["Status"] == "open" and inside(old) and is_due(old, due)
        now = new is not None and new["Status"] == "open" and inside(new) and is_due(new, due)
        if was and old:
            add(old, "opening", 1, cents(old))
        if now and new:
            add(new, "closing", 1, cents(new))
        moved = old and new and ((by and old.get(by) != new.get(by)) or old["Currency"] != new["Currency"])
        if was and now and old and new and not moved:
            change = cents(new) - cents(old)
            if change:
                add(old, "increased" if change > 0 else "decreased", 0, change)
            continue
        if was and old:
            leaves(old, new, now, inside, add)
        if now and new:
            if old is None:
                add(new, "new", 1, cents(new))
            elif old["Status"] != "open":
                add(new, "reopened", 1, cents(new))
            elif not inside(old) or was:
                add(new, "moved_in", 1, cents(new))
            else:
                add(new, "pulled_in", 1, cents(new))
        if old is None and new and new["Status"] != "open" and inside(new):
            add(new, "closed_new", 1, cents(new))
    return {line: (out[line], worth[line]) for line in {*out, *worth}}


def leaves(old: Row, new: Row | None, now: bool, inside: Any, add: Any) -> None:
    """Add the line by which a deal leaves the pipeline."""
    worth = cents(old)
    if new is None:
        add(old, "vanished", -1, -worth)
    elif new["Status"] == "won":
        if old["Currency"] == new["Currency"] and new.get("Amount") is not None:
            change = cents(new) - worth
            if change:
                add(old, "increased" if change > 0 else "decreased", 0, change)
            worth = cents(new)
        add(old, "won", -1, -worth)
    elif new["Status"] != "open":
        add(old, {"lost": "lost", "junk": "disqualified"}[new["Status"]], -1, -worth)
    elif not inside(new) or now:
        add(old, "moved_out", -1, -worth)
    else:
        add(old, "pushed_out", -1, -worth)


def random_days(random: Random, days: int = 4, deals: int = 9) -> list[tuple[str, list[Row]]]:
    """Return exports of some days: deals come, change in every way, close, reopen, vanish and return."""
    names = [f"D{n}" for n in range(deals)]
    rows: dict[str, Row] = {}
    found = []
    for n in range(days):
        for name in names:
            if name not in rows or random.random() < 0.05:
                if random.random() < 0.5:
                    rows[name] = fresh(random, name, n)
            elif random.random() < 0.5:
                rows[name] = changed(random, rows[name], n)
        # Few are missing at once: more would be taken for a filtered export.
        gone = set(random.sample(names, k=random.choice((0, 0, 1))))
        shown = [dict(rows[d]) for d in names if d in rows and d not in gone]
        found.append((f"2026-0{n + 1}-15", random.sample(shown, len(shown))))
    return found


def fresh(random: Random, name: str, month: int) -> Row:
    row = {
        "Id": name, "Name": f"Deal {name}", "Owner": random.choice(OWNERS), "Team": random.choice(TEAMS),
        "Status": "open", "Stage": "Lead", "Amount": random.choice((None, "0", "10.10", "99.99", "-5")),
        "Currency": random.choice(("EUR", "USD")),
        "Created": f"2026-0{max(month, 1)}-{random.randint(1, 28):02}",
        "Closed": None, "Expected": random.choice((None, "2026-02-20", "2026-03-20", "2026-04-20")),
    }  # fmt: skip
    return changed(random, row, month) if random.random() < 0.3 else row


def changed(random: Random, row: Row, month: int) -> Row:
    what = random.choice(
        ("Status", "Stage", "Amount", "Currency", "Team", "Owner", "Expected", "Created", "none")
    )
    options: dict[str, tuple[Any, ...]] = {
        "Status": ("open", "won", "lost", "junk"), "Stage": ("Lead", "Meeting", "Offer"),
        "Amount": (None, "0", "12.34", "1000000.01"), "Currency": ("EUR", "USD"), "Team": TEAMS,
        "Owner": OWNERS,
        "Expected": (None, "2026-02-20", "2026-05-20"), "Created": ("2025-12-01", "2026-01-10"),
        "none": ("",),
    }  # fmt: skip
    made = row | ({what: random.choice(options[what])} if what != "none" else {})
    closed = made["Status"] != "open"
    return made | {"Closed": (row.get("Closed") or f"2026-0{month + 1}-10") if closed else None}
