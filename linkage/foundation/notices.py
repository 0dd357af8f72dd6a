"""What people are told: on the desk exactly once, by e-mail at least once under a stable Message-ID.

An app says ``tell(kind, key, …)`` in the transaction of the cause, and registers by ``@teller(kind)`` how
this kind reads and whom it concerns. That is asked when the effect is delivered: whoever holds the post
then is told, and nobody where the matter is settled already. ``settle(matter)`` takes back what was told.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import outbox
from .models import Notice, NoticeChoice

AT_ONCE, DAILY, OFF = NoticeChoice.When.AT_ONCE, NoticeChoice.When.DAILY, NoticeChoice.When.OFF
KEPT = timedelta(days=365)
MOST = 50  # lines of one daily mail
_tellers = {}


@dataclass(frozen=True)
class Telling:
    """What is told. ``to`` is ``{user pk: audience}``; without a ``matter`` it is never withdrawn."""

    to: dict
    title: str
    matter: str = ""
    url: str = ""
    text: str = ""
    to_act: bool = False
    tone: str = ""


def teller(kind):
    """``@teller("thing.arrived")``: answers the ``Telling`` of some facts, or None: no longer true."""

    def register(function):
        known = _tellers.setdefault(kind, function)
        if (known.__module__, known.__qualname__) != (function.__module__, function.__qualname__):
            raise ValueError(f"notices of kind {kind!r} have a teller already: {known.__module__}")
        _tellers[kind] = function
        return function

    return register


def tell(kind, key, **facts):
    """Owe a notice: once per kind and key, in the transaction of its cause."""
    tell_all(kind, [(key, facts)])


def tell_all(kind, told):
    """The same for many: ``[(key, facts)]``."""
    outbox.put_all(
        "notice", [(f"{kind}:{key}", {"kind": kind, "key": str(key), "facts": facts}) for key, facts in told]
    )


def settle(matter):
    """The matter is closed: what was told of it disappears from all lists."""
    Notice.objects.filter(matter=matter, withdrawn_at=None).update(withdrawn_at=Now())


@outbox.handler("notice")
def deliver(payload):
    """Put a notice on the desks it belongs to, and owe the mails that are wanted at once."""
    telling = _tellers[payload["kind"]](payload["facts"])
    if telling is None:
        return
    wishes = _wishes(telling)
    key = f"{payload['kind']}:{payload['key']}"
    known = set(Notice.objects.filter(user__in=wishes, key=key).values_list("user_id", flat=True))
    Notice.objects.bulk_create(
        [
            Notice(
                user_id=pk,
                kind=payload["kind"],
                key=key,
                matter=telling.matter,
                audience=telling.to[pk],
                title=telling.title[:200],
                text=telling.text[:500],
                url=telling.url,
                tone=telling.tone,
                to_act=telling.to_act,
            )
            for pk, when in wishes.items()
            if when != OFF and pk not in known
        ],
        ignore_conflicts=True,
    )
    by_mail = [pk for pk, when in wishes.items() if when == AT_ONCE and pk not in known]
    fresh = Notice.objects.filter(user__in=by_mail, key=key).exclude(user__email="")
    outbox.put_all("notice.mail", [(notice.pk, {"notice": notice.pk}) for notice in fresh])


def _wishes(telling):
    """``{user pk: when}`` of those who are told and whose account is open."""
    users = get_user_model().objects.filter(pk__in=telling.to, is_active=True).select_related("notice_choice")
    return {user.pk: choice_of(user).when(telling.to_act) for user in users}


def choice_of(user):
    """What this person chose, or what holds without a choice."""
    return getattr(user, "notice_choice", None) or NoticeChoice(user=user)


@transaction.atomic
def choose(user, *, acting, knowing, email):
    """Say how one wants to be told, and where mail goes; without an address none is sent."""
    NoticeChoice.objects.update_or_create(user=user, defaults={"acting": acting, "knowing": knowing})
    if email != user.email:
        user.email = email
        user.save(update_fields=["email"])


@transaction.atomic
def read(notices):
    """Mark them as read; how many were not."""
    return notices.unread().update(read_at=Now())


# E-mail


@outbox.handler("notice.mail")
def mail(payload):
    """One notice by e-mail, unless it is settled, read or withdrawn meanwhile."""
    notice = Notice.objects.select_related("user").filter(pk=payload["notice"], mailed_at=None).first()
    if notice is None or not _wanted([notice]):
        return
    _send(notice.user, f"notice-{notice.pk}", notice.title, _lines_of(notice))
    Notice.objects.filter(pk=notice.pk).update(mailed_at=Now())


@outbox.handler("notice.digest")
def digest(payload):
    """What one person is to hear of once a day, in one mail."""
    user = get_user_model().objects.select_related("notice_choice").get(pk=payload["user"])
    found = _wanted(_for_digest(user)[:MOST])
    if not found:
        return
    title = ngettext("%(n)s message of today", "%(n)s messages of today", len(found)) % {"n": len(found)}
    lines = [line for notice in found for line in (*_lines_of(notice), "")]
    _send(user, f"digest-{user.pk}-{payload['day']}", title, lines)
    Notice.objects.filter(pk__in=[notice.pk for notice in found]).update(mailed_at=Now())


@transaction.atomic
def owe_digests(on=None):
    """Owe today's mail to everybody who has something for it; once a day whoever asks however often."""
    on = on or timezone.localdate()
    open_notices = Notice.objects.filter(mailed_at=None, read_at=None, withdrawn_at=None)
    told = (
        get_user_model().objects.filter(is_active=True, pk__in=open_notices.values("user")).exclude(email="")
    )
    waiting = [user for user in told.select_related("notice_choice") if _for_digest(user)[:1]]
    outbox.put_all(
        "notice.digest",
        [(f"{user.pk}:{on.isoformat()}", {"user": user.pk, "day": on.isoformat()}) for user in waiting],
    )
    return len(waiting)


def _for_digest(user):
    choice = choice_of(user)
    wanted = [to_act for to_act in (True, False) if choice.when(to_act) == DAILY]
    rows = Notice.objects.visible_to(user).unread().filter(mailed_at=None, to_act__in=wanted)
    return rows.order_by("-to_act", "pk")


def _wanted(notices):
    """Those that still concern somebody who has an address."""
    return [
        notice
        for notice in notices
        if notice.user.is_active
        and notice.user.email
        and Notice.objects.visible_to(notice.user).unread().filter(pk=notice.pk).exists()
    ]


def _lines_of(notice):
    address = settings.SITE_ADDRESS.rstrip("/")
    where = f"{address}{notice.url}" if address and notice.url else ""
    return [line for line in (notice.title, notice.text, where) if line]


def _send(user, name, title, lines):
    """``name`` makes the Message-ID: a mail sent twice after a fall is one mail to the reader's program."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    footer = _("Sent by the Linkage platform. Choose in your account what you want to hear of.")
    EmailMessage(
        subject=title,
        body="\n".join([*lines, "", footer]),
        to=[user.email],
        headers={"Message-ID": f"<{name}@{domain}>", "Auto-Submitted": "auto-generated"},
    ).send()
