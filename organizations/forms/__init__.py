"""The forms of the organisations' registers, and of what is done to their rows."""

from .entries import (
    EmploymentForm,
    HostedAgencyForm,
    OperatingContractForm,
    SocialOrganizationForm,
)
from .steps import (
    NOTHING,
    AdmitForm,
    AssessForm,
    ChangeStatusForm,
    Choice,
    MoveTierForm,
    ReasonForm,
    StepForm,
    Text,
)

__all__ = [
    "NOTHING",
    "AdmitForm",
    "AssessForm",
    "ChangeStatusForm",
    "Choice",
    "EmploymentForm",
    "HostedAgencyForm",
    "MoveTierForm",
    "OperatingContractForm",
    "ReasonForm",
    "SocialOrganizationForm",
    "StepForm",
    "Text",
]
