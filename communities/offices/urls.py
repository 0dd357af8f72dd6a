from django.urls import path

from communities.offices import views

app_name = "offices"
urlpatterns = [
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("password/", views.password, name="password"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
    path("deputies/", views.deputies, name="deputies"),
    path("deputies/<int:pk>/end/", views.end_deputy, name="end_deputy"),
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/new/", views.new_account, name="new_account"),
    path("accounts/first-passwords/", views.first_passwords, name="first_passwords"),
    path("accounts/<int:pk>/", views.account, name="account"),
    path("accounts/<int:pk>/reset/", views.reset, name="reset"),
    path("accounts/<int:pk>/active/", views.active, name="active"),
    path("accounts/<int:pk>/appoint/", views.appoint, name="appoint"),
    path("accounts/<int:pk>/full-exports/<int:post>/", views.full_exports, name="full_exports"),
    path("accounts/<int:pk>/dismiss/<int:post>/", views.dismiss, name="dismiss"),
]
