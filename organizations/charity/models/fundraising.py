"""Plans of public fundraising, filed before it begins, and their disclosures (慈善法 24 and 79)."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from linkage.foundation import journal
from linkage.foundation.ledger import Entry, EntryQuerySet, Mergeable, live, not_in_the_future
from organizations.charity import rules
from organizations.models import SocialOrganization


class PlanQuerySet(EntryQuerySet):
    def running(self, on=None):
        on = on or timezone.localdate()
        return self.filter(starts_on__lte=on, ends_on__gte=on)


@journal.tracked()
class PublicFundraisingPlan(Mergeable):
    """募捐方案: by a charitable organisation with the qualification, filed before the first day."""

    region_path = "organization__region__path"
    duties = (Duty.CHARITY,)

    organization = models.ForeignKey(
        SocialOrganization,
        models.PROTECT,
        related_name="fundraising_plans",
        verbose_name=_("charitable organisation"),
    )
    title = models.CharField(_("title of the fundraising"), max_length=100)
    purpose = models.CharField(_("purpose"), max_length=300)
    area = models.CharField(_("area and way"), max_length=200, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    lead = models.CharField(_("responsible person"), max_length=50)
    beneficiaries = models.CharField(_("beneficiaries"), max_length=200, blank=True)
    use_of_money = models.CharField(_("use of what is raised"), max_length=300, blank=True)
    target_amount = models.DecimalField(
        _("amount to be raised (yuan)"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    cost = models.DecimalField(
        _("cost of the fundraising (yuan)"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    surplus = models.CharField(_("what becomes of a remainder"), max_length=200, blank=True)
    filed_on = models.DateField(
        _("filed on"),
        validators=[not_in_the_future],
        help_text=_("With civil affairs, before the first day 〔慈善法第二十四条〕."),
    )
    filing_no = models.CharField(_("filing number"), max_length=60, blank=True)

    objects = live(PlanQuerySet)
    everything = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("public fundraising plan")
        verbose_name_plural = _("public fundraising plans")
        ordering = ["organization__region__path", "-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="fundraising_filed_before_it_begins",
                condition=Q(filed_on__lt=F("starts_on")),
                violation_error_message=_("The plan is filed before the fundraising begins."),
            ),
            models.CheckConstraint(
                name="fundraising_ends_after_it_begins",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="fundraising_amounts_not_negative",
                condition=(Q(target_amount__isnull=True) | Q(target_amount__gte=0))
                & (Q(cost__isnull=True) | Q(cost__gte=0)),
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        problems = {}
        if self.organization_id and not self.organization.public_fundraising:
            problems["organization"] = _(
                "This organisation is not qualified for public fundraising in the register."
            )
        if self.starts_on and self.filed_on and self.filed_on >= self.starts_on:
            problems["filed_on"] = _("The plan is filed before the fundraising begins.")
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            problems["ends_on"] = _("The last day lies before the first.")
        if problems:
            raise ValidationError(problems)

    def disclosure_due(self, on=None):
        """The day by which the next disclosure is due, or None where nothing is due any more."""
        on = on or timezone.localdate()
        told = list(self.disclosures.standing().filter(disclosed_on__lte=on).order_by("-disclosed_on"))
        last = told[0].disclosed_on if told else None
        final = self.ends_on + rules.DISCLOSE_AFTER_END
        if last is not None and last > self.ends_on:
            return None
        if self.ends_on - self.starts_on <= rules.LONG_FUNDRAISING:
            return final
        return min(final, (last or self.starts_on - timedelta(days=1)) + rules.DISCLOSE_EVERY)

    def warnings(self, on=None):
        on = on or timezone.localdate()
        due = self.disclosure_due(on) if self.pk else None
        if due is None or due >= on:
            return []
        return [gettext("A disclosure was due on %s 〔慈善法第七十九条〕.") % due]

    def why_two(self, other):
        if self.organization_id != other.organization_id:
            return [_("They are plans of two organisations.")]
        return []


@journal.tracked()
class FundraisingDisclosure(Entry):
    """What was told to the public of what was raised and used."""

    region_path = "plan__organization__region__path"
    duties = (Duty.CHARITY,)

    plan = models.ForeignKey(
        PublicFundraisingPlan, models.CASCADE, related_name="disclosures", verbose_name=_("plan")
    )
    disclosed_on = models.DateField(_("disclosed on"), validators=[not_in_the_future])
    raised = models.DecimalField(
        _("raised so far (yuan)"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )
    used = models.DecimalField(
        _("used so far (yuan)"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )
    medium = models.CharField(_("disclosed in"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("disclosure of a fundraising")
        verbose_name_plural = _("disclosures of a fundraising")
        ordering = ["plan_id", "-disclosed_on"]
        constraints = [
            models.CheckConstraint(
                name="fundraising_uses_what_was_raised",
                condition=Q(raised__gte=0, used__gte=0, used__lte=F("raised")),
                violation_error_message=_("More is used than was raised."),
            ),
        ]

    def __str__(self):
        return str(self.disclosed_on)
