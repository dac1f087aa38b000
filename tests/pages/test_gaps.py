"""Days in sentences of the import are written as the reader writes them; a file's own text never is."""

from __future__ import annotations

import pytest

from pages.shared import gaps


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("day", "2026-10-31", "31 Oct 2026"),
        ("near", "2026-03-01", "1 Mar 2026"),
        ("day", "never", "never"),
        ("label", "2026-10-31", "2026-10-31"),
        ("day", "*x*", r"\*x\*"),
    ],
)
def test_days_and_texts(name: str, value: str, said: str) -> None:
    assert gaps.text(name, value).replace("\\-", "-") == said
