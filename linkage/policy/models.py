"""Policy documents and their clauses: what everything else in the house cites."""

import re

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from linkage.foundation.scope import ScopedQuerySet, under
from linkage.foundation.standards import normal_doc_no


class IssuedQuerySet(ScopedQuerySet):
    """Rows an office issues for its whole territory: they bind everyone below and are known above."""

    def visible_to(self, user):
        """What was issued at, above or under the places where this person holds a post."""
        if not user.is_authenticated or not user.current_posts:
            return self.none()
        theirs = Q(pk__in=[])
        for post in user.current_posts:
            theirs |= self.reaching(post.office.region) | under(self.region_path, post.office.region.path)
        return self.filter(theirs)

    def binding(self, region):
        """What was issued at this place or above it."""
        return self.filter(self.reaching(region))

    def reaching(self, region):
        code = self.region_path.removesuffix("path") + "code"
        return Q(**{f"{code}__in": region.path_codes})


class PolicyDocumentQuerySet(IssuedQuerySet):
    def matching(self, words):
        """Documents whose number, title or text holds these words; any bracket style finds a number."""
        words = words.strip()
        if not words:
            return self
        return self.filter(
            Q(doc_no__icontains=normal_doc_no(words)) | Q(title__icontains=words) | Q(text__icontains=words)
        )

    def with_clauses_on(self, words):
        """Each with the clauses that hold these words, as ``found``; none where no words are given."""
        clauses = Clause.objects.filter(text__icontains=words) if words else Clause.objects.none()
        return self.prefetch_related(models.Prefetch("clauses", queryset=clauses, to_attr="found"))


class PolicyDocument(models.Model):
    """One document as it was issued, word for word, loaded from a pack."""

    class Kind(models.TextChoices):
        OPINION = "opinion", _("opinion")
        PLAN = "plan", _("plan")
        EXPERIENCE = "experience", _("experience")

    class Linkage(models.IntegerChoices):
        THREE = 3, _("three societies")
        FOUR = 4, _("four societies")
        FIVE = 5, _("five societies")

    code = models.CharField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    doc_no = models.CharField(_("document number"), max_length=60, blank=True)
    issuers = models.JSONField(_("issued by"), default=list)
    territory = models.CharField(_("territory"), max_length=60)
    territory_code = models.CharField(_("code of the territory"), max_length=24)
    region = models.ForeignKey(
        "communities.Region",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="policy_documents",
        verbose_name=_("region"),
        help_text=_("Empty where this installation does not hold the tree of that territory."),
    )
    year = models.PositiveSmallIntegerField(_("year"))
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    effective_from = models.DateField(_("in force from"), null=True, blank=True)
    effective_to = models.DateField(_("in force to"), null=True, blank=True)
    linkage_model = models.PositiveSmallIntegerField(_("linkage model"), choices=Linkage)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    addressees = models.TextField(_("addressed to"), blank=True)
    text = models.TextField(_("full text"))
    pack_version = models.CharField(_("version of the pack"), max_length=64)

    objects = PolicyDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy document")
        verbose_name_plural = _("policy documents")
        ordering = ["-year", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["doc_no"], condition=~Q(doc_no=""), name="policy_document_number_once"
            ),
            models.CheckConstraint(
                name="policy_document_linkage_three_to_five",
                condition=Q(linkage_model__gte=3, linkage_model__lte=5),
            ),
            models.CheckConstraint(
                name="policy_document_force_ends_after_it_begins",
                condition=Q(effective_from__isnull=True)
                | Q(effective_to__isnull=True)
                | Q(effective_to__gte=F("effective_from")),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("policy:document", args=[self.code])

    def clause_url(self, number):
        """Where a clause stands on the page of this document, whoever cites it."""
        return f"{self.get_absolute_url()}#{Clause(number=number).anchor}"

    @property
    def issued_by(self):
        return "、".join(self.issuers)


class Clause(models.Model):
    """One addressable part of a document. ``text`` is verbatim, its own number and heading included."""

    document = models.ForeignKey(
        PolicyDocument, models.CASCADE, related_name="clauses", verbose_name=_("document")
    )
    number = models.CharField(_("clause"), max_length=20, blank=True)
    heading = models.CharField(_("heading"), max_length=120, blank=True)
    text = models.TextField(_("text"))
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["document", "order"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="clause_number_once"),
            models.UniqueConstraint(
                fields=["document", "order"],
                name="clause_order_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.heading}".strip()

    def get_absolute_url(self):
        return self.document.clause_url(self.number)

    @property
    def anchor(self):
        """The fragment of a link: "四(三)" is #c-四-三, the words before clause 一 are #c-0."""
        return "c-" + ("-".join(self.parts) or "0")

    @cached_property
    def parts(self):
        """The steps of a number: 二(三)1 has 二, 三, 1."""
        return re.findall(r"[^()\d]+|\d+", self.number)

    @property
    def depth(self):
        return max(len(self.parts), 1)

    @property
    def lead(self):
        """The beginning of the first line that is number and heading; empty where there is none."""
        first = self.text.split("\n", 1)[0]
        if not self.heading or self.heading not in first:
            return ""
        end = first.index(self.heading) + len(self.heading)
        return first[: end + 1] if first[end : end + 1] in "。." else first[:end]

    @property
    def runs_on(self):
        """Does the text go on in the line of the lead?"""
        return bool(self.lead) and self.text.split("\n", 1)[0] != self.lead

    @property
    def paragraphs(self):
        """What follows the lead, line by line."""
        rest = self.text[len(self.lead) :]
        return [line.strip() for line in rest.split("\n") if line.strip()]

    @property
    def lines_below(self):
        """The paragraphs that do not stand in the line of the lead."""
        return self.paragraphs[1:] if self.runs_on else self.paragraphs
