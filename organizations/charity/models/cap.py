"""Caps on public money: how much of it may go where (HB-4.2b)."""

from fractions import Fraction

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.models import Region
from linkage.foundation import journal
from linkage.foundation.ledger import Entry, EntryQuerySet, live
from linkage.foundation.standards import normal_doc_no, validate_doc_no
from organizations.charity import rules
from organizations.charity.models.budget import YEARS, yuan


class CappedQuerySet(EntryQuerySet):
    def over(self):
        return self.filter(purchased__gt=F("total") * F("cap") / 100)

    def near(self):
        """From three quarters of the cap on, and not above it."""
        return self.filter(
            purchased__gte=F("total") * F("cap") * rules.CAP_NEAR / 100,
            purchased__lte=F("total") * F("cap") / 100,
        )


@journal.tracked()
class CappedSpending(Entry):
    """Of money for social assistance in one year, what went into purchased services (HB-4.2b, HB-T06).

    ``total`` is the denominator, ``purchased`` the numerator. Above the cap only with a document.
    """

    region = models.ForeignKey(
        Region, models.PROTECT, related_name="capped_spendings", verbose_name=_("region")
    )
    year = models.PositiveSmallIntegerField(_("year"), validators=YEARS)
    source = models.CharField(
        _("source of money"),
        max_length=30,
        choices=[(source.value, source.label) for source in rules.CAPPED],
    )
    total = yuan(_("money of this source in the year (yuan)"))
    purchased = yuan(_("of it for purchased services (yuan)"))
    cap = models.DecimalField(
        _("at most (percent)"),
        max_digits=5,
        decimal_places=2,
        default=rules.CAP,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("2 percent by 〔河北2021 四(二)〕."),
    )
    doc_no = models.CharField(
        _("document that allows more"),
        max_length=100,
        blank=True,
        validators=[validate_doc_no],
        help_text=_("Needed above the cap, such as 冀民〔2022〕12号."),
    )
    note = models.CharField(_("remark"), max_length=200, blank=True)

    objects = live(CappedQuerySet)
    everything = CappedQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchased services out of assistance money")
        verbose_name_plural = _("purchased services out of assistance money")
        ordering = ["region__path", "-year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "year", "source"],
                condition=Q(removed_at__isnull=True),
                name="capped_spending_once",
                violation_error_message=_("This place has an entry of this year and source already."),
            ),
            models.CheckConstraint(
                name="capped_spending_within_the_total",
                condition=Q(total__gt=0, purchased__gte=0, purchased__lte=F("total")),
                violation_error_message=_("The whole is above nothing, and no more than it is spent."),
            ),
            models.CheckConstraint(
                name="capped_spending_above_only_by_document",
                condition=~Q(doc_no="") | Q(purchased__lte=F("total") * F("cap") / 100),
                violation_error_message=_("Above the cap only with a document that allows it."),
            ),
        ]

    def __str__(self):
        return f"{self.region} {self.year} {self.get_source_display()}"

    @property
    def share(self):
        """The exact share; None where there is no whole."""
        return Fraction(self.purchased) / Fraction(self.total) if self.total else None

    @property
    def is_over(self):
        return self.share is not None and self.share > Fraction(self.cap) / 100

    @property
    def is_near(self):
        limit = Fraction(self.cap) / 100
        return self.share is not None and limit * Fraction(rules.CAP_NEAR) <= self.share <= limit

    @property
    def percent(self):
        return None if self.share is None else f"{float(self.share * 100):.2f}%"

    def clean(self):
        problems = {}
        self.doc_no = normal_doc_no(self.doc_no) if self.doc_no else ""
        if None not in (self.total, self.purchased, self.cap):
            if self.total <= 0:
                problems["total"] = _("Give an amount above nothing.")
            elif self.purchased > self.total:
                problems["purchased"] = _("More than the whole.")
            elif self.is_over and not self.doc_no:
                problems["doc_no"] = gettext(
                    "%(share)s is above %(cap)s%%: enter the number of the document that allows it."
                ) % {"share": self.percent, "cap": self.cap.normalize()}
        if problems:
            raise ValidationError(problems)

    def warnings(self, on=None):
        about = {"share": self.percent, "cap": self.cap.normalize()}
        if self.is_over:
            return [gettext("%(share)s is above the cap of %(cap)s%% 〔河北2021 四(二)〕.") % about]
        if self.is_near:
            return [gettext("%(share)s comes near the cap of %(cap)s%% 〔河北2021 四(二)〕.") % about]
        return []
