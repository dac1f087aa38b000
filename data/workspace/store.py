"""Where workspaces live: one folder on this machine, and ids nobody can guess."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from pathlib import Path

from platformdirs import user_data_dir

from data.errors import N_, HitrateError
from data.workspace import manifest as manifests
from data.workspace.durable import PENDING, replace, sync_folder
from data.workspace.workspace import Workspace

ID = re.compile(r"[A-Za-z0-9_-]{22}")  # secrets.token_urlsafe(16): 128 random bits


class Store:
    """The workspaces below one home folder: `home`, else HITRATE_HOME, else the user's data folder."""

    def __init__(self, home: Path | str | None = None) -> None:
        chosen = home or os.environ.get("HITRATE_HOME") or user_data_dir("hitrate")
        self.home = Path(chosen).expanduser()
        self._root = self.home / "workspaces"

    def create(self) -> Workspace:
        """Make an empty workspace with a new secret id."""
        self._root.mkdir(parents=True, exist_ok=True)
        name = secrets.token_urlsafe(16)
        pending = self._root / f"{PENDING}{name}"
        pending.mkdir(mode=0o700)
        for part in ("uploads", "generations"):
            (pending / part).mkdir()
        manifests.fresh().write(pending)
        replace(pending, self._root / name)
        return Workspace(self._root / name)

    def open(self, id: str) -> Workspace:
        """Open a workspace; HitrateError when there is none with this id. No other text reaches the disk."""
        return Workspace(self._folder(id))

    def delete(self, id: str) -> None:
        """Delete a workspace with all its files; it is gone for readers at once."""
        folder = self._folder(id)
        gone = self._root / f"{PENDING}gone-{secrets.token_hex(8)}"
        folder.rename(gone)
        sync_folder(self._root)
        for left in self._root.glob(f"{PENDING}gone-*"):
            shutil.rmtree(left, ignore_errors=True)

    def _folder(self, id: str) -> Path:
        if not isinstance(id, str) or ID.fullmatch(id) is None:
            raise unknown()
        folder = self._root / id
        if not (folder / manifests.NAME).is_file():
            raise unknown()
        return folder


def unknown() -> HitrateError:
    return HitrateError(
        N_("No such workspace"),
        N_(
            "The address leads to no workspace on this server. It was deleted, has expired, or was cut "
            "short when it was "
            "copied."
        ),
        N_("Ask for the link again, or upload the files in a new workspace."),
    )
