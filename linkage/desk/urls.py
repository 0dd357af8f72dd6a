"""The desk: workbench, lists of tasks, search, programme."""

from django.urls import path

from linkage.desk.views import home, programme, registers, search

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("tasks/", home.tasks, name="tasks"),
    path("search/", search.search, name="search"),
    path("registers/", registers.registers, name="registers"),
    path("programmes/", programme.programme, name="programme"),
    path("programmes/<str:code>/", programme.programme, name="programme"),
]
