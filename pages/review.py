"""What was recognised in the files, to be confirmed or corrected before anything is counted."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from data.converting import Cancelled, Progress
from data.errors import HitrateError
from data.recipe import FileRecipe, Proposal, Recipe
from data.workspace import Workspace
from pages.shared import address, errors, importing, jobs, state, told, working
from pages.shared.review import cards, draft, effect, settings
from pages.shared.words import _, plain


def drafted(here: Workspace, proposals: list[Proposal]) -> Recipe:
    """Return the corrections made so far in this browser; new files begin a new draft."""
    files = (here.id, here.generation, tuple(p.fingerprint + p.file for p in proposals))
    if st.session_state.get("draft_of") != files:
        known = Recipe(definitions=here.manifest.definitions) if here.generation else None
        st.session_state["draft_of"] = files
        st.session_state["draft"] = draft.begin(proposals, known)
        st.session_state["draft_version"] = 0
        st.session_state["as_of"] = None
    recipe: Recipe = st.session_state["draft"]
    return recipe


def change(fingerprint: str, file: FileRecipe) -> None:
    """Take over one correction."""
    st.session_state["draft"] = draft.with_file(st.session_state["draft"], fingerprint, file)
    st.session_state["draft_version"] += 1


def file_card(proposal: Proposal, file: FileRecipe, labels: cards.Labels, version: int) -> None:
    """Draw one file: how it was read, its columns, and what the words in it mean."""
    asked = bool(proposal.questions)
    with st.expander(f"**{plain(proposal.file)}**", expanded=asked, key=f"file_{proposal.fingerprint}"):
        cards.recognised(proposal, file)
        with st.container(horizontal=True):
            cards.table(proposal, file, change)
            cards.writing(proposal, file, change)
        st.markdown("### " + _("Columns"))
        cards.columns(proposal, file, change, labels, version)
        if file.table == "deals":
            left, right = st.columns(2, gap="large")
            with left:
                st.markdown("### " + _("Won or lost"))
                cards.outcomes(proposal, file, change, labels, version)
            with right:
                if file.stage_order:
                    st.markdown("### " + _("Order of the stages"))
                    cards.stage_order(proposal, file, change, version)


def commit(
    here: Workspace, recipe: Recipe, as_of: date | None, progress: Progress, cancelled: Cancelled
) -> None:
    """Import the files as a new generation; stopped on the way, the old one stays."""
    here.commit(recipe, as_of=as_of, progress=progress, cancelled=cancelled).close()


def confirm(here: Workspace, recipe: Recipe, key: str) -> None:
    """Draw the button that makes the draft count."""
    if st.button(_("Confirm and show the overview"), type="primary", key=key):
        work = partial(commit, here, recipe, st.session_state.get("as_of"))
        st.session_state["commit"] = jobs.begin(here.id, "commit", recipe.model_dump_json(), work)
        st.rerun()


def importing_now(here: Workspace) -> None:
    """Follow an import that is under way, whoever began it, and open the overview when it is done."""
    job = jobs.find(here.id, "commit")
    if job is None or (job.done and job is not st.session_state.get("commit")):
        return
    try:
        working.follow(job, st.empty(), _("Converting your data"))
    except HitrateError as error:
        jobs.forget(here.id, "commit", job)
        errors.box(error)
        return
    jobs.forget(here.id, "commit", job)
    st.session_state.pop("draft_of", None)
    address.go("overview.py")


def main() -> None:
    """Draw the page."""
    st.title(_("Is this read correctly?"))
    for failure in importing.leftovers():
        st.warning(failure)
    here = state.workspace()
    if here is None or not here.uploads:
        state.pipeline_or_stop()
    assert here is not None
    importing_now(here)
    proposals = importing.proposals(here)
    recipe = drafted(here, proposals)
    version = st.session_state["draft_version"]
    st.markdown(
        _(
            "Compare these figures with your CRM. If they look right, confirm them; if not, open the "
            "file below and correct how it was read."
        )
    )
    questions = told.unique(q for p in proposals for q in p.questions)
    if questions:
        st.header(_("Please check"))
        told.listed(questions, name_file=len(proposals) > 1)
    preview = effect.draw(here, recipe, proposals)
    if preview is not None:
        confirm(here, recipe, "confirm_top")
        effect.warnings(proposals, preview)
    st.header(_("Files"))
    for place, proposal in enumerate(proposals):
        file_card(
            proposal, recipe.files[proposal.fingerprint], partial(importing.labels, here, place), version
        )
    if preview is not None:
        with st.expander("**" + _("Definitions") + "**", key="definitions"):
            settings.draw(recipe, preview)
        confirm(here, recipe, "confirm_bottom")


main()
