"""Read one uploaded file: find out what it is, draft its tables, settle them."""

from __future__ import annotations

import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl

from data.errors import N_, HitrateError
from data.reading.columnar import read_columnar
from data.reading.container import digest, gunzip, kind
from data.reading.delimited import read_delimited
from data.reading.settle import settle
from data.reading.tables import Cancel, Draft, Progress, RawTable, Task
from data.reading.webtable import read_webtable
from data.reading.workbook import read_workbook


def read(
    path: Path,
    name: str,
    into: Path,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    checksum: str | None = None,
) -> list[RawTable]:
    """Read the file at `path`, which its user calls `name`, into text Parquet files in `into`.

    Returns one table per sheet or web table, usually one. The files are named `<n>.parquet`, n being
    the first number free. `progress` hears the share done (0..1); `cancel` is asked between steps.
    `checksum` is the BLAKE3 digest of the file where the caller has it already.
    Everything half-written is removed when reading fails or is cancelled.

    Raises HitrateError: for a file that is no table, is damaged or is empty, and when cancelled.
    """
    into.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".reading-", dir=into))
    task = Task(name, scratch, progress, cancel)
    written: list[Path] = []
    try:
        task.step(0.0)
        with ThreadPoolExecutor(1) as pool:
            counted = pool.submit(digest, path) if checksum is None else None
            drafts = _drafts(path, task)
            tables = []
            for draft in drafts:
                target = _free(into)
                written.append(target)
                tables.append(settle(draft, target, counted.result() if counted else str(checksum), task))
        task.step(1.0)
        return tables
    except HitrateError as error:
        _remove(written)
        error.values.setdefault("file", name)
        raise
    except (Exception, pl.exceptions.PanicException) as error:
        _remove(written)
        raise HitrateError(
            N_("Not readable"),
            N_("{file} could not be read as a table."),
            N_("Export the data again as CSV and upload that file."),
            code="unreadable",
            file=name,
        ) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _drafts(path: Path, task: Task) -> list[Draft]:
    found = kind(path, task.name)
    if found == "parquet":
        return [read_columnar(path, task)]
    if found == "zip":
        return read_workbook(path, task)
    if found == "html":
        return read_webtable(path, task)
    if found == "csv.gz":
        unpacked = gunzip(path, task)
        inner = kind(unpacked, task.name)
        if inner == "csv":
            return [read_delimited(unpacked, task, "csv.gz")]
        raise HitrateError(
            N_("Not a table"),
            N_("{file} is a gzip file without a CSV file in it."),
            N_("Unpack it and upload what is inside."),
            code="kind",
            file=task.name,
        )
    return [read_delimited(path, task, "csv")]


def _free(into: Path) -> Path:
    """Claim the first free number, so that reads at the same time do not meet."""
    number = 0
    while True:
        target = into / f"{number}.parquet"
        try:
            target.touch(exist_ok=False)
            return target
        except FileExistsError:
            number += 1


def _remove(written: list[Path]) -> None:
    for target in written:
        target.unlink(missing_ok=True)
