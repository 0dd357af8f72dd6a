"""What the pages of a project ask for."""

from projects.forms.filing import (
    ApplicationForm,
    ConfirmForm,
    PlanningForm,
    PublishForm,
    ReasonForm,
    ReceivedForm,
    SettleForm,
    StartForm,
)
from projects.forms.lines import budget_lines, source_lines

__all__ = [
    "ApplicationForm",
    "ConfirmForm",
    "PlanningForm",
    "PublishForm",
    "ReasonForm",
    "ReceivedForm",
    "SettleForm",
    "StartForm",
    "budget_lines",
    "source_lines",
]
