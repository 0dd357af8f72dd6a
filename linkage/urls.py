"""The doors of the site."""

from django.contrib import admin
from django.urls import include, path

from linkage.foundation import health

urlpatterns = [
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("", include("linkage.desk.urls")),
    path("", include("projects.urls")),
    path("", include("communities.offices.urls")),
    path("", include("linkage.policy.urls")),
    path("", include("linkage.attainment.urls")),
    path("", include("linkage.reports.urls")),
    path("", include("linkage.packs.urls")),
    path("public/", include("linkage.portal.urls")),
    path("api/v1/", include("linkage.api")),
    path("admin/", admin.site.urls),
]

handler400 = "linkage.foundation.views.bad_request"
handler403 = "linkage.foundation.views.forbidden"
handler404 = "linkage.foundation.views.not_found"
handler500 = "linkage.foundation.views.server_error"
