"""Which column says how a deal ended, by order of trust, and what its words mean."""

from __future__ import annotations

from data.errors import N_
from data.meta import Status
from data.notice import Notice
from data.recipe import NumberRule, OutcomeRule
from data.recognising import flags, words
from data.recognising.assigning import Assigned
from data.recognising.flags import Outcome, is_true, read_words, text_of
from data.recognising.meaning import OUTCOMES, Meaning, known_share
from data.recognising.numbers import as_number
from data.recognising.profile import Column, Facts

ENOUGH_KNOWN = 0.3  # of a column's words, before flags may teach what the others mean


def decide(facts: Facts, found: Assigned, system: str | None, numbers: dict[str, NumberRule]) -> Outcome:
    """Return the outcome rule: flags, status column, stage words, active flag, dates, or probability."""
    lead = _speaks_of_leads(facts)
    stage, status = found.column("stage"), found.column("status")
    result = found.column("result")
    said = {
        n: _said(facts, found, c, lead) for n, c in (("result", result), ("status", status), ("stage", stage))
    }
    both = {"won", "lost"}
    if (settled := flags.decide(facts, found, said)) is not None:
        return settled
    for name in ("result", "status"):
        column = found.column(name)
        if column is not None and (both <= said[name] or (said[name] & both and not both <= said["stage"])):
            return _by_words(facts, found, column, lead, "status")
    if stage is not None and both <= said["stage"]:
        return _by_words(facts, found, stage, lead, "stage")
    if (active := _active(facts, found, lead)) is not None:
        return active
    if stage is not None and said["stage"] & both:
        return _by_words(facts, found, stage, lead, "stage")
    open_only = (
        _by_words(facts, found, c, lead, n)
        for n, c in (("status", status), ("stage", stage))
        if c is not None and c.filled and known_share(c) == 1 and said[n] == {"open"}
    )
    return (
        _by_dates(facts, found)
        or next(open_only, None)
        or _by_probability(facts, found, numbers)
        or _none(facts, found, system)
    )


def _speaks_of_leads(facts: Facts) -> bool:
    plain = " ".join(c.name for c in facts.columns).casefold()
    return "lead status" in plain or "leadstatus" in plain


def _said(facts: Facts, found: Assigned, column: Column | None, lead: bool) -> set[str]:
    if column is None:
        return set()
    meanings = read_words(column, lead)
    return {m.status for m in meanings.values() if m.status} | set(
        _learn(facts, found, column, meanings).values()
    )


def _by_words(facts: Facts, found: Assigned, column: Column, lead: bool, source: str) -> Outcome:
    meanings = read_words(column, lead)
    rule_words: dict[str, Status] = {v: m.status for v, m in meanings.items() if m.status}
    learned = _learn(facts, found, column, meanings)
    rule_words.update(learned)
    notices: list[Notice] = []
    unknown = [v for v in meanings if v not in rule_words]
    if source == "status" and unknown:
        notices.append(_unknown_words(facts, column, unknown))
    doubtful = [v for v, m in meanings.items() if m.doubtful and v not in learned]
    if doubtful:
        notices.append(
            Notice(
                code="outcome_doubtful",
                level="info",
                file=facts.file,
                column=column.name,
                count=sum((column.values or {})[v] for v in doubtful),
                values={
                    "column": column.name,
                    "words": ", ".join(doubtful[:5]),
                    "meaning": rule_words[doubtful[0]],
                },
                message=N_(
                    "“{words}” in “{column}” is read as {meaning}; other companies mean something else by it."
                ),
            )
        )
    source_ = "stage" if source == "stage" else "status"
    rule = OutcomeRule(source=source_, column=column.name, words=rule_words)  # type: ignore[arg-type]
    return Outcome(rule, notices, learned)


def _unknown_words(facts: Facts, column: Column, unknown: list[str]) -> Notice:
    count = sum((column.values or {})[v] for v in unknown)
    return Notice(
        code="outcome_unknown_words",
        level="question",
        file=facts.file,
        column=column.name,
        count=count,
        values={"column": column.name, "words": ", ".join(unknown[:5]), "count": count},
        message=N_(
            "“{column}” has words of unknown meaning ({words}) on {count} rows. They count "
            "as open; say so if any of them means won or lost."
        ),
    )


