"""The draft on the Review page: what was recognised, the corrections so far, and which answers were given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from data.recipe import FileRecipe, Proposal, Recipe
from data.workspace import Workspace
from pages.shared.review import draft, source


@dataclass(frozen=True)
class Desk:
    """What every part of the page works on. Corrections go to the session and show on the next run.

    `version` counts the corrections; tables that are edited in place carry it in their key, so that an edit
    is taken once.
    """

    here: Workspace
    proposals: list[Proposal]
    recipe: Recipe
    version: int

    def file(self, place: int) -> FileRecipe:
        """Return the recipe of one file as corrected so far."""
        return self.recipe.files[self.proposals[place].fingerprint]

    def change(self, place: int, file: FileRecipe) -> None:
        """Take over one correction; for callbacks."""
        found: Recipe = st.session_state["draft"]
        st.session_state["draft"] = draft.with_file(found, self.proposals[place].fingerprint, file)
        st.session_state["draft_version"] += 1

    def labels(self, place: int, column: str) -> list[str]:
        """Return the texts in a column, most frequent first."""
        return source.labels(self.here, place, column)

    @property
    def several(self) -> bool:
        """Whether there is more than one file, so that each sentence must say which it is about."""
        return len(self.proposals) > 1


def on(here: Workspace, proposals: list[Proposal]) -> Desk:
    """Return the corrections made so far in this browser; new files begin a new draft."""
    files = (here.id, here.generation, tuple(p.fingerprint + p.file for p in proposals))
    if st.session_state.get("draft_of") != files:
        known = Recipe(definitions=here.manifest.definitions) if here.generation else None
        replace(draft.begin(proposals, known))
        st.session_state["draft_of"] = files
        st.session_state["as_of"] = None
    recipe: Recipe = st.session_state["draft"]
    return Desk(here, proposals, recipe, st.session_state["draft_version"])


def replace(recipe: Recipe) -> None:
    """Put another draft in the place of this one; nothing in it has been answered yet."""
    st.session_state["draft"] = recipe
    st.session_state["draft_version"] = st.session_state.get("draft_version", 0) + 1
    st.session_state["answered"] = set()


def drop() -> None:
    """Forget the draft, so that the next visit begins with what is in force."""
    st.session_state.pop("draft_of", None)


def is_answered(key: str) -> bool:
    """Return whether the reader has answered this question."""
    return key in st.session_state.get("answered", set())


def answer(key: str, also: Callable[[], None] | None = None) -> None:
    """Remember that a question was answered, after doing what the answer asks for; for callbacks."""
    if also is not None:
        also()
    st.session_state["answered"] = {*st.session_state.get("answered", set()), key}


def ask_again(key: str) -> None:
    """Open an answered question again; for callbacks."""
    st.session_state["answered"] = st.session_state.get("answered", set()) - {key}
