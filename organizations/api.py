"""Social organisations and who works there, over REST."""

from linkage.foundation.register_api import viewset
from organizations.models import Employment, SocialOrganization

SocialOrganizationViewSet = viewset(
    SocialOrganization,
    about="Social organisations of all three tiers.",
    fields=[
        *("region", "name", "tier", "uscc", "legal_form", "subtypes", "is_community_org", "status"),
        *("established_on", "registered_on", "registration_authority", "supervisory_unit"),
        *("direct_registration", "filing_number", "filing_street", "filed_on", "filing_valid_to", "scale"),
        *("individual_members", "unit_members", "service_targets", "domains", "initial_funds", "address"),
        *("founded_by_street", "leader_name", "leader_phone", "party_members", "charter_party_clause"),
        *("is_charity", "charity_since", "public_fundraising", "external_id"),
    ],
    filters=[
        *("tier", "status", "legal_form", "subtypes", "domains", "is_community_org", "is_charity"),
        *("uscc", "filing_number", "external_id"),
    ],
)

EmploymentViewSet = viewset(
    Employment,
    about="Who works at organisations, from when to when.",
    fields=[
        *("organization", "name", "id_number", "phone", "kind", "section", "position", "qualification"),
        *("education", "working_since", "social_insurance", "housing_fund", "valid_from", "valid_to"),
    ],
    filters=["organization", "kind", "qualification", "education"],
)
