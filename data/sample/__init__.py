"""A seeded, believable sales pipeline with known truths: the one-click sample, and a yardstick for tests."""

from __future__ import annotations

from data.sample.generating import Sample, generate
from data.sample.truths import Truths
from data.sample.writing import sample_files, write_csv

__all__ = ["Sample", "Truths", "generate", "sample_files", "write_csv"]
