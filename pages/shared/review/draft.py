"""Corrections to a proposal: each takes a file's recipe and returns a corrected copy. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data.meta import Definitions, Status
from data.recipe import DateRule, FileRecipe, NumberRule, OutcomeRule, Proposal, Recipe
from data.recognising.meaning import meaning
from pages.shared.review.fields import DROP, KEEP, NUMBERS, is_date

CLOSED: tuple[Status, ...] = ("won", "lost", "disqualified")
BY_USER = "chosen"
_BY_STAGE = ("stage", "active")
_SWAPPED = str.maketrans("dm", "md")


def begin(proposals: list[Proposal], known: Recipe | None = None) -> Recipe:
    """Return the recipe that the proposals amount to, with the definitions already in force."""
    return Recipe(
        files={p.fingerprint: p.recipe for p in proposals},
        definitions=known.definitions if known else Definitions(),
    )


def with_file(recipe: Recipe, fingerprint: str, file: FileRecipe) -> Recipe:
    """Return the recipe with one file's part replaced."""
    return recipe.model_copy(update={"files": {**recipe.files, fingerprint: file}})


def reading(file: FileRecipe, column: str) -> str:
    """Return what a column is read as: a field, KEEP or DROP."""
    field = next((f for f, c in file.fields.items() if c == column), None)
    if field is not None:
        return field
    return KEEP if column in file.keep else DROP


def read_as(file: FileRecipe, column: str, target: str) -> FileRecipe:
    """Return the recipe with a column read as something else.

    A field has one column: the column that had it before is kept to slice by.
    """
    fields = {f: c for f, c in file.fields.items() if c != column}
    keep = [c for c in file.keep if c != column]
    drop = {c: why for c, why in file.drop.items() if c != column}
    if target == KEEP:
        keep.append(column)
    elif target == DROP:
        drop[column] = BY_USER
    else:
        if target in fields:
            keep.append(fields[target])
        fields[target] = column
    changed = file.model_copy(update={"fields": fields, "keep": keep, "drop": drop})
    return _outcome(_written(changed, column, target), file)


def _written(file: FileRecipe, column: str, target: str) -> FileRecipe:
    """Give a column that becomes a date or a number the way its neighbours are written."""
    if is_date(target) and column not in file.dates:
        formats = next((r.formats for r in file.dates.values()), ["%Y-%m-%d", "%Y-%m-%d %H:%M:%S"])
        return file.model_copy(update={"dates": {**file.dates, column: DateRule(formats=list(formats))}})
    if target in NUMBERS and column not in file.numbers:
        like = next(iter(file.numbers.values()), NumberRule())
        rule = like.model_copy(update={"scale": 100 if target == "probability" else 1})
        return file.model_copy(update={"numbers": {**file.numbers, column: rule}})
    return file


def _outcome(file: FileRecipe, before: FileRecipe) -> FileRecipe:
    """Let the outcome follow the column it is read from when another column takes that place."""
    source = {"status": "status", "stage": "stage", "probability": "probability"}.get(file.outcome.source)
    if source is None or file.fields.get(source) == before.fields.get(source):
        return file
    rule = file.outcome.model_copy(update={"column": file.fields.get(source)})
    return file.model_copy(update={"outcome": rule})


def words(file: FileRecipe, labels: Sequence[str] = ()) -> dict[str, Status]:
    """Return every label that decides an outcome, or could, and what it means now.

    `labels` are those found in the column; one without a meaning of its own is open.
    """
    found: dict[str, Status] = {label: file.outcome.words.get(label, "open") for label in labels}
    found |= file.outcome.words
    if file.outcome.source in _BY_STAGE:
        for order in file.stage_order.values():
            found |= {label: found.get(label, "open") for label in order}
    return found


def outcome_from(file: FileRecipe, column: str, labels: Sequence[str]) -> FileRecipe:
    """Return the recipe with won and lost read from another column, by what its labels usually mean."""
    known = {label: status for label in labels if (status := meaning(label).status) in CLOSED}
    by_stage = file.fields.get("stage") == column
    rule = OutcomeRule(source="stage" if by_stage else "status", column=column, words=known)
    changed = file.model_copy(update={"outcome": rule})
    return stages_from(changed, labels) if by_stage else changed


def stages_from(file: FileRecipe, labels: Sequence[str]) -> FileRecipe:
    """Return the recipe with these labels, less the closing ones, as open stages in their usual order."""
    closing = {label for label, status in file.outcome.words.items() if status in CLOSED}
    still = [label for label in labels if label not in closing and meaning(label).status not in CLOSED]
    order = sorted(still, key=lambda label: rank if (rank := meaning(label).rank) is not None else 50.0)
    return file.model_copy(update={"stage_order": {"": order}})


