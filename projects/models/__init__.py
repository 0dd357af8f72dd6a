"""Facts of a pilot programme and of the projects that walk through it."""

from projects.models.arrival import Arrival
from projects.models.attachment import MAX_PER_PROJECT, MAX_PER_SLOT, SLOT_STEP, Attachment, Slot
from projects.models.gaps import Gap, gaps
from projects.models.pilot import PilotArea, PilotCommunity
from projects.models.programme import Programme, ProgrammePhase, Quota, QuotaRaise, Track
from projects.models.project import (
    EDITABLE,
    FINAL,
    LISTED,
    BudgetLine,
    Project,
    Series,
    SourceLine,
    Status,
)
from projects.models.record import Decision, ProjectEvent, Submission, Verdict
from projects.models.route import RouteStep
from projects.models.snapshot import FIELDS, changes, posting, snapshot
from projects.models.step import FormRow, ProgrammeStep
from projects.models.story import Stage, story

__all__ = [
    "EDITABLE",
    "FIELDS",
    "FINAL",
    "LISTED",
    "MAX_PER_PROJECT",
    "MAX_PER_SLOT",
    "SLOT_STEP",
    "Arrival",
    "Attachment",
    "BudgetLine",
    "Decision",
    "FormRow",
    "Gap",
    "PilotArea",
    "PilotCommunity",
    "Programme",
    "ProgrammePhase",
    "ProgrammeStep",
    "Project",
    "ProjectEvent",
    "Quota",
    "QuotaRaise",
    "RouteStep",
    "Series",
    "Slot",
    "SourceLine",
    "Stage",
    "Status",
    "Submission",
    "Track",
    "Verdict",
    "changes",
    "gaps",
    "posting",
    "snapshot",
    "story",
]
