"""Community staff and grid workers over REST."""

from communities.people.models import CommunityStaff, GridWorker
from linkage.foundation.register_api import viewset

CommunityStaffViewSet = viewset(
    CommunityStaff,
    about="Who works in communities, with every role held there.",
    fields=[
        *("region", "name", "id_number", "phone", "roles", "counts_as_staff", "work_time", "title"),
        *("is_party_member", "term_from", "term_to", "valid_from", "valid_to"),
    ],
    filters=["roles", "counts_as_staff", "work_time", "is_party_member"],
)

GridWorkerViewSet = viewset(
    GridWorker,
    about="Leads and members of grids.",
    fields=["grid", "name", "id_number", "phone", "role", "kind", "valid_from", "valid_to"],
    filters=["grid", "role", "kind"],
)
