"""Text tables and decisions in, one generation of typed Parquet files out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from data.converting import (
    bands,
    checks,
    describe,
    further,
    history,
    joins,
    rows,
    totals,
    typed,
    unread,
    wide,
    writing,
)
from data.converting.run import Cancelled, Progress, Run
from data.converting.source import File, open_file
from data.converting.stages import StagePlan, apart, plan
from data.errors import N_, HitrateError
from data.meta import FORMAT, Definitions, FileLedger, Meta, StageSource
from data.notice import Notice
from data.recipe import FileRecipe, OutcomeRule, Proposal
from data.snapshots import building as snapshots

if TYPE_CHECKING:
    from data.reading import RawTable

JOINED = ("people", "customers", "products", "more_deals")


def convert(
    tables: Sequence[RawTable],
    decided: Sequence[FileRecipe | Proposal],
    definitions: Definitions,
    target: Path,
    as_of: date | None = None,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Meta:
    """Write one generation into the folder `target` and return its description.

    `decided` holds the recipe (or the proposal) of each table, in the same order. Writes deals.parquet,
    stage_entries.parquet, versions.parquet, snapshots.parquet, activities.parquet, spend.parquet,
    targets.parquet and people.parquet where there are any, rejects.parquet, junk.parquet and meta.json. For
    every file rows read = rows kept + rows rejected + junk. Money is whole hundredths, times are whole
    seconds UTC, what is unknown is null. `progress` is told the share done and a text; the import stops with
    ImportStopped when `cancelled()` turns true. HitrateError where the files cannot be one set of deals: no
    deals, a join key that is not unique, a history without a date.
    """
    target.mkdir(parents=True, exist_ok=True)
    folders = [t.path.parent for t in tables]
    with Run(target, folders, progress, cancelled) as run:
        run.step(0.0, N_("Looking at the files"))
        pairs = enumerate(zip(tables, decided, strict=True))
        files = [bands.cut(wide.opened(run, open_file(run, i, t, d))) for i, (t, d) in pairs]
        return _Conversion(run, files, definitions, as_of).write()


class _Conversion:
    """The steps of one conversion, in order; each adds to what the next needs."""

    def __init__(self, run: Run, files: list[File], definitions: Definitions, as_of: date | None) -> None:
        self.run, self.files, self.definitions, self.given = run, files, definitions, as_of
        self.notices: list[Notice] = []
        self.listed: dict[str, list[str]] = {}
        rows.create(run)
        self.history = [f for f in files if f.recipe.table == "stage_entries"]
        self.deals = [f for f in files if f.recipe.table == "deals"] or [latest_rows(f) for f in self.history]
        if not self.deals:
            raise no_deals(files)

    def write(self) -> Meta:
        """Run all steps and return the description that was written."""
        run = self.run
        run.step(0.05, N_("Looking for repeated rows"))
        self.notices += rows.reject(run, [f for f in self.deals if not f.derived])
        run.step(0.15, N_("Joining the files"))
        self._join()
        self.deals = apart(self.deals)
        order = plan(self.deals, self.history)
        columns = typed.dimensions(self.deals)
        typed.create(run, self.deals, order, columns)
        self.snapshots = snapshots.build(run, self.deals, order, columns)
        days = self.snapshots.days
        self.notices += self.snapshots.notices
        run.step(0.25, N_("Following deals through the stages"))
        self.notices += history.build(run, self.deals, self.history, order, self.snapshots.compared)
        self.further = further.build(
            run, self.files, self.deals, self.keys, {c.name for c in columns}, self.given
        )
        self.notices += self.further.notices
        run.step(0.4, N_("Writing the deals"))
        with_flow = bool(run.one("SELECT count(*) FROM entries")[0])
        self.listed = typed.listed(run, self.deals, columns)
        said = typed.said(self.deals, with_flow, bool(self.further.rows.get("activities")))
        writing.write_deals(run, order, columns, with_flow, self.listed, said)
        writing.write_entries(run)
        further.write(run, self.further)
        run.step(0.8, N_("Checking what could not be read"))
        return self._describe(order, columns, days, with_flow)

    def _join(self) -> None:
        """Join every further table to the deals files it fits; one that fits none is told."""
        others = [f for f in self.files if f.recipe.table in JOINED]
        done = joins.attach_all(self.run, list(self.deals), others)
        self.deals, self.keys = done.deals, done.keys
        self.notices += done.notices

    def _describe(
        self, order: StagePlan, columns: list[typed.Column], days: tuple[date, ...], with_flow: bool
    ) -> Meta:
        run = self.run
        unread_cells = self._unread(days)
        seen = describe.see(run)
        counts = seen.counts | {
            "stage_entries": int(run.one("SELECT count(*) FROM entries")[0]),
            "entries_from_snapshots": int(
                run.one("SELECT count(*) FROM entries WHERE origin = 'snapshots'")[0]
            ),
            "values_unread": sum(unread_cells.values()),
        }
        day, day_source = describe.as_of(run, self.files, self.given, seen.last_closed)
        kept_stage = any(f.recipe.lost_stage_kept for f in self.deals)
        stage_source: StageSource = "history" if with_flow else "stage" if kept_stage else "none"
        piped, names = describe.pipelines(run, self.deals)
        self.notices += checks.of_dates(run, seen, day) + checks.of_stages(run, stage_source)
        self.notices += checks.of_values(seen, ((self.files[i].name, n) for i, n in unread_cells.items()))
        told = checks.of_snapshots(run, days, self.snapshots.compared)
        self.notices += told + checks.unused(self._unused())
        meta = Meta(
            as_of=day, as_of_source=day_source, currencies=seen.currencies, snapshots=days, counts=counts,
            dimensions=bands.ordered(
                describe.dimensions(run, columns, piped, counts, self.listed), columns, self.deals),
            labels=self._labels(columns),
            pipelines=order.described(names), stage_source=stage_source, definitions=self.definitions,
            has_created=counts["with_created_s"] > 0, has_closed=counts["with_closed_s"] > 0,
            has_amount=counts["with_amount_minor"] > 0, has_contact=counts["with_first_contact_s"] > 0,
            files=self._ledger(unread_cells),
            notices=checks.merged((n for f in self.files for n in f.notices), self.notices),
            tables=self.further.rows, format=FORMAT,
        )  # fmt: skip
        writing.write_left_out(run, self.files)
        (run.target / "meta.json").write_text(meta.model_dump_json(), encoding="utf-8")
        run.step(1.0, N_("Done"))
        return meta

    def _unread(self, days: tuple[date, ...]) -> dict[int, int]:
        """List the unread cells of every file; return how many, by file number."""
        alone = len(self.deals) == 1 and len(days) < 2
        cut = [f for f in self.files if f.banded and f.recipe.table in unread.JOINED]
        return {
            f.number: unread.collect(self.run, f, alone and f in self.deals)
            for f in (*self.deals, *self.history, *self.further.files, *cut)
            if not f.derived
        }

    def _unused(self) -> list[File]:
        used = {f.number for f in (*self.deals, *self.history)}
        return [
            f for f in self.files if f.number not in used and f.recipe.table not in (*JOINED, *further.TABLES)
        ]

    def _labels(self, columns: list[typed.Column]) -> dict[str, str]:
        """Return canonical field or column name -> the header as the user's file writes it."""
        found = {
            name: header
            for f in reversed(self.deals)
            for name, header in f.recipe.fields.items()
            if header in f.cells
        }
        return found | {c.name: c.label for c in columns}

    def _ledger(self, unread_cells: dict[int, int]) -> tuple[FileLedger, ...]:
        """Account for every row of every file: read = kept + rejected + junk."""
        by_number = {f.number: f for f in (*self.deals, *self.history)}
        entries = []
        for file in self.files:
            out = rows.count(self.run, file)
            ledger = FileLedger(
                file=file.name,
                table=file.recipe.table,
                rows_read=file.rows_read,
                rows_kept=file.rows - out,
                rows_rejected=out + len(file.table.rejects),
                rows_junk=len(file.table.junk),
                values_unread=unread_cells.get(file.number, 0),
                total_agrees=totals.agrees(self.run, by_number.get(file.number, file)),
            )
            assert ledger.rows_read == ledger.rows_kept + ledger.rows_rejected + ledger.rows_junk, ledger
            entries.append(ledger)
        return tuple(entries)


