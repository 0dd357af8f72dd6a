"""Which answer each kind of error gets, on pages and over REST. The one place that maps them."""

from dataclasses import dataclass, field
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFilesSent,
    ValidationError,
)
from django.db import DataError, IntegrityError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.template import TemplateDoesNotExist
from django.template.loader import select_template
from django.utils.html import escape
from django.utils.translation import gettext as _

from .errors import IdempotencyConflict, NotNow, TooOften

LOCKED = {"55P03", "40P01", "40001"}  # lock not available, deadlock, serialization failure
UNIQUE = "23505"
TOO_SLOW = "57014"
RETRY_AFTER = 5


@dataclass(frozen=True)
class Fault:
    """What a request is told instead of its answer."""

    status: int
    detail: str
    errors: dict = field(default_factory=dict)


def upload_limit():
    return getattr(settings, "REQUEST_MAX_BYTES", 60 * 1024 * 1024)


def too_large():
    size = upload_limit() // (1024 * 1024)
    return Fault(413, _("What you sent is too large: at most %(size)s MB at a time.") % {"size": size})


def unreadable():
    return Fault(400, _("What you sent contains characters that cannot be stored."))


def not_understood():
    return Fault(
        400, _("The address or the form holds something this site cannot read. Go back and try again.")
    )


def forbidden(reason=""):
    default = _(
        "Your post does not allow this. If your duties have changed, ask the administrator of your office."
    )
    return Fault(403, reason or default)


def fault_of(error):
    """The answer to an error; None for one that is a mistake of ours (500)."""
    match error:
        case NotNow():
            return Fault(409, str(error))
        case TooOften():
            return Fault(429, str(error))
        case IdempotencyConflict():
            return Fault(422, str(error))
        case ValidationError():
            return Fault(422, _("Please check what you entered."), errors_of(error))
        case PermissionDenied():
            return forbidden(str(error))
        case RequestDataTooBig():
            return too_large()
        case TooManyFilesSent():
            return Fault(400, _("Too many files at once."))
        case BadRequest():
            return Fault(400, str(error)) if str(error) else not_understood()
        case SuspiciousOperation() | MultiPartParserError() | UnreadablePostError():
            return not_understood()
        case UnicodeError() | DataError():
            return unreadable()
        case ValueError() if "NUL" in str(error):
            return unreadable()
        case OperationalError() | IntegrityError():
            return _fault_of_database(error)
    return None


def _fault_of_database(error):
    code = getattr(error.__cause__, "pgcode", None)
    if code in LOCKED:
        return Fault(409, _("Somebody else is working on this right now. Please try again."))
    if code == UNIQUE:
        return Fault(409, _("This exists already."))
    if code == TOO_SLOW:
        return Fault(503, _("This took too long. Please try again later."))
    if isinstance(error, OperationalError):
        return Fault(503, _("The database cannot be reached. Please try again in a moment."))
    return None


def errors_of(error):
    """All messages of a ValidationError by field; those of the whole under ``non_field_errors``."""
    if hasattr(error, "error_dict"):
        messages = error.message_dict
        whole = messages.pop("__all__", None)
        return {**messages, "non_field_errors": whole} if whole else messages
    return {"non_field_errors": error.messages}


def wants_json(request):
    if request.path.startswith("/api/"):
        return True
    accepted = request.headers.get("Accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def answer(request, fault):
    """A fault as the page or the JSON that this request expects."""
    if wants_json(request):
        body = {"detail": fault.detail, **({"errors": fault.errors} if fault.errors else {})}
        response = JsonResponse(body, status=fault.status)
    else:
        response = HttpResponse(_page(request, fault), status=fault.status)
    if fault.status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def _page(request, fault):
    try:
        template = select_template([f"{fault.status}.html", "error.html", "400.html"])
    except TemplateDoesNotExist:
        return f"<!doctype html><title>{fault.status}</title><p>{escape(fault.detail)}</p>"
    reasons = [fault.detail, *(message for messages in fault.errors.values() for message in messages)]
    return template.render({"status": fault.status, "reason": " ".join(reasons), "reasons": reasons}, request)
