"""The documents: in the frame of the desk for people who signed in, in the public one for everybody."""

from django.urls import path

from linkage.policy import views

app_name = "policy"

urlpatterns = [
    path("policies/", views.document_list, name="list"),
    path("policies/<str:code>/", views.document, name="document"),
    path("public/policies/", views.document_list, {"public": True}, name="public_list"),
    path("public/policies/<str:code>/", views.document, {"public": True}, name="public_document"),
]