def latest_rows(file: File) -> File:
    """Make deals of a stage history that came alone: the latest row of each deal is how it stands."""
    if (
        not (file.has("deal_id") or file.has("deal_name"))
        or not file.has("stage")
        or not file.has("changed_at")
    ):
        raise history.no_join(file)
    key = file.cell("deal_id" if file.has("deal_id") else "deal_name")
    changed = history.changed(file)
    relation = (
        f"(SELECT * FROM {file.relation} WHERE {key} IS NOT NULL QUALIFY row_number() OVER "
        f"(PARTITION BY {key} ORDER BY {changed} DESC NULLS LAST, frn DESC) = 1)"
    )
    rule = file.recipe.outcome
    if rule.words and rule.source in ("none", "stage"):
        rule = OutcomeRule(source="stage", column=file.recipe.fields["stage"], words=rule.words)
    # Other columns of a history speak of a row, not of the deal ("Last modified by", the final stage).
    recipe = file.recipe.model_copy(update={"table": "deals", "outcome": rule, "keep": []})
    return file.with_(relation=relation, recipe=recipe, derived=True)


def no_deals(files: list[File]) -> HitrateError:
    names = ", ".join(f.name for f in files)
    if not any(f.rows for f in files):
        return HitrateError(
            N_("No rows"),
            N_("There is a header but not one row below it: {files}."),
            N_("Export the data again, without a filter that leaves nothing."),
            files=names,
        )
    return HitrateError(
        N_("No deals"),
        N_(
            "None of these files has one row per deal: {files}. No column says in which stage a deal is, or "
            "how it ended."
        ),
        N_("Add the export of your deals or opportunities, or say on the Review page which file it is."),
        files=names,
    )


def write_proposals(target: Path, proposals: Sequence[Proposal]) -> None:
    """Keep what was recognised beside the generation it led to."""
    lines = [p.model_dump(mode="json") for p in proposals]
    (target / "proposals.json").write_text(json.dumps(lines, ensure_ascii=False), encoding="utf-8")
