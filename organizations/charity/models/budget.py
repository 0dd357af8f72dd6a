"""Public money by place, year and source: what is planned, committed, paid and published."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.codes import FundSource
from communities.models import Region
from linkage.foundation import journal
from linkage.foundation.ledger import Entry, EntryQuerySet, live, not_in_the_future
from organizations.charity import rules
from organizations.charity.codes import FundPurpose

YEARS = [MinValueValidator(2000), MaxValueValidator(2100)]


def yuan(label, **kwargs):
    return models.DecimalField(
        label, max_digits=14, decimal_places=2, validators=[MinValueValidator(0)], **kwargs
    )


class BudgetQuerySet(EntryQuerySet):
    def of_year(self, year):
        return self.filter(year=year)

    def lottery(self, year):
        """本级彩票公益金 of a year, by place (CQ-3.2b)."""
        return self.of_year(year).filter(source=FundSource.LOTTERY, amount__gt=0)

    def total(self):
        return self.aggregate(total=Sum("amount"))["total"] or 0

    def by_source(self, year):
        """``{source: (this year, the year before)}``: grows or shrinks (CQ-3.2a, HB-4.2c)."""
        found = {}
        for row in (
            self.filter(year__in=[year, year - 1])
            .order_by()
            .values("source", "year")
            .annotate(total=Sum("amount"))
        ):
            now, before = found.get(row["source"], (0, 0))
            found[row["source"]] = (row["total"], before) if row["year"] == year else (now, row["total"])
        return found

    def compared_by_purpose(self, year):
        """``{purpose: (this year, the year before)}``."""
        now, before = self.by_purpose(year), self.by_purpose(year - 1)
        return {purpose: (now.get(purpose, 0), before.get(purpose, 0)) for purpose in {**now, **before}}

    def by_purpose(self, year):
        """``{purpose: amount}`` (YZ-3.1b)."""
        rows = self.of_year(year).order_by().values("purpose").annotate(total=Sum("amount"))
        return {row["purpose"]: row["total"] for row in rows}


@journal.tracked()
class FundBudget(Entry):
    """What the body of a place has planned of one source for one purpose in one year (CQ-3.2a, GS-6.7).

    The level is that of the place: 本级. Every part of the office plans money.
    """

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="fund_budgets",
        verbose_name=_("region"),
        help_text=_("Whose own money it is: money of the city is entered for the city."),
    )
    year = models.PositiveSmallIntegerField(_("year"), validators=YEARS)
    source = models.CharField(_("source of money"), max_length=30, choices=FundSource)
    purpose = models.CharField(_("purpose"), max_length=20, choices=FundPurpose)
    amount = yuan(_("amount (yuan)"))
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True, validators=[not_in_the_future])
    doc_no = models.CharField(_("document number"), max_length=100, blank=True)
    note = models.CharField(_("remark"), max_length=200, blank=True)

    objects = live(BudgetQuerySet)
    everything = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget of money")
        verbose_name_plural = _("budgets of money")
        ordering = ["region__path", "-year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "year", "source", "purpose"],
                condition=Q(removed_at__isnull=True),
                name="fund_budget_once",
                violation_error_message=_(
                    "This place has a budget of this year, source and purpose already: change that one."
                ),
            ),
            models.CheckConstraint(name="fund_budget_not_negative", condition=Q(amount__gte=0)),
        ]
        indexes = [models.Index(fields=["year", "source"], name="fund_budget_of_a_year")]

    def __str__(self):
        return f"{self.region} {self.year} {self.get_source_display()}"

    @property
    def level(self):
        return self.region.level

    @property
    def committed(self):
        return self.spendings.standing().aggregate(total=Sum("amount"))["total"] or 0

    @property
    def paid(self):
        return self.spendings.standing().aggregate(total=Sum("paid"))["total"] or 0

    def clean(self):
        if self.pk and self.amount is not None and (committed := self.committed) > self.amount:
            raise ValidationError({"amount": gettext("%s yuan are committed already.") % f"{committed:,.2f}"})


@journal.tracked()
class FundSpending(Entry):
    """One commitment out of a budget, and what has been paid of it: paid ≤ committed ≤ planned (§5.7)."""

    region_path = "budget__region__path"

    budget = models.ForeignKey(
        FundBudget, models.CASCADE, related_name="spendings", verbose_name=_("budget of money")
    )
    title = models.CharField(_("project"), max_length=100)
    recipient = models.CharField(_("carried out by"), max_length=100)
    amount = yuan(_("committed (yuan)"))
    committed_on = models.DateField(_("committed on"), validators=[not_in_the_future])
    paid = yuan(_("paid so far (yuan)"), default=0)
    execution = models.CharField(_("how it was carried out"), max_length=300, blank=True)
    effect = models.CharField(
        _("effect and indicators"),
        max_length=300,
        blank=True,
        help_text=_("Published for money of the lottery 〔彩票管理条例第三十六条〕."),
    )

    class Meta:
        verbose_name = _("spending")
        verbose_name_plural = _("spending")
        ordering = ["budget_id", "committed_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="spending_paid_within_the_commitment",
                condition=Q(amount__gt=0, paid__gte=0, paid__lte=F("amount")),
                violation_error_message=_("No more is paid than was committed."),
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        problems = {}
        if self.amount is not None and self.amount <= 0:
            problems["amount"] = _("Give an amount above nothing.")
        if None not in (self.amount, self.paid) and self.paid > self.amount:
            problems["paid"] = _("No more is paid than was committed.")
        if problems:
            raise ValidationError(problems)


class FundDisclosureQuerySet(EntryQuerySet):
    def late(self):
        """Published after 30 June of the next year."""
        month, day = rules.LOTTERY_PUBLISHED_BY
        return self.filter(
            Q(published_on__year__gt=F("year") + 1)
            | Q(published_on__year=F("year") + 1, published_on__month__gt=month)
            | Q(published_on__year=F("year") + 1, published_on__month=month, published_on__day__gt=day)
        )


@journal.tracked()
class FundDisclosure(Entry):
    """Where a place has told the public what became of a year's money of one source (彩票管理条例 36)."""

    region = models.ForeignKey(
        Region, models.PROTECT, related_name="fund_disclosures", verbose_name=_("region")
    )
    year = models.PositiveSmallIntegerField(_("year of use"), validators=YEARS)
    source = models.CharField(
        _("source of money"), max_length=30, choices=FundSource, default=FundSource.LOTTERY
    )
    published_on = models.DateField(_("published on"), validators=[not_in_the_future])
    medium = models.CharField(_("disclosed in"), max_length=200)

    objects = live(FundDisclosureQuerySet)
    everything = FundDisclosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("disclosure of money")
        verbose_name_plural = _("disclosures of money")
        ordering = ["region__path", "-year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "year", "source"],
                condition=Q(removed_at__isnull=True),
                name="fund_disclosure_once",
                violation_error_message=_("This is entered already."),
            ),
        ]

    def __str__(self):
        return f"{self.region} {self.year} {self.get_source_display()}"

    @property
    def due_on(self):
        return date(self.year + 1, *rules.LOTTERY_PUBLISHED_BY)

    def clean(self):
        if self.published_on and self.year and self.published_on.year < self.year:
            raise ValidationError({"published_on": _("This day lies before the year of use.")})

    def warnings(self, on=None):
        if self.source == FundSource.LOTTERY and self.published_on > self.due_on:
            return [gettext("It was due by %s 〔彩票管理条例第三十六条〕.") % self.due_on]
        return []


def unpublished(year, on=None):
    """The budgets of lottery money of a year whose place has not told the public by its day."""
    on = on or timezone.localdate()
    if on <= date(year + 1, *rules.LOTTERY_PUBLISHED_BY):
        return FundBudget.objects.none()
    told = FundDisclosure.objects.filter(year=year, source=FundSource.LOTTERY, published_on__lte=on)
    return FundBudget.objects.lottery(year).exclude(region__in=told.values("region"))
