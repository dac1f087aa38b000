"""What the README promises runs as it stands there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from data import open_exports
from data.sample import sample_files
from metrics import hit_rate

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block() -> str:
    """Return the README's Python lines."""
    found = re.search(r"```python\n(.*?)```", README, re.S)
    assert found
    return found.group(1)


def test_the_notebook_lines_print_the_figures_of_the_product(tmp_path: Path) -> None:
    script = f"import polars as pl\npl.Config.set_tbl_cols(-1)\npl.Config.set_tbl_width_chars(400)\n{block()}"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "POLARS_FMT_MAX_ROWS": "50"},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    with open_exports(*sample_files(tmp_path / "again")) as pipeline:
        row = hit_rate(pipeline).row(0, named=True)
    for name in ("deals", "won", "lost"):
        assert str(row[name]) in done.stdout
    assert f"{row['rate']:.6f}" in done.stdout
    assert "Partner" in done.stdout


def test_the_readme_names_only_files_that_exist() -> None:
    linked = [target for target in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in target]
    assert linked
    assert [target for target in linked if not (ROOT / target).exists()] == []
