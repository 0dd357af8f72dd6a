"""The public addresses. Nobody signs in here."""

from django.urls import path

from . import views

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("notices/<int:pk>/", views.notice, name="notice"),
    path("notices/<int:pk>/print", views.notice_print, name="notice_print"),
    path("notices/<int:pk>/objection", views.objection, name="objection"),
    path("notices/<int:pk>/received", views.received, name="received"),
    path("meetings/<int:pk>/", views.meeting, name="meeting"),
    path("answers/", views.answer, name="answer"),
    path("projects/", views.projects, name="projects"),
]
