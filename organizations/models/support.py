"""What organisations are given to grow, and what a place has promised them (CQ-2.2.2e, f and i)."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from communities.models import Level, Region
from linkage.foundation import journal
from linkage.foundation.choices import CodesField
from linkage.foundation.ledger import EntryQuerySet, Mergeable, Spanned, live, not_in_the_future
from linkage.foundation.standards import normal_doc_no, validate_doc_no
from organizations.codes import DEMANDED_PAPERS, PolicyPaper, SupportKind
from organizations.models.organization import SocialOrganization
from organizations.models.ties import OfOrganization


@journal.tracked()
class Support(OfOrganization):
    """One support received: money, or something countable in words."""

    organization = models.ForeignKey(
        SocialOrganization,
        models.CASCADE,
        related_name="supports",
        verbose_name=_("social organisation"),
    )
    kind = models.CharField(_("kind of support"), max_length=20, choices=SupportKind)
    amount = models.DecimalField(
        _("amount (yuan)"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    quantity = models.CharField(
        _("quantity"), max_length=60, blank=True, help_text=_("Such as 60 m² of office, 3 days of training.")
    )
    giver = models.CharField(_("given by"), max_length=100)
    given_on = models.DateField(_("given on"), validators=[not_in_the_future])
    note = models.CharField(_("remark"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("support received")
        verbose_name_plural = _("support received")
        ordering = ["organization_id", "-given_on"]
        constraints = [
            models.CheckConstraint(
                name="support_amount_not_negative", condition=Q(amount__isnull=True) | Q(amount__gte=0)
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.given_on:%Y-%m-%d}"

    def clean(self):
        if self.amount is None and not self.quantity:
            raise ValidationError({"quantity": _("Give an amount of money or say how much it was.")})


class SupportPolicyQuerySet(EntryQuerySet):
    def places_with(self, paper, on=None):
        """The counties, cities and provinces with such a document in force (GS-4.2g)."""
        papers = self.on(on).filter(paper=paper).order_by()
        return Region.objects.filter(level__lte=Level.COUNTY, pk__in=papers.values("region"))


@journal.tracked()
class SupportPolicy(Spanned, Mergeable):
    """A policy by which a place favours organisations: money, credit, people, purchase (CQ-2.2.2f).

    ``paper`` says which of the documents of GS-4.2g it is, for which its number is needed.
    """

    duties = (Duty.ORGANIZATION,)
    tells_of_place = True

    region = models.ForeignKey(
        Region, models.PROTECT, related_name="support_policies", verbose_name=_("region")
    )
    paper = models.CharField(
        _("kind of document"),
        max_length=20,
        choices=PolicyPaper,
        help_text=_("The first two are asked of every county, city and province 〔甘肃2016 四(二)〕."),
    )
    title = models.CharField(_("title"), max_length=200)
    doc_no = models.CharField(
        _("document number"),
        max_length=100,
        blank=True,
        validators=[validate_doc_no],
        help_text=_("Write it such as 甘民发〔2016〕98号."),
    )
    kinds = CodesField(_("kinds of support"), SupportKind)
    content = models.TextField(_("what it grants"), max_length=1000, blank=True)

    objects = live(SupportPolicyQuerySet)
    everything = SupportPolicyQuerySet.as_manager()

    class Meta(Spanned.Meta):
        verbose_name = _("support policy")
        verbose_name_plural = _("support policies")
        ordering = ["region__path", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(
                fields=["region", "title"],
                condition=Q(removed_at__isnull=True),
                name="support_policy_once_per_place",
                violation_error_message=_("This policy is in the register of this place already."),
            ),
            models.CheckConstraint(
                name="demanded_paper_has_its_number",
                condition=~Q(paper__in=DEMANDED_PAPERS) | ~Q(doc_no=""),
                violation_error_message=_("Give the number of this document."),
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        self.doc_no = normal_doc_no(self.doc_no) if self.doc_no else ""
        if self.paper in DEMANDED_PAPERS and not self.doc_no:
            raise ValidationError({"doc_no": _("Give the number of this document.")})
