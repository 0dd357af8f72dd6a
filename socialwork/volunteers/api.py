"""Volunteers, teams and service records over REST."""

import django_filters
from rest_framework import serializers

from linkage.foundation.register_api import viewset
from socialwork.volunteers.codes import RecordState
from socialwork.volunteers.models import ServiceRecord, Volunteer, VolunteerTeam


class StateFilter(django_filters.ChoiceFilter):
    """To be verified, verified, or reversed."""

    def filter(self, records, state):
        return records.in_state(state) if state else records


VolunteerViewSet = viewset(
    Volunteer,
    about="Registered volunteers with their verified hours.",
    fields=[
        *("number", "region", "name", "id_number", "phone", "is_resident", "tags", "skills", "available"),
        *("registered_on", "ended_on", "may_publish"),
    ],
    computed={"hours": serializers.DecimalField(max_digits=9, decimal_places=2, read_only=True)},
    related=["total"],
    filters=["number", "is_resident", "tags", "available"],
)

VolunteerTeamViewSet = viewset(
    VolunteerTeam,
    about="Teams of volunteers.",
    fields=["region", "name", "organization", "leader", "fields", "founded_on", "dissolved_on"],
    filters=["organization", "leader", "fields"],
)

ServiceRecordViewSet = viewset(
    ServiceRecord,
    about="Services of volunteers. Hours count once a second person has verified them.",
    fields=[
        *("volunteer", "region", "activity", "content", "venue", "started_at", "ended_at", "hours"),
        *("evaluation", "corrects", "recorded_at", "verified_at", "reversed_at"),
    ],
    computed={"state": serializers.ChoiceField(RecordState.choices, read_only=True)},
    filters=["volunteer", "activity"],
    further={"state": StateFilter(choices=RecordState.choices)},
)
