from django.urls import path

from communities.offices.views import accounts, deputies, sign_in, tokens

app_name = "offices"
urlpatterns = [
    path("login/", sign_in.login, name="login"),
    path("logout/", sign_in.logout, name="logout"),
    path("password/", sign_in.password, name="password"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", tokens.revoke_token, name="revoke_token"),
    path("deputies/", deputies.deputies, name="deputies"),
    path("deputies/<int:pk>/end/", deputies.end_deputy, name="end_deputy"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/new/", accounts.new_account, name="new_account"),
    path("accounts/first-passwords/", accounts.first_passwords, name="first_passwords"),
    path("accounts/<int:pk>/", accounts.account, name="account"),
    path("accounts/<int:pk>/reset/", accounts.reset, name="reset"),
    path("accounts/<int:pk>/active/", accounts.active, name="active"),
    path("accounts/<int:pk>/appoint/", accounts.appoint, name="appoint"),
    path("accounts/<int:pk>/full-exports/<int:post>/", accounts.full_exports, name="full_exports"),
    path("accounts/<int:pk>/dismiss/<int:post>/", accounts.dismiss, name="dismiss"),
]
