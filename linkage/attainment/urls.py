"""The addresses of 指标."""

from django.urls import path

from linkage.attainment.views import dashboard, history, records, time, units

app_name = "attainment"

urlpatterns = [
    path("targets/", dashboard.dashboard, name="dashboard"),
    path("targets/export/", dashboard.export, name="export"),
    path("targets/keep/", time.keep, name="keep"),
    path("targets/<str:code>/history/", history.history_of, name="history"),
    path("targets/<str:code>/failing/", units.failing, name="failing"),
    path("targets/<str:code>/failing/export/", units.export, name="failing_export"),
    path("targets/<str:code>/units/", units.every, name="units"),
    path("targets/<str:code>/units/export/", units.export_every, name="units_export"),
    path("measures/<str:key>/records/<int:unit>/", records.records, name="records"),
]
