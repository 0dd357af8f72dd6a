"""What is known of the day of a deadline that has passed: kept then, counted later, or not at all."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.attainment.rules import Status
from linkage.attainment.services.reading import nobody_reported

SOON = timedelta(days=1)  # the night after it


class InTime(TextChoices):
    """Of a target that is met, or was when its deadline came: how it stood on that day."""

    YES = "yes", gettext_lazy("met in time")
    NO = "no", gettext_lazy("not met in time")
    UNKNOWN = "unknown", gettext_lazy("in time or not is unknown")


def in_time(reading, on):
    """None before the deadline, where there is none, and of what was not met and is not."""
    target, before = reading.target, reading.before
    if reading.status not in (Status.MET, Status.MET_LATE, Status.SLIPPED):
        return None
    if target.deadline is None or target.deadline >= on:
        return None
    if reading.status == Status.MET_LATE:
        return InTime.NO
    figures = before and before.figures(target.code)
    return InTime.YES if figures and not nobody_reported(target, figures) else InTime.UNKNOWN


def note(line):
    """A sentence; "" where the figures of that day were kept on time, or none are asked for."""
    if not _has_passed(line):
        return ""
    day = {"day": line.target.deadline.isoformat()}
    before = line.reading.before
    if before is None and _on(line) < timezone.localdate():
        return _("The figures of %(day)s had not been counted when this edition was made.") % day
    if before is None:
        told = _("The figures of %(day)s are counted the coming night; in time or not is not known yet.")
        return told % day
    if nobody_reported(line.target, before.figures(line.target.code)):
        return (
            _("Of %(day)s nothing was reported, so it cannot be said whether the target was met in time.")
            % day
        )
    if _was_late(before.edition):
        made = timezone.localdate(before.edition.computed_at).isoformat()
        return _(
            "The figures of %(day)s were counted later, on %(made)s, from what the registers say of that day."
        ) % (day | {"made": made})
    return ""


def mark(line):
    """The same in a few words, beside a target that is met: whether it was in time hangs on it."""
    told = in_time(line.reading, _on(line))
    if told is None:
        return ""
    if told == InTime.UNKNOWN:
        return str(told.label)
    return _("deadline counted later") if _was_late(line.reading.before.edition) else ""


def _has_passed(line):
    deadline = line.target.deadline
    return deadline is not None and deadline < _on(line) and line.is_read and line.target.document.region_id


def _on(line):
    return line.today or timezone.localdate()


def _was_late(edition):
    return timezone.localdate(edition.computed_at) > edition.as_of + SOON
