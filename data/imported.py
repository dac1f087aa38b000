"""An imported set of deals, ready to be asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import ValidationError

from data.engine import DuckDBEngine
from data.errors import N_, HitrateError
from data.meta import FORMAT, STATUSES, Meta
from data.recipe import Proposal

REJECTS = {"file": pl.String, "row": pl.Int64, "column": pl.String, "text": pl.String, "reason": pl.String}
IMPORT_AGAIN = "import again"


class Pipeline:
    """One generation of a workspace: its description and the engine that answers questions on it.

    `key` (workspace id, generation) names the data for caches: same key, same answers. Close it, or use
    it in a `with`, to let go of the engine and of a temporary folder.
    """

    def __init__(self, folder: Path, key: tuple[str, int] | None = None) -> None:
        self.folder = Path(folder)
        self.meta = _described(self.folder)
        self.engine = DuckDBEngine(self.folder)
        self.key: tuple[str, int] = key or (str(self.folder.resolve()), 0)
        self.on_close: Callable[[], object] | None = None  # what else ends with it

    @property
    def proposal(self) -> list[dict[str, Any]]:
        """What was recognised, per file: table, container, encoding, delimiter, header_row, date_order,
        decimal, fields {field: header}, columns {header: its field, reason, confidence, runner_up}, outcome
        {word: status}, stage_order, warnings, questions; and the whole recipe under `recipe`."""
        path = self.folder / "proposals.json"
        if not path.exists():
            return []
        return [
            described(Proposal.model_validate(one)) for one in json.loads(path.read_text(encoding="utf-8"))
        ]

    def summary(self) -> dict[str, Any]:
        """Count what is in it: deals, won, lost, open, disqualified; amount {currency: sum in whole units,
        the currency None where nothing says it}; rows_read, rows_kept, rows_rejected, rows_junk;
        snapshots (dates); as_of."""
        counts, files = self.meta.counts, self.meta.files
        sums = self.engine.fetch(
            "SELECT currency AS currency, CAST(SUM(amount_minor) AS BIGINT) AS amount_minor FROM deals "
            "WHERE amount_minor IS NOT NULL GROUP BY 1 ORDER BY 1"
        )
        return {
            "deals": counts["deals"],
            **{status: counts[status] for status in STATUSES},
            "amount": {currency: minor / 100 for currency, minor in sums.iter_rows()},
            "rows_read": sum(f.rows_read for f in files),
            "rows_kept": sum(f.rows_kept for f in files),
            "rows_rejected": sum(f.rows_rejected for f in files),
            "rows_junk": sum(f.rows_junk for f in files),
            "snapshots": list(self.meta.snapshots),
            "as_of": self.meta.as_of,
        }

    def rejects(self) -> pl.DataFrame:
        """Return every row and cell that is not in the tables: file, row (as a person counts), column
        (null: the whole row), text, reason."""
        path = self.folder / "rejects.parquet"
        return pl.read_parquet(path).cast(REJECTS) if path.exists() else pl.DataFrame(schema=REJECTS)  # type: ignore[arg-type]

    def at(self, day: date) -> Pipeline:
        """Return the deals as the snapshot of `day` showed them, under the definitions of today.

        Its own key, so that caches never mix, and `meta.as_of` is the day. Rebuilt from the versions of the
        deals once, then read from disk; close it like any other. The last activity is not known in it.
        HitrateError when there is no snapshot of that day; the nearest is named.
        """
        from data.snapshots import asof  # it needs the converter, which needs this module

        return Pipeline(asof.folder(self, day), asof.key(self.key, day))

    def close(self) -> None:
        """Let go of the engine, and of the folder if it was a temporary one."""
        self.engine.close()
        if self.on_close is not None:
            self.on_close()
            self.on_close = None

    def __enter__(self) -> Pipeline:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _described(folder: Path) -> Meta:
    """Read what a generation says of itself; HitrateError where it is missing, damaged or of another
    version."""
    try:
        meta = Meta.model_validate_json((folder / "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise not_readable() from error
    if meta.format != FORMAT:
        raise not_readable()
    return meta


def not_readable() -> HitrateError:
    return HitrateError(
        N_("These data must be imported again"),
        N_("They were written by another version of this program, or their description is damaged."),
        N_("Open the Review page and import the files once more; they are still here."),
        code=IMPORT_AGAIN,
    )


def described(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal as plain data, the way a notebook wants to read it."""
    recipe = proposal.recipe
    amount = recipe.numbers.get(recipe.fields.get("amount", ""))
    number = amount or next(iter(recipe.numbers.values()), None)
    orders = {order for rule in recipe.dates.values() for f in rule.formats if (order := date_order(f))}
    return {
        "file": proposal.file,
        "table": recipe.table,
        "container": proposal.container,
        "encoding": proposal.encoding,
        "delimiter": proposal.delimiter,
        "header_row": proposal.header_row,
        "sheet": proposal.sheet,
        "system": proposal.system,
        "language": proposal.language,
        "snapshot_at": proposal.snapshot_at,
        "date_order": next(iter(orders)) if len(orders) == 1 else sorted(orders) or None,
        "decimal": number.decimal if number else None,
        "thousands": number.thousands if number else None,
        "currency": recipe.currency,
        "fields": dict(recipe.fields),
        "keep": list(recipe.keep),
        "drop": dict(recipe.drop),
        "outcome": dict(recipe.outcome.words),
        "outcome_from": recipe.outcome.source,
        "stage_order": dict(recipe.stage_order),
        "offers": {header: dict(pairs) for header, pairs in proposal.offers.items()},
        "bands": {header: list(edges) for header, edges in proposal.bands.items()},
        "columns": {
            guess.column: {
                "field": guess.field,
                "reason": guess.reason.format(**guess.values),
                "confidence": guess.confidence,
                "runner_up": guess.runner_up,
            }
            for guess in proposal.guesses
        },
        "changed": dict(proposal.changed),
        "warnings": [n.text() for n in proposal.notices],
        "questions": [n.text() for n in proposal.questions],
        "recipe": recipe.model_dump(mode="json"),
    }


def date_order(pattern: str) -> str | None:
    """Return "dmy", "mdy" or "ymd" for a strptime pattern; None for numbers that stand for dates.

    >>> date_order("%d-%m-%Y %H:%M")
    'dmy'
    """
    letters = {"d": "d", "m": "m", "b": "m", "B": "m", "y": "y", "Y": "y"}
    found = "".join(letters[c] for before, c in pairwise(pattern) if before == "%" and c in letters)
    return found if sorted(found) == ["d", "m", "y"] else None
