"""What a social worker has learned: degrees, and the hours of continuing education."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from communities.models import Level, Region
from linkage.foundation import journal
from linkage.foundation.ledger import (
    Entry,
    EntryQuerySet,
    keeping_posts,
    live,
    not_in_the_future,
    reading_posts,
)
from organizations.codes import Education as Schooling
from organizations.codes import QualificationLevel
from socialwork.codes import Degree, ExamResult

from .worker import SocialWorker, WorkerPart


class RelatedMajorQuerySet(EntryQuerySet):
    def visible_to(self, user):
        """One list for the whole country: everybody who reads of social workers reads it."""
        return self.all() if reading_posts(user, self.model.duties) else self.none()

    def kept_by(self, user):
        return self.all() if _keeps_majors(user) else self.none()

    def on(self, day=None):
        """In the list on that day."""
        day = day or timezone.localdate()
        return self.filter(Q(dropped_on__isnull=True) | Q(dropped_on__gt=day))


def _keeps_majors(user):
    posts = keeping_posts(user, RelatedMajor.duties)
    return any(post.office.region.level == Level.PROVINCE for post in posts)


@journal.tracked()
class RelatedMajor(Entry):
    """社会工作及相关专业: whose graduates count as professionals. A list with sources, kept by the province.

    ``region`` is empty in the entries that came with the platform: they hold everywhere.
    """

    duties = (Duty.SOCIAL_WORK,)
    tells_of_place = True

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("place"),
    )
    name = models.CharField(_("major"), max_length=50, db_collation="C")
    source = models.CharField(
        _("source"), max_length=200, help_text=_("The document by which its graduates are counted.")
    )
    dropped_on = models.DateField(
        _("no longer in the list from"), null=True, blank=True, help_text=_("Older figures keep counting it.")
    )

    objects = live(RelatedMajorQuerySet)
    everything = RelatedMajorQuerySet.as_manager()

    class Meta:
        verbose_name = _("related major")
        verbose_name_plural = _("related majors")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(removed_at__isnull=True),
                name="relatedmajor_once",
                violation_error_message=_("This major is in the list already."),
            ),
            models.CheckConstraint(name="relatedmajor_has_a_source", condition=~Q(source="") & ~Q(name="")),
        ]

    def __str__(self):
        return self.name

    def is_kept_by(self, user):
        return _keeps_majors(user)


class EducationQuerySet(EntryQuerySet):
    def related(self, on=None):
        """Finished by that day in a major that was in the list then; a day nobody knows is long ago."""
        on = on or timezone.localdate()
        return self.filter(
            Q(graduated_on__isnull=True) | Q(graduated_on__lte=on),
            Q(related_major__removed_at__isnull=True),
            Q(related_major__isnull=False),
            Q(related_major__dropped_on__isnull=True) | Q(related_major__dropped_on__gt=on),
        )


@journal.tracked()
class Education(WorkerPart):
    """A school or university finished (WH-3.3.1e). What counts is the major, matched with the list."""

    worker = models.ForeignKey(
        SocialWorker,
        models.CASCADE,
        related_name="educations",
        verbose_name=_("social worker"),
    )
    level = models.CharField(_("education"), max_length=12, choices=Schooling)
    degree = models.CharField(_("academic degree"), max_length=10, choices=Degree, blank=True)
    school = models.CharField(_("school"), max_length=100, blank=True)
    major = models.CharField(
        _("major"), max_length=100, blank=True, help_text=_("As it is written in the diploma.")
    )
    related_major = models.ForeignKey(
        RelatedMajor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="educations",
        verbose_name=_("counts as related major"),
        help_text=_(
            "Whose major is in the list of social work and related majors counts as a professional also "
            "without a certificate. Found by itself where the diploma says the very name."
        ),
    )
    full_time = models.BooleanField(_("full-time studies"), default=True)
    graduated_on = models.DateField(_("graduated on"), null=True, blank=True, validators=[not_in_the_future])

    objects = live(EducationQuerySet)
    everything = EducationQuerySet.as_manager()

    class Meta:
        verbose_name = _("education of a social worker")
        verbose_name_plural = _("education of social workers")
        ordering = ["worker__region__path", "pk"]

    def __str__(self):
        return " ".join(part for part in (self.school, self.major, self.get_level_display()) if part)

    def clean(self):
        super().clean()
        self.major = (self.major or "").strip()
        if self.related_major_id is None and self.major:
            self.related_major = RelatedMajor.objects.on().filter(name=self.major).first()


class ContinuingEducationQuerySet(EntryQuerySet):
    def hours(self):
        return self.aggregate(hours=Sum("hours"))["hours"] or Decimal(0)


@journal.tracked()
class ContinuingEducation(WorkerPart):
    """Hours of continuing education (HB-3.5c), counted within the registration period they fall into."""

    worker = models.ForeignKey(
        SocialWorker,
        models.CASCADE,
        related_name="continuing_education",
        verbose_name=_("social worker"),
    )
    held_on = models.DateField(
        _("completed on"), validators=[not_in_the_future], help_text=_("The last day of a longer course.")
    )
    hours = models.DecimalField(
        _("study hours"), max_digits=5, decimal_places=1, validators=[MinValueValidator(Decimal("0.5"))]
    )
    topic = models.CharField(_("topic of the course"), max_length=100)
    organiser = models.CharField(_("organiser"), max_length=100)

    objects = live(ContinuingEducationQuerySet)
    everything = ContinuingEducationQuerySet.as_manager()

    class Meta:
        verbose_name = _("continuing education")
        verbose_name_plural = _("continuing education")
        ordering = ["worker__region__path", "pk"]
        constraints = [
            models.CheckConstraint(
                name="continuingeducation_hours_positive", condition=Q(hours__gt=0, hours__lte=500)
            )
        ]

    def __str__(self):
        return f"{self.held_on} {self.topic}"


@journal.tracked()
class ExamEntry(WorkerPart):
    """An entry for the examination of the professional level (CQ-2.2.3d, HB-3.5c)."""

    worker = models.ForeignKey(
        SocialWorker, models.CASCADE, related_name="exams", verbose_name=_("social worker")
    )
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(2008)])
    level = models.CharField(_("professional level"), max_length=12, choices=QualificationLevel)
    subjects = models.CharField(
        _("subjects"), max_length=100, blank=True, help_text=_("Those entered for; empty: all of them.")
    )
    result = models.CharField(_("result"), max_length=10, choices=ExamResult, default=ExamResult.ENTERED)
    incentive = models.DecimalField(
        _("incentive (yuan)"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Fees repaid or reward paid by the incentive rules of the county 〔重庆2018 三(三)〕."),
    )

    class Meta:
        verbose_name = _("examination entry")
        verbose_name_plural = _("examination entries")
        ordering = ["worker__region__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "year", "level"],
                condition=Q(removed_at__isnull=True),
                name="examentry_once_per_year_and_level",
                violation_error_message=_("This entry of the year stands here already."),
            ),
            models.CheckConstraint(
                name="examentry_year_and_incentive_possible",
                condition=Q(year__gte=2008) & (Q(incentive__isnull=True) | Q(incentive__gte=0)),
            ),
        ]

    def __str__(self):
        return f"{self.year} {self.get_level_display()}"

    def clean(self):
        super().clean()
        if self.year and self.year > timezone.localdate().year + 1:
            raise ValidationError({"year": _("This year has not come yet.")})
