"""Targets as a policy sets them, and benchmarks it reports. Both come from packs and change by packs only."""

from fractions import Fraction

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from linkage.attainment.codes import (
    TABLE_OF,
    Kind,
    Missing,
    Nature,
    Reach,
    Rule,
    Scope,
    UnitKind,
)
from linkage.attainment.models.term import CoverageTerm, Source, Threshold, resolve
from linkage.foundation import measures
from linkage.policy.models import IssuedQuerySet, PolicyDocument
from projects.models import Programme


class TargetQuerySet(IssuedQuerySet):
    region_path = "document__region__path"

    def with_programmes(self):
        """Each with the keys of its document's programmes, whose coverage terms come first."""
        programmes = Programme.objects.filter(document=OuterRef("document")).order_by()
        return self.annotate(programme_keys=ArraySubquery(programmes.values("pk")))


class Target(models.Model):
    """What a clause demands (fields of DOMAIN §2.1). Thresholds are exact fractions, kept as text."""

    document = models.ForeignKey(
        PolicyDocument, models.CASCADE, related_name="targets", verbose_name=_("document")
    )
    code = models.CharField(_("code"), max_length=40, unique=True)
    slot = models.PositiveSmallIntegerField(_("slot"), unique=True, editable=False)
    clause = models.CharField(_("clause"), max_length=20)
    quote = models.CharField(_("quote"), max_length=200)
    period_start = models.DateField(_("period begins"), null=True, blank=True)
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    kind = models.CharField(_("kind of community"), max_length=10, choices=Kind, default=Kind.ALL)
    scope = models.CharField(_("scope"), max_length=20, choices=Scope, default=Scope.ALL)
    unit = models.CharField(_("unit of observation"), max_length=30, choices=UnitKind)
    rule = models.CharField(_("rule"), max_length=12, choices=Rule)
    metric = models.CharField(_("measure"), max_length=40)
    per = models.CharField(_("measured against"), max_length=40, blank=True)
    at_least = models.CharField(_("at least"), max_length=30, blank=True)
    at_most = models.CharField(_("at most"), max_length=30, blank=True)
    between_low = models.CharField(_("lower bound"), max_length=30, blank=True)
    between_high = models.CharField(_("upper bound"), max_length=30, blank=True)
    term = models.CharField(_("coverage word"), max_length=20, blank=True)
    share = models.CharField(_("share of units that must pass"), max_length=30, blank=True)
    reach = models.CharField(_("reading of coverage"), max_length=10, choices=Reach, default=Reach.OWN)
    nature = models.CharField(_("nature"), max_length=12, choices=Nature, default=Nature.EXPECTED)
    soft = models.BooleanField(_("soft bound"), default=False)
    missing = models.CharField(
        _("where nothing was reported"), max_length=10, choices=Missing, default=Missing.STRICT
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = TargetQuerySet.as_manager()

    # Of a target as an edition kept it: the measures that were connected then. None: as the registry says.
    connected_keys = None

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="target_slots_begin_at_one", condition=Q(slot__gte=1)),
            models.CheckConstraint(
                name="target_range_has_both_bounds",
                condition=Q(between_low="", between_high="") | (~Q(between_low="") & ~Q(between_high="")),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.quote}"

    def save(self, *args, **kwargs):
        if self.slot is None:
            self.slot = _free_slot()
        super().save(*args, **kwargs)

    @property
    def table(self):
        """The table of measures its unit is kept in."""
        return TABLE_OF[UnitKind(self.unit)]

    @property
    def threshold(self):
        """The number of the clause itself; None where it gives a word, a range or none."""
        given = self.at_most or self.at_least
        return Fraction(given) if given else None

    @property
    def is_cap(self):
        """Is it demanded to stay within a number: all together (CAP), or each unit (EACH with at_most)?"""
        return bool(self.at_most) and self.rule in (Rule.CAP, Rule.EACH)

    @property
    def share_exact(self):
        """The share of units that must pass: all of them, unless the clause says otherwise."""
        return Fraction(self.share or 1)

    def due(self, on):
        """The day by which it is to be met, seen from that day; None where there is none.

        What is demanded of every fiscal year has no deadline of its own: the year has until its end. A cap
        has not, for what is spent stays spent.
        """
        if self.deadline is None and not self.is_cap:
            measure = measures.get(self.metric)
            if measure is not None and measure.yearly:
                return on.replace(month=12, day=31)
        return self.deadline

    def threshold_for(self, region, on, terms=None):
        """What this place is held against on this day, exact, and who said so.

        ``terms`` may hold the terms in force on that day, for whoever asks for many places.
        """
        if self.between_low:
            return Threshold(Fraction(self.between_low), Source.CLAUSE, high=Fraction(self.between_high))
        if self.threshold is not None:
            return Threshold(self.threshold, Source.TARGET if self.term else Source.CLAUSE)
        if self.term:
            return self._threshold_of_term(region, on, terms)
        return Threshold(None if self.rule == Rule.TREND else Fraction(1), Source.CLAUSE)

    def _threshold_of_term(self, region, on, terms):
        if terms is None:
            terms = CoverageTerm.objects.filter(term=self.term).in_force(on).select_related("region")
        found = resolve(
            self.term, terms, document=self.document_id, programmes=self._programmes, region=region
        )
        if found is None:
            raise LookupError(f"{self.term} has no value on {on}")
        return Threshold(found.exact, found.source, term=found)

    @cached_property
    def _programmes(self):
        known = getattr(self, "programme_keys", None)
        return {one.pk for one in self.document.programmes.all()} if known is None else set(known)


class Benchmark(models.Model):
    """A figure a document reports, to stand beside the readings. Never a demand."""

    document = models.ForeignKey(
        PolicyDocument, models.CASCADE, related_name="benchmarks", verbose_name=_("document")
    )
    code = models.CharField(_("code"), max_length=40, unique=True)
    clause = models.CharField(_("clause"), max_length=20)
    quote = models.CharField(_("quote"), max_length=200)
    rule = models.CharField(_("rule"), max_length=12, choices=Rule, default=Rule.TOTAL)
    metric = models.CharField(_("measure"), max_length=40, blank=True)
    per = models.CharField(_("measured against"), max_length=40, blank=True)
    value = models.CharField(_("value"), max_length=30)
    beside = ArrayField(models.CharField(max_length=40), verbose_name=_("stands beside"), default=list)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("benchmark")
        verbose_name_plural = _("benchmarks")
        ordering = ["code"]

    def __str__(self):
        return f"{self.code} {self.quote}"

    @property
    def exact(self):
        return Fraction(self.value)


def _free_slot():
    """The smallest number from 1 on that no target has."""
    taken = set(Target.objects.values_list("slot", flat=True))
    return next(number for number in range(1, len(taken) + 2) if number not in taken)
