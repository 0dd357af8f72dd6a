"""Facts of a pilot programme and of the projects that walk through it."""

from projects.models.programme import (
    FormRow,
    PilotArea,
    PilotCommunity,
    Programme,
    ProgrammePhase,
    ProgrammeStep,
    Quota,
    QuotaRaise,
    Track,
)

__all__ = [
    "FormRow",
    "PilotArea",
    "PilotCommunity",
    "Programme",
    "ProgrammePhase",
    "ProgrammeStep",
    "Quota",
    "QuotaRaise",
    "Track",
]
