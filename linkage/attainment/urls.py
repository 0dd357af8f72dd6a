"""The addresses of 指标."""

from django.urls import path

from linkage.attainment.views import dashboard, failing

app_name = "attainment"

urlpatterns = [
    path("targets/", dashboard.dashboard, name="dashboard"),
    path("targets/<str:code>/failing/", failing.failing, name="failing"),
    path("targets/<str:code>/failing/export/", failing.export, name="failing_export"),
]
