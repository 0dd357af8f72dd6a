"""The forms of the organisations' registers, and of what is done to their rows."""

from .entries import (
    EmploymentForm,
    HostedAgencyForm,
    OperatingContractForm,
    SocialOrganizationForm,
)
from .steps import (
    AdmitForm,
    AssessForm,
    ChangeStatusForm,
    EndForm,
    MoveTierForm,
)

__all__ = [
    "AdmitForm",
    "AssessForm",
    "ChangeStatusForm",
    "EmploymentForm",
    "EndForm",
    "HostedAgencyForm",
    "MoveTierForm",
    "OperatingContractForm",
    "SocialOrganizationForm",
]
