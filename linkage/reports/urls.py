"""The addresses of statistics."""

from django.urls import path

from linkage.reports.views import summary

app_name = "reports"

urlpatterns = [
    path("summary/", summary.page, name="summary"),
    path("summary/export/", summary.export, name="summary_export"),
    path("summary/behind/<str:key>/<str:place>/", summary.behind, name="behind"),
]
