"""The definitions of a workspace: what counts as an opportunity, and how a hit rate is counted."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from babel.dates import get_month_names

from data.meta import Definitions, Meta
from data.recipe import Recipe
from metrics.definitions import BY_NAME
from pages.shared.filters import BASES
from pages.shared.review.controls import FIRST_DAY, LAST_DAY
from pages.shared.words import _, locale


def _set(name: str, key: str) -> None:
    recipe: Recipe = st.session_state["draft"]
    value = st.session_state[key]
    changed = recipe.definitions.model_copy(update={name: value or None})
    st.session_state["draft"] = recipe.model_copy(update={"definitions": changed})


def _pick(
    name: str,
    label: str,
    options: list[object],
    value: object,
    show: Callable[[object], str],
    help: str | None = None,
) -> None:
    key = f"define_{name}"
    st.session_state[key] = value if value in options else options[0]
    st.selectbox(
        label,
        options,
        key=key,
        format_func=show,
        on_change=_set,
        args=(name, key),
        help=help,
        filter_mode=None,
    )


def draw(recipe: Recipe, meta: Meta) -> None:
    """Draw the definitions; a change is taken into the draft at once."""
    chosen: Definitions = recipe.definitions
    longest = max((p.stages for p in meta.pipelines), key=len, default=())
    stages = {s.number: s.label for s in (meta.stages() or longest)}
    months = get_month_names("wide", context="stand-alone", locale=locale())
    left, right = st.columns(2, gap="large")
    with left:
        _pick("rate", _("Hit rate"), list(BY_NAME), chosen.rate, lambda n: _(BY_NAME[str(n)].label))
        st.caption(_(BY_NAME[chosen.rate].formula))
        _pick("basis", _("Periods count by"), list(BASES), chosen.basis, lambda n: _(BASES[str(n)]))
        if len(meta.currencies) > 1:
            _pick(
                "currency",
                _("Currency to show first"),
                ["", *meta.currencies],
                chosen.currency or "",
                lambda code: str(code) if code else _("None"),
            )
    with right:
        _stages(chosen, stages)
        _pick(
            "fiscal_month",
            _("The fiscal year begins in"),
            list(range(1, 13)),
            chosen.fiscal_month,
            lambda n: months[int(str(n))],
        )
        _as_of(meta)


def _stages(chosen: Definitions, stages: dict[int, str]) -> None:
    """Let the reader say from which stage a deal is an opportunity, and a meeting has taken place."""
    if not stages:
        return
    _pick(
        "opportunity_stage",
        _("A deal is an opportunity from the stage"),
        list(stages),
        chosen.opportunity_stage,
        lambda n: stages.get(int(str(n)), str(n)),
    )
    _pick(
        "meeting_stage",
        _("A meeting has taken place from the stage"),
        [0, *stages],
        chosen.meeting_stage or 0,
        lambda n: stages.get(int(str(n)), str(n)) if n else _("Not stated"),
    )


def _as_of(meta: Meta) -> None:
    """Let the reader say which day the export is from; ages of open deals count up to it."""
    given = st.session_state.get("as_of")
    st.session_state["define_as_of"] = given or meta.as_of

    def edited() -> None:
        st.session_state["as_of"] = st.session_state["define_as_of"]

    st.date_input(
        _("The export shows the deals as of"),
        key="define_as_of",
        on_change=edited,
        format="DD-MM-YYYY",
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        help=_("Ages of open deals count up to this day."),
    )
