"""Functional categories: each document has its own, and all are mapped to one list (§5.6)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from linkage.foundation import journal
from linkage.foundation.ledger import Entry
from organizations.codes import CommonCategory
from organizations.models.organization import SocialOrganization


@journal.tracked()
class ClassificationScheme(models.Model):
    """A way of sorting organisations, as one document has it. A dictionary, the same for every place."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    source = models.CharField(
        _("source"), max_length=200, help_text=_("The document and clause it is taken from.")
    )

    class Meta:
        verbose_name = _("classification scheme")
        verbose_name_plural = _("classification schemes")
        ordering = ["code"]

    def __str__(self):
        return self.name


@journal.tracked()
class Category(models.Model):
    """One class of a scheme, and what it is called in figures across places."""

    scheme = models.ForeignKey(
        ClassificationScheme, models.PROTECT, related_name="categories", verbose_name=_("scheme")
    )
    code = models.CharField(_("code"), max_length=30)
    name = models.CharField(_("name"), max_length=60)
    common = models.CharField(_("common category"), max_length=20, choices=CommonCategory)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=1)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["scheme__code", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="category_once_per_scheme"),
        ]

    def __str__(self):
        return f"{self.scheme.name} · {self.name}"


@journal.tracked()
class OrganizationCategory(Entry):
    """An organisation belongs to a category."""

    region_path = "organization__region__path"
    duties = (Duty.ORGANIZATION,)

    organization = models.ForeignKey(
        SocialOrganization,
        models.CASCADE,
        related_name="categories",
        verbose_name=_("social organisation"),
    )
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="organizations", verbose_name=_("category")
    )

    class Meta:
        verbose_name = _("category of the organisation")
        verbose_name_plural = _("categories of the organisation")
        ordering = ["organization_id", "category_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "category"],
                condition=Q(removed_at__isnull=True),
                name="organization_once_in_a_category",
                violation_error_message=_("The organisation stands in this category already."),
            ),
        ]

    def __str__(self):
        return str(self.category)
