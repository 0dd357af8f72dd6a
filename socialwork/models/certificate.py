"""Certificates of the professional level, and the periods for which they are registered."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.people.models import Person
from linkage.foundation import journal
from linkage.foundation.ledger import EntryQuerySet, Mergeable, live, not_in_the_future
from organizations.codes import QualificationLevel
from socialwork import rules
from socialwork.codes import RegistrationStatus

from .worker import SocialWorker, WorkerPart

ELSEWHERE = _(
    "This number stands in the register already, under another person: compare it with the paper once more."
)


class CertificateQuerySet(EntryQuerySet):
    def held(self, on=None):
        """What qualifies on that day: passed by then, not withdrawn; its registration may have ended."""
        on = on or timezone.localdate()
        return self.filter(passed_on__lte=on).filter(Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on))

    def registered(self, on=None):
        """Those whose registration is valid on that day too (the option “registration valid”)."""
        on = on or timezone.localdate()
        registrations = CertificateRegistration.objects.filter(starts_on__lte=on, ends_on__gte=on)
        return self.held(on).filter(pk__in=registrations.values("certificate"))


@journal.tracked()
class Certificate(WorkerPart, Mergeable):
    """A certificate of the professional level (职业水平证书). A higher one is a further row: history stays.

    ``person`` is the worker's, kept beside it so that the database can hold the rule: one number belongs
    to one person, though two places may each have entered it (DOMAIN §5.4 “certificate number unique”).
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="certificates", editable=False, verbose_name=_("person")
    )
    level = models.CharField(_("professional level"), max_length=12, choices=QualificationLevel)
    number = models.CharField(
        _("certificate number"),
        max_length=40,
        db_collation="C",
        help_text=_("The management number (管理号) printed on the certificate."),
    )
    passed_on = models.DateField(
        _("passed on"),
        validators=[not_in_the_future],
        help_text=_("The day of approval printed on the certificate; the qualification counts from it."),
    )
    issued_on = models.DateField(_("date of issue"), null=True, blank=True, validators=[not_in_the_future])
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True, validators=[not_in_the_future])

    objects = live(CertificateQuerySet)
    everything = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate of the professional level")
        verbose_name_plural = _("certificates of the professional level")
        ordering = ["worker__region__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "number"],
                condition=Q(removed_at__isnull=True),
                name="certificate_once_per_worker",
                violation_error_message=_("This certificate is entered twice."),
            ),
            ExclusionConstraint(
                name="certificate_number_of_one_person",
                expressions=[("number", RangeOperators.EQUAL), ("person", RangeOperators.NOT_EQUAL)],
                condition=Q(removed_at__isnull=True),
                violation_error_message=ELSEWHERE,
            ),
            models.CheckConstraint(
                name="certificate_has_a_number_and_days_in_order",
                condition=~Q(number="")
                & (Q(issued_on__isnull=True) | Q(issued_on__gte=F("passed_on")))
                & (Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("passed_on"))),
                violation_error_message=_("Issuing or withdrawal lies before the day of passing."),
            ),
        ]
        indexes = [models.Index(fields=["number"], name="certificate_number")]

    def __str__(self):
        return f"{self.get_level_display()} {self.number}"

    def save(self, *args, update_fields=None, **kwargs):
        self.person_id = self.worker.person_id
        if update_fields is not None:
            update_fields = {*update_fields, "person"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def clean(self):
        super().clean()
        self.number = "".join((self.number or "").split()).upper()
        others = Certificate.objects.filter(number=self.number).exclude(person=self.worker.person_id)
        if self.number and others.exclude(pk=self.pk).exists():
            raise ValidationError({"number": ELSEWHERE})

    def registration_warnings(self, latest, on):
        """民发〔2009〕44号: registered within a year of passing, and anew before three years are over."""
        if latest is None:
            if on > rules.years_after(self.passed_on, rules.FIRST_REGISTRATION_YEARS):
                yield (
                    gettext(
                        "The certificate %(number)s is not registered, though more than a year has gone by "
                        "since it was passed on %(day)s 〔民发〔2009〕44号〕."
                    )
                    % {"number": self.number, "day": self.passed_on}
                )
            return
        status = latest.status(on)
        if status == RegistrationStatus.EXPIRED:
            yield (
                gettext(
                    "The registration of the certificate has ended on %(day)s. The qualification stays; "
                    "register it anew 〔民发〔2009〕44号〕."
                )
                % {"day": latest.ends_on}
            )
        elif status == RegistrationStatus.DUE:
            yield (
                gettext(
                    "The registration of the certificate ends on %(day)s, in %(days)s days: time to register "
                    "it anew 〔民发〔2009〕44号〕."
                )
                % {"day": latest.ends_on, "days": (latest.ends_on - on).days}
            )


@journal.tracked(exclude=["ends_on"])
class CertificateRegistration(WorkerPart):
    """A period for which a certificate is registered: three years from its first day, by the database."""

    worker = models.ForeignKey(
        SocialWorker,
        models.CASCADE,
        related_name="registrations",
        verbose_name=_("social worker"),
        db_index=False,
    )
    certificate = models.ForeignKey(
        Certificate, models.CASCADE, related_name="registrations", verbose_name=_("certificate")
    )
    starts_on = models.DateField(_("registered from"), validators=[not_in_the_future])
    ends_on = models.GeneratedField(
        verbose_name=_("registered until"),
        expression=Func(
            F("starts_on"),
            template="((%(expressions)s + interval '3 years')::date)",  # rules.REGISTRATION_YEARS
        ),
        output_field=models.DateField(),
        db_persist=True,
    )
    number = models.CharField(_("registration number"), max_length=40, blank=True, db_collation="C")
    authority = models.CharField(_("registered at"), max_length=100, blank=True)

    objects = live(EntryQuerySet)
    everything = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration of a certificate")
        verbose_name_plural = _("registrations of certificates")
        ordering = ["worker__region__path", "pk"]
        constraints = [
            ExclusionConstraint(
                name="registration_periods_do_not_overlap",
                expressions=[
                    ("certificate", RangeOperators.EQUAL),
                    (
                        Func("starts_on", "ends_on", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(removed_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["worker", "ends_on"], name="registration_end_by_worker")]

    def __str__(self):
        return f"{self.starts_on} — {self.ends}"

    @property
    def ends(self):
        """The last day, also of a row that the database has not seen yet."""
        return rules.years_after(self.starts_on, rules.REGISTRATION_YEARS)

    def status(self, on=None):
        return rules.registration_status(self.ends, on or timezone.localdate())

    def get_status_display(self):
        return self.status().label

    def clean(self):
        super().clean()
        problems = {}
        if self.certificate_id and self.worker_id and self.certificate.worker_id != self.worker_id:
            problems["certificate"] = _("Choose a certificate of this person.")
        elif self.certificate_id and self.starts_on:
            if self.starts_on < self.certificate.passed_on:
                problems["starts_on"] = _("Before the certificate was passed.")
            elif self._overlaps():
                problems["starts_on"] = _(
                    "The certificate is registered for a part of these three years already."
                )
        if problems:
            raise ValidationError(problems)

    def _overlaps(self):
        others = CertificateRegistration.objects.filter(
            certificate=self.certificate_id, starts_on__lt=self.ends, ends_on__gt=self.starts_on
        )
        return others.exclude(pk=self.pk).exists()
