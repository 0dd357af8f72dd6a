"""What 基本覆盖 and its like mean in numbers: set by someone, with a basis, for want of a statute (§2.4)."""

from dataclasses import dataclass
from fractions import Fraction

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linkage.foundation.scope import ScopedQuerySet, under


class Source(models.TextChoices):
    """Where the number of a target comes from; the first that says something holds."""

    CLAUSE = "clause", _("the clause itself")
    TARGET = "target", _("set for this target")
    PROGRAMME = "programme", _("set for the programme")
    DOCUMENT = "document", _("set for the document")
    REGION = "region", _("set for the place")
    SYSTEM = "system", _("default of the platform")


# The order in which the terms are asked, after what is set for the target itself.
ORDER = [Source.PROGRAMME, Source.DOCUMENT, Source.REGION, Source.SYSTEM]


# The columns that say what a term was set for; all empty: the default.
SET_FOR = ("programme_id", "document_id", "region_id")


class CoverageTermQuerySet(ScopedQuerySet):
    region_path = "region__path"

    def visible_to(self, user):
        """Defaults, and what was set for documents and places at, above or under one's own."""
        if not user.is_authenticated or not user.current_posts:
            return self.none()
        theirs = Q(region=None, programme=None, document=None)
        for post in user.current_posts:
            place = post.office.region
            for path in ("region__", "programme__region__", "document__region__"):
                theirs |= under(f"{path}path", place.path) | Q(**{f"{path}code__in": place.path_codes})
        return self.filter(theirs)

    def in_force(self, on):
        """Of each word and place it was set for, the version that holds on this day."""
        return (
            self.filter(valid_from__lte=on)
            .order_by("term", *SET_FOR, "-valid_from", "-version")
            .distinct("term", *SET_FOR)
        )

    def versions_of(self, term, *, programme=None, document=None, region=None):
        """All versions of one word as set for one programme, document or place, the oldest first."""
        return self.filter(term=term, programme=programme, document=document, region=region).order_by(
            "version"
        )


class CoverageTerm(models.Model):
    """The number behind a coverage word from a day on. A change is a new row; the old ones stay."""

    term = models.CharField(
        _("coverage word"), max_length=20, help_text=_("As the document has it, for example 基本覆盖.")
    )
    value = models.CharField(
        _("means at least"),
        max_length=30,
        validators=[RegexValidator(r"^\d+(/[1-9]\d*)?$", _("An exact fraction such as 9/10, or 1."))],
        help_text=_("An exact fraction: 9/10 is 90 %, 1 is 100 %."),
    )
    document = models.ForeignKey(
        "policy.PolicyDocument",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="coverage_terms",
        verbose_name=_("document"),
    )
    programme = models.ForeignKey(
        "projects.Programme",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="coverage_terms",
        verbose_name=_("programme"),
    )
    region = models.ForeignKey(
        "communities.Region",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="coverage_terms",
        verbose_name=_("place"),
    )
    valid_from = models.DateField(_("valid from"))
    basis = models.CharField(
        _("basis"), max_length=200, help_text=_("Document number, or the reason for this reading.")
    )
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("set by"),
    )
    set_at = models.DateTimeField(_("set at"), auto_now_add=True)
    version = models.PositiveSmallIntegerField(_("version"), editable=False, default=1)

    objects = CoverageTermQuerySet.as_manager()

    class Meta:
        verbose_name = _("coverage term")
        verbose_name_plural = _("coverage terms")
        ordering = ["term", "-valid_from", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "programme", "document", "region", "version"],
                nulls_distinct=False,
                name="coverageterm_version_once",
            ),
            models.CheckConstraint(
                name="coverageterm_set_for_one_thing",
                condition=Q(document=None, programme=None)
                | Q(document=None, region=None)
                | Q(programme=None, region=None),
                violation_error_message=_(
                    "Set it for a document, a programme or a place, not for two of them."
                ),
            ),
            models.CheckConstraint(
                name="coverageterm_value_is_exact", condition=Q(value__regex=r"^[0-9]+(/[1-9][0-9]*)?$")
            ),
            models.CheckConstraint(name="coverageterm_has_a_basis", condition=~Q(basis="")),
        ]

    def __str__(self):
        return f"{self.term} ≥ {self.value}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("A coverage term never changes; set a new version.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("A coverage term stays; set a new version.")

    def clean(self):
        super().clean()
        try:
            is_share = 0 < self.exact <= 1
        except (ValueError, ZeroDivisionError):
            return  # the field itself says what is wrong
        if not is_share:
            raise ValidationError({"value": _("A share of all units: above 0 and at most 1.")})

    @property
    def exact(self):
        return Fraction(self.value)

    @property
    def source(self):
        """What it was set for."""
        if self.programme_id:
            return Source.PROGRAMME
        if self.document_id:
            return Source.DOCUMENT
        return Source.REGION if self.region_id else Source.SYSTEM


@dataclass(frozen=True)
class Threshold:
    """The number a target is held against at one place on one day, exact, and where it comes from.

    ``value`` is None for a trend. ``high`` is the upper bound of a range. ``term`` is the row that said so.
    """

    value: Fraction | None
    source: Source
    high: Fraction | None = None
    term: CoverageTerm | None = None


def resolve(word, terms, *, document, programmes, region):
    """The term that holds for this word: programme before document before nearest place before default.

    ``terms`` are versions in force; ``programmes`` the keys of the document's programmes.
    """
    nearness = {code: depth for depth, code in enumerate(region.path_codes)} if region else {}
    found = []
    for term in terms:
        if term.term != word:
            continue
        source, depth = term.source, 0
        if source == Source.PROGRAMME and term.programme_id not in programmes:
            continue
        if source == Source.DOCUMENT and term.document_id != document:
            continue
        if source == Source.REGION:
            if term.region.code not in nearness:
                continue
            depth = nearness[term.region.code]
        found.append(
            (ORDER.index(source), -depth, -term.valid_from.toordinal(), -term.version, term.pk, term)
        )
    return min(found)[-1] if found else None
