"""Facts of a pilot programme and of the projects that walk through it."""

from projects.models.arrival import Arrival
from projects.models.attachment import MAX_PER_PROJECT, MAX_PER_SLOT, SLOT_STEP, Attachment, Slot
from projects.models.batch import Batch, BatchItem
from projects.models.comparison import changes, side_by_side
from projects.models.copy import Copy, CopySeen
from projects.models.correction import OF_THE_PROJECT, Correctable, Correction
from projects.models.deadline import Deadline, deadline
from projects.models.evidence import evidence_step, evidence_steps, frozen_evidence, notice_rule
from projects.models.gaps import Gap, gaps, why_gone
from projects.models.handling import Handling
from projects.models.money import BudgetLine, Series, SourceLine
from projects.models.opinion import Opinion
from projects.models.phrase import Phrase
from projects.models.pilot import PilotArea, PilotCommunity
from projects.models.plan import PilotPlan
from projects.models.programme import Programme, ProgrammePhase, Quota, QuotaRaise, Track
from projects.models.project import (
    EDITABLE,
    FINAL,
    LISTED,
    Project,
    Status,
)
from projects.models.prompt import Prompt
from projects.models.record import CarriedDecision, Decision, ProjectEvent, Submission, Verdict
from projects.models.report import ProgressReport
from projects.models.route import RouteStep
from projects.models.scoring import Criterion, Expert, Mark, ScoreSheet
from projects.models.selection import Selection, SelectionItem
from projects.models.snapshot import FIELDS, posting, snapshot
from projects.models.step import FormRow, ProgrammeCriterion, ProgrammeStep
from projects.models.story import Stage, story

__all__ = [
    "EDITABLE",
    "FIELDS",
    "FINAL",
    "LISTED",
    "MAX_PER_PROJECT",
    "MAX_PER_SLOT",
    "OF_THE_PROJECT",
    "SLOT_STEP",
    "Arrival",
    "Attachment",
    "Batch",
    "BatchItem",
    "BudgetLine",
    "CarriedDecision",
    "Copy",
    "CopySeen",
    "Correctable",
    "Correction",
    "Criterion",
    "Deadline",
    "Decision",
    "Expert",
    "FormRow",
    "Gap",
    "Handling",
    "Mark",
    "Opinion",
    "Phrase",
    "PilotArea",
    "PilotCommunity",
    "PilotPlan",
    "Programme",
    "ProgrammeCriterion",
    "ProgrammePhase",
    "ProgrammeStep",
    "ProgressReport",
    "Project",
    "ProjectEvent",
    "Prompt",
    "Quota",
    "QuotaRaise",
    "RouteStep",
    "ScoreSheet",
    "Selection",
    "SelectionItem",
    "Series",
    "Slot",
    "SourceLine",
    "Stage",
    "Status",
    "Submission",
    "Track",
    "Verdict",
    "changes",
    "deadline",
    "evidence_step",
    "evidence_steps",
    "frozen_evidence",
    "gaps",
    "notice_rule",
    "posting",
    "side_by_side",
    "snapshot",
    "story",
    "why_gone",
]
