"""The REST doors under /api/v1/."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

import communities.api
import communities.facilities.api
import communities.people.api
import organizations.api
import organizations.charity.api
import socialwork.api
import socialwork.volunteers.api
from communities.offices.api import ApiTokenViewSet, TokenView
from linkage.attainment import api as attainment
from projects.api import BatchViewSet, ProgrammeViewSet, ProjectViewSet

# The registers, to be read (linkage.foundation.register_api)
REGISTERS = {
    "community-profiles": communities.api.CommunityProfileViewSet,
    "grids": communities.api.GridViewSet,
    "grid-workers": communities.people.api.GridWorkerViewSet,
    "community-staff": communities.people.api.CommunityStaffViewSet,
    "facilities": communities.facilities.api.ServiceFacilityViewSet,
    "stations": communities.facilities.api.StationViewSet,
    "organizations": organizations.api.SocialOrganizationViewSet,
    "employments": organizations.api.EmploymentViewSet,
    "social-workers": socialwork.api.SocialWorkerViewSet,
    "certificates": socialwork.api.CertificateViewSet,
    "social-work-posts": socialwork.api.SocialWorkPostViewSet,
    "assignments": socialwork.api.AssignmentViewSet,
    "volunteers": socialwork.volunteers.api.VolunteerViewSet,
    "volunteer-teams": socialwork.volunteers.api.VolunteerTeamViewSet,
    "service-records": socialwork.volunteers.api.ServiceRecordViewSet,
    "charity-entities": organizations.charity.api.CharityEntityViewSet,
    "special-funds": organizations.charity.api.SpecialFundViewSet,
    "donations": organizations.charity.api.DonationViewSet,
    "fund-budgets": organizations.charity.api.FundBudgetViewSet,
}

# Statistics: what was counted and how it stands against the targets
STATISTICS = {
    "measures": attainment.MeasureViewSet,
    "targets": attainment.TargetViewSet,
    "attainment": attainment.AttainmentViewSet,
    "editions": attainment.EditionViewSet,
    "statistics": attainment.TotalViewSet,
    "special-groups": attainment.GroupTableViewSet,
}

router = SimpleRouter()
router.register("regions", communities.api.RegionViewSet, "region")
router.register("tokens", ApiTokenViewSet, "api-token")
router.register("exports", attainment.ExportViewSet, "export")
router.register("programmes", ProgrammeViewSet, "programme")
router.register("projects", ProjectViewSet, "project")
router.register("batches", BatchViewSet, "batch")
for address, register in REGISTERS.items():
    router.register(address, register, address)
for address, door in STATISTICS.items():
    router.register(address, door, address)

app_name = "api"
urlpatterns = [
    path("", include(router.urls)),
    path("token/", TokenView.as_view(), name="token"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
]
