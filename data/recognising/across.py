"""Labels of one file that nearly are those of another: offered for merging, so that the two can be joined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from data.engine.alike import plain
from data.errors import N_
from data.notice import Notice
from data.recipe import Proposal
from data.recognising.draft import Draft
from data.recognising.profile import Column, Facts

# Which field of a further table meets which field of the deals; `deals` says whose label gives way.
MEETS = (
    ("people", "owner", "deals"),
    ("customers", "account", "deals"),
    ("products", "product", "deals"),
    ("spend", "source", "other"),
    ("targets", "owner", "other"),
    ("targets", "team", "other"),
)
MOST = 20  # offers for one column
Pairs = dict[str, dict[str, str]]


def with_offers(proposals: list[Proposal], drafts: Mapping[str, Draft]) -> list[Proposal]:
    """Return the proposals with an offer for every label of one file that nearly is a label of another.

    A label that both files have is never offered, and neither is one that was merged before.
    """
    found: dict[str, Pairs] = {}
    told: dict[str, list[Notice]] = {}
    for changed, header, pairs, notice in _near(drafts):
        found.setdefault(changed, {}).setdefault(header, {}).update(pairs)
        told.setdefault(changed, []).append(notice)
    return [_with(p, found[p.fingerprint], told[p.fingerprint]) if p.fingerprint in found else p
            for p in proposals]  # fmt: skip


def _with(proposal: Proposal, found: Pairs, told: list[Notice]) -> Proposal:
    offers = {header: dict(pairs) for header, pairs in proposal.offers.items()}
    for header, pairs in found.items():
        offers[header] = pairs | offers.get(header, {})
    return proposal.model_copy(update={"offers": offers, "notices": [*proposal.notices, *told]})


def _near(drafts: Mapping[str, Draft]) -> Iterator[tuple[str, str, dict[str, str], Notice]]:
    """Yield, per pair of columns: the file whose labels give way, its header, the offers, what to tell."""
    for key, deals in drafts.items():
        if deals.table != "deals":
            continue
        for other_key, other in drafts.items():
            for table, name, gives in MEETS:
                mine, theirs = (d.facts.by_name(d.recipe.fields.get(name)) for d in (deals, other))
                if other.table != table or mine is None or theirs is None:
                    continue
                one, two = (deals, mine), (other, theirs)
                if gives == "other":
                    one, two = two, one
                pairs = _pairs(one[0].facts, one[1], two[0].facts, two[1])
                known = one[0].recipe.merge.get(one[1].name, {})
                if left := {a: b for a, b in pairs.items() if a not in known}:
                    changed = key if gives == "deals" else other_key
                    yield changed, one[1].name, left, _notice(one[0], one[1], two[0], left)


def _pairs(one: Facts, mine: Column, other: Facts, theirs: Column) -> dict[str, str]:
    bare = plain("k")
    rows = one.con.execute(
        f"WITH a AS (SELECT trim(c{mine.index}) AS k, count(*) AS n FROM {one.view} GROUP BY 1), "
        f"b AS (SELECT DISTINCT trim(c{theirs.index}) AS k FROM {other.view}), "
        f"x AS (SELECT k, n, {bare} AS p FROM a WHERE k NOT IN (SELECT k FROM b WHERE k IS NOT NULL)), "
        f"y AS (SELECT k, {bare} AS p FROM b WHERE k NOT IN (SELECT k FROM a WHERE k IS NOT NULL)) "
        "SELECT x.k, min(y.k) FROM x JOIN y ON x.p = y.p WHERE x.p <> '' "
        f"GROUP BY x.k, x.n HAVING count(*) = 1 ORDER BY x.n DESC, 1 LIMIT {MOST}"
    ).fetchall()
    return {str(a): str(b) for a, b in rows}


def _notice(changed: Draft, column: Column, other: Draft, pairs: dict[str, str]) -> Notice:
    merges = ", ".join(f"{a} → {b}" for a, b in list(pairs.items())[:5])
    values: dict[str, str | int | float] = {
        "column": column.name,
        "file": changed.facts.file,
        "other": other.facts.file,
        "merges": merges,
        "labels": len(pairs),
    }
    return Notice(
        code="near_miss",
        file=changed.facts.file,
        column=column.name,
        count=len(pairs),
        values=values,
        message=N_(
            "“{column}” of {file} has labels that look like those of {other} ({merges}). They only meet "
            "once they are merged."
        ),
    )
