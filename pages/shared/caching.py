"""Answers kept per workspace, generation and frozen question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import streamlit as st

from data import Pipeline, Slice

P = ParamSpec("P")
R = TypeVar("R")
_PLAIN = (str, int, float, bool, date, type(None))


@st.cache_data(show_spinner=False, max_entries=600, ttl=6 * 3600)
def _answer(workspace: str, generation: int, question: str, _ask: Callable[[], Any]) -> Any:
    return _ask()


def _frozen(value: object) -> str:
    """Return a value's full text for a cache key; frames are refused, they are hashed from a sample."""
    if isinstance(value, Pipeline):
        return ""
    if isinstance(value, (Slice, *_PLAIN)):
        return repr(value)
    if isinstance(value, dict):
        return repr([(str(k), _frozen(v)) for k, v in value.items()])
    if isinstance(value, (tuple, list)):
        return repr([_frozen(v) for v in value])
    raise TypeError(f"a cached question cannot hold a {type(value).__name__}")


def cached(function: Callable[P, R]) -> Callable[P, R]:
    """Return a `(pipeline, ...)` function that answers each question once per workspace and generation.

    The key is the workspace, its generation, the function's name and the frozen arguments: no language,
    no frame, no session. The function must not read session state.
    """
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        source = next(a for a in (*args, *kwargs.values()) if isinstance(a, Pipeline))
        question = f"{name}{_frozen(args)}{_frozen(dict(sorted(kwargs.items())))}"
        result: R = _answer(*source.key, question, lambda: function(*args, **kwargs))
        return result

    return asked
