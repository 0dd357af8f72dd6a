"""A public notice: drafted, published, taken down."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.consultation import rules
from communities.consultation.models import PublicNotice
from communities.consultation.procedure import NOTICE_AHEAD, NOTICE_BACK, NOTICE_DAYS
from communities.consultation.services.recording import locked, require, write
from communities.models import Level
from communities.offices.models import Office
from linkage.foundation.errors import NotNow

NOTICE_FACTS = ("title", "body", "place", "contact_name", "contact_phone", "supervisor", "supervise_phone")


def answering_office(region, on=None):
    """The office that answers objections from a place: its street's, else the nearest one above; or None."""
    above = [place for place in region.ancestors if place.level <= Level.STREET]
    offices = Office.objects.open_on(on or timezone.localdate()).filter(region__in=above)
    return offices.order_by("-region__level").first()


@transaction.atomic
def draft_notice(region, *, by, **facts):
    """Write a notice that nobody outside sees yet. Unless said otherwise the street office answers."""
    require(rules.can_record, by, region)
    office = answering_office(region)
    if office and not facts.get("supervisor"):
        facts["supervisor"] = office.name
    if office and not facts.get("supervise_phone"):
        facts["supervise_phone"] = office.phone
    return write(
        PublicNotice(region=region, drafted_by=by), facts, NOTICE_FACTS, kind="notice.drafted", by=by
    )


@transaction.atomic
def change_notice(notice, *, by, **facts):
    """Mend a draft. What hangs on the wall is not mended; it is taken down and drafted anew."""
    notice = locked(PublicNotice, notice)
    require(rules.can_record, by, notice.region)
    if notice.published_at:
        raise NotNow(_("This notice is published and can no longer be changed."))
    return write(notice, facts, NOTICE_FACTS, kind="notice.changed", by=by)


@transaction.atomic
def publish_notice(notice, *, on, days, by, reason="", in_working_days=False):
    """Show a notice to everybody for some days, calendar or working days, the first and the last included.

    A first day in the past is only for posters that already hang on the wall, and says so in ``reason``.
    """
    notice = locked(PublicNotice, notice)
    require(rules.can_record, by, notice.region)
    if notice.published_at:
        raise NotNow(_("This notice is already published."))
    if wrong := _wrong_days(on, days, reason.strip()):
        raise ValidationError(wrong)
    notice.starts_on = on
    notice.ends_on = PublicNotice.last_day(on, days, in_working_days=in_working_days)
    notice.posted_reason = reason.strip() if on < timezone.localdate() else ""
    notice.published_at, notice.published_by = timezone.now(), by
    return write(notice, {}, (), kind="notice.published", by=by)


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
    notice = locked(PublicNotice, notice)
    require(rules.can_record, by, notice.region)
    if not notice.is_published:
        raise NotNow(_("This notice is not published."))
    if not reason.strip():
        raise ValidationError({"closed_reason": _("Say why the notice is taken down.")})
    notice.closed_at, notice.closed_by, notice.closed_reason = timezone.now(), by, reason.strip()
    return write(notice, {}, (), kind="notice.taken_down", by=by)
