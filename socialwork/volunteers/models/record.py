"""Records of service: who served when, where and how long, who recorded it and who verified it."""

from datetime import datetime, time, timedelta

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ExpressionWrapper, F, Func, Q, Sum, Value
from django.db.models.functions import Mod
from django.db.models.lookups import Exact, LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from communities.models import Region
from linkage.foundation import journal
from linkage.foundation.journal import AppendOnly
from linkage.foundation.ledger import Entry, EntryQuerySet, live
from socialwork.volunteers import rules
from socialwork.volunteers.codes import RecordState

from .activity import VolunteerActivity, span_of
from .volunteer import Volunteer


def _end_of(day):
    """The first moment after that day."""
    return datetime.combine(day + timedelta(days=1), time.min, timezone.get_current_timezone())


class ServiceRecordQuerySet(EntryQuerySet):
    def unverified(self):
        return self.filter(verified_at__isnull=True)

    def verified(self, on=None):
        """What counts: verified by a second person and not reversed; ``on``: by the end of that day."""
        if on is None:
            return self.filter(verified_at__isnull=False, reversed_at__isnull=True)
        end = _end_of(on)
        return self.filter(
            Q(reversed_at__isnull=True) | Q(reversed_at__gte=end),
            verified_at__lt=end,
        )

    def reversed(self):
        return self.filter(reversed_at__isnull=False)

    def in_state(self, state):
        return {
            RecordState.UNVERIFIED: self.unverified,
            RecordState.VERIFIED: self.verified,
            RecordState.REVERSED: self.reversed,
        }[state]()

    def between(self, first, last):
        """Services that began on one of these days, both included."""
        return self.filter(started_at__gte=_end_of(first - timedelta(days=1)), started_at__lt=_end_of(last))

    def hours(self):
        return self.order_by().aggregate(hours=Sum("hours"))["hours"] or 0

    def overlapping(self, started_at, ended_at):
        return self.filter(started_at__lt=ended_at, ended_at__gt=started_at)


def _lasted():
    return ExpressionWrapper(F("ended_at") - F("started_at"), output_field=models.DurationField())


def _span():
    return Func("started_at", "ended_at", function="tstzrange", output_field=DateTimeRangeField())


def _counted():
    return ExpressionWrapper(F("hours") * Value(timedelta(hours=1)), output_field=models.DurationField())


# A verified record may be reversed, once, follow a volunteer who was double, and go on with the place that
# took over from its own; nothing else changes.
FIXED = """
    IF to_jsonb(OLD) - '{volunteer_id,reversed_at,region_id}'::text[]
        IS DISTINCT FROM to_jsonb(NEW) - '{volunteer_id,reversed_at,region_id}'::text[]
        OR (OLD.reversed_at IS NOT NULL AND NEW.reversed_at IS DISTINCT FROM OLD.reversed_at)
        OR (NEW.region_id <> OLD.region_id AND NOT EXISTS (
            SELECT 1 FROM communities_succession s WHERE s.before_id = OLD.region_id))
    THEN
        RAISE EXCEPTION 'a verified service record is never edited' USING ERRCODE = '23000';
    END IF;
    RETURN NEW;
"""


