"""A first password opens nothing but the page that changes it."""

from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _


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
