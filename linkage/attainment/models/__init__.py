"""The facts of attainment: targets and benchmarks, coverage terms, figures of units and their sums."""

from linkage.attainment.models.target import Benchmark, Target
from linkage.attainment.models.term import CoverageTerm, Source, Threshold
from linkage.attainment.models.units import (
    UNIT_TABLES,
    PilotCommunityMeasures,
    ProjectMeasures,
    Reading,
    RegionSums,
    UnitMeasures,
    columns,
)

__all__ = [
    "UNIT_TABLES",
    "Benchmark",
    "CoverageTerm",
    "PilotCommunityMeasures",
    "ProjectMeasures",
    "Reading",
    "RegionSums",
    "Source",
    "Target",
    "Threshold",
    "UnitMeasures",
    "columns",
]
