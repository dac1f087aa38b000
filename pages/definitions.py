"""Data and definitions: what every number rests on, and what can be taken away, added or deleted."""

from __future__ import annotations

from functools import partial

import polars as pl
import streamlit as st

from data import Pipeline, evidence
from data.meta import STATUSES
from data.recipe import Recipe
from data.recognising.labels import STATUS_LABELS
from data.workspace import Workspace
from metrics.definitions import BY_NAME
from pages.shared import address, filters, numbers, state
from pages.shared.review import account, source, worth
from pages.shared.words import _, plain


def facts(found: Pipeline) -> None:
    """Draw the definitions in force."""
    meta = found.meta
    chosen, rate = meta.definitions, BY_NAME[meta.definitions.rate]
    stages = {s.number: s.label for s in meta.stages()}
    rows = [
        (_("Hit rate"), f"**{_(rate.label)}**: {_(rate.formula)}. {_(rate.reading)}"),
        (_("Periods count by"), _(filters.BASES[chosen.basis])),
        (_("The data show the deals as of"), numbers.day(meta.as_of)),
        (
            _("Outcomes"),
            ", ".join(f"{_(STATUS_LABELS[s])} {numbers.count(meta.counts.get(s, 0))}" for s in STATUSES),
        ),
    ]
    if stages:
        rows.append((_("A deal is an opportunity from"), plain(stages.get(chosen.opportunity_stage, "–"))))
        rows.append((_("Stages in order"), " → ".join(plain(label) for label in stages.values())))
    for name, value in rows:
        st.markdown(f"**{name}**  \n{value}")
    if st.button(_("Change definitions or columns"), key="to_review"):
        address.go("review.py")
    with st.expander(_("All hit rates and their formulas")):
        for other in filters.definitions(meta).values():
            st.markdown(f"**{_(other.label)}**: {_(other.formula)}  \n{_(other.reading)}")


@st.cache_data(show_spinner=False, max_entries=32, ttl=3600)
def behind(key: tuple[str, int], _found: Pipeline) -> dict[int, pl.DataFrame]:
    """Return the rows behind each notice, looked up once for a generation."""
    return evidence.behind(_found.folder, _found.meta)


def rows_of(found: Pipeline, here: Workspace) -> None:
    """Draw the ledger, what could not be read, and the warnings with their rows."""
    meta = found.meta
    account.ledger(meta.files)
    worth.joined(meta.notices)
    rejects: pl.DataFrame = found.rejects()
    account.rejects(rejects, rejects.height, partial(source.repair, here, rejects))
    files = source.files(here, here.manifest.recipes)
    worth.draw(worth.Told(here, files, meta.notices, behind(found.key, found)))


def sharing(here: Workspace) -> None:
    """Draw the address to send to a colleague, and the ways to take the recipe or add files."""
    st.markdown(
        _(
            "Send this address to a colleague: it opens the same data with the filters you have now. "
            "Whoever has it can also change or delete the workspace."
        )
    )
    st.code(address.link("overview"), language=None, wrap_lines=True)
    with st.container(horizontal=True):
        if st.button(_("Add another export"), key="add"):
            address.go("start.py")
        state_now = here.manifest
        recipe = Recipe(files=state_now.recipes, definitions=state_now.definitions)
        st.download_button(
            _("Download the recipe"),
            lambda: recipe.model_dump_json(indent=2),
            "hitrate-recipe.json",
            "application/json",
            on_click="ignore",
            key="recipe",
            help=_("All decisions about your files, for a notebook or for a colleague."),
        )


def deleting(here: Workspace) -> None:
    """Ask before deleting, in place."""
    if st.session_state.get("deleting") != here.id:
        if st.button(_("Delete this workspace"), key="delete"):
            st.session_state["deleting"] = here.id
            st.rerun()
        return
    st.warning(
        _(
            "All files and numbers of this workspace will be deleted for everyone who has the address. "
            "This cannot be undone."
        )
    )
    with st.container(horizontal=True):
        if st.button(_("Delete for good"), type="primary", key="delete_sure"):
            state.store().delete(here.id)
            address.drop(*(name for name in address.names() if name != "lang"))
            address.go("start.py")
        if st.button(_("Keep it"), key="delete_not"):
            st.session_state["deleting"] = None
            st.rerun()


def main() -> None:
    """Draw the page."""
    st.title(_("Data and definitions"))
    found = state.pipeline_or_stop()
    here = state.workspace()
    assert here is not None
    st.header(_("What the numbers mean"))
    facts(found)
    st.header(_("What was read"))
    rows_of(found, here)
    st.header(_("Share and keep"))
    sharing(here)
    st.header(_("Delete"))
    deleting(here)


main()
