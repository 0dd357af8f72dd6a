"""Where social workers work: assignments to communities, and offices they were elected into."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from communities.models import Level, Region
from linkage.foundation import journal
from linkage.foundation.ledger import Entry, EntryQuerySet, Spanned, live
from organizations.codes import EmploymentKind
from socialwork.codes import ElectedBody

from .post import days_of
from .worker import SocialWorker


class AssignmentQuerySet(EntryQuerySet):
    def full_time(self):
        return self.filter(kind=EmploymentKind.FULL_TIME)

    def working(self, on=None):
        """In force that day, of people who are social workers that day."""
        return self.on(on).filter(worker__in=SocialWorker.objects.on(on))

    def homes(self, on=None):
        """One row a person: where they count on that day. The newest of several homes, then the newest row.

        Two places that keep the same person may each have said where the home is: one of them counts.
        """
        return (
            self.working(on)
            .filter(is_home=True)
            .order_by("worker__person_id", models.F("valid_from").desc(nulls_last=True), "-pk")
            .distinct("worker__person_id")
        )


@journal.tracked()
class Assignment(Spanned, Entry):
    """A social worker works for a community, whoever pays (CQ-1.3b). One community at a time is the home."""

    duties = (Duty.SOCIAL_WORK,)

    worker = models.ForeignKey(
        SocialWorker, models.CASCADE, related_name="assignments", verbose_name=_("social worker")
    )
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="assignments",
        verbose_name=_("community"),
        limit_choices_to={"level": Level.COMMUNITY},
    )
    kind = models.CharField(
        _("full or part time"),
        max_length=10,
        choices=EmploymentKind,
        default=EmploymentKind.FULL_TIME,
        help_text=_("Part-time assignments count only where a clause says so."),
    )
    is_home = models.BooleanField(
        _("counts here"),
        default=True,
        help_text=_(
            "Of several communities one is the home: sums of a street or county count the person there."
        ),
    )

    objects = live(AssignmentQuerySet)
    everything = AssignmentQuerySet.as_manager()

    class Meta(Spanned.Meta):
        verbose_name = _("assignment to a community")
        verbose_name_plural = _("assignments to communities")
        ordering = ["region__path", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            ExclusionConstraint(
                name="assignment_one_home_at_a_time",
                expressions=[("worker", RangeOperators.EQUAL), (days_of(), RangeOperators.OVERLAPS)],
                condition=Q(is_home=True, removed_at__isnull=True),
                violation_error_message=_("In these days another community is the home already."),
            ),
            ExclusionConstraint(
                name="assignment_once_at_a_time",
                expressions=[
                    ("worker", RangeOperators.EQUAL),
                    ("region", RangeOperators.EQUAL),
                    (days_of(), RangeOperators.OVERLAPS),
                ],
                condition=Q(removed_at__isnull=True),
                violation_error_message=_("In these days this person is assigned to this community already."),
            ),
        ]
        indexes = [models.Index(fields=["region", "valid_from"], name="assignment_by_community")]

    def __str__(self):
        return f"{self.worker} · {self.region}"

    def clean(self):
        super().clean()
        if self.region_id and not self.region.is_community:
            raise ValidationError({"region": _("Choose a community.")})


@journal.tracked()
class ElectedOffice(Spanned, Entry):
    """An office a social worker was elected into (CQ-2.1.2b, CQ-3.3c, GS-4.3f). The span is the term."""

    duties = (Duty.SOCIAL_WORK,)

    worker = models.ForeignKey(
        SocialWorker, models.CASCADE, related_name="elected_offices", verbose_name=_("social worker")
    )
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="elected_social_workers",
        verbose_name=_("community"),
        limit_choices_to={"level": Level.COMMUNITY},
    )
    body = models.CharField(_("elected into"), max_length=12, choices=ElectedBody)
    position = models.CharField(
        _("position"), max_length=50, help_text=_("Such as deputy head, member, secretary.")
    )

    class Meta(Spanned.Meta):
        verbose_name = _("elected office of a social worker")
        verbose_name_plural = _("elected offices of social workers")
        ordering = ["region__path", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            ExclusionConstraint(
                name="electedoffice_once_at_a_time",
                expressions=[
                    ("worker", RangeOperators.EQUAL),
                    ("region", RangeOperators.EQUAL),
                    ("body", RangeOperators.EQUAL),
                    ("position", RangeOperators.EQUAL),
                    (days_of(), RangeOperators.OVERLAPS),
                ],
                condition=Q(removed_at__isnull=True),
                violation_error_message=_("This office is entered for these days already."),
            ),
        ]

    def __str__(self):
        return f"{self.worker} · {self.region}{self.position}"

    def clean(self):
        super().clean()
        if self.region_id and not self.region.is_community:
            raise ValidationError({"region": _("Choose a community.")})
