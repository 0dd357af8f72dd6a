"""Elections of residents' and villagers' committees (GS-4.1a)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty, ElectionMethod
from communities.rules import term_years
from linkage.foundation.journal import tracked
from linkage.foundation.ledger import Entry, EntryQuerySet, live, not_in_the_future

from .region import Committee, Level, Region


class ElectionQuerySet(EntryQuerySet):
    def within_a_term(self, day):
        """The re-elections by which committees may be in office that day; by-elections are none.

        Those of a term before count to the end of the year: a re-election comes when the year allows it.
        """
        began = date(day.year - term_years(day), 1, 1)
        return self.filter(held_on__gte=began, held_on__lte=day, is_by_election=False)

    def of_round(self, year, day):
        """The re-elections held in that year, as far as it had gone that day."""
        return self.filter(
            held_on__gte=date(year, 1, 1), held_on__lte=min(day, date(year, 12, 31)), is_by_election=False
        )

    def of_residents_committees(self):
        """Villagers' committees are always elected directly and stand outside the rate (GS-T06)."""
        return self.filter(region__committee=Committee.RESIDENTS)

    def direct(self):
        return self.filter(method=ElectionMethod.DIRECT)


@tracked()
class CommitteeElection(Entry):
    """One election of the committee of a community, and the term it began."""

    duties = (Duty.COMMUNITY,)
    tells_of_place = True

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="elections",
        verbose_name=_("community"),
        limit_choices_to={"level": Level.COMMUNITY},
    )
    held_on = models.DateField(_("election day"), validators=[not_in_the_future])
    number = models.PositiveSmallIntegerField(
        _("number of the term"),
        null=True,
        blank=True,
        help_text=_("Such as 10 for the tenth committee."),
    )
    is_by_election = models.BooleanField(
        _("by-election"),
        default=False,
        help_text=_("Somebody is added within a term; does not count as a re-election."),
    )
    method = models.CharField(
        _("election method"),
        max_length=20,
        choices=ElectionMethod,
        help_text=_("Direct is only the election by everybody entitled, one person one vote."),
    )
    eligible = models.PositiveIntegerField(
        _("entitled to vote"),
        help_text=_("People, households or representatives, whoever votes by this method."),
    )
    voted = models.PositiveIntegerField(_("have voted"))
    term_from = models.DateField(_("term from"))
    term_to = models.DateField(_("term to"))
    note = models.CharField(_("remark"), max_length=200, blank=True)

    objects = live(ElectionQuerySet)
    everything = ElectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("committee election")
        verbose_name_plural = _("committee elections")
        ordering = ["region__path", "-held_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "held_on"],
                condition=Q(removed_at__isnull=True),
                name="election_once_a_day",
                violation_error_message=_("The election of this day is in the register already."),
            ),
            models.CheckConstraint(
                name="election_no_more_votes_than_voters",
                condition=Q(voted__lte=F("eligible")),
                violation_error_message=_("More have voted than are entitled."),
            ),
            models.CheckConstraint(
                name="election_term_ends_after_it_begins",
                condition=Q(term_to__gt=F("term_from")),
                violation_error_message=_("The term ends before it begins."),
            ),
        ]

    def __str__(self):
        return f"{self.region} {self.held_on}"

    @property
    def turnout(self):
        """Share of those entitled who voted, in percent with one decimal; None without voters."""
        return round(self.voted * 100 / self.eligible, 1) if self.eligible else None

    def clean(self):
        problems = {}
        if self.region_id and not self.region.is_community:
            problems["region"] = _("Choose a community.")
        villagers = self.region_id and self.region.committee == Committee.VILLAGERS
        if villagers and self.method and self.method != ElectionMethod.DIRECT:
            problems["method"] = _("By law a villagers' committee is elected directly.")
        if self.voted is not None and self.eligible is not None and self.voted > self.eligible:
            problems["voted"] = _("More have voted than are entitled.")
        if self.term_from and self.term_to and self.term_to <= self.term_from:
            problems["term_to"] = _("The term ends before it begins.")
        if problems:
            raise ValidationError(problems)

    def warnings(self, on=None):
        years = (self.term_to - self.term_from).days / 365.25
        by_law = term_years(self.held_on)
        if not self.is_by_election and abs(years - by_law) > 1:
            told = _(
                "By law a committee elected then holds office for %(n)s years; this term is another one."
            )
            return [told % {"n": by_law}]
        return []