def word(file: FileRecipe, label: str, status: Status) -> FileRecipe:
    """Return the recipe with a label meaning something else; closing stages leave the order of open ones."""
    changed: dict[str, Status] = {**file.outcome.words, label: status}
    rule = file.outcome.model_copy(update={"words": changed})
    order = {name: list(labels) for name, labels in file.stage_order.items()}
    if file.outcome.source in _BY_STAGE:
        for labels in order.values():
            if status in CLOSED and label in labels:
                labels.remove(label)
            elif status == "open" and label not in labels:
                labels.append(label)
    return file.model_copy(update={"outcome": rule, "stage_order": order})


def place(labels: list[str], places: Mapping[int, int]) -> list[str]:
    """Return the stages in a new order; `places` maps a stage's index to its new place, from 1."""
    order = list(labels)
    for index, wanted in places.items():
        label = labels[index]
        order.remove(label)
        order.insert(max(0, min(len(order), wanted - 1)), label)
    return order


def stages(file: FileRecipe, pipeline: str, labels: list[str]) -> FileRecipe:
    """Return the recipe with the stages of one pipeline in this order."""
    return file.model_copy(update={"stage_order": {**file.stage_order, pipeline: labels}})


def otherwise(file: FileRecipe, status: Status) -> FileRecipe:
    """Return the recipe in which a deal that is not marked as won has this status."""
    return file.model_copy(update={"outcome": file.outcome.model_copy(update={"otherwise": status})})


def merge(file: FileRecipe, column: str, pairs: Mapping[str, str]) -> FileRecipe:
    """Return the recipe in which labels of a column count as others; `pairs` maps a label to what it is."""
    known = {**file.merge.get(column, {}), **pairs}
    final = {label: into for label, into in known.items() if label != into}
    return file.model_copy(update={"merge": {**file.merge, column: final}})


def unmerge(file: FileRecipe, column: str, label: str) -> FileRecipe:
    """Return the recipe in which a label counts as itself again."""
    left = {name: into for name, into in file.merge.get(column, {}).items() if name != label}
    merges = {name: pairs for name, pairs in file.merge.items() if name != column}
    return file.model_copy(update={"merge": merges | ({column: left} if left else {})})


def band(file: FileRecipe, column: str, edges: Sequence[float]) -> FileRecipe:
    """Return the recipe with a column of numbers cut at these edges; without edges it is not cut."""
    bands = {name: own for name, own in file.bands.items() if name != column}
    wanted = sorted(set(edges))
    return file.model_copy(update={"bands": bands | ({column: wanted} if wanted else {})})


def left_out(file: FileRecipe) -> FileRecipe:
    """Return the recipe of a file that nothing is taken from."""
    return file.model_copy(update={"table": "unknown"})


def date_order(file: FileRecipe) -> str | None:
    """Return "day" or "month", whichever the file's dates begin with; None when they begin with neither."""
    for rule in file.dates.values():
        for pattern in rule.formats:
            if pattern.startswith(("%d", "%-d")):
                return "day"
            if pattern.startswith(("%m", "%-m")):
                return "month"
    return None


def with_date_order(file: FileRecipe, first: str) -> FileRecipe:
    """Return the recipe with all day-and-month dates read the other way round where needed."""

    def turned(pattern: str) -> str:
        starts = "day" if pattern.startswith(("%d", "%-d")) else "month"
        if first == starts or not pattern.startswith(("%d", "%-d", "%m", "%-m")):
            return pattern
        return pattern.translate(_SWAPPED)

    dates = {
        c: r.model_copy(update={"formats": [turned(p) for p in r.formats]}) for c, r in file.dates.items()
    }
    return file.model_copy(update={"dates": dates})


def decimal_sign(file: FileRecipe) -> str | None:
    """Return the decimal sign of the file's numbers."""
    return next((rule.decimal for rule in file.numbers.values()), None)


def with_decimal_sign(file: FileRecipe, sign: str) -> FileRecipe:
    """Return the recipe with all numbers read with this decimal sign."""
    thousands = {",": ".", ".": ","}[sign]
    rules = {
        column: rule
        if rule.decimal == sign
        else rule.model_copy(update={"decimal": sign, "thousands": thousands})
        for column, rule in file.numbers.items()
    }
    return file.model_copy(update={"numbers": rules})
