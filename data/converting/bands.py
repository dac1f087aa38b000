"""Numbers cut into bands, so that deals can be sliced by age, by number of employees, by size of deal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from data.converting import values
from data.converting.looking import DIMENSIONS
from data.converting.source import Banded, File
from data.converting.typed import Column
from data.engine.quoting import literal
from data.errors import N_, HitrateError
from data.meta import Dimension
from data.naming import unique
from data.recipe import NumberRule

MOST = 50  # bands of one column
GAP = "\u202f"  # parts thousands: no reader takes a narrow space for a decimal sign


def labels(edges: Sequence[float]) -> tuple[str, ...]:
    """Return the names of the bands between rising edges; a band holds its lower edge, not its upper.

    >>> labels([18, 25, 65])
    ('< 18', '18–24', '25–64', '65+')
    """
    inner = [_between(low, high) for low, high in pairwise(edges)]
    return (f"< {_text(edges[0])}", *inner, f"{_text(edges[-1])}+")


def cut(file: File) -> File:
    """Return the file with its columns of numbers cut as its recipe says.

    A column to slice by becomes its bands. One that is something else too (an amount) stays what it is, and
    its bands stand beside it under "<header> (bands)".
    """
    recipe, cells, made = file.recipe, dict(file.cells), dict(file.banded)
    keep, drop = list(recipe.keep), dict(recipe.drop)
    for header, edges in recipe.bands.items():
        if header not in file.cells:
            continue
        _check(file.name, header, edges)
        field = next((n for n, h in recipe.fields.items() if h == header), None)
        own = field is None or field in DIMENSIONS
        name = header if own else unique(f"{header} (bands)", cells)
        read = values.number(file.cells[header], recipe.numbers.get(header, NumberRule()), "DOUBLE")
        made[name] = Banded(labels(edges), header, file.cells[header], read)
        cells[name] = _case(read, edges, recipe.numbers.get(header, NumberRule()).scale)
        drop.pop(header, None)
        if field not in DIMENSIONS and name not in keep:
            keep.append(name)
    changed = recipe.model_copy(update={"keep": keep, "drop": drop})
    return file.with_(cells=cells, banded=made, recipe=changed) if made else file


def ordered(
    dimensions: Iterable[Dimension], columns: Iterable[Column], files: Iterable[File]
) -> tuple[Dimension, ...]:
    """Return the dimensions, those of bands with their values in order."""
    known = {f.number: f.banded for f in files}
    order = {
        column.name: known[number][header].labels
        for column in columns
        for number, header in column.headers.items()
        if header in known.get(number, {})
    }
    return tuple(
        d.model_copy(update={"order": order[d.column]}) if d.column in order else d for d in dimensions
    )


def _case(read: str, edges: Sequence[float], scale: int) -> str:
    number = f"({read})" if scale == 1 else f"({read} / {scale})"
    names = labels(edges)
    whens = " ".join(
        f"WHEN {number} < {edge!r} THEN {literal(name)}" for edge, name in zip(edges, names, strict=False)
    )
    return f"CASE WHEN {number} IS NULL THEN NULL {whens} ELSE {literal(names[-1])} END"


def _between(low: float, high: float) -> str:
    if low == int(low) and high == int(high):
        return _text(low) if high == low + 1 else f"{_text(low)}–{_text(high - 1)}"
    return f"{_text(low)}–<{_text(high)}"


def _text(number: float) -> str:
    text = f"{number:,.10f}".rstrip("0").rstrip(".")
    return text.replace(",", GAP)


def _check(file: str, header: str, edges: Sequence[float]) -> None:
    rising = all(low < high for low, high in pairwise(edges))
    finite = all(abs(edge) < 1e15 for edge in edges)
    if edges and rising and finite and len(edges) < MOST:
        return
    raise HitrateError(
        N_("These bands cannot be used"),
        N_('The edges of the bands of "{column}" in {file} must be 1 to {most} rising numbers.'),
        N_("Correct the edges on the Review page."),
        column=header,
        file=file,
        most=MOST - 1,
    )
