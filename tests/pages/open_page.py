"""Open one page of the app on a hand-made set of deals, the way a browser would find it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.pipeline import Pipeline
from pages.shared import state

MAIN = Path(__file__).parents[2] / "pages" / "main.py"


def open_page(monkeypatch: pytest.MonkeyPatch, found: Pipeline, page: str, **query: Any) -> AppTest:
    """Return the page after its first run; `query` is what the address holds (`f__owner` for f.owner)."""
    monkeypatch.setattr(state, "pipeline", lambda: found)
    monkeypatch.setattr(state, "workspace", lambda: None)
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    for name, value in query.items():
        app.query_params[name.replace("__", ".")] = value
    return app.switch_page(page).run()


def words(app: AppTest) -> str:
    """Return every text on the page, metric values included."""
    texts = [*app.title, *app.markdown, *app.caption, *app.subheader, *app.info, *app.warning, *app.error]
    return "\n".join(
        [*(str(t.value) for t in texts), *(f"{m.label}: {m.value} ({m.delta})" for m in app.metric)]
    )


def clean(app: AppTest) -> str:
    """Return the page's words after checking that nothing on it is a bare missing value or a failure."""
    assert not app.exception
    assert not app.error
    said = words(app)
    assert not [
        word for word in said.replace("(", " ").replace(")", " ").split() if word in ("None", "nan", "NaN")
    ]
    return said