@journal.tracked()
class ServiceRecord(Entry):
    """One service of one volunteer (HB-3.5f, WH-3.4.1b; 志愿服务条例 19, 民政部令67号, DOMAIN §5.5).

    At most 24 hours long and never overlapping another of the same volunteer, so a day has at most 24.
    Verified by a second person it counts and is fixed, by the database: a mistake is reversed with a
    reason (``ServiceReversal``) and entered anew.
    """

    duties = (Duty.SOCIAL_WORK,)

    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, related_name="records", verbose_name=_("volunteer"), db_index=False
    )
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="service_records",
        verbose_name=_("served in"),
        db_index=False,
        help_text=_(
            "The community, or street, whose staff record it: who organises records 〔民政部令67号〕."
        ),
    )
    activity = models.ForeignKey(
        VolunteerActivity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="records",
        verbose_name=_("volunteer activity"),
        db_index=False,
        help_text=_("Leave empty for a service outside an activity."),
    )
    content = models.CharField(
        _("what was done"),
        max_length=100,
        blank=True,
        help_text=_(
            "Such as: brought meals to elderly living alone. Of an activity, its title if left empty."
        ),
    )
    venue = models.CharField(
        _("venue"), max_length=100, blank=True, help_text=_("Left empty, that of the activity.")
    )
    started_at = models.DateTimeField(_("service began"))
    ended_at = models.DateTimeField(_("service ended"))
    hours = models.DecimalField(
        _("hours of service"),
        max_digits=4,
        decimal_places=2,
        help_text=_("In quarters of an hour, without travel and breaks; never more than the time above."),
    )
    evaluation = models.CharField(_("evaluation of the service"), max_length=100, blank=True)
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("in place of"),
        help_text=_("The reversed record this one stands for."),
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        db_index=False,
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        db_index=False,
        verbose_name=_("verified by"),
    )
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True, editable=False)
    reversed_at = models.DateTimeField(_("reversed at"), null=True, blank=True, editable=False)

    objects = live(ServiceRecordQuerySet)
    everything = ServiceRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("service record")
        verbose_name_plural = _("service records")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="servicerecord_ends_after_it_begins",
                condition=Q(ended_at__gt=F("started_at")),
                violation_error_message=_("The end does not lie after the beginning."),
            ),
            models.CheckConstraint(
                name="servicerecord_at_most_a_day",
                condition=Q(ended_at__lte=F("started_at") + rules.LONGEST),
                violation_error_message=_("One record is of at most 24 hours."),
            ),
            models.CheckConstraint(
                name="servicerecord_hours_within_its_time",
                condition=LessThanOrEqual(_counted(), _lasted()),
                violation_error_message=_("More hours than the time from beginning to end."),
            ),
            models.CheckConstraint(
                name="servicerecord_hours_positive_in_quarters",
                condition=Q(hours__gt=0) & Q(Exact(Mod(F("hours"), Value(rules.QUARTER)), Value(0))),
                violation_error_message=_("Hours are written in quarters: 1.25, 1.5, 1.75, 2."),
            ),
            models.CheckConstraint(
                name="servicerecord_verified_by_a_second_person",
                condition=Q(verified_at__isnull=True, verified_by__isnull=True, reversed_at__isnull=True)
                | (
                    Q(verified_at__isnull=False, verified_by__isnull=False) & ~Q(verified_by=F("recorded_by"))
                ),
                violation_error_message=_("Somebody else than the one who recorded it verifies it."),
            ),
            ExclusionConstraint(
                name="servicerecord_never_overlaps",
                expressions=[
                    ("volunteer", RangeOperators.EQUAL),
                    (
                        Func(
                            "started_at", "ended_at", function="tstzrange", output_field=DateTimeRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(removed_at__isnull=True, reversed_at__isnull=True),
                violation_error_message=_("The volunteer has a record of this time already."),
            ),
        ]
        indexes = [
            models.Index(fields=["volunteer", "-started_at"], name="servicerecord_by_volunteer"),
            models.Index(fields=["region", "-started_at"], name="servicerecord_by_place"),
            models.Index(fields=["-started_at", "-id"], name="servicerecord_newest"),
            models.Index(
                fields=["region", "-started_at"],
                condition=Q(verified_at__isnull=True, removed_at__isnull=True),
                name="servicerecord_unverified",
            ),
            models.Index(
                fields=["region", "-started_at"],
                condition=Q(reversed_at__isnull=False),
                name="servicerecord_reversed",
            ),
            models.Index(
                fields=["activity"], condition=Q(activity__isnull=False), name="servicerecord_by_activity"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="verified_is_fixed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__verified_at__isnull=False),
                func=FIXED,
            )
        ]

    def __str__(self):
        return f"{self.volunteer} {self.span}"

    @property
    def span(self):
        """2026-03-05 09:00—11:30, in the time of the place."""
        return span_of(self.started_at, self.ended_at)

    def save(self, *args, **kwargs):
        if self.removed_at and self.verified_at:
            raise ValidationError(
                _("A verified record is not removed: reverse it, with a reason (%s).") % self
            )
        super().save(*args, **kwargs)

    @property
    def hours_shown(self):
        """2.5 rather than 2.50."""
        return f"{self.hours.normalize():f}"

    @property
    def state(self):
        if self.reversed_at:
            return RecordState.REVERSED
        return RecordState.VERIFIED if self.verified_at else RecordState.UNVERIFIED

    def get_state_display(self):
        return self.state.label

    @property
    def counts(self):
        return self.state == RecordState.VERIFIED and self.removed_at is None

    def validate_constraints(self, exclude=None):
        """Whether it was reversed is known though no form asks it: the constraint on overlaps wants it."""
        super().validate_constraints(exclude=set(exclude or ()) - {"reversed_at"})

    # What must hold before it is recorded (DOMAIN §5.5); the rest the constraints say.

    def clean(self):
        super().clean()
        self._take_over_from_activity()
        problems = self._time_problems()
        for name in ("content", "venue"):
            if not getattr(self, name):
                problems[name] = _("Say what was done and where, or choose the activity.")
        if self.volunteer_id and self.started_at and "started_at" not in problems:
            problems |= self._volunteer_problems()
        if self.hours is not None and not rules.quarter_hours(self.hours):
            problems["hours"] = _("Hours are written in quarters: 1.25, 1.5, 1.75, 2.")
        if self.corrects_id and self.corrects.state != RecordState.REVERSED:
            problems["corrects"] = _("Reverse that record first.")
        if problems:
            raise ValidationError(problems)

    def _take_over_from_activity(self):
        if self.activity_id:
            self.content = self.content or self.activity.title
            self.venue = self.venue or self.activity.venue

    def _time_problems(self):
        if not self.started_at or not self.ended_at:
            return {}
        if self.ended_at > timezone.now():
            return {"ended_at": _("This time has not come yet.")}
        if self.activity_id and not rules.within(self.started_at, self.ended_at, self.activity):
            return {"started_at": _("The activity took place at another time: %s.") % self.activity.span}
        return {}

    def _volunteer_problems(self):
        if not self.volunteer.is_registered(timezone.localtime(self.started_at).date()):
            return {"volunteer": _("Not registered as a volunteer on that day.")}
        if not self.ended_at:
            return {}
        elsewhere = ServiceRecord.objects.filter(
            volunteer__person=self.volunteer.person_id, reversed_at__isnull=True
        ).exclude(volunteer=self.volunteer_id)
        if elsewhere.overlapping(self.started_at, self.ended_at).exists():
            return {"started_at": _("This person has a record of this time already.")}
        return {}


class ServiceReversal(AppendOnly):
    """A verified record is taken back: why, by whom, when. The record stays, and counts no more."""

    record = models.OneToOneField(
        ServiceRecord, models.PROTECT, related_name="reversal", verbose_name=_("service record")
    )
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reversed by")
    )
    at = models.DateTimeField(_("reversed at"), default=timezone.now)

    class Meta:
        verbose_name = _("reversal of a service record")
        verbose_name_plural = _("reversals of service records")
        constraints = [models.CheckConstraint(name="servicereversal_has_a_reason", condition=~Q(reason=""))]

    def __str__(self):
        return self.reason
