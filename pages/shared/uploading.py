"""The browser's side of the streaming upload: a script, its words, and the click that says files arrived."""

from __future__ import annotations

import html
import json

import streamlit as st

from data.workspace import Workspace
from pages.shared import address, importing, streaming
from pages.shared.numbers import number
from pages.shared.streaming import Ticket
from pages.shared.words import _, locale, t

STYLE = """<style>
.st-key-arrived { display: none; }
.hitrate-upload { display: grid; gap: 0.5rem; }
.hitrate-upload:empty { display: none; }
.hitrate-upload .file { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.15rem 0.75rem;
  align-items: center; padding: 0.6rem 0.75rem; border-radius: 6px;
  border: 1px solid color-mix(in srgb, currentColor 22%, transparent); }
.hitrate-upload .name { font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.hitrate-upload .share { justify-self: end; font-variant-numeric: tabular-nums; font-size: 0.9rem; }
.hitrate-upload progress { width: 100%; height: 0.5rem; appearance: none; border: 0; border-radius: 4px;
  overflow: hidden; color: #2C7DB4; }
.hitrate-upload progress, .hitrate-upload progress::-webkit-progress-bar {
  background: color-mix(in srgb, #7F8C99 25%, transparent); }
.hitrate-upload progress::-webkit-progress-value { background: #2C7DB4; }
.hitrate-upload progress::-moz-progress-bar { background: #2C7DB4; }
.hitrate-upload button { font: inherit; font-size: 0.9rem; color: inherit; background: transparent;
  padding: 0.2rem 0.7rem; border-radius: 6px; cursor: pointer; grid-column: 2;
  border: 1px solid color-mix(in srgb, currentColor 40%, transparent); }
.hitrate-upload button:hover { background: color-mix(in srgb, currentColor 8%, transparent); }
.hitrate-upload button:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
.hitrate-upload > button { justify-self: start; }
</style>"""


def panel(here: Workspace | None) -> None:
    """Draw the place where the script shows how far each file is, and load the script.

    The script takes over the files that are chosen or dropped on the upload box. When all are stored it
    clicks the hidden button, and the page goes on as after any upload.
    """
    holder = _ticket(here)
    base = "/".join(("", *filter(None, [str(st.get_option("server.baseUrlPath") or "").strip("/")])))
    settings = {
        "url": base + streaming.UPLOAD,
        "ticket": holder.code,
        "limit": streaming.limit(),
        "language": str(locale()).replace("_", "-"),
        "words": words(),
    }
    source = f"{base}{streaming.SCRIPT_PATH}?v={streaming.script_version()}"
    st.html(
        f'{STYLE}<div class="hitrate-upload" data-settings="{html.escape(json.dumps(settings))}"></div>'
        f'<script type="module" src="{html.escape(source)}"></script>',
        unsafe_allow_javascript=True,
    )
    st.button(_("Go on with the files that arrived"), key="arrived", on_click=arrived, args=(holder,))


def arrived(holder: Ticket) -> None:
    """Take over what came by the streaming route: the workspace it made, and the files to read."""
    if holder.workspace is not None:
        address.put("w", holder.workspace)
        while holder.again:
            importing.tell_again(holder.again.pop(0))
        st.session_state["reading"] = True


def words() -> dict[str, str]:
    """Return the sentences of the script in the reader's language; {name} and {share} are filled there."""
    most = t("The file is too large: at most {size} can be uploaded at once.", size=_size(streaming.limit()))
    return {
        "waiting": _("Waiting"),
        "sending": _("Uploading"),
        "kept": _("Uploaded"),
        "again": _("Already here"),
        "cancel": _("Cancel"),
        "cancelled": _("Cancelled, nothing was kept"),
        "dismiss": _("Close"),
        "go": _("Go on with the files that arrived"),
        "large": most,
        "full": _("There is not enough room for this file on the server."),
        "busy": _("This workspace is being changed by someone else just now. Try again in a moment."),
        "ticket": _("This page is too old to upload to. Load it again."),
        "failed": _("The upload did not come through. Check the connection and try again."),
    }


def _ticket(here: Workspace | None) -> Ticket:
    """Return this session's ticket for the workspace of the page; another workspace needs another."""
    name = here.id if here else None
    if "ticket" not in st.session_state or st.session_state.get("ticket_for") != name:
        st.session_state["ticket"] = streaming.ticket(name)
        st.session_state["ticket_for"] = name
    held: Ticket = st.session_state["ticket"]
    return held


def _size(length: int) -> str:
    """Return a number of bytes in GB, or in MB below one."""
    big = length >= 1 << 30
    value = length / (1 << (30 if big else 20))
    return f"{number(value, 0 if value == round(value) else 1)} {'GB' if big else 'MB'}"
