"""Social workers, their certificates, posts and assignments, over REST."""

from rest_framework import serializers

from linkage.foundation.register_api import viewset
from organizations.codes import QualificationLevel
from socialwork.models import Assignment, Certificate, SocialWorker, SocialWorkPost

SocialWorkerViewSet = viewset(
    SocialWorker,
    about="Social workers, certified or not, each with the highest certificate held today.",
    fields=[
        *("region", "name", "id_number", "phone", "tier", "started_on", "left_on", "politics"),
        "external_id",
    ],
    computed={
        "level": serializers.ChoiceField(QualificationLevel.choices, read_only=True, allow_null=True),
        "registered_until": serializers.DateField(read_only=True, allow_null=True),
    },
    rows=lambda workers: workers.with_qualification(),
    filters=["tier", "politics", "external_id"],
)

CertificateViewSet = viewset(
    Certificate,
    about="Certificates of the professional level.",
    fields=["worker", "level", "number", "passed_on", "issued_on", "withdrawn_on"],
    filters=["worker", "level", "number"],
)

SocialWorkPostViewSet = viewset(
    SocialWorkPost,
    about="Professional posts of social work, held or vacant.",
    fields=[
        *("region", "name", "establishing_body", "basis", "organization", "facility", "station"),
        *("staffing_source", "established_on", "abolished_on"),
    ],
    filters=["organization", "facility", "station", "staffing_source"],
)

AssignmentViewSet = viewset(
    Assignment,
    about="Which social worker works for which community; ``is_home``: counted there.",
    fields=["worker", "region", "kind", "is_home", "valid_from", "valid_to"],
    filters=["worker", "kind", "is_home"],
)
