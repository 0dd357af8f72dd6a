"""The lines of money of an application, and the series its number comes from."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.codes import FundSource
from projects.models.project import MONEY, Project


class BudgetLine(models.Model):
    """One line of the money needed (GS-A.4), yuan."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="budget")
    position = models.PositiveSmallIntegerField(default=0)
    purpose = models.CharField(_("purpose"), max_length=60)
    basis = models.CharField(_("basis of calculation"), max_length=100, blank=True)
    amount = models.DecimalField(_("amount"), **MONEY, validators=[MinValueValidator(Decimal("0.01"))])

    class Meta:
        verbose_name = _("budget line")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(name="budget_amount_is_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self):
        return self.purpose


class SourceLine(models.Model):
    """One source of the money besides the provincial subsidy (GS-A.4, GS-6.3), yuan."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="sources")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("source"), max_length=30, choices=FundSource.choices)
    confirmed = models.BooleanField(_("secured"), default=False)
    amount = models.DecimalField(_("amount"), **MONEY, validators=[MinValueValidator(Decimal("0.01"))])

    class Meta:
        verbose_name = _("source line")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(name="source_amount_is_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self):
        return self.get_kind_display()


class Series(models.Model):
    """The last running number given out under one prefix: no gap, no double."""

    prefix = models.CharField(max_length=30, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.prefix}-{self.last}"
