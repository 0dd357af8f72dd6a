"""The REST doors under /api/v1/."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from communities.api import RegionViewSet
from communities.offices.api import TokenView
from projects.api import ProgrammeViewSet, ProjectViewSet

router = SimpleRouter()
router.register("regions", RegionViewSet, "region")
router.register("programmes", ProgrammeViewSet, "programme")
router.register("projects", ProjectViewSet, "project")

app_name = "api"
urlpatterns = [
    path("", include(router.urls)),
    path("token/", TokenView.as_view(), name="token"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
]
