"""The recipe as a file: every decision, to take away, to edit, and to bring back."""

from __future__ import annotations

import json

import streamlit as st

from data.errors import N_, HitrateError
from data.recipe import Recipe
from data.workspace.recipes import applied, load
from pages.shared import errors
from pages.shared.review import desk as desks
from pages.shared.review import draft
from pages.shared.review.desk import Desk
from pages.shared.words import _


def parsed(text: bytes, name: str) -> Recipe:
    """Return the recipe a file holds; HitrateError when it holds none."""
    try:
        found = load(json.loads(text.decode("utf-8-sig")))
    except ValueError as error:
        raise HitrateError(
            N_("The recipe cannot be read"),
            N_("{file} is not a JSON file that can be read."),
            N_("Use the recipe as it was downloaded from the Review page."),
            file=name,
        ) from error
    assert found is not None
    return found


def taken(desk: Desk, given: Recipe) -> Recipe:
    """Return the draft with the decisions of a recipe in it; HitrateError when they do not fit the files."""
    made = draft.begin(applied(desk.proposals, given))
    stated = given.definitions if "definitions" in given.model_fields_set else desk.recipe.definitions
    return made.model_copy(update={"definitions": stated})


def draw(desk: Desk) -> None:
    """Draw the way to take the recipe away, and the way to apply one, closed until it is opened."""
    opened = st.expander("**" + _("Recipe") + "**", key="recipes", on_change="rerun")
    if opened.open:
        with opened:
            _open(desk)


def _open(desk: Desk) -> None:
    st.caption(_("All decisions about these files in one small file, for a colleague, a notebook or later."))
    st.download_button(
        _("Download the recipe"),
        lambda: desk.recipe.model_dump_json(indent=2),
        "hitrate-recipe.json",
        "application/json",
        on_click="ignore",
        key="recipe",
        icon=":material/download:",
    )
    key = f"recipe_in_{st.session_state.get('recipes_taken', 0)}"
    file = st.file_uploader(_("Apply a recipe (JSON)"), type="json", key=key, max_upload_size=2)
    if file is None:
        return
    try:
        recipe = taken(desk, parsed(file.getvalue(), file.name))
    except HitrateError as error:
        errors.box(error)
        return
    desks.replace(recipe)
    st.session_state["recipes_taken"] = st.session_state.get("recipes_taken", 0) + 1
    st.toast(_("The recipe was applied."))
    st.rerun()
