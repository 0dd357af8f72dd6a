"""What an assembly must reach: figures with their source, by body, from a day on. Added to, never changed."""

from fractions import Fraction

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.consultation.procedure import DEFAULT_RULES, Base, Body, Rule
from communities.models import Region
from linkage.foundation.journal import AppendOnly, AppendOnlyQuerySet
from linkage.foundation.scope import under

SHARE = RegexValidator(r"^[1-9]\d*/[1-9]\d*\Z", _("An exact fraction such as 2/3 or 1/2."))


class AssemblyRuleQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user):
        """The rules for everywhere, and those set for places at, above or under one's own."""
        if not user.is_authenticated or not user.current_posts:
            return self.none()
        theirs = Q(region=None)
        for post in user.current_posts:
            place = post.office.region
            theirs |= under("region__path", place.path) | Q(region__code__in=place.path_codes)
        return self.filter(theirs)

    def versions_of(self, body, region):
        """All that was set for one body of one place (None: everywhere), the oldest first."""
        return self.filter(body=body, region=region).order_by("version")

    def in_force(self, body, region, on):
        """The rule for a body of a place on a day, or None.

        The nearest place that has one goes before those around it; of one place the latest version holds.
        Where the platform's own rules are not entered yet they hold all the same.
        """
        rows = self.filter(body=body, valid_from__lte=on).select_related("region")
        rows = rows.filter(Q(region=None) | Q(region__code__in=region.path_codes))
        found = [(row.depth, row.valid_from, row.version, row.rule) for row in rows]
        if not any(depth == 0 for depth, *_rest in found):
            shipped = [rule for rule in DEFAULT_RULES if rule.body == body and rule.since <= on]
            found += [(0, rule.since, 0, rule) for rule in shipped]
        return max(found, key=lambda one: one[:3])[-1] if found else None


class AssemblyRule(AppendOnly):
    """Quorum and majority of one body, from a day on, for everywhere or for one place and what lies in it."""

    body = models.CharField(_("body"), max_length=24, choices=Body)
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assembly_rules",
        verbose_name=_("place"),
        help_text=_("A province with its own implementing rules, for example. Empty: everywhere."),
    )
    valid_from = models.DateField(_("for meetings held from"))
    quorum = models.CharField(_("share who must come"), max_length=15, validators=[SHARE])
    quorum_above = models.BooleanField(
        _("it must be exceeded"),
        default=False,
        help_text=_("Ticked: a majority must be exceeded. Not ticked: reaching the share is enough."),
    )
    majority = models.CharField(_("share that must agree"), max_length=15, validators=[SHARE])
    majority_above = models.BooleanField(_("it must be exceeded"), default=True)
    base = models.CharField(_("taken of"), max_length=10, choices=Base, default=Base.PRESENT)
    call_days = models.PositiveSmallIntegerField(
        _("days members are told before"),
        null=True,
        blank=True,
        help_text=_("Calendar days. Empty where nothing is prescribed."),
    )
    source = models.CharField(
        _("legal source"), max_length=200, help_text=_("Law or rules with the number of the article.")
    )
    verified = models.BooleanField(
        _("compared with the text"),
        default=False,
        help_text=_("Not ticked: every page says that the figure is still to be verified."),
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

    objects = AssemblyRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule for assemblies")
        verbose_name_plural = _("rules for assemblies")
        ordering = ["body", "-valid_from", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "region", "version"],
                nulls_distinct=False,
                name="assemblyrule_version_once",
            ),
            models.CheckConstraint(name="assemblyrule_has_a_source", condition=~Q(source="")),
            models.CheckConstraint(
                name="assemblyrule_shares_are_exact",
                condition=Q(quorum__regex=r"^[1-9][0-9]*/[1-9][0-9]*$")
                & Q(majority__regex=r"^[1-9][0-9]*/[1-9][0-9]*$"),
            ),
        ]

    def __str__(self):
        return f"{self.get_body_display()} {self.valid_from}"

    @property
    def depth(self):
        """How near to a community it was set: 0 for everywhere."""
        return self.region.level if self.region else 0

    @property
    def rule(self):
        return Rule(
            body=self.body,
            since=self.valid_from,
            quorum=Fraction(self.quorum),
            majority=Fraction(self.majority),
            source=self.source,
            quorum_above=self.quorum_above,
            majority_above=self.majority_above,
            base=self.base,
            call_days=self.call_days,
            verified=self.verified,
        )

    def clean(self):
        """Shares lie in one, and a majority is more than half."""
        super().clean()
        wrong = {}
        shares = {}
        for name in ("quorum", "majority"):
            try:
                shares[name] = Fraction(getattr(self, name))
            except (ValueError, ZeroDivisionError):
                continue  # the field itself says what is wrong
            if not 0 < shares[name] <= 1:
                wrong[name] = _("A share of all: above 0 and at most 1.")
            elif shares[name] == 1 and getattr(self, f"{name}_above"):
                wrong[f"{name}_above"] = _("All cannot be exceeded.")
        majority = shares.get("majority")
        half = Fraction(1, 2)
        if majority is not None and (majority < half or (majority == half and not self.majority_above)):
            wrong["majority"] = _("A resolution needs more than half of the votes it is taken of.")
        if wrong:
            raise ValidationError(wrong)