def _learn(facts: Facts, found: Assigned, column: Column, meanings: dict[str, Meaning]) -> dict[str, Status]:
    """Learn what an unknown label means from a won flag or from probability 100 and 0 on every row."""
    unknown = [
        v
        for v, m in meanings.items()
        if not m.finished and (m.status is None or (m.status == "open" and not m.exact))
    ]
    won, prob = found.column("is_won"), found.column("probability")
    if not unknown or (won is None and prob is None) or known_share(column) < ENOUGH_KNOWN:
        return {}
    number = (
        f"TRY_CAST(regexp_replace({text_of(prob)}, '[ %]', '', 'g') AS DOUBLE)"
        if prob is not None
        else "NULL"
    )
    flag = is_true(won) if won is not None and won.filled else "NULL"
    top = (
        1.0
        if prob is not None
        and prob.header.unit != "%"
        and all((as_number(c, NumberRule()) or 0) <= 1 for c in prob.sample)
        else 100.0
    )
    rows = facts.con.execute(
        f"SELECT c{column.index}, bool_and({flag}), min({number}), max({number}), count({number}), count(*) "
        f"FROM {facts.view} GROUP BY 1"
    ).fetchall()
    learned: dict[str, Status] = {}
    for value, all_won, low, high, known, count in rows:
        if value not in unknown:
            continue
        if all_won or (all_won is None and known == count and low == top):
            learned[value] = "won"
        elif known == count and high == 0 and not all_won and _named_last(value, meanings):
            learned[value] = "lost"
    return learned


def _named_last(value: str, meanings: dict[str, Meaning]) -> bool:
    """A label at 0 % is lost only where other labels show that open ones have a probability."""
    return any(m.status == "open" for v, m in meanings.items() if v != value) or len(meanings) > 2


def _active(facts: Facts, found: Assigned, lead: bool) -> Outcome | None:
    """Lost deals are archived: the active flag is off and the probability, if known, is 0."""
    active, stage, prob = found.column("active"), found.column("stage"), found.column("probability")
    if active is None or not active.filled:
        return None
    zero = (
        f"coalesce(TRY_CAST({text_of(prob)} AS DOUBLE), 0) = 0"
        if prob is not None and prob.filled
        else "true"
    )
    gone, zeros = facts.con.execute(
        f"SELECT count(*), count(*) FILTER ({zero}) FROM {facts.view} WHERE NOT {is_true(active)}"
    ).fetchall()[0]
    if not gone or zeros < 0.5 * gone:
        return None
    rule_words = {v: m.status for v, m in read_words(stage, lead).items() if m.status}
    rule = OutcomeRule(
        source="active", column=stage.name if stage else None, second=active.name, words=rule_words
    )
    return Outcome(
        rule,
        [
            Notice(
                code="archived_is_lost",
                level="info",
                file=facts.file,
                column=active.name,
                count=zeros,
                values={"column": active.name, "count": zeros},
                message=N_(
                    "{count} archived deals (“{column}” is off) with no chance left are counted as lost."
                ),
            )
        ],
    )


def _by_dates(facts: Facts, found: Assigned) -> Outcome | None:
    won, lost = found.column("won_at"), found.column("lost_at")
    won, lost = (c if c is not None and c.filled else None for c in (won, lost))
    if won is None and lost is None:
        return None
    return Outcome(
        OutcomeRule(source="dates", column=won.name if won else None, second=lost.name if lost else None)
    )


def _by_probability(facts: Facts, found: Assigned, numbers: dict[str, NumberRule]) -> Outcome | None:
    column = found.column("probability")
    if column is None or not column.values:
        return None
    rule = numbers.get(column.name, NumberRule())
    read = {v: as_number(v, rule) for v in column.values}
    top = float(rule.scale)
    rule_words: dict[str, Status] = {}
    for value, number in read.items():
        if number is not None and number in (top, 0.0):
            rule_words[value] = "won" if number else "lost"
    if "won" not in rule_words.values():
        return None
    count = sum(n for v, n in column.values.items() if v in rule_words)
    return Outcome(
        OutcomeRule(source="probability", column=column.name, words=rule_words),
        [
            Notice(
                code="outcome_by_probability",
                level="question",
                file=facts.file,
                column=column.name,
                count=count,
                values={"column": column.name, "count": count},
                message=N_(
                    "No column says won or lost. Deals at 100 % in “{column}” are taken as won and deals at "
                    "0 % as lost ({count} rows)."
                ),
            )
        ],
    )


def _none(facts: Facts, found: Assigned, system: str | None) -> Outcome:
    status = found.column("status") or found.column("result")
    codes = {
        r["code"]: r["meaning"] for r in words.table("codes") if system and r["system"] == system.casefold()
    }
    if status is not None and status.values and all(v.strip() in codes for v in status.values):
        known: dict[str, Status] = {v: m for v in status.values for m in OUTCOMES if codes[v.strip()] == m}
        return Outcome(OutcomeRule(source="status", column=status.name, words=known))
    name = status.name if status is not None else ""
    return Outcome(
        OutcomeRule(),
        [
            Notice(
                code="outcome_unknown",
                level="question",
                file=facts.file,
                column=name or None,
                count=facts.rows,
                values={"column": name},
                message=N_(
                    "“{column}” may say how deals ended, but its values mean nothing by themselves. Say "
                    "which of them is won and which is lost; until then every deal counts as "
                    "open."
                )
                if name
                else N_(
                    "No column says which deals were won or lost, so every deal counts as open and there is "
                    "no hit rate. Choose the column that says so, or export it too."
                ),
            )
        ],
    )
