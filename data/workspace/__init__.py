"""Where imports live: uploads, immutable generations, and the one manifest that says which is current."""

from __future__ import annotations

from data.workspace.manifest import Manifest, Upload
from data.workspace.store import Store
from data.workspace.workspace import Workspace

__all__ = ["Manifest", "Store", "Upload", "Workspace"]
