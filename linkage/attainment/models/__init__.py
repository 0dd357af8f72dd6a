"""The facts of attainment: targets, benchmarks, terms, supervisions, figures of units and their sums."""

from linkage.attainment.models.edition import KEPT_TABLES, Demand, Edition, EditionSums, KeptPlace
from linkage.attainment.models.groups import PUBLISHED_GROUPS, GroupFigures, GroupTable
from linkage.attainment.models.staging import StagedFigure, StagedMark, Staging
from linkage.attainment.models.supervision import Supervision, SupervisionItem, SupervisionNote
from linkage.attainment.models.target import Benchmark, Target
from linkage.attainment.models.term import CoverageTerm, Source, Threshold
from linkage.attainment.models.units import (
    UNIT_TABLES,
    FacilityMeasures,
    FundMeasures,
    OrganisationMeasures,
    PilotCommunityMeasures,
    PlaceMeasures,
    Plan,
    ProjectMeasures,
    TargetSums,
    UnitMeasures,
)

__all__ = [
    "KEPT_TABLES",
    "PUBLISHED_GROUPS",
    "UNIT_TABLES",
    "Benchmark",
    "CoverageTerm",
    "Demand",
    "Edition",
    "EditionSums",
    "FacilityMeasures",
    "FundMeasures",
    "GroupFigures",
    "GroupTable",
    "KeptPlace",
    "OrganisationMeasures",
    "PilotCommunityMeasures",
    "PlaceMeasures",
    "Plan",
    "ProjectMeasures",
    "Source",
    "StagedFigure",
    "StagedMark",
    "Staging",
    "Supervision",
    "SupervisionItem",
    "SupervisionNote",
    "Target",
    "TargetSums",
    "Threshold",
    "UnitMeasures",
]
