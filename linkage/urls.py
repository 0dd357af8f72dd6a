"""The doors of the site."""

from django.contrib import admin
from django.urls import path

from linkage.foundation import health

urlpatterns = [
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("admin/", admin.site.urls),
]
