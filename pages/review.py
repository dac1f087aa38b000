"""What was recognised in the files, to be confirmed or corrected before anything is counted."""

from __future__ import annotations

from datetime import date
from functools import partial

import polars as pl
import streamlit as st

from data.converting import Cancelled, Progress
from data.errors import HitrateError
from data.notice import Notice
from data.recipe import Recipe
from data.workspace import Workspace
from pages.shared import address, errors, importing, jobs, state, working
from pages.shared.review import (
    account,
    cards,
    controls,
    effect,
    offers,
    questions,
    recipes,
    settings,
    source,
    worth,
)
from pages.shared.review import (
    desk as desks,
)
from pages.shared.review.desk import Desk
from pages.shared.review.effect import Preview
from pages.shared.words import _


def commit(
    here: Workspace, recipe: Recipe, as_of: date | None, progress: Progress, cancelled: Cancelled
) -> None:
    """Import the files as a new generation; stopped on the way, the old one stays."""
    here.commit(recipe, as_of=as_of, progress=progress, cancelled=cancelled).close()


def confirm(desk: Desk, key: str) -> None:
    """Draw the button that makes the draft count."""
    if st.button(_("Confirm and show the overview"), type="primary", key=key):
        work = partial(commit, desk.here, desk.recipe, st.session_state.get("as_of"))
        st.session_state["commit"] = jobs.begin(desk.here.id, "commit", desk.recipe.model_dump_json(), work)
        st.rerun()


def importing_now(here: Workspace) -> None:
    """Follow an import that is under way, whoever began it, and open the overview when it is done."""
    job = jobs.find(here.id, "commit")
    if job is None or (job.done and job is not st.session_state.get("commit")):
        return
    try:
        working.follow(job, st.empty(), _("Converting your data"), "_commit")
    except HitrateError as error:
        jobs.forget(here.id, "commit", job)
        errors.box(error)
        return
    jobs.forget(here.id, "commit", job)
    desks.drop()
    address.go("overview.py")


def result(desk: Desk, found: Preview) -> None:
    """Draw what the draft comes to, and the way on."""
    with st.container(border=True, key="effect"):
        effect.figures(found)
        account.ledger(found.meta.files, {p.file: p.snapshot_at for p in desk.proposals if p.snapshot_at})
        worth.joined(found.meta.notices)
    meta = found.meta
    total = sum(line.values_unread + line.rows_rejected for line in meta.files)
    if total:
        account.rejects(found.rejects, total, partial(source.repair, desk.here, found.rejects))
    confirm(desk, "confirm_top")


def currency(desk: Desk, notice: Notice) -> None:
    """Let the reader say the currency of a file on the spot."""
    place = next((i for i, p in enumerate(desk.proposals) if p.file == notice.file), None)
    if place is not None:
        controls.currency(desk, place, "worth_")


def below(desk: Desk, found: Preview | None) -> None:
    """Draw every file, the definitions and the recipe, folded, and the way on once more."""
    st.header(_("Files"))
    cards.draw(desk, found.bands if found else {})
    if found is not None:
        with st.expander("**" + _("Definitions") + "**", key="definitions"):
            settings.draw(desk.recipe, found.meta)
    recipes.draw(desk)
    if found is not None:
        confirm(desk, "confirm_bottom")


def main() -> None:
    """Draw the page: what needs an answer, what it comes to, what is worth knowing, then every file."""
    st.title(_("Is this read correctly?"))
    for failure in importing.leftovers():
        st.warning(failure)
    here = state.workspace()
    if here is None or not here.uploads:
        state.pipeline_or_stop()
    assert here is not None
    importing_now(here)
    desk = desks.on(here, importing.proposals(here))
    asked = st.container()
    st.header(_("What it comes to"))
    st.caption(
        _(
            "Compare these figures with your CRM. If they look right, confirm them; if not, open the "
            "file below and correct how it was read."
        )
    )
    found = effect.attempt(here, desk.recipe, desk.proposals)
    notices = [n for p in desk.proposals for n in (*p.questions, *p.notices)]
    if isinstance(found, Preview):
        notices = [*(n for p in desk.proposals for n in p.questions), *found.meta.notices]
        result(desk, found)
    else:
        questions.blocked(desk, found)
    with asked:
        questions.draw(desk, notices)
        if all(p.from_memory and not p.changed for p in desk.proposals):
            st.markdown(":material/check: " + _("Read in the same way as before: nothing to decide."))
    offers.draw(desk, notices)
    behind: dict[int, pl.DataFrame] = {}
    if isinstance(found, Preview):
        first = len(notices) - len(found.meta.notices)
        behind = {first + place: rows for place, rows in found.behind.items()}
    files = source.files(here, desk.recipe.files)
    worth.draw(worth.Told(here, files, notices, behind, {"currency_unknown": partial(currency, desk)}))
    below(desk, found if isinstance(found, Preview) else None)


main()
