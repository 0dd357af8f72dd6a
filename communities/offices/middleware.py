"""Who comes in: a person with their posts, a first password that opens nothing but the page that changes it,
a token that says whose it is.

Settings name these classes, so nothing here may import views.
"""

from django.contrib.auth.backends import ModelBackend
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from communities.offices import services
from communities.offices.models import User
from linkage.foundation import journal


class WithPosts(ModelBackend):
    """The person of a session, read together with the posts of today: every page asks for both."""

    def get_user(self, user_id):
        return User.with_posts(user_id) or super().get_user(user_id)


class FirstPassword:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        if user.is_authenticated and user.must_change_password and not self._is_free(request.path):
            if request.path.startswith("/api/") or request.headers.get("X-Requested-With"):
                return JsonResponse({"detail": _("Change your first password before you go on.")}, status=403)
            return redirect("offices:password")
        return self.get_response(request)

    @staticmethod
    def _is_free(path):
        return path in (reverse("offices:password"), reverse("offices:logout")) or path.startswith(
            ("/static/", "/health/", "/public/")
        )


class OfficeTokenAuthentication(TokenAuthentication):
    """``Authorization: Token …``: the token one signs in for, or one of a place, which is narrower.

    Both tell the row history who acts.
    """

    def authenticate_credentials(self, key):
        if key.startswith(services.MARK):
            token = services.token_of(key)
            if token is None:
                raise AuthenticationFailed(_("This token is not valid, has ended or was revoked."))
            user = token.user
        else:
            user, token = super().authenticate_credentials(key)
        journal.acts(user)
        return user, token
