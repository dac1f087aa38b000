"""All tables of the sample company at once, in three languages: each is recognised and comes back whole."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pytest

from data import Pipeline, open_exports
from data.cells import activities, people, spend, targets
from data.sample.generating import Sample, generate
from data.sample.writing import Style, write_csv

STYLES: tuple[Style, ...] = ("plain", "dutch_excel", "danish_excel")
KINDS = {"Call": "call", "E-mail": "email", "Visit": "visit", "Social message": "message"}
TABLES = ["activities", "customers", "deals", "people", "products", "spend", "stage_entries", "targets"]


@pytest.fixture(scope="module")
def company() -> Sample:
    return generate(7, snapshots=1)


@pytest.fixture(scope="module", params=STYLES)
def opened(
    request: pytest.FixtureRequest, company: Sample, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pipeline]:
    folder = tmp_path_factory.mktemp(request.param)
    paths = write_csv(company, folder, request.param)
    with open_exports(*(p for p in paths if p.suffix == ".csv" and p.parent == folder)) as pipeline:
        yield pipeline


def test_each_file_is_its_table_and_no_row_is_rejected(opened: Pipeline) -> None:
    assert sorted(f.table for f in opened.meta.files) == TABLES
    assert not [f for f in opened.meta.files if f.rows_rejected]


def test_activities_come_back_with_kind_direction_and_duration(opened: Pipeline, company: Sample) -> None:
    done = activities(opened)
    kinds = dict(done.group_by("kind").agg(pl.col("activities").sum()).iter_rows())
    written = dict(company.activities.group_by("type").len().iter_rows())
    assert kinds == {KINDS[name]: count for name, count in written.items()}
    assert done["seconds"].sum() == 60 * company.activities["minutes"].sum()
    assert set(done["direction"]) == {"in", "out"}


def test_costs_targets_and_pay_add_up_to_the_cent(opened: Pipeline, company: Sample) -> None:
    assert spend(opened)["amount_minor"].sum() == round(100 * company.spend["cost"].sum())
    assert targets(opened)["amount_minor"].sum() == round(100 * company.targets["target"].sum())
    assert people(opened)["monthly_cost_minor"].sum() == round(100 * company.people["monthly_cost"].sum())


def test_periods_are_months_and_sellers_began_when_they_did(opened: Pipeline, company: Sample) -> None:
    assert set(spend(opened)["period"]) == set(targets(opened)["period"]) == {"month"}
    assert sorted(spend(opened)["starts_on"]) == sorted(company.spend["month"])
    assert sorted(people(opened)["started_on"]) == sorted(company.people["start_date"])
    assert people(opened)["ended_on"].null_count() == company.people["end_date"].null_count()
