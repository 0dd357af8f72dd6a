"""A social worker of a place, and the questions asked of all of them."""

from decimal import Decimal

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from communities.models import Region
from communities.models.region import characters
from communities.people.models import PersonRole
from linkage.foundation import journal
from linkage.foundation.ledger import Entry, EntryQuerySet, Mergeable, live, not_in_the_future
from socialwork import rules
from socialwork.codes import Politics, RegistrationStatus, WorkerTier


class SocialWorkerQuerySet(EntryQuerySet):
    def _parts(self, name):
        """The standing rows of a part, whose model is defined further down the road."""
        return self.model._meta.get_field(name).related_model.objects

    def on(self, day=None):
        """Who is a social worker of the place on that day."""
        day = day or timezone.localdate()
        return self.filter(
            Q(started_on__isnull=True) | Q(started_on__lte=day),
            Q(left_on__isnull=True) | Q(left_on__gt=day),
        )

    def with_qualification(self, on=None):
        """Each with ``level`` (the highest certificate) and ``registered_until`` (its newest registration).

        Two subqueries of the rows shown, not two queries a row.
        """
        on = on or timezone.localdate()
        theirs = {"worker": OuterRef("pk")}
        highest = self._parts("certificates").held(on).filter(**theirs).order_by(by_level(), "-passed_on")
        newest = self._parts("registrations").filter(**theirs, starts_on__lte=on).order_by("-ends_on")
        return self.annotate(
            level=Subquery(highest.values("level")[:1]),
            registered_until=Subquery(newest.values("ends_on")[:1]),
        )

    def whose_registration_is(self, status, on=None):
        """有效, 待再登记 or 过期 (§5.4): judged by the registration that lasts longest."""
        on = on or timezone.localdate()
        theirs = self._parts("registrations").filter(worker=OuterRef("pk"), starts_on__lte=on)
        lasts_beyond = theirs.filter(ends_on__gt=on + rules.NOTICE)
        lasts = theirs.filter(ends_on__gte=on)
        if status == RegistrationStatus.VALID:
            return self.filter(Exists(lasts_beyond))
        if status == RegistrationStatus.DUE:
            return self.filter(Exists(lasts), ~Exists(lasts_beyond))
        return self.filter(Exists(theirs), ~Exists(lasts))

    def with_home(self, on=None):
        """Each with the community where it counts on that day (``home``, its name)."""
        home = self._parts("assignments").on(on).filter(worker=OuterRef("pk"), is_home=True)
        return self.annotate(home=Subquery(home.values("region__name")[:1]))


def by_level():
    """Certificates in the order of their level, the highest first."""
    ranks = [When(level=level, then=Value(rank)) for rank, level in enumerate(rules.LEVELS)]
    return Case(*ranks, default=Value(len(ranks)), output_field=models.SmallIntegerField())


@journal.tracked()
class SocialWorker(PersonRole, Mergeable):
    """A social worker, certified or not, as kept by one place (WH counts the uncertified too).

    A person working in two places has a row in each; whoever counts people counts them once.
    """

    duties = (Duty.SOCIAL_WORK,)

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="social_workers",
        verbose_name=_("kept by"),
        help_text=_(
            "The place whose staff keep this entry: the community, or the street or county where one works "
            "for several communities. In which community somebody counts is said under “assignments”."
        ),
    )
    tier = models.CharField(
        _("tier of social workers"),
        max_length=10,
        choices=WorkerTier,
        default=WorkerTier.FRONTLINE,
        help_text=_("The backbone solves complex professional problems 〔重庆2018 二(二)3〕."),
    )
    started_on = models.DateField(
        _("social worker since"), null=True, blank=True, validators=[not_in_the_future]
    )
    left_on = models.DateField(
        _("left on"),
        null=True,
        blank=True,
        help_text=_("The first day on which this person no longer works here; counts no more from then on."),
    )
    politics = models.CharField(_("political status"), max_length=12, choices=Politics, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    external_id = models.CharField(
        _("number in another system"), max_length=64, blank=True, help_text=_("For exchange of data.")
    )

    objects = live(SocialWorkerQuerySet)
    everything = SocialWorkerQuerySet.as_manager()

    class Meta:
        verbose_name = _("social worker")
        verbose_name_plural = _("social workers")
        ordering = ["region__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "region"],
                condition=Q(removed_at__isnull=True),
                name="socialworker_once_per_person_and_place",
                violation_error_message=_("This person is in the register of this place already."),
            ),
            models.CheckConstraint(
                name="socialworker_leaves_after_starting",
                condition=Q(started_on__isnull=True)
                | Q(left_on__isnull=True)
                | Q(left_on__gt=F("started_on")),
                violation_error_message=_("The day of leaving lies before the first day."),
            ),
        ]
        indexes = [
            GinIndex(characters(F("name")), name="socialworker_name_characters"),
            models.Index(fields=["phone_hash"], condition=~Q(phone_hash=""), name="socialworker_phone"),
        ]

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        # A number typed anew, or two people merged: the certificates follow the person.
        certificates = self._meta.get_field("certificates").related_model.everything
        certificates.filter(worker=self).exclude(person=self.person_id).update(person=self.person_id)

    def highest_certificate(self, on=None):
        """One person may hold several certificates; the highest counts."""
        return self.certificates.held(on).order_by(by_level(), "-passed_on").first()

    def warnings(self, on=None):
        """What the rules of DOMAIN §5.4 remark; nothing of it keeps a row from being saved."""
        on = on or timezone.localdate()
        certificate = self.highest_certificate(on)
        if certificate is None:
            return []
        latest = self.registrations.filter(starts_on__lte=on).order_by("-ends_on").first()
        found = [*certificate.registration_warnings(latest, on)]
        if latest is not None:
            found += self._hours_warnings(certificate.level, latest, on)
        return found

    def _hours_warnings(self, level, registration, on):
        """民发〔2009〕123号: 72 or 90 hours in each period of registration."""
        if registration.ends_on - on > rules.REMINDED:
            return []
        hours = self.education_hours(registration.starts_on, min(on, registration.ends_on))
        wanted = rules.EDUCATION_HOURS[level]
        if hours >= wanted:
            return []
        return [
            gettext(
                "Continuing education from %(start)s to %(end)s: %(hours)s of at least %(wanted)s hours "
                "〔民发〔2009〕123号〕."
            )
            % {
                "start": registration.starts_on,
                "end": registration.ends_on,
                "hours": f"{Decimal(hours).normalize():f}",
                "wanted": wanted,
            }
        ]

    def education_hours(self, first, last):
        """Hours of continuing education within these days; a social-work degree counts 90 of them, once."""
        hours = self.continuing_education.filter(held_on__range=(first, last)).hours()
        degree = self.educations.related(last).filter(graduated_on__range=(first, last))
        return hours + (rules.DEGREE_HOURS if degree.exists() else 0)

    def clean(self):
        super().clean()
        if self.left_on and self.left_on > timezone.localdate() + rules.NOTICE:
            raise ValidationError({"left_on": _("This day lies more than three months ahead.")})


class WorkerPart(Entry):
    """A line of a social worker's entry, kept with it and removed with it."""

    region_path = "worker__region__path"
    duties = (Duty.SOCIAL_WORK,)

    worker = models.ForeignKey(
        SocialWorker, models.CASCADE, related_name="%(class)ss", verbose_name=_("social worker")
    )

    class Meta:
        abstract = True
