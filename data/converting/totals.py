"""The file's own total row, used as a checksum."""

from __future__ import annotations

from data.converting import rows, values
from data.converting.run import Run
from data.converting.source import File
from data.engine.quoting import literal


def agrees(run: Run, file: File) -> bool | None:
    """Say whether the amounts of a file add up to the total it states; None when it states none.

    The total is compared with the sum over all rows and with that over the rows kept: a list may or may
    not count what it also marks as deleted.
    """
    header = file.recipe.fields.get("amount", "")
    stated = [j.cells[header] for j in file.table.junk if j.reason == "total" and header in j.cells]
    if not stated or not file.has("amount"):
        return None
    amount = values.minor(file.cell("amount"), file.number_rule("amount"))
    sums = {
        total
        for source in (file.relation, rows.kept(run, file))
        for (total,) in run.rows(f"SELECT sum({amount})::BIGINT FROM {source}")
    }
    listed = ", ".join(f"({literal(text)})" for text in stated)
    read = values.minor(values.text("c"), file.number_rule("amount"))
    found = [n for (n,) in run.rows(f"SELECT {read} FROM (VALUES {listed}) v(c)") if n is not None]
    return any(n in sums for n in found) if found else None
