"""Grid workers, contact persons and resident leaders."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty, WorkTime
from communities.models import Grid, Level, Region
from communities.models.region import characters
from communities.people.codes import GridMemberKind, GridRole, LeaderField
from linkage.foundation.choices import CodesField
from linkage.foundation.journal import tracked
from linkage.foundation.ledger import EntryQuerySet, Spanned, live

from .person import PersonRole
from .staff import SPAN


@tracked()
class GridWorker(Spanned, PersonRole):
    """The lead of a grid, or one of the X beside (YZ-3.2a)."""

    region_path = "grid__region__path"
    duties = (Duty.COMMUNITY,)

    grid = models.ForeignKey(Grid, models.CASCADE, related_name="workers", verbose_name=_("grid"))
    role = models.CharField(_("role in the grid"), max_length=10, choices=GridRole)
    kind = models.CharField(_("kind of member"), max_length=20, choices=GridMemberKind, blank=True)

    class Meta(Spanned.Meta):
        verbose_name = _("grid worker")
        verbose_name_plural = _("grid workers")
        ordering = ["grid__region__path", "grid__code", "role", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            ExclusionConstraint(
                name="grid_has_one_lead",
                expressions=[("grid", RangeOperators.EQUAL), (SPAN, RangeOperators.OVERLAPS)],
                condition=Q(removed_at__isnull=True, role=GridRole.LEAD),
                violation_error_message=_("The grid has a lead at that time already."),
            ),
            ExclusionConstraint(
                name="grid_worker_once_per_grid",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("grid", RangeOperators.EQUAL),
                    (SPAN, RangeOperators.OVERLAPS),
                ],
                condition=Q(removed_at__isnull=True),
                violation_error_message=_("This person works in this grid already."),
            ),
            models.CheckConstraint(
                name="grid_member_is_of_a_kind",
                condition=Q(role=GridRole.LEAD) | ~Q(kind=""),
                violation_error_message=_("Say what kind of member this is."),
            ),
        ]
        indexes = [GinIndex(characters(F("name")), name="grid_worker_name_chars")]

    @property
    def is_lead(self):
        return self.role == GridRole.LEAD

    @property
    def works(self):
        """Does the row stand, and hold today?"""
        return self.removed_at is None and self.holds_on(timezone.localdate())

    def clean(self):
        if self.role == GridRole.MEMBER and not self.kind:
            raise ValidationError({"kind": _("Say what kind of member this is.")})


@tracked()
class ContactPerson(Spanned, PersonRole):
    """Who answers for the linkage of the societies in an office or community (YZ-3.1a)."""

    duties = (Duty.COMMUNITY,)

    region = models.ForeignKey(
        Region, models.PROTECT, related_name="contact_persons", verbose_name=_("region")
    )
    unit = models.CharField(
        _("office or committee"),
        max_length=100,
        help_text=_("Such as 城关区民政局、雁南街道办事处."),
    )
    work_time = models.CharField(_("full or part time"), max_length=10, choices=WorkTime)
    matter = models.CharField(
        _("answers for"), max_length=100, blank=True, help_text=_("Such as 三社联动、社会工作、志愿服务.")
    )

    class Meta(Spanned.Meta):
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        ordering = ["region__path", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            ExclusionConstraint(
                name="contact_person_once_per_unit",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("region", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    (SPAN, RangeOperators.OVERLAPS),
                ],
                condition=Q(removed_at__isnull=True),
                violation_error_message=_("This person is the contact of this unit already."),
            ),
        ]


class LeaderQuerySet(EntryQuerySet):
    def strong_in(self, field, on=None):
        return self.on(on).filter(strengths__contains=[field])


@tracked()
class ResidentLeader(Spanned, PersonRole):
    """A resident found and trained to lead others (居民骨干, WH-3.3.2c)."""

    duties = (Duty.COMMUNITY, Duty.SOCIAL_WORK)

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="resident_leaders",
        verbose_name=_("community"),
        limit_choices_to={"level": Level.COMMUNITY},
    )
    strengths = CodesField(_("strengths"), LeaderField)
    is_party_member = models.BooleanField(_("party member"), default=False)
    found_by = models.CharField(
        _("found by"), max_length=50, blank=True, help_text=_("The social worker or organisation.")
    )
    training = models.CharField(_("training received"), max_length=200, blank=True)
    note = models.CharField(_("remark"), max_length=200, blank=True)

    objects = live(LeaderQuerySet)
    everything = LeaderQuerySet.as_manager()

    class Meta(Spanned.Meta):
        verbose_name = _("resident leader")
        verbose_name_plural = _("resident leaders")
        ordering = ["region__path", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            ExclusionConstraint(
                name="resident_leader_once_per_community",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("region", RangeOperators.EQUAL),
                    (SPAN, RangeOperators.OVERLAPS),
                ],
                condition=Q(removed_at__isnull=True),
                violation_error_message=_("This person is in the register of this community already."),
            ),
        ]
        indexes = [GinIndex(characters(F("name")), name="resident_leader_name_chars")]

    def clean(self):
        if self.region_id and not self.region.is_community:
            raise ValidationError({"region": _("Choose a community.")})
