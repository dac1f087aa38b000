"""An address that names no workspace gets a sentence with what to do, whatever it holds."""

from __future__ import annotations

import pytest

from data import HitrateError
from data.workspace import Store


@pytest.mark.parametrize(
    "id_", ["", "x", "../../etc/passwd", "A" * 22, "A" * 21 + "/", "%2e%2e", "\x00" * 22]
)
def test_an_unknown_workspace_id(tmp_path, id_):
    with pytest.raises(HitrateError) as caught:
        Store(tmp_path).open(id_)
    assert caught.value.title == "No such workspace"
    assert "Ask for the link again" in str(caught.value)
