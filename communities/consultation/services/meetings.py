"""Meetings of a community: announced, held, recorded, corrected."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.consultation import rules
from communities.consultation.models import Announcement, Assembly, Hearing, PartyDeliberation
from communities.consultation.procedure import MEETING_AHEAD
from communities.consultation.services.recording import locked, require, write
from linkage.foundation.errors import NotNow

HEARING_FACTS = ("held_on", "place", "host", "attendance", "attendees", "minutes", "opinions", "result")
PARTY_FACTS = ("organisation", "held_on", "place", "host", "entitled", "present", "opinion", "agreed")
ASSEMBLY_FACTS = (
    *("body", "called_on", "held_on", "place", "entitled", "present", "votes_for", "votes_against"),
    *("votes_abstain", "resolution", "passed"),
)
ANNOUNCED_FACTS = (
    *("kind", "title", "held_on", "starts_at", "place", "agenda", "attend", "contact_name", "contact_phone"),
)


@transaction.atomic
def record_hearing(region, *, by, **facts):
    """Keep what a hearing of residents heard and agreed on."""
    require(rules.can_record, by, region)
    return write(Hearing(region=region, recorded_by=by), facts, HEARING_FACTS, kind="hearing.recorded", by=by)


@transaction.atomic
def correct_hearing(hearing, *, by, **facts):
    require(rules.can_record, by, hearing.region)
    return write(hearing, facts, HEARING_FACTS, kind="hearing.corrected", by=by)


@transaction.atomic
def record_assembly(region, *, by, **facts):
    """Keep how those who decide voted: the representatives of the place, where no other body is named."""
    require(rules.can_record, by, region)
    facts.setdefault("body", region.committee or Assembly.Body.RESIDENTS)
    return write(
        Assembly(region=region, recorded_by=by), facts, ASSEMBLY_FACTS, kind="assembly.recorded", by=by
    )


@transaction.atomic
def correct_assembly(assembly, *, by, **facts):
    require(rules.can_record, by, assembly.region)
    return write(assembly, facts, ASSEMBLY_FACTS, kind="assembly.corrected", by=by)


@transaction.atomic
def record_deliberation(region, *, by, **facts):
    """Keep what the party organisation of the place said before the assembly decides."""
    require(rules.can_record, by, region)
    record = PartyDeliberation(region=region, recorded_by=by)
    return write(record, facts, PARTY_FACTS, kind="party_deliberation.recorded", by=by)


@transaction.atomic
def correct_deliberation(deliberation, *, by, **facts):
    require(rules.can_record, by, deliberation.region)
    return write(deliberation, facts, PARTY_FACTS, kind="party_deliberation.corrected", by=by)


@transaction.atomic
def announce_meeting(region, *, by, **facts):
    """Tell everybody of an open meeting to come. What is announced is not mended, only called off."""
    require(rules.can_record, by, region)
    today, day = timezone.localdate(), facts.get("held_on")
    if day is not None and not today <= day <= today + timedelta(days=MEETING_AHEAD):
        told = _("Announce a meeting from today on, at most %(days)s days ahead.")
        raise ValidationError({"held_on": told % {"days": MEETING_AHEAD}})
    record = Announcement(region=region, announced_by=by)
    return write(record, facts, ANNOUNCED_FACTS, kind="meeting.announced", by=by)


@transaction.atomic
def call_off_meeting(announcement, *, reason, by):
    """Say on the same page that an announced meeting is not held."""
    announcement = locked(Announcement, announcement)
    require(rules.can_record, by, announcement.region)
    if announcement.cancelled_at:
        raise NotNow(_("This meeting has been called off already."))
    if announcement.held_on < timezone.localdate():
        raise NotNow(_("The day of this meeting is past."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the meeting is called off.")})
    announcement.cancelled_at, announcement.cancelled_by = timezone.now(), by
    announcement.cancelled_reason = reason.strip()
    return write(announcement, {}, (), kind="meeting.called_off", by=by)
