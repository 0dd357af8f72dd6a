"""居民（代表）会议 and 村民（代表）会议: who came, how they voted, by which rule."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.consultation.models.day import not_in_the_future
from communities.consultation.models.rule import AssemblyRule
from communities.consultation.procedure import Body, Rule, first_rule
from communities.models import Region
from linkage.foundation import journal
from linkage.foundation.scope import ScopedQuerySet
from linkage.foundation.texts import too_long


@journal.tracked()
class Assembly(models.Model):
    """One meeting that decided. ``judged_by`` keeps the rule of its day as it stood when it was recorded."""

    Body = Body

    region = models.ForeignKey(Region, models.PROTECT, related_name="assemblies", verbose_name=_("community"))
    body = models.CharField(_("body"), max_length=24, choices=Body)
    called_on = models.DateField(_("members told on"), null=True, blank=True)
    held_on = models.DateField(_("held on"))
    place = models.CharField(_("place"), max_length=100)
    entitled = models.PositiveIntegerField(_("members entitled"))
    present = models.PositiveIntegerField(_("members present"))
    votes_for = models.PositiveIntegerField(_("votes for"))
    votes_against = models.PositiveIntegerField(_("votes against"))
    votes_abstain = models.PositiveIntegerField(_("abstentions"))
    resolution = models.TextField(_("resolution"), max_length=2000)
    passed = models.BooleanField(_("passed"))
    judged_by = models.JSONField(_("judged by"), null=True, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="assemblies_recorded",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("assembly")
        verbose_name_plural = _("assemblies")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="assembly_present_are_entitled",
                condition=Q(entitled__gt=0) & Q(present__lte=F("entitled")),
            ),
            models.CheckConstraint(
                name="assembly_only_those_present_vote",
                condition=Q(present__gte=F("votes_for") + F("votes_against") + F("votes_abstain")),
            ),
            models.CheckConstraint(
                name="assembly_passes_by_majority",
                condition=Q(passed=False) | Q(present__lt=F("votes_for") * 2),
            ),
            models.CheckConstraint(
                name="assembly_is_called_before_it_is_held",
                condition=Q(called_on__isnull=True) | Q(called_on__lte=F("held_on")),
            ),
        ]

    def __str__(self):
        return f"{self.held_on} {self.meeting}"

    @property
    def meeting(self):
        """居民代表会议, without how it was made up."""
        return Body(self.body).meeting if self.body in Body.values else self.body

    @property
    def rule(self):
        """The rule it is held against: that of its day, as kept; older records have the first one."""
        return Rule.thawed(self.judged_by) if self.judged_by else first_rule(self.body)

    @property
    def shortfalls(self):
        """What it did not reach, in sentences with number and article; empty where it could decide."""
        return self.rule.shortfalls(self.entitled, self.present, self.votes_for)

    @property
    def called_too_late(self):
        """The rule wants members to be told some days before, and that is not shown. A sentence, or empty."""
        days = self.rule.call_days
        if not days:
            return ""
        words = {"body": self.meeting, "days": days, "source": self.rule.basis}
        if self.called_on is None:
            told = _(
                "%(body)s: enter when members were told; it must be %(days)s days before. Basis: %(source)s."
            )
            return told % words
        ahead = (self.held_on - self.called_on).days
        if ahead >= days:
            return ""
        told = _(
            "%(body)s: members were told %(ahead)s days before, %(days)s are required. Basis: %(source)s."
        )
        return told % {**words, "ahead": ahead}

    def clean(self):
        wrong = too_long(self) | not_in_the_future(self.held_on)
        figures = (self.entitled, self.present, self.votes_for, self.votes_against, self.votes_abstain)
        dated = isinstance(self.held_on, date)
        if dated and isinstance(self.called_on, date) and self.called_on > self.held_on:
            wrong["called_on"] = _("Members were told after the meeting was held.")
        if dated and self.body in Body.values:
            wrong |= self._judge()
        if all(isinstance(figure, int) and figure >= 0 for figure in figures):
            wrong |= self._wrong_figures()
            if self.passed and not wrong and dated and self.body in Body.values and self.shortfalls:
                wrong["passed"] = self.shortfalls
        if wrong:
            raise ValidationError(wrong)

    def _judge(self):
        """Keep the rule of the day; what was recorded before rules had dates keeps its own."""
        if self.region_id is None or (self.judged_by is None and not self._state.adding):
            return {}
        if self.region.committee and Body(self.body).committee != self.region.committee:
            return {"body": _("This body does not decide for this place.")}
        kept = self.judged_by or {}
        if kept.get("body") == self.body and kept.get("held_on") == self.held_on.isoformat():
            return {}
        rule = AssemblyRule.objects.in_force(self.body, self.region, self.held_on)
        if rule is None:
            return {
                "held_on": _("No rule is set for %(body)s on this day. Ask the administrator to set it.")
                % {"body": self.meeting}
            }
        self.judged_by = {**rule.frozen(), "held_on": self.held_on.isoformat()}
        return {}

    def _wrong_figures(self):
        wrong = {}
        if self.entitled == 0:
            wrong["entitled"] = _("Give the number of members.")
        elif self.present > self.entitled:
            wrong["present"] = _("%(present)s present, but only %(entitled)s entitled.") % {
                "present": self.present,
                "entitled": self.entitled,
            }
        votes = self.votes_for + self.votes_against + self.votes_abstain
        if votes > self.present:
            wrong["votes_for"] = _("%(votes)s votes, but only %(present)s present.") % {
                "votes": votes,
                "present": self.present,
            }
        return wrong
