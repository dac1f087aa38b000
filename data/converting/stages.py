"""Which open stages there are, in which order, per pipeline; and what a stage label means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from data.converting.source import File
from data.engine.quoting import literal
from data.errors import N_, HitrateError
from data.meta import Pipeline_, Stage, Status

MOST = 62  # stages fit in the bits of one BIGINT


@dataclass(frozen=True)
class StagePlan:
    """The order of the open stages.

    `orders` maps a pipeline's name to its labels; "" is the order of deals without a pipeline (of their
    own). `words` maps closing labels to what they mean. `shared` is true when all pipelines have one order.
    """

    orders: dict[str, tuple[str, ...]]
    words: dict[str, Status]

    @property
    def shared(self) -> bool:
        return len(set(self.orders.values())) <= 1

    @property
    def most(self) -> int:
        """The number of stages of the longest pipeline."""
        return max((len(o) for o in self.orders.values()), default=0)

    def number(self, stage: str, pipeline: str) -> str:
        """Return SQL for the number of a stage in its pipeline; NULL for closing and unknown labels."""
        if not self.most:
            return "NULL::BIGINT"
        if self.shared:
            return self._case(stage, next(iter(self.orders.values())))
        named = " ".join(
            f"WHEN {pipeline} = {literal(name)} THEN {self._case(stage, order)}"
            for name, order in self.orders.items()
            if name
        )
        return f"CASE {named} ELSE {self._case(stage, self.orders.get('', ()))} END"

    def kind(self, stage: str) -> str:
        """Return SQL for what entering a stage means: open, won, lost or disqualified."""
        closing = {w: s for w, s in self.words.items() if s != "open"}
        if not closing:
            return "'open'"
        cases = " ".join(f"WHEN {literal(w)} THEN {literal(s)}" for w, s in closing.items())
        return f"CASE {stage} {cases} ELSE 'open' END"

    def described(self, names: Iterable[str]) -> tuple[Pipeline_, ...]:
        """Return the pipelines for Meta; `names` are those found in the deals ("" for none)."""
        found = []
        for name in names:
            order = self.orders.get(name, self.orders.get("", ()))
            if self.shared and self.orders:
                order = next(iter(self.orders.values()))
            if order:
                stages = tuple(Stage(number=i, label=label) for i, label in enumerate(order, 1))
                found.append(Pipeline_(name=name, stages=stages))
        return tuple(found)

    @staticmethod
    def _case(stage: str, order: tuple[str, ...]) -> str:
        if not order:
            return "NULL::BIGINT"
        cases = " ".join(f"WHEN {literal(label)} THEN {n}" for n, label in enumerate(order, 1))
        return f"CAST(CASE {stage} {cases} END AS BIGINT)"


def apart(deals: list[File]) -> list[File]:
    """Give files without a pipeline one of their own, named after the file, where their stages differ."""
    kinds = {f.print: frozenset(f.recipe.stage_order.get("", ())) for f in deals if not f.has("pipeline")}
    if len({k for k in kinds.values() if k}) < 2:
        return deals
    changed = []
    for file in deals:
        if not file.has("pipeline") and file.recipe.stage_order.get(""):
            first = next(f.name for f in deals if f.print == file.print)
            name = first.rsplit(".", 1)[0]
            orders = {name: file.recipe.stage_order[""]}
            file = file.with_(pipeline=name, recipe=file.recipe.model_copy(update={"stage_order": orders}))
        changed.append(file)
    return changed


def plan(deals: list[File], history: list[File]) -> StagePlan:
    """Put the stage orders and closing words of all files together.

    Pipelines with the same stages share one order (that of the pipeline named first) even where their
    recipes list them differently: a funnel is drawn once.
    """
    words: dict[str, Status] = {}
    for file in (*history, *deals):
        if file.recipe.outcome.source in ("stage", "active", "flags") or file.recipe.table == "stage_entries":
            words.update({w.strip(): s for w, s in file.recipe.outcome.words.items() if w.strip()})
    orders: dict[str, tuple[str, ...]] = {}
    for file in (*deals, *history):
        for name, labels in file.recipe.stage_order.items():
            order = tuple(
                dict.fromkeys(
                    s.strip() for s in labels if s.strip() and words.get(s.strip(), "open") == "open"
                )
            )
            if order and len(order) > MOST:
                raise too_many(file.name, len(order))
            if order:
                orders.setdefault(name, order)
    first: dict[frozenset[str], tuple[str, ...]] = {}
    for name, order in orders.items():
        orders[name] = first.setdefault(frozenset(order), order)
    return StagePlan(orders, words)


def too_many(file: str, stages: int) -> HitrateError:
    return HitrateError(
        N_("Too many stages"),
        N_("{file} would give a pipeline of {stages} open stages; {most} is the most a funnel can hold."),
        N_("Choose another column as the stage, or leave labels out of the order."),
        file=file,
        stages=stages,
        most=MOST,
    )
