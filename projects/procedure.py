"""The words a pack may use for its procedure: kinds of steps, doings a phase allows, form fields."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StepKind(models.TextChoices):
    """Evidence is shown by the applicant, a decision is taken by an office, an action is done afterwards."""

    EVIDENCE = "evidence", _("evidence")
    DECISION = "decision", _("decision")
    ACTION = "action", _("action")


class JointNeed(models.TextChoices):
    """会签: how many of the sections that are asked must have said their word before the leader agrees."""

    ALL = "all", _("all of them")
    ANY = "any", _("any of them")


class Doing(models.TextChoices):
    """What a phase of a programme allows."""

    PLANNING = "planning", _("planning and collecting needs")
    LOCAL_PLAN = "local_plan", _("handing in local plans")
    DESIGNATING = "designating", _("naming pilot communities")
    FILING = "filing", _("filing applications")
    REVIEWING = "reviewing", _("reviewing applications")
    TENDERING = "tendering", _("tendering")
    IMPLEMENTING = "implementing", _("carrying out projects")
    EVALUATING = "evaluating", _("evaluating projects")


class ProgrammeNature(models.TextChoices):
    """Whether the document itself lays the procedure down, or the platform shows how one could look."""

    DOCUMENT = "document", _("procedure of the document")
    EXAMPLE = "example", _("example procedure")


class Applicants(models.TextChoices):
    """Which communities of the territory may apply."""

    PILOTS = "pilots", _("the pilot communities that were named")
    ALL = "all", _("every community of the territory")


class QuotaKey(models.TextChoices):
    """What a quota counts on the tracks that count against it."""

    PROJECTS = "projects", _("approved projects")
    COMMUNITIES = "communities", _("communities with an approved project")


class AfterReturn(models.TextChoices):
    """Who signs again once the applicant has mended what an office sent back."""

    WHOLE_CHAIN = "whole_chain", _("every office again")
    CHANGED_ONLY = "changed_only", _("only offices whose signed fields changed")


# Where a return leads, besides to an office before: the applicant.
APPLICANT = "submission"

# The level of the tree a pack names in words; the numbers are those of communities.Region.Level.
LEVELS = {"province": 1, "city": 2, "county": 3, "street": 4, "community": 5}

# What a step of each key records; a pack names those a programme insists on under ``requires``,
# and files as "file:" with the slot they belong to.
EVIDENCE_FIELDS = {
    "planning": ["collected_from", "collected_to", "suggestions", "needs"],
    "hearing": [
        "announced",
        "held_on",
        "place",
        "host",
        "attendance",
        "attendees",
        "minutes",
        "opinions",
        "result",
    ],
    "party_deliberation": ["organisation", "held_on", "place", "host", "entitled", "present", "opinion"],
    "assembly_review": [
        "announced",
        "body",
        "called_on",
        "held_on",
        "place",
        "entitled",
        "present",
        "votes_for",
        "votes_against",
        "votes_abstain",
        "resolution",
    ],
    "public_notice": ["starts_on", "ends_on", "place", "contact_name", "contact_phone", "body"],
    "submission": [],
}
FILE_PREFIX = "file:"

# Asked for under ``requires``, an open meeting is told to everybody on the public pages beforehand.
ANNOUNCED = "announced"

# The fields of an application that the rows of a printed form may show and a decision may sign.
FORM_FIELDS = [
    "head",
    "title",
    "community_profile",
    "needs_analysis",
    "service_targets",
    "service_methods",
    "service_plan",
    "start_date",
    "end_date",
    "budget",
    "sources",
    "requested_subsidy",
    "expected_outcome",
]

# What else of an application a decision may sign: what the community did before it applied.
EVIDENCE_SIGNED = [
    "track",
    "focus_fields",
    "collection",
    "needs",
    "hearing",
    "party_deliberation",
    "assembly",
    "notice",
    "attachments",
]

# What an office adds with its decision, besides its opinion.
DECISION_FIELDS = ["granted_amount"]

# Days of public notice where a document gives none (DOMAIN §3.2, 4: a custom, not a rule).
STEP_DAYS = 10  # working days for a decision, where the pack says nothing (DOMAIN §3.2)
ESCALATE_AFTER = 3  # working days overdue before the leader is told
NOTICE_DAYS = 7

# Reports of progress (GS-6.4): the document says in time and gives no rhythm; these are customs.
REPORT_MONTHS = 3
REPORT_GRACE = 10  # days after the end of a period
REPORT_AHEAD = 15  # days before it, from which on a report may be handed in
