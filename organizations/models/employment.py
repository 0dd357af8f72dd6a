"""Who works at an organisation, from when to when, on which terms."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from communities.people.models import PersonRole
from linkage.foundation import journal
from linkage.foundation.ledger import EntryQuerySet, Spanned, live, not_in_the_future
from organizations.codes import Education, EmploymentKind, QualificationLevel
from organizations.models.organization import SocialOrganization
from organizations.models.spans import never_twice_at_a_time


class EmploymentQuerySet(EntryQuerySet):
    def active(self, on=None):
        """At work on that day, at an organisation that is at work itself."""
        return self.on(on).filter(organization__in=SocialOrganization.objects.existing(on))

    def full_time(self):
        return self.filter(kind=EmploymentKind.FULL_TIME)

    def part_time(self):
        return self.filter(kind=EmploymentKind.PART_TIME)

    def org_employees(self, on=None):
        """从业人员 (GS-4.2c): all who work at social organisations of any tier, full or part time."""
        return self.active(on)

    def org_staff_fulltime(self, on=None):
        """社会组织专职工作人员 (HB-2.3): full time, at a registered organisation."""
        registered = SocialOrganization.objects.registered(on)
        return self.on(on).full_time().filter(organization__in=registered)

    def people(self):
        """The human beings among these rows, each once."""
        return self.order_by().values("person").distinct()


@journal.tracked()
class Employment(PersonRole, Spanned):
    """One person's work at one organisation (CQ-3.3a)."""

    region_path = "organization__region__path"
    duties = (Duty.ORGANIZATION, Duty.SOCIAL_WORK)

    organization = models.ForeignKey(
        SocialOrganization,
        models.CASCADE,
        related_name="employments",
        verbose_name=_("social organisation"),
    )
    kind = models.CharField(_("full or part time"), max_length=10, choices=EmploymentKind)
    section = models.CharField(_("section of work"), max_length=50, blank=True)
    position = models.CharField(_("position"), max_length=50, blank=True)
    qualification = models.CharField(
        _("professional level"), max_length=20, choices=QualificationLevel, blank=True
    )
    education = models.CharField(_("level of education"), max_length=20, choices=Education, blank=True)
    working_since = models.DateField(
        _("in this work since"),
        null=True,
        blank=True,
        validators=[not_in_the_future],
        help_text=_("From here the years of seniority are counted."),
    )
    pay_grade = models.CharField(_("pay grade"), max_length=30, blank=True)
    social_insurance = models.BooleanField(_("social insurance paid"), null=True, blank=True)
    housing_fund = models.BooleanField(_("housing fund paid"), null=True, blank=True)

    objects = live(EmploymentQuerySet)
    everything = EmploymentQuerySet.as_manager()

    class Meta(Spanned.Meta):
        verbose_name = _("employment")
        verbose_name_plural = _("employments")
        ordering = ["organization__region__path", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            never_twice_at_a_time(
                "employment_once_at_a_time",
                "organization",
                "person",
                message=_("This person works at this organisation in these days already."),
            ),
        ]
        indexes = [
            models.Index(fields=["phone_hash"], condition=~Q(phone_hash=""), name="employment_phone"),
            models.Index(fields=["name"], name="employment_name"),
        ]

    def clean(self):
        problems = {}
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            problems["valid_to"] = _("The last day lies before the first.")
        if problems:
            raise ValidationError(problems)

    def seniority(self, on=None):
        """Full years in this work; None where it is not known since when."""
        if self.working_since is None:
            return None
        on = on or timezone.localdate()
        since = self.working_since
        return on.year - since.year - ((on.month, on.day) < (since.month, since.day))
