"""docs/metrics.md cannot fall behind the code."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest

import metrics
from metrics import matured, mix, ranking, season
from metrics.change import FACTORS
from metrics.definition_lab import LAB
from metrics.definitions import PRESETS, REASONS
from metrics.funnel import COLUMNS
from metrics.hit_rate import PUBLIC
from metrics.leaks import SCHEMA
from metrics.periods import BEFORE

DOC = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text(encoding="utf-8")


INTERNAL = (
    "of_group", "won_worth", "report", "stage_table", "question", "duplicates", "one_to_one",
    "counted",
    "asked_for", "pair_cells", "aged", "between", "readings", "checked_fields", "counted_stale_lost",
)  # fmt: skip
OURS = {
    *matured.COLUMNS, *LAB, *mix.FRAME, *season.SCHEMA, *FACTORS, *BEFORE.values(), *ranking.FLOATS,
    *ranking.WHOLES,
}  # fmt: skip


def asking() -> list[str]:
    """Return every public function of metrics/ that takes a pipeline or a frame of rates."""
    names = ["compare", "ranking", "spread", "verdict", "against_targets", "benchmark"]
    for module in pkgutil.iter_modules(metrics.__path__, "metrics."):
        if module.ispkg:
            continue
        loaded = importlib.import_module(module.name)
        names += [
            n for n, f in inspect.getmembers(loaded, inspect.isfunction) if is_metric(f, module.name, n)
        ]
    return names


def is_metric(function: object, module: str, name: str) -> bool:
    found = inspect.signature(function)  # type: ignore[arg-type]
    own = getattr(function, "__module__", "") == module and not name.startswith("_")
    internal = name in INTERNAL
    return own and not internal and next(iter(found.parameters), "") == "pipeline"


@pytest.mark.parametrize("name", asking())
def test_every_metric_is_documented(name: str) -> None:
    assert f"`{name}`" in DOC


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_definition_is_there_with_its_formula(preset: object) -> None:
    assert f"| `{preset.name}` | {preset.formula} | {preset.basis} |" in DOC  # type: ignore[attr-defined]


@pytest.mark.parametrize("column", sorted({*PUBLIC, *COLUMNS, *SCHEMA, *OURS}))
def test_every_column_is_explained(column: str) -> None:
    assert f"`{column}`" in DOC


def test_every_reason_has_a_sentence() -> None:
    assert all(text.endswith((".", "?")) for text in REASONS.values())


SECTIONS = {part.split("\n", 1)[0]: part for part in DOC.split("\n## ")[1:]}
PARTS = ("Formula", "Reading", "Traps", "Source")
OURS_FROM, OURS_TO = "Hit rate", "Leaks"


def ours() -> list[str]:
    """Return the headings from the hit rate to the leaks."""
    heads = list(SECTIONS)
    first, last = (next(n for n, h in enumerate(heads) if h.startswith(w)) for w in (OURS_FROM, OURS_TO))
    return heads[first : last + 1]


@pytest.mark.parametrize("head", ours())
def test_every_metric_has_its_formula_reading_traps_and_source(head: str) -> None:
    for part in SECTIONS[head].split("\n### "):
        assert [word for word in PARTS if f"**{word}**" not in part] == []


def test_a_metric_without_a_word_would_be_seen() -> None:
    known = asking()
    assert {"matured", "leaks", "season", "trend", "stages_apart", "uncontacted", "compare"} <= set(known)
    assert "a_metric_nobody_wrote_down" not in DOC
    assert not is_metric(ours, "metrics.leaks", "ours")
