"""REST: strict bodies, one shape of errors, keys against double effects."""

import json
import math
import re
from functools import wraps

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, views
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from . import faults, idempotency
from .middleware import denied

DEEPEST = 50
BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)
BAD_CHARACTERS = re.compile("[\x00\ud800-\udfff]")


# Errors


def exception_handler(error, context):
    """``{"detail": …, "errors": {field: […]}}`` for everything; ``faults`` decides the status."""
    request = context.get("request")
    if isinstance(error, (PermissionDenied, exceptions.PermissionDenied)) and request is not None:
        denied(request)
    if isinstance(error, DjangoValidationError):
        error = exceptions.ValidationError(faults.errors_of(error))
    if not isinstance(error, (exceptions.APIException, Http404, PermissionDenied)):
        fault = faults.fault_of(error)
        if fault is None:
            return None
        error = _Refused(fault)
    response = views.exception_handler(error, context)
    if isinstance(error, exceptions.ValidationError):
        response.data = {"detail": _("Please check what you entered."), "errors": _by_field(response.data)}
    if isinstance(error, exceptions.Throttled):
        seconds = response.get("Retry-After", "1")
        response.data = {
            "detail": _("Too many requests. Please try again in %(seconds)s seconds.") % {"seconds": seconds}
        }
    if response.status_code == 503:
        response["Retry-After"] = str(faults.RETRY_AFTER)
    return response


class _Refused(exceptions.APIException):
    def __init__(self, fault):
        super().__init__(fault.detail)
        self.status_code = fault.status


def _by_field(found, path=""):
    """Nested messages as one level: ``{"lines.0.amount": ["…"]}``."""
    if isinstance(found, dict):
        flat = {}
        for name, inner in found.items():
            flat.update(_by_field(inner, f"{path}.{name}" if path else str(name)))
        return flat
    if isinstance(found, list) and any(isinstance(inner, (dict, list)) for inner in found):
        flat = {}
        for number, inner in enumerate(found):
            flat.update(_by_field(inner, f"{path}.{number}" if path else str(number)))
        return flat
    messages = found if isinstance(found, list) else [found]
    return {path or "non_field_errors": [str(message) for message in messages]} if messages else {}


# Bodies


class TooLarge(exceptions.APIException):
    status_code = 413


class StrictJSONParser(BaseParser):
    """JSON as it is defined: no NaN, no doubled keys, no NUL, no half characters, no endless depth."""

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(self, stream, media_type=None, parser_context=None):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise TooLarge(faults.too_large().detail)
        try:
            return read_json(raw.decode())
        except (ValueError, RecursionError) as error:
            raise exceptions.ParseError(_("The body is not valid JSON: %(why)s") % {"why": error}) from error


def read_json(text):
    """Parse strictly; ValueError names what is wrong."""
    depth = 0
    for match in BRACKETS.finditer(text):
        sign = match[0]
        depth += (sign in "[{") - (sign in "]}")
        if depth > DEEPEST:
            raise ValueError(_("nested too deeply"))
    found = json.loads(
        text, object_pairs_hook=_once_each, parse_constant=_no_constant, parse_float=_finite, parse_int=_short
    )
    _check_text(found)
    return found


def _once_each(pairs):
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(_("a key appears twice"))
    return found


def _no_constant(name):
    raise ValueError(_("%(name)s is not a number") % {"name": name})


def _finite(digits):
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(_("a number is too large"))
    return number


def _short(digits):
    if len(digits) > 40:
        raise ValueError(_("a number is too large"))
    return int(digits)


def _check_text(found):
    todo = [found]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            todo += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            todo += value
        elif isinstance(value, str) and BAD_CHARACTERS.search(value):
            raise ValueError(_("a text contains characters that cannot be stored"))


# Only once


def once_per_key(method):
    """For POST actions: with an ``Idempotency-Key`` header the effect happens once and is answered alike."""

    @wraps(method)
    def action(view, request, *args, **kwargs):
        key = request.headers.get(idempotency.HEADER)
        if key is None:
            return method(view, request, *args, **kwargs)

        def do():
            response = method(view, request, *args, **kwargs)
            if response.status_code >= 400:
                raise _NotKept(response)
            return response.status_code, json.loads(JSONRenderer().render(response.data) or b"null")

        body = request.data
        body = _told_apart(body) if hasattr(body, "lists") else body
        try:
            kept = idempotency.once(
                user=request.user, key=key, route=f"{request.method} {request.path}", body=body, do=do
            )
        except _NotKept as refused:
            return refused.response
        headers = {"Idempotency-Replayed": "true"} if kept.replayed else None
        return Response(kept.data, status=kept.status, headers=headers)

    return action


def _told_apart(form):
    """What a form with files sends, the files by what is in them."""
    return {
        name: [idempotency.fingerprint(one) if hasattr(one, "chunks") else one for one in values]
        for name, values in form.lists()
    }


class _NotKept(Exception):
    def __init__(self, response):
        super().__init__(response.status_code)
        self.response = response
