"""One effect for one key: the answer is stored in the transaction of the effect and replayed to a retry."""

import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

from .errors import IdempotencyConflict
from .models import IdempotencyKey

FIELD = "once"  # the hidden field of a form
HEADER = "Idempotency-Key"
KEY = re.compile(r"[!-~]{1,100}\Z")


@dataclass(frozen=True)
class Answer:
    status: int
    data: Any
    replayed: bool = False


def token():
    """A fresh value for the hidden field ``once`` of a form."""
    return secrets.token_urlsafe(18)


def digest(body):
    plain = json.dumps(body, sort_keys=True, default=str)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def once(*, user, key, route, body, do):
    """Call ``do()`` once for this key of this person; afterwards only its answer is repeated.

    ``do`` returns (status, data). If it raises, nothing is kept and the key is free again; if it returns
    None, its effects stay and only the key is free again. A second request with the key, sent meanwhile,
    waits for the first.
    """
    if not KEY.match(key or ""):
        raise ValidationError({HEADER: _("The key must be 1 to 100 visible ASCII characters.")})
    asked = IdempotencyKey(user_id=user.pk, key=key, route=route[:200], body_hash=digest(body))
    with transaction.atomic():
        IdempotencyKey.objects.bulk_create([asked], ignore_conflicts=True)
        stored = IdempotencyKey.objects.get(user_id=user.pk, key=key)
        if stored.status is not None:
            if (stored.route, stored.body_hash) != (asked.route, asked.body_hash):
                raise IdempotencyConflict(_("This key has already been used for another request."))
            return Answer(stored.status, stored.response, replayed=True)
        done = do()
        if done is None:
            stored.delete()
            return None
        status, data = done
        stored.status, stored.response = status, json.loads(json.dumps(data, cls=DjangoJSONEncoder))
        stored.save(update_fields=["status", "response"])
        return Answer(stored.status, stored.response)


def once_for_page(request, do):
    """The same for a form with the hidden field ``once``: ``do()`` returns where to go afterwards.

    A form without the field is simply done.
    """
    key = request.POST.get(FIELD)
    if not key:
        return redirect(do())
    return redirect(_once_for(request, key, lambda: (302, resolve_url(do()))).data)


def once_per_form(view):
    """For doors of pages: a form with the hidden field ``once`` has one effect, one answer if it leads on.

    A page that says what is wrong is no answer to keep: the key is free for the corrected form.
    """

    @wraps(view)
    def door(request, *args, **kwargs):
        key = request.POST.get(FIELD) if request.method == "POST" and request.user.is_authenticated else None
        if not key:
            return view(request, *args, **kwargs)
        told = []

        def do():
            told.append(view(request, *args, **kwargs))
            return (302, told[0]["Location"]) if told[0].status_code == 302 else None

        kept = _once_for(request, key, do)
        return told[0] if told else redirect(kept.data)

    return door


def _once_for(request, key, do):
    body = {
        name: request.POST.getlist(name)
        for name in request.POST
        if name not in (FIELD, "csrfmiddlewaretoken")
    }
    files = {name: [fingerprint(file) for file in request.FILES.getlist(name)] for name in request.FILES}
    route = f"{request.method} {request.path}"
    return once(user=request.user, key=key, route=route, body=[body, files], do=do)


def fingerprint(file):
    """What tells one sent file from another: name, size, SHA-256."""
    known = hashlib.sha256()
    for chunk in file.chunks():
        known.update(chunk)
    file.seek(0)
    return [file.name, file.size, known.hexdigest()]
