"""The address of drafts."""

from django.urls import path

from linkage.packs import views

app_name = "packs"

urlpatterns = [
    path("targets/draft/", views.page, name="trial"),
    path("targets/draft/export/", views.export, name="trial_export"),
]
