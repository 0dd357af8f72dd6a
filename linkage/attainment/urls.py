"""The addresses of 指标."""

from django.urls import path

from linkage.attainment.views import (
    cheapest,
    comparison,
    dashboard,
    exports,
    groups,
    history,
    records,
    scenario,
    supervision,
    time,
    units,
)

app_name = "attainment"

urlpatterns = [
    path("targets/", dashboard.dashboard, name="dashboard"),
    path("targets/export/", dashboard.export, name="export"),
    path("targets/groups/", groups.tables, name="groups"),
    path("targets/groups/export/", groups.export, name="groups_export"),
    path("targets/keep/", time.keep, name="keep"),
    path("targets/<str:code>/history/", history.history_of, name="history"),
    path("targets/<str:code>/history/export/", history.export, name="history_export"),
    path("targets/<str:code>/failing/", units.failing, name="failing"),
    path("targets/<str:code>/failing/export/", units.export, name="failing_export"),
    path("targets/<str:code>/units/", units.every, name="units"),
    path("targets/<str:code>/units/export/", units.export_every, name="units_export"),
    path("measures/<str:key>/records/<int:unit>/", records.records, name="records"),
    path("measures/<str:key>/records/<int:unit>/export/", records.export, name="records_export"),
    path("targets/scenario/", scenario.page, name="scenario"),
    path("targets/scenario/export/", scenario.export, name="scenario_export"),
    path("targets/comparison/", comparison.page, name="comparison"),
    path("targets/comparison/export/", comparison.export, name="comparison_export"),
    path("targets/supervision/", supervision.supervisions, name="supervisions"),
    path("targets/supervision/export/", supervision.export_list, name="supervisions_export"),
    path("targets/supervision/<int:pk>/", supervision.supervision, name="supervision"),
    path("targets/supervision/<int:pk>/export/", supervision.export, name="supervision_export"),
    path("targets/supervision/<int:pk>/withdraw/", supervision.withdraw, name="withdraw"),
    path("targets/supervision/<int:pk>/close/", supervision.close, name="close"),
    path("targets/supervision/<int:pk>/items/<int:item>/", supervision.progress, name="progress"),
    path("targets/<str:code>/path/", cheapest.path, name="path"),
    path("targets/<str:code>/path/export/", cheapest.export, name="path_export"),
    path("targets/<str:code>/supervise/", supervision.issue, name="issue"),
    path("exports/", exports.exports, name="exports"),
    path("exports/<int:pk>/file/", exports.file, name="export_file"),
    path("exports/<int:pk>/cancel/", exports.cancel, name="export_cancel"),
]
