"""Which evidence a project owes: what its programme asks today, or what it asked when it was handed in.

A new version of a pack changes what drafts owe. What was handed in once keeps the steps, the papers and the
length of the notice that were asked of it then, as it keeps its route.
"""

from dataclasses import dataclass

from projects.models.project import Project
from projects.models.step import ProgrammeStep
from projects.procedure import LEVELS, StepKind

WORDS = ("key", "verb", "title", "village_title", "clause", "requires")


@dataclass(frozen=True)
class NoticeRule:
    """How long a notice hangs at least, the first day included."""

    days: int
    in_working_days: bool


def evidence_steps(project: Project) -> list[ProgrammeStep]:
    """The steps the community shows evidence for, in their order."""
    kept = project.evidence_rules.get("steps")
    if kept is None:
        return [step for step in project.programme.steps.all() if step.kind == StepKind.EVIDENCE]
    return [
        ProgrammeStep(
            programme=project.programme,
            number=number,
            level=LEVELS["community"],
            kind=StepKind.EVIDENCE,
            **words,
        )
        for number, words in enumerate(kept, 1)
    ]


def evidence_step(project: Project, key: str) -> ProgrammeStep | None:
    return next((step for step in evidence_steps(project) if step.key == key), None)


def notice_rule(project: Project) -> NoticeRule:
    kept = project.evidence_rules
    if not kept:
        return NoticeRule(project.programme.notice_days, project.programme.notice_in_working_days)
    return NoticeRule(kept["notice_days"], kept["notice_in_working_days"])


def frozen_evidence(project: Project) -> dict:
    """What the programme asks today, in plain values, to be kept with a project that is handed in."""
    rule = notice_rule(project)
    return {
        "notice_days": rule.days,
        "notice_in_working_days": rule.in_working_days,
        "steps": [{name: getattr(step, name) for name in WORDS} for step in evidence_steps(project)],
    }
