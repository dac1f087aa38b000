"""Recipes from outside: a dict, a file or a Recipe, whole or only the decisions that differ."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from data.errors import N_, HitrateError
from data.reading import RawTable
from data.recipe import FileRecipe, Proposal, Recipe
from data.workspace.manifest import Upload

NUMBERED = re.compile(r" \(\d+\)$")  # what sets two files of one name apart
Given = Recipe | Mapping[str, Any] | str | Path


def load(given: Given | None) -> Recipe | None:
    """Return the recipe that was given, or None; HitrateError when it is not one.

    `files` may be keyed by header fingerprint or by file name; a file's recipe may hold only the
    decisions that differ from what is proposed.
    """
    if given is None or isinstance(given, Recipe):
        return given
    try:
        data = given if isinstance(given, Mapping) else json.loads(Path(given).read_text(encoding="utf-8"))
        return Recipe.model_validate(data)
    except ValidationError as error:
        raise _not_a_recipe(error) from error
    except (OSError, ValueError) as error:
        raise HitrateError(
            N_("The recipe cannot be read"),
            N_("{file} is not a JSON file that can be read."),
            N_("Use the recipe as it was downloaded from the Review page."),
            file=str(given),
        ) from error


def applied(proposals: Sequence[Proposal], given: Recipe | None) -> list[Proposal]:
    """Return the proposals with the decisions of `given` in place of their own."""
    if given is None:
        return list(proposals)
    _all_known(proposals, given)
    changed = []
    for proposal in proposals:
        own = given.files.get(proposal.file) or given.files.get(NUMBERED.sub("", proposal.file))
        wanted = given.files.get(proposal.fingerprint) or own
        if wanted is not None:
            decided = {name: getattr(wanted, name) for name in wanted.model_fields_set}
            proposal = proposal.model_copy(
                update={
                    "recipe": proposal.recipe.model_copy(update=decided),
                    "questions": [],
                    "from_memory": True,
                    **_offers_left(proposal, wanted),
                }
            )
        _columns_exist(proposal)
        changed.append(proposal)
    return changed


def dated(
    tables: Sequence[RawTable],
    proposals: Sequence[Proposal],
    uploads: Sequence[Upload],
    days: Mapping[str, date],
) -> list[Proposal]:
    """Return the proposals with the day that the user said each file speaks of: in the recipe by the file's
    own name or the one it came under, else at the upload."""
    said = {u.digest: days.get(u.name, u.day) for u in uploads}
    return [
        p
        if (day := days.get(p.file, said.get(table.digest))) is None
        else p.model_copy(update={"snapshot_at": day.isoformat(), "snapshot_from": "given"})
        for table, p in zip(tables, proposals, strict=True)
    ]


def with_days(
    uploads: Sequence[Upload],
    tables: Sequence[RawTable],
    proposals: Sequence[Proposal],
    days: Mapping[str, date],
) -> list[Upload]:
    """Return the uploads with the days that a recipe gives by a file's own name or the one it came under."""
    own = {t.digest: days[p.file] for t, p in zip(tables, proposals, strict=True) if p.file in days}
    return [u.model_copy(update={"day": own.get(u.digest, days.get(u.name, u.day))}) for u in uploads]


def _offers_left(proposal: Proposal, wanted: FileRecipe) -> dict[str, Any]:
    """Return what is still on offer when `wanted` is decided, and the notices that still tell something."""
    offers = {
        header: left
        for header, pairs in proposal.offers.items()
        if (left := {a: b for a, b in pairs.items() if a not in wanted.merge.get(header, {})})
    }
    settled = proposal.offers.keys() - offers.keys()
    return {
        "offers": offers,
        "bands": {header: edges for header, edges in proposal.bands.items() if header not in wanted.bands},
        "notices": [n for n in proposal.notices if not (n.code == "near_miss" and n.column in settled)],
    }


def _all_known(proposals: Sequence[Proposal], given: Recipe) -> None:
    """A recipe may speak of headers that are not here today, but a file name must be one of these."""
    names = [p.file for p in proposals]
    for key in (*given.files, *given.days):
        if ("." in key or key in given.days) and key not in names:
            near = get_close_matches(key, names, 1, 0.0)
            raise HitrateError(
                N_("The recipe names a file that is not here"),
                N_("There is no {file} among the files."),
                N_("Did you mean {near}?"),
                file=key,
                near=near[0] if near else "-",
            )


def _columns_exist(proposal: Proposal) -> None:
    recipe: FileRecipe = proposal.recipe
    for header in (*recipe.fields.values(), *recipe.keep):
        if header not in proposal.columns:
            near = get_close_matches(header, proposal.columns, 1, 0.0)
            raise HitrateError(
                N_("The recipe names a column that is not there"),
                N_('{file} has no column "{column}".'),
                N_('Did you mean "{near}"?'),
                file=proposal.file,
                column=header,
                near=near[0] if near else "-",
            )


def _not_a_recipe(error: ValidationError) -> HitrateError:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    known = [*Recipe.model_fields, *FileRecipe.model_fields]
    near = get_close_matches(str(first["loc"][-1]), known, 1, 0.0) if first["loc"] else []
    return HitrateError(
        N_("The recipe cannot be used"),
        N_('At "{place}": {problem}.'),
        N_('The nearest part a recipe has is "{near}".'),
        place=place,
        problem=first["msg"],
        near=near[0] if near else known[0],
    )
