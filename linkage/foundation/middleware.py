"""What every request passes: the gate before it is read, who acts, and the map of errors."""

import time
from urllib.parse import unquote_to_bytes, urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from . import faults, journal

LONGEST_QUERY = 8_000
LONGEST_VALUE = 2_000
DRAIN_BYTES = 256 * 1024 * 1024
DRAIN_SECONDS = 20
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")


class Gate:
    """Refuses, before anything is parsed, what is too large or cannot be text. Stands before sessions."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        fault = self._size(request) or self._text(request)
        if fault is not None:
            return faults.answer(request, fault)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Form fields, which Django decodes with replacement characters, are looked at here."""
        if request.method in SAFE:
            return None
        kind = request.content_type
        if kind == "application/x-www-form-urlencoded" and not _is_text(request.body.replace(b"+", b" ")):
            return faults.answer(request, faults.unreadable())
        if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
            for name, values in request.POST.lists():
                if any(sign in part for part in (name, *values) for sign in "\x00\ufffd"):
                    return faults.answer(request, faults.unreadable())
        return None

    def _size(self, request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isascii() or not length.isdigit():
            return faults.not_understood()
        if int(length) > faults.upload_limit():
            _drain(request, int(length))
            return faults.too_large()
        return None

    def _text(self, request):
        query = request.META.get("QUERY_STRING", "")
        if len(query) > LONGEST_QUERY:
            return faults.Fault(400, _("The address is too long."))
        if any(len(part) > LONGEST_VALUE for part in query.split("&")):
            return faults.Fault(400, _("The address is too long."))
        headers = (value for name, value in request.META.items() if name.startswith("HTTP_"))
        if any("\x00" in str(value) for value in headers) or "\x00" in request.path:
            return faults.unreadable()
        if any("\x00" in value for value in request.COOKIES.values()) or "\ufffd" in request.path:
            return faults.unreadable()
        return (
            None if _is_text(query.encode("latin-1", "replace").replace(b"+", b" ")) else faults.unreadable()
        )


def _is_text(quoted):
    """Is this, once unquoted, UTF-8 without NUL?"""
    raw = unquote_to_bytes(quoted)
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return b"\x00" not in raw


def _drain(request, length):
    """Take the refused body off the wire and throw it away: a browser shows the answer only then."""
    until = time.monotonic() + DRAIN_SECONDS
    left = min(length, DRAIN_BYTES)
    while left > 0 and time.monotonic() < until:
        part = request.read(min(left, 1024 * 1024))
        if not part:
            return
        left -= len(part)


class Acting:
    """Tells the journal who acts and from where. Stands after authentication."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = None
        if request.method not in SAFE and request.user.is_authenticated:
            user = request.user
        with journal.acting(user=user, request=request):
            return self.get_response(request)


class ErrorMap:
    """Turns what views raise into answers (``faults``); stands last."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error):
        if isinstance(error, PermissionDenied):
            denied(request)
            return None  # answered by handler403
        fault = faults.fault_of(error)
        if fault is None:
            return None
        if fault.status == 409 and not faults.wants_json(request):
            return self._send_back(request, fault, getattr(error, "url", None))
        return faults.answer(request, fault)

    def _send_back(self, request, fault, url):
        """Wrong moment: back to where the person came from, with the reason."""
        messages.warning(request, fault.detail, fail_silently=True)
        target = url or _came_from(request)
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(headers={"HX-Redirect": target})
        return HttpResponseRedirect(target)


def _came_from(request):
    referer = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(
        referer, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if not safe:
        return "/"
    if request.method in SAFE and urlsplit(referer).path == request.path:
        return "/"  # the page itself is what fails
    return referer


def denied(request):
    """A refusal of a known person is an event of the journal."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        journal.record("denied", request=request, facts={"method": request.method})
