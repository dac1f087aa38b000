"""Which open stages there are and in which order a deal passes them, per pipeline."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import combinations

from data.errors import N_
from data.meta import Status
from data.notice import Notice
from data.recipe import NumberRule, StageColumn
from data.recognising import words
from data.recognising.assigning import Assigned
from data.recognising.flags import text_of
from data.recognising.meaning import bare, meaning
from data.recognising.profile import Column, Facts

_PREFIX = re.compile(r"^\s*(\d{1,2})\s*[-.:)]\s*\D")
MOST_PIPELINES = 40
ALIKE = 0.6  # pipelines sharing this much of the smaller one's stages are ordered as one


@dataclass
class History:
    """How often one stage was entered before another by the same deal."""

    before: Counter[tuple[str, str]] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)


@dataclass
class Stages:
    """The open stages per pipeline in order, the columns that date them, and what must be said."""

    order: dict[str, list[str]] = field(default_factory=dict)
    columns: list[StageColumn] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


def stage_columns(facts: Facts, found: Assigned) -> list[StageColumn]:
    """Return the `Date entered "Stage (Pipeline)"` columns, each with the label as deals carry it."""
    stage, pipeline = found.column("stage"), found.column("pipeline")
    labels = {words.key(v): v.strip() for v in (stage.values or {})} if stage else {}
    pipelines = set(pipeline.values or {}) if pipeline else set()
    result = []
    for column in facts.columns:
        text = column.name.replace('""', '"')
        for pattern in words.patterns("stage_entered"):
            if not (hit := pattern.match(text)):
                continue
            parts = hit.groupdict()
            name, of = parts["stage"].strip("\"'“” "), parts.get("pipeline")
            whole = f"{name} ({of})" if of else name
            if words.key(whole) in labels:
                name, of = labels[words.key(whole)], None
            if words.key(name) != "currentstage":
                known = of if of in pipelines else None
                result.append(
                    StageColumn(column=column.name, stage=labels.get(words.key(name), name), pipeline=known)
                )
            break
    return result


def read_history(facts: Facts, deal: Column, stage: Column, changed: str | None) -> History:
    """Count, over all deals, which stage was entered before which."""
    found = History()
    when = changed or "row"
    firsts = (
        f"SELECT {text_of(deal)} AS d, {text_of(stage)} AS s, min({when}) AS t FROM {facts.view} "
        f"WHERE c{deal.index} IS NOT NULL AND c{stage.index} IS NOT NULL GROUP BY 1, 2"
    )
    for a, b, n in facts.con.execute(
        f"WITH f AS ({firsts}) SELECT x.s, y.s, count(*) FROM f x JOIN f y ON x.d = y.d AND x.t < y.t "
        "GROUP BY 1, 2"
    ).fetchall():
        found.before[a, b] += n
    found.labels.update({v.strip(): n for v, n in (stage.values or {}).items()})
    return found


def decide(
    facts: Facts,
    found: Assigned,
    closing: dict[str, Status],
    numbers: dict[str, NumberRule],
    history: History | None,
) -> Stages:
    """Return the order of the open stages of every pipeline of a file."""
    result = Stages(columns=stage_columns(facts, found))
    stage = found.column("stage")
    if stage is None:
        return result
    present = _labels(facts, found, stage)
    shown: dict[str, list[str]] = {}
    for name, counts in present.items():
        columns = [c.stage for c in result.columns if c.pipeline in (None, name)]
        seen = list(dict.fromkeys([*columns, *counts, *(history.labels if history else ())]))
        shown[name] = [s for s in seen if _is_open(s, closing)]
    _parked(facts, stage, closing, result)
    chances = _chances(facts, found, stage, numbers)
    for group in _alike(shown):
        labels = list(dict.fromkeys(s for name in group for s in shown[name]))
        entered = [c.stage for c in result.columns if c.pipeline is None or c.pipeline in group]
        order, sure = arrange(labels, entered, chances, history, Counter(stage.values or {}))
        if not sure and len(order) > 1:
            result.notices.append(_guessed(facts, stage, order))
        for name in group:
            result.order[name] = order
    return result


def _labels(facts: Facts, found: Assigned, stage: Column) -> dict[str, Counter[str]]:
    """Return pipeline -> its labels with their counts; "" where the file has no pipeline column."""
    pipeline = found.column("pipeline")
    many = pipeline is None or not pipeline.filled or pipeline.distinct > MOST_PIPELINES
    if (many or pipeline is None) and stage.values is not None:
        alone = Counter[str]()
        for value, count in stage.values.items():
            alone[value.strip()] += count
        ordered = sorted(alone.items(), key=lambda item: (-item[1], item[0]))
        return {"": Counter({label: count for label, count in ordered if label})}
    name = "''" if many or pipeline is None else f"coalesce({text_of(pipeline)}, '')"
    cells = f"c{stage.index}" if many or pipeline is None else f"c{stage.index}, c{pipeline.index}"
    rows = facts.con.execute(
        f"SELECT {name}, {text_of(stage)}, sum(n)::BIGINT FROM (SELECT {cells}, count(*) AS n "
        f"FROM {facts.view} WHERE c{stage.index} IS NOT NULL GROUP BY ALL) GROUP BY 1, 2 ORDER BY 3 DESC, 2"
    ).fetchall()
    present: dict[str, Counter[str]] = defaultdict(Counter)
    for pipe, label, count in rows:
        if label and label.casefold() not in words.NULL_WORDS:
            present[pipe][label] = count
    return dict(sorted(present.items(), key=lambda item: -item[1].total()))


def _is_open(label: str, closing: dict[str, Status]) -> bool:
    if label in closing:
        return closing[label] == "open"
    said = meaning(label)
    return said.status in (None, "open") and not said.finished and not waits(label)


def waits(label: str) -> bool:
    """True for a place to park a deal ("On hold"), which is no step on the way."""
    return any(w.meaning == "stalled" for w in words.stage_words().get(words.key(bare(label)), ()))


def _parked(facts: Facts, stage: Column, closing: dict[str, Status], result: Stages) -> None:
    parked = {
        v.strip(): n for v, n in (stage.values or {}).items() if waits(v) and closing.get(v, "open") == "open"
    }
    if parked:
        result.notices.append(
            Notice(
                code="stage_parked",
                level="info",
                file=facts.file,
                column=stage.name,
                count=sum(parked.values()),
                values={"stages": ", ".join(parked), "count": sum(parked.values())},
                message=N_(
                    "{count} deals stand in “{stages}”, which is no step on the way: they count as open "
                    "and are left out of the order of stages."
                ),
            )
        )


def _chances(
    facts: Facts, found: Assigned, stage: Column, numbers: dict[str, NumberRule]
) -> dict[str, float]:
    """Return the median probability of each stage label, 0..100."""
    prob = found.column("probability")
    if prob is None or not prob.filled:
        return {}
    rule = numbers.get(prob.name, NumberRule())
    number = f"regexp_replace({text_of(prob)}, '[^0-9.,-]', '', 'g')"
    if rule.decimal == ",":
        number = f"replace({number}, ',', '.')"
    rows = facts.con.execute(
        f"SELECT {text_of(stage)}, median(TRY_CAST({number} AS DOUBLE)) FROM {facts.view} "
        f"WHERE c{stage.index} IS NOT NULL GROUP BY 1"
    ).fetchall()
    return {label: chance * 100 / rule.scale for label, chance in rows if chance is not None}


def _alike(shown: dict[str, list[str]]) -> list[list[str]]:
    """Group pipelines that share most of their stages, so that they get one order."""
    groups: list[list[str]] = []
    for name, labels in shown.items():
        for group in groups:
            theirs = {s for n in group for s in shown[n]}
            if labels and len(theirs & set(labels)) >= ALIKE * min(len(labels), len(theirs)):
                group.append(name)
                break
        else:
            if labels:
                groups.append([name])
    return groups


def arrange(
    labels: list[str],
    entered: list[str],
    chances: dict[str, float],
    history: History | None,
    counts: Counter[str],
) -> tuple[list[str], bool]:
    """Return the labels in order and whether that order rests on evidence for every label.

    Tried in turn: the order of the `Date entered` columns, numbers before the labels, a stage list that
    CRMs ship, the stage history, the usual place of each word, the probability of each stage.
    """
    if len(set(labels) & set(entered)) == len(labels) > 0:
        return [s for s in dict.fromkeys(entered) if s in labels], True
    prefixed = {s: int(m.group(1)) for s in labels if (m := _PREFIX.match(s))}
    if len(prefixed) == len(labels) and len(set(prefixed.values())) == len(labels):
        return sorted(labels, key=lambda s: prefixed[s]), True
    if (ladder := _ladder(labels)) is not None:
        return ladder, True
    ranks = {s: r for s in labels if (r := meaning(s).rank) is not None}
    if history is not None and all(s in history.labels for s in labels) and history.before:
        return sorted(labels, key=lambda s: (-_wins(s, labels, history), ranks.get(s, 50.0), s)), True
    if len(ranks) == len(labels):
        return sorted(labels, key=lambda s: (ranks[s], chances.get(s, 50.0), -counts[s], s)), _apart(
            ranks, chances
        )
    known = {s: c for s, c in chances.items() if s in labels}
    if len(known) == len(labels) and len(set(known.values())) == len(labels):
        return sorted(labels, key=lambda s: known[s]), True
    place = {s: ranks.get(s, known.get(s, 1000.0)) for s in labels}
    return sorted(labels, key=lambda s: (place[s], -counts[s], s)), False


def _apart(ranks: dict[str, float], chances: dict[str, float]) -> bool:
    """True where no two stages share both place and probability."""
    return len({(r, chances.get(s)) for s, r in ranks.items()}) == len(ranks)


def _ladder(labels: list[str]) -> list[str] | None:
    """Return the labels in the order of a stage list that a CRM ships, where one holds them all."""
    ladders: dict[str, list[str]] = defaultdict(list)
    for row in words.table("ladders"):
        ladders[row["system"]].append(words.key(row["stage"]))
    keys = {words.key(bare(s)): s for s in labels}
    for steps in ladders.values():
        if len(keys) == len(labels) > 1 and set(keys) <= set(steps):
            return [keys[k] for k in steps if k in keys]
    return None


def _wins(label: str, labels: list[str], history: History) -> int:
    """Count the stages that deals enter after this one more often than before it."""
    sign = 0
    for a, b in combinations(labels, 2):
        if label in (a, b):
            other = b if label == a else a
            ahead = history.before[label, other] - history.before[other, label]
            sign += (ahead > 0) - (ahead < 0)
    return sign


def _guessed(facts: Facts, stage: Column, order: list[str]) -> Notice:
    return Notice(
        code="stage_order_guessed",
        level="question",
        file=facts.file,
        column=stage.name,
        count=len(order),
        values={"column": stage.name, "order": " → ".join(order[:12])},
        message=N_(
            "The order of the stages in “{column}” is partly a guess: {order}. A wrong "
            "order changes the funnel and its leaks, not the hit rate."
        ),
    )
