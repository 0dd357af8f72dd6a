"""The addresses of statistics."""

from django.urls import path

from linkage.reports.views import returns, summary

app_name = "reports"

urlpatterns = [
    path("summary/", summary.page, name="summary"),
    path("summary/export/", summary.export, name="summary_export"),
    path("summary/behind/<str:key>/<str:place>/", summary.behind, name="behind"),
    path("returns/", returns.collections, name="collections"),
    path("returns/new/", returns.new, name="open"),
    path("returns/<int:pk>/", returns.collection, name="collection"),
    path("returns/<int:pk>/export/", returns.sums_export, name="sums_export"),
    path("returns/<int:pk>/begin/", returns.begin, name="begin"),
    path("returns/<int:pk>/receive/", returns.receive, name="receive"),
    path("returns/sheets/<int:pk>/", returns.sheet, name="sheet"),
    path("returns/sheets/<int:pk>/save/", returns.save, name="save"),
    path("returns/sheets/<int:pk>/send-back/", returns.send_back, name="send_back"),
    path("returns/sheets/<int:pk>/reopen/", returns.reopen, name="reopen"),
    path("returns/sheets/<int:pk>/export/", returns.export, name="sheet_export"),
]
