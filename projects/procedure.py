"""The words a pack may use for its procedure: kinds of steps, doings a phase allows, form fields."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StepKind(models.TextChoices):
    """Evidence is shown by the applicant, a decision is taken by an office, an action is done afterwards."""

    EVIDENCE = "evidence", _("evidence")
    DECISION = "decision", _("decision")
    ACTION = "action", _("action")


class Doing(models.TextChoices):
    """What a phase of a programme allows."""

    PLANNING = "planning", _("planning and collecting needs")
    DESIGNATING = "designating", _("naming pilot communities")
    FILING = "filing", _("filing applications")
    REVIEWING = "reviewing", _("reviewing applications")
    TENDERING = "tendering", _("tendering")
    IMPLEMENTING = "implementing", _("carrying out projects")
    EVALUATING = "evaluating", _("evaluating projects")


class QuotaKey(models.TextChoices):
    """What a quota counts on the tracks that count against it."""

    PROJECTS = "projects", _("approved projects")
    COMMUNITIES = "communities", _("communities with an approved project")


# The level of the tree a pack names in words; the numbers are those of communities.Region.Level.
LEVELS = {"province": 1, "city": 2, "county": 3, "street": 4, "community": 5}

# What a step of each key may require before it counts as done; file:… names a slot for attachments.
EVIDENCE_FIELDS = {
    "planning": ["started_on", "ended_on", "sources", "suggestions", "needs"],
    "hearing": [
        "held_on",
        "place",
        "host",
        "attendance",
        "minutes",
        "opinions",
        "result",
        "file:hearing_minutes",
    ],
    "assembly_review": [
        "held_on",
        "place",
        "entitled",
        "present",
        "in_favour",
        "against",
        "abstained",
        "resolution",
        "file:assembly_resolution",
        "file:sign_in_sheet",
    ],
    "public_notice": ["starts_on", "ends_on", "place", "contact", "text", "file:notice_photo"],
}

# The fields of an application that the rows of a printed form may show.
FORM_FIELDS = [
    "applicant_community",
    "name",
    "community_profile",
    "needs_analysis",
    "service_targets",
    "service_methods",
    "start_date",
    "end_date",
    "fund_items",
    "fund_sources",
    "requested_provincial_subsidy",
    "expected_outcome",
]

# What an office adds with its decision, besides its opinion.
DECISION_FIELDS = ["granted_subsidy"]

# Days of public notice where a document gives none (DOMAIN §3.2, 4: a custom, not a rule).
NOTICE_DAYS = 7
