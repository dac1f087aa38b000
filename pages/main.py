"""The router: menu, sidebar and frame around every page. Runs on every click, so it only looks things up."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data import Pipeline
from data.errors import HitrateError
from data.imported import IMPORT_AGAIN
from data.workspace import Workspace
from pages.shared import address, chips, drilling, filters, sidebar, state, unread
from pages.shared.errors import guarded, sentence
from pages.shared.filters import DRILL
from pages.shared.snapshots import asof
from pages.shared.theme import palette
from pages.shared.words import _, t

HERE = Path(__file__).parent
ANALYSIS = (
    "overview", "hit_rates", "fair", "matured", "funnel", "change", "movements", "slippage", "lab", "deals",
)  # fmt: skip
MENDING = ("review", "start")  # pages that can do without the data imported before
STYLE = """<style>
.stMainBlockContainer { max-width: 1200px; padding-top: 4.25rem; padding-bottom: 5rem; }
.stSidebar [data-testid="stSidebarUserContent"] { padding-bottom: 1.5rem; }
.st-key-pick_lang button { padding: 0.2rem 0.5rem; min-height: 2rem; }
.st-key-pick_lang button p { font-size: 0.85rem; white-space: nowrap; }
.stApp .stButtonGroup button[data-selected][data-variant="segmented_control"] {
  color: inherit; font-weight: 600; }
.st-key-menu { padding-bottom: 0.75rem; }
.st-key-chips button { min-height: 1.9rem; padding: 0.1rem 0.65rem; border-radius: 999px; }
[data-testid="stFileUploaderDropzoneInstructions"] { display: none; }
button[aria-label="Download as CSV"], [data-testid="stStatusWidget"] button { display: none; }
.stMetric g[role="graphics-symbol"]:empty { display: none; }
.stApp [data-testid="stCaptionContainer"] { opacity: 1; }
.stApp [data-testid="stCaptionContainer"] * { color: MUTED; }
@media (max-width: 640px) { .stMainBlockContainer { padding-left: 1rem; padding-right: 1rem; } }
</style>"""


def titles() -> dict[str, str]:
    """Return the pages in the order of the menu."""
    return {
        "overview": _("Overview"),
        "hit_rates": _("Hit rates"),
        "fair": _("Fair comparison"),
        "matured": _("Matured hit rate"),
        "funnel": _("Funnel and leaks"),
        "change": _("What changed"),
        "movements": _("Pipeline movements"),
        "slippage": _("Pushed and rewritten"),
        "lab": _("Definition lab"),
        "deals": _("Deals"),
        "definitions": _("Data and definitions"),
        "review": _("Review"),
        "start": _("Start"),
    }


def register() -> dict[str, st.Page]:
    """Return all pages, also those without data behind them yet, so that every deep link finds its page."""
    return {
        name: st.Page(f"{name}.py", title=title, icon="", default=name == "start")
        for name, title in titles().items()
    }


def menu(pages: dict[str, st.Page], here: Workspace | None, ready: bool) -> None:
    """Draw the menu. Its links carry the address, which Streamlit's own menu would drop."""
    shown = {**dict.fromkeys(pages, ready), "review": bool(here and here.uploads), "start": True}
    with st.container(gap="xsmall", key="menu"):
        for name, page in pages.items():
            if shown[name] and any(shown[other] for other in pages if other != "start"):
                st.page_link(page, label=page.title, query_params=address.query(without=DRILL))


def unknown(error: HitrateError, again: bool = False) -> None:
    """Say that the address leads nowhere, or to data to import `again`, and offer a way on."""
    st.title(t(error.title, **error.values))
    st.markdown(sentence(error))
    if again and st.button(_("Import again"), type="primary", key="again"):
        address.go("review.py")
    if st.button(_("Start anew"), type="secondary" if again else "primary", key="anew"):
        address.drop(*address.names())
        address.go("start.py")


def frame(found: Pipeline, newest: Pipeline, filtered: DeltaGenerator) -> None:
    """Draw the filters and the chips."""
    with filtered:
        sidebar.draw(found, newest)
    chips.draw(found, newest)


def main() -> None:
    """Draw one page inside its frame."""
    st.set_page_config(page_title="Hitrate", page_icon=str(HERE / "assets" / "icon.svg"), layout="wide")
    st.logo(HERE / "assets" / "wordmark.svg", icon_image=HERE / "assets" / "icon.svg", size="large")
    st.html(STYLE.replace("MUTED", palette().muted))
    address.load()
    said = unread.strangers()
    here: Workspace | None = None
    newest: Pipeline | None = None
    found: Pipeline | None = None
    failure: HitrateError | None = None
    try:
        here = state.workspace()
        newest = state.pipeline()
        if newest is not None:
            said, found = [*said, *asof.clean(newest.meta)], asof.seen(newest)
    except HitrateError as error:
        failure = error
    pages = register()
    page = st.navigation(list(pages.values()), position="hidden")
    if page.url_path != "deals":
        address.drop(*address.names(DRILL))
    if found is not None:
        said += [*filters.clean(found), *drilling.clean(found)]
    address.publish()
    with st.sidebar:
        menu(pages, here, found is not None)
    filtered = st.sidebar.container()
    with st.sidebar:
        sidebar.languages()  # before the page, which may take its time
    above = st.empty()  # one box: what the page finds is added to it
    with above:
        unread.draw(said)
    with guarded():
        again = failure is not None and failure.values.get("code") == IMPORT_AGAIN
        if failure is not None and not (again and page.url_path in MENDING):
            unknown(failure, again)
        else:
            if found is not None and newest is not None and page.url_path in ANALYSIS:
                frame(found, newest, filtered)
            page.run()
    if refused := unread.refused():
        with above:
            unread.draw([*said, *refused])
    address.publish()


main()
