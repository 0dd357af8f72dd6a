"""The desk: workbench, lists of tasks, search, programme."""

from django.urls import path

from linkage.desk.views import (
    community,
    dwell,
    home,
    messages,
    people,
    programme,
    registers,
    search,
    tables,
    targets,
)

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("tasks/", home.tasks, name="tasks"),
    path("workbench/targets/", targets.card, name="targets"),
    path("messages/", messages.inbox, name="messages"),
    path("messages/read/", messages.read_all, name="read_messages"),
    path("messages/choices/", messages.choices, name="message_choices"),
    path("messages/<int:pk>/open/", messages.open_message, name="open_message"),
    path("dwell/", dwell.dwell_page, name="dwell"),
    path("dwell/export/", dwell.dwell_export, name="dwell_export"),
    path("search/", search.search, name="search"),
    path("communities/<str:code>/", community.community, name="community"),
    path("communities/<str:code>/history/", community.history, name="community_history"),
    path("registers/", registers.registers, name="registers"),
    path("registers/find/", people.find, name="find"),
    path("tables/", tables.tables, name="tables"),
    path("tables/imports/<int:pk>/", tables.preview, name="import"),
    path("tables/imports/<int:pk>/columns/", tables.columns, name="import_columns"),
    path("tables/imports/<int:pk>/apply/", tables.apply, name="import_apply"),
    path("tables/imports/<int:pk>/again/", tables.again, name="import_again"),
    path("tables/imports/<int:pk>/sheet/", tables.choose, name="import_sheet"),
    path("tables/imports/<int:pk>/give-up/", tables.give_up, name="import_give_up"),
    path("tables/imports/<int:pk>/errors/", tables.errors, name="import_errors"),
    path("tables/exports/<int:pk>/file/", tables.export_file, name="table_export_file"),
    path("tables/exports/<int:pk>/cancel/", tables.export_cancel, name="table_export_cancel"),
    path("tables/<str:register>/", tables.table, name="table"),
    path("tables/<str:register>/template/", tables.template, name="table_template"),
    path("tables/<str:register>/export/", tables.export, name="table_export"),
    path("programmes/", programme.programme, name="programme"),
    path("programmes/<str:code>/", programme.programme, name="programme"),
]
