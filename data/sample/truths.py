"""What is true of the sample company by construction: the answers an analysis of it should give.

Planted, and written beside the files as `truths.json`:

- `leaks`     three groups that lose far more deals than the others at one stage. `conversion` is the
              chance of passing that stage inside the group, `reference` the chance everywhere else.
- `mix`       a seller whose hit rate is the best of all only because the leads of `strata` that leak
              are kept away from them; inside any stratum they are as good as everybody else.
- `falling`   a lead source whose step conversions fall steadily over the 24 months, at the stages
              named, while its average over all its leads equals that of the other sources: it is
              a trend, not a leak.

Nothing else differs: apart from these, sellers, teams, sources, campaigns, countries, sizes, ages and
customer types convert alike at every stage (they do differ in amounts, speed and disqualified share).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date

START = date(2024, 11, 1)
AS_OF = date(2026, 10, 31)
STAGES = ("New lead", "Contacted", "Meeting held", "Proposal sent", "Negotiation")
BASE = (0.88, 0.82, 0.80, 0.78, 0.83)


@dataclass(frozen=True)
class PlantedLeak:
    """Where `field` is `value`, deals at `stage` pass with chance `conversion`, others with `reference`."""

    field: str
    value: str
    stage: str
    conversion: float
    reference: float


@dataclass(frozen=True)
class MixSeller:
    """A seller who looks best because of the leads they get, and by which columns those leads differ."""

    owner: str
    strata: tuple[str, ...]


@dataclass(frozen=True)
class FallingSource:
    """A source whose conversion falls by `drop` (from first to last day) at each of `stages`."""

    source: str
    stages: tuple[str, ...]
    drop: tuple[float, ...]


@dataclass(frozen=True)
class Truths:
    """Everything planted in one sample; see the module's text."""

    leaks: tuple[PlantedLeak, ...] = (
        PlantedLeak("source", "Partner", "Proposal sent", 0.42, BASE[3]),
        PlantedLeak("industry", "Construction", "Meeting held", 0.45, BASE[2]),
        PlantedLeak("product", "Heat pumps", "Negotiation", 0.50, BASE[4]),
    )
    mix: MixSeller = MixSeller("Sanne Wildervank", ("source", "industry", "product"))
    falling: FallingSource = FallingSource("Google Ads", STAGES[:4], (0.14, 0.22, 0.24, 0.26))
    start: date = START
    as_of: date = AS_OF
    stages: tuple[str, ...] = STAGES
    base: tuple[float, ...] = BASE
    seed: int = 7

    def leak(self, stage: str) -> PlantedLeak | None:
        """Return the leak planted at `stage`, if any."""
        return next((leak for leak in self.leaks if leak.stage == stage), None)

    def to_json(self) -> str:
        """Return the truths as readable JSON."""
        return json.dumps(asdict(self), default=str, indent=1, ensure_ascii=False)
