"""How a community consults: hearing, assembly, public notice, objection, answer. Every change is here."""

import secrets

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Level
from communities.offices.models import Office
from linkage.foundation import journal, uploads
from linkage.foundation.errors import NotNow

from . import rules
from .models import Assembly, Hearing, Objection, ObjectionFile, PublicNotice
from .procedure import NOTICE_AHEAD, NOTICE_BACK, NOTICE_DAYS

HEARING_FACTS = ("held_on", "place", "host", "attendance", "attendees", "minutes", "opinions", "result")
ASSEMBLY_FACTS = (
    *("body", "held_on", "place", "entitled", "present", "votes_for", "votes_against", "votes_abstain"),
    *("resolution", "passed"),
)
NOTICE_FACTS = ("title", "body", "place", "contact_name", "contact_phone", "supervisor", "supervise_phone")
OBJECTION_FACTS = ("text", "reply_by", "name", "phone")
CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another on paper
CODE_LENGTH = 8


def _require(rule, by, region):
    if not rule(by, region):
        raise PermissionDenied(_("Only the community or its street office may do this."))


def _write(record, facts, names, *, kind, by):
    for name in facts.keys() & set(names):
        setattr(record, name, facts[name])
    record.full_clean()
    record.save()
    journal.record(kind, by=by, target=record)
    return record


@transaction.atomic
def record_hearing(region, *, by, **facts):
    """Keep what a hearing of residents heard and agreed on."""
    _require(rules.can_record, by, region)
    return _write(
        Hearing(region=region, recorded_by=by), facts, HEARING_FACTS, kind="hearing.recorded", by=by
    )


@transaction.atomic
def correct_hearing(hearing, *, by, **facts):
    _require(rules.can_record, by, hearing.region)
    return _write(hearing, facts, HEARING_FACTS, kind="hearing.corrected", by=by)


@transaction.atomic
def record_assembly(region, *, by, **facts):
    """Keep how the representatives voted. The body follows the committee of the place."""
    _require(rules.can_record, by, region)
    facts.setdefault("body", region.committee or Assembly.Body.RESIDENTS)
    return _write(
        Assembly(region=region, recorded_by=by), facts, ASSEMBLY_FACTS, kind="assembly.recorded", by=by
    )


@transaction.atomic
def correct_assembly(assembly, *, by, **facts):
    _require(rules.can_record, by, assembly.region)
    return _write(assembly, facts, ASSEMBLY_FACTS, kind="assembly.corrected", by=by)


def answering_office(region, on=None):
    """The office that answers objections from a place: its street's, else the nearest one above; or None."""
    above = [place for place in region.ancestors if place.level <= Level.STREET]
    offices = Office.objects.open_on(on or timezone.localdate()).filter(region__in=above)
    return offices.order_by("-region__level").first()


@transaction.atomic
def draft_notice(region, *, by, **facts):
    """Write a notice that nobody outside sees yet. Unless said otherwise the street office answers."""
    _require(rules.can_record, by, region)
    office = answering_office(region)
    if office and not facts.get("supervisor"):
        facts["supervisor"] = office.name
    if office and not facts.get("supervise_phone"):
        facts["supervise_phone"] = office.phone
    return _write(
        PublicNotice(region=region, drafted_by=by), facts, NOTICE_FACTS, kind="notice.drafted", by=by
    )


@transaction.atomic
def change_notice(notice, *, by, **facts):
    """Mend a draft. What hangs on the wall is not mended; it is taken down and drafted anew."""
    notice = _locked(PublicNotice, notice)
    _require(rules.can_record, by, notice.region)
    if notice.published_at:
        raise NotNow(_("This notice is published and can no longer be changed."))
    return _write(notice, facts, NOTICE_FACTS, kind="notice.changed", by=by)


@transaction.atomic
def publish_notice(notice, *, on, days, by, reason=""):
    """Show a notice to everybody for some days, the first and the last included.

    A first day in the past is only for posters that already hang on the wall, and says so in ``reason``.
    """
    notice = _locked(PublicNotice, notice)
    _require(rules.can_record, by, notice.region)
    if notice.published_at:
        raise NotNow(_("This notice is already published."))
    if wrong := _wrong_days(on, days, reason.strip()):
        raise ValidationError(wrong)
    notice.starts_on, notice.ends_on = on, PublicNotice.last_day(on, days)
    notice.posted_reason = reason.strip() if on < timezone.localdate() else ""
    notice.published_at, notice.published_by = timezone.now(), by
    return _write(notice, {}, (), kind="notice.published", by=by)


def _wrong_days(on, days, reason):
    ahead = (on - timezone.localdate()).days
    wrong = {}
    if days not in NOTICE_DAYS:
        wrong["days"] = _("A notice hangs for %(least)s to %(most)s days.") % {
            "least": NOTICE_DAYS[0],
            "most": NOTICE_DAYS[-1],
        }
    if ahead > NOTICE_AHEAD or ahead < -NOTICE_BACK:
        wrong["starts_on"] = _("The first day is at most %(back)s days ago or %(ahead)s days ahead.") % {
            "back": NOTICE_BACK,
            "ahead": NOTICE_AHEAD,
        }
    elif ahead < 0 and not reason:
        wrong["posted_reason"] = _("The first day is past. Say where and since when the paper has hung.")
    return wrong


@transaction.atomic
def take_down_notice(notice, *, reason, by):
    """End a notice before its time, because something in it is wrong. A new one starts from the first day."""
    notice = _locked(PublicNotice, notice)
    _require(rules.can_record, by, notice.region)
    if not notice.is_published:
        raise NotNow(_("This notice is not published."))
    if not reason.strip():
        raise ValidationError({"closed_reason": _("Say why the notice is taken down.")})
    notice.closed_at, notice.closed_by, notice.closed_reason = timezone.now(), by, reason.strip()
    return _write(notice, {}, (), kind="notice.taken_down", by=by)


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
    notice = _locked(PublicNotice, notice)
    today = timezone.localdate()
    if by is not None:
        _require(rules.can_record, by, notice.region)
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
    return _write(objection, facts, OBJECTION_FACTS, kind="objection.received", by=by)


def _fresh_code():
    code = ""
    while not code or Objection.objects.filter(query_code=code).exists():
        code = "".join(secrets.choice(CODE_SIGNS) for _sign in range(CODE_LENGTH))
    return code


@transaction.atomic
def settle_objection(objection, *, answer, by, on=None):
    """Answer an objection after looking into it. The answer stands."""
    objection = _locked(Objection, objection)
    _require(rules.can_settle, by, objection.notice.region)
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
    return _write(objection, {}, (), kind="objection.settled", by=by)


def _locked(model, row):
    return model.objects.select_for_update(no_key=True).get(pk=row.pk)
