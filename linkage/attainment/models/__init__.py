"""The facts of attainment: targets and benchmarks, coverage terms, figures of units and their sums."""

from linkage.attainment.models.staging import StagedFigure, StagedMark, Staging
from linkage.attainment.models.target import Benchmark, Target
from linkage.attainment.models.term import CoverageTerm, Source, Threshold
from linkage.attainment.models.units import (
    UNIT_TABLES,
    Edition,
    EditionSums,
    FacilityMeasures,
    OrganisationMeasures,
    PilotCommunityMeasures,
    PlaceMeasures,
    Plan,
    ProjectMeasures,
    TargetSums,
    UnitMeasures,
)

__all__ = [
    "UNIT_TABLES",
    "Benchmark",
    "CoverageTerm",
    "Edition",
    "EditionSums",
    "FacilityMeasures",
    "OrganisationMeasures",
    "PilotCommunityMeasures",
    "PlaceMeasures",
    "Plan",
    "ProjectMeasures",
    "Source",
    "StagedFigure",
    "StagedMark",
    "Staging",
    "Target",
    "TargetSums",
    "Threshold",
    "UnitMeasures",
]
