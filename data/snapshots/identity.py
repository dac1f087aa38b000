"""Ids that are written in another way from one export on: the deals are still the same."""

from __future__ import annotations

from data.converting.run import Run

LOW = 0.5  # share of deals in common below which ids are suspected to be written otherwise
WAYS: tuple[tuple[str, str], ...] = (
    # Salesforce: 15 characters in reports, 18 elsewhere; the first 15 are the id.
    ("length", "CASE WHEN length(ident) IN (15, 18) THEN left(ident, 15) ELSE ident END"),
    ("case", "lower(ident)"),
    # "OPP-00123", "00123", "123.0" and "123" are one number.
    ("number", r"regexp_replace(regexp_replace(ident, '\.0+$', ''), '^[^0-9]*0*', '')"),
)


def unify(run: Run, days: int) -> int:
    """Find exports whose ids do not fit those of the day before, and number the deals by what fits.

    A way of writing is taken up when it joins most deals of the two days and never joins two deals of one
    day. Return how many deals were joined.
    """
    joined = 0
    for day in range(1, days):
        before, now, both = shared(run, day, "deal_no")
        if both >= LOW * min(before, now):
            continue
        for _, norm in WAYS:
            _normal(run, norm)
            found = shared(run, day, "norm_no")[2]
            if found > both and found >= LOW * min(before, now) and _one_each(run):
                joined += _renumber(run)
                break
    run.do("DROP TABLE IF EXISTS normal")
    return joined


def shared(run: Run, day: int, number: str) -> tuple[int, int, int]:
    """Return how many deals two neighbouring days hold, and how many both of them."""
    source = (
        "seen"
        if number == "deal_no"
        else "(SELECT s.day_no, n.norm_no FROM seen s JOIN normal n USING (deal_no))"
    )
    found = run.one(
        f"SELECT count(*) FILTER (was), count(*) FILTER (is_), count(*) FILTER (was AND is_) FROM (SELECT "
        f"bool_or(day_no = {day - 1}) AS was, bool_or(day_no = {day}) AS is_ FROM {source} "
        f"WHERE day_no IN ({day - 1}, {day}) AND {number} IS NOT NULL GROUP BY {number})"
    )
    return int(found[0]), int(found[1]), int(found[2])


def _normal(run: Run, norm: str) -> None:
    run.do(
        "CREATE OR REPLACE TEMP TABLE normal AS SELECT deal_no, min(deal_no) OVER (PARTITION BY norm) AS "
        "norm_no "
        f"FROM (SELECT deal_no, {norm} AS norm FROM idents)"
    )


def _one_each(run: Run) -> bool:
    """Say whether no two deals of one day would become one."""
    (two,) = run.one(
        "SELECT count(*) FROM (SELECT 1 FROM seen s JOIN normal n USING (deal_no) GROUP BY s.day_no, "
        "n.norm_no "
        "HAVING count(*) > 1 LIMIT 1)"
    )
    return not two


def _renumber(run: Run) -> int:
    (changed,) = run.one("SELECT count(*) FROM normal WHERE deal_no <> norm_no")
    run.do(
        "UPDATE seen SET deal_no = n.norm_no FROM normal n WHERE n.deal_no = seen.deal_no AND n.norm_no <> "
        "n.deal_no"
    )
    run.do(
        "UPDATE idents SET deal_no = n.norm_no FROM normal n WHERE n.deal_no = idents.deal_no AND "
        "n.norm_no <> n.deal_no"
    )
    return int(changed)
