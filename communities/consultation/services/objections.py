"""Objections to a notice: taken from anybody, answered once."""

import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.consultation import rules
from communities.consultation.models import Objection, ObjectionFile, PublicNotice
from communities.consultation.services.recording import locked, require, write
from linkage.foundation import uploads
from linkage.foundation.errors import NotNow

OBJECTION_FACTS = ("text", "reply_by", "name", "phone")
CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another on paper
CODE_LENGTH = 8


def object_to(notice, *, by=None, token=None, received_on=None, files=(), **facts):
    """Take an objection: from anybody on the public page, or typed by the clerk who heard it.

    The same form sent twice (``token``) is one objection. A clerk may enter after the last day what was
    received before it. ``files`` are looked at first; then rows and files are kept together, or neither.
    """
    if len(files) > ObjectionFile.MOST:
        raise ValidationError({"files": _("At most %(most)s files.") % {"most": ObjectionFile.MOST}})
    checked = uploads.check_all("files", files)
    once = {item.sha256: item for item in reversed(checked)}
    stored = []
    try:
        with transaction.atomic():
            objection = _take(notice, facts, by=by, token=token, received_on=received_on)
            if not objection.files.exists():
                for item in reversed(once.values()):
                    stored.append(uploads.store(item))
                    about = {name: getattr(item, name) for name in ("name", "content_type", "size", "sha256")}
                    objection.files.create(stored=stored[-1], **about)
    except BaseException:
        for name in stored:
            uploads.discard(name)
        raise
    return objection


def _take(notice, facts, *, by, token, received_on):
    notice = locked(PublicNotice, notice)
    today = timezone.localdate()
    if by is not None:
        require(rules.can_record, by, notice.region)
    if token and (known := notice.objections.filter(token=token).first()):
        return known
    day = min(received_on, today) if by is not None and received_on else today
    if not notice.is_open(day):
        raise NotNow(_("The days for objections to this notice are over, or have not begun."))
    objection = Objection(
        notice=notice,
        channel=Objection.Channel.PAGE if by is None else Objection.Channel.CLERK,
        entered_by=by,
        token=token,
        query_code=_fresh_code(),
    )
    if day != today:
        objection.received_at = timezone.now() - (today - day)
    return write(objection, facts, OBJECTION_FACTS, kind="objection.received", by=by)


def _fresh_code():
    code = ""
    while not code or Objection.objects.filter(query_code=code).exists():
        code = "".join(secrets.choice(CODE_SIGNS) for _sign in range(CODE_LENGTH))
    return code


@transaction.atomic
def settle_objection(objection, *, answer, by, on=None):
    """Answer an objection after looking into it. The answer stands."""
    objection = locked(Objection, objection)
    require(rules.can_settle, by, objection.notice.region)
    if objection.status == Objection.Status.SETTLED:
        raise NotNow(_("This objection has been answered already."))
    on = on or timezone.localdate()
    wrong = {}
    if not answer.strip():
        wrong["answer"] = _("Write what was found and what follows.")
    if on > timezone.localdate() or on < timezone.localdate(objection.received_at):
        wrong["settled_on"] = _("This day lies before the objection or is still to come.")
    if wrong:
        raise ValidationError(wrong)
    objection.status, objection.answer = Objection.Status.SETTLED, answer.strip()
    objection.settled_by, objection.settled_on = by, on
    return write(objection, {}, (), kind="objection.settled", by=by)
