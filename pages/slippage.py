"""Pushed and rewritten: which closing dates slipped between two exports, and what was changed in the past."""

from __future__ import annotations

import streamlit as st

from data.errors import N_
from metrics.snapshots import has_versions
from pages.shared.controls import choose
from pages.shared.snapshots import audit, only_one, slips
from pages.shared.snapshots.chosen import DUE, dated, pick
from pages.shared.state import current, pipeline_or_stop
from pages.shared.words import _

VIEWS = {"slips": N_("Pushed closing dates"), "audit": N_("Rewritten history")}
PERIODS = tuple(name for name in DUE if name != "any")

view, base = current(), pipeline_or_stop()
st.title(_("Pushed and rewritten"))
if not has_versions(base) or len([d for d in base.meta.snapshots if d <= view.pipeline.meta.as_of]) < 2:
    only_one.draw(view, base)
else:
    known = [name for name in VIEWS if name == "audit" or dated(view)]
    shown = choose(_("View"), "part", {name: _(VIEWS[name]) for name in known}, known[0], hidden=True)
    if not dated(view):
        st.caption(
            _("Slippage needs a column with the expected closing date of open deals; this export has none.")
        )
    if shown == "slips":
        slips.draw(view, base, pick(view, base, PERIODS))
    else:
        audit.draw(view, base, pick(view, base))
