"""Who works in a community, and its organs (HB-3.1f, YZ-2.3a, WH-3.1.1)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty, WorkTime
from communities.models import Level, Region
from communities.models.region import characters
from communities.people.codes import (
    COMMITTEE_ROLES,
    MANAGEMENT_ROLES,
    STAFF_ROLES,
    OrganKind,
    StaffRole,
)
from linkage.foundation.choices import CodesField
from linkage.foundation.journal import tracked
from linkage.foundation.ledger import Entry, EntryQuerySet, Spanned, live

from .person import Person, PersonRole

# The days a row holds, both included, as a range that may not overlap another one.
SPAN = Func(
    F("valid_from"),
    F("valid_to"),
    Value("[]"),
    function="daterange",
    output_field=DateRangeField(),
)


class StaffQuerySet(EntryQuerySet):
    def people(self):
        """The humans of these rows, each once, whatever they do and wherever."""
        return Person.objects.filter(pk__in=self.order_by().values("person"))

    def counted(self, on=None, roles=STAFF_ROLES):
        """The rows that count as community staff that day: by role, or because the row says so."""
        return self.on(on).filter(Q(roles__overlap=sorted(roles)) | Q(counts_as_staff=True))

    def community_staff(self, on=None):
        """社区工作人员 (``community_staff`` of DOMAIN §2.2): distinct people."""
        return self.counted(on).people()

    def management_staff(self, on=None):
        """社区管理与服务人员 (WH-T13): community staff and those who serve in the community."""
        return self.counted(on, MANAGEMENT_ROLES).people()

    def two_committees(self, on=None):
        """社区“两委”成员: distinct people."""
        return self.on(on).filter(roles__overlap=sorted(COMMITTEE_ROLES)).people()


@tracked()
class CommunityStaff(Spanned, PersonRole):
    """Somebody's work in one community, with every role held there.

    Community workers of the house are these; building leaders and members of the party stand here too,
    without counting as staff unless the row says so (HB-3.1f).
    """

    duties = (Duty.COMMUNITY,)

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="staff",
        verbose_name=_("community"),
        limit_choices_to={"level": Level.COMMUNITY},
    )
    roles = CodesField(_("roles"), StaffRole, blank=False)
    counts_as_staff = models.BooleanField(
        _("counts as community staff"),
        default=False,
        help_text=_("Tick for anybody else who is counted; committee members and workers always are."),
    )
    work_time = models.CharField(
        _("full or part time"), max_length=10, choices=WorkTime, default=WorkTime.FULL
    )
    title = models.CharField(_("office held"), max_length=60, blank=True, help_text=_("Such as 主任."))
    is_party_member = models.BooleanField(_("party member"), default=False)
    term_from = models.DateField(_("elected term from"), null=True, blank=True)
    term_to = models.DateField(_("elected term to"), null=True, blank=True)

    objects = live(StaffQuerySet)
    everything = StaffQuerySet.as_manager()

    class Meta(Spanned.Meta):
        verbose_name = _("community staff member")
        verbose_name_plural = _("community staff")
        ordering = ["region__path", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            ExclusionConstraint(
                name="community_staff_once_per_community",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("region", RangeOperators.EQUAL),
                    (SPAN, RangeOperators.OVERLAPS),
                ],
                condition=Q(removed_at__isnull=True),
                violation_error_message=_("This person is in the register of this community already."),
            ),
            models.CheckConstraint(
                name="community_staff_has_a_role",
                condition=~Q(roles=[]),
                violation_error_message=_("Choose at least one role."),
            ),
            models.CheckConstraint(
                name="community_staff_term_ends_after_it_begins",
                condition=Q(term_from__isnull=True) | Q(term_to__isnull=True) | Q(term_to__gt=F("term_from")),
                violation_error_message=_("The term ends before it begins."),
            ),
        ]
        indexes = [GinIndex(characters(F("name")), name="community_staff_name_chars")]

    @property
    def is_counted(self):
        return self.counts_as_staff or not STAFF_ROLES.isdisjoint(self.roles)

    def clean(self):
        problems = {}
        if self.region_id and not self.region.is_community:
            problems["region"] = _("Choose a community.")
        if self.term_from and self.term_to and self.term_to <= self.term_from:
            problems["term_to"] = _("The term ends before it begins.")
        if problems:
            raise ValidationError(problems)


@tracked()
class CommunityOrgan(Entry):
    """One of 一委一居一站一办 of a community: is it there, and who leads it (WH-3.1.1)."""

    duties = (Duty.COMMUNITY,)
    tells_of_place = True

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="organs",
        verbose_name=_("community"),
        limit_choices_to={"level": Level.COMMUNITY},
    )
    kind = models.CharField(_("organ"), max_length=20, choices=OrganKind)
    is_present = models.BooleanField(_("set up"), default=True)
    name = models.CharField(_("full name"), max_length=100, blank=True)
    since = models.DateField(_("set up on"), null=True, blank=True)
    head = models.ForeignKey(
        CommunityStaff,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="heads",
        verbose_name=_("head"),
        help_text=_("Somebody from the register of community staff of this community."),
    )

    class Meta:
        verbose_name = _("community organ")
        verbose_name_plural = _("community organs")
        ordering = ["region__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "kind"],
                condition=Q(removed_at__isnull=True),
                name="organ_once_per_community",
                violation_error_message=_("This organ of the community is in the register already."),
            ),
            models.CheckConstraint(
                name="organ_not_set_up_has_no_head",
                condition=Q(is_present=True) | Q(head__isnull=True, since__isnull=True),
                violation_error_message=_("What is not set up has neither head nor day."),
            ),
        ]

    def __str__(self):
        return self.name or self.get_kind_display()

    def clean(self):
        problems = {}
        if self.region_id and not self.region.is_community:
            problems["region"] = _("Choose a community.")
        if self.head_id and self.region_id and self.head.region_id != self.region_id:
            problems["head"] = _("The head works in this community.")
        if not self.is_present and (self.head_id or self.since):
            problems["is_present"] = _("What is not set up has neither head nor day.")
        if problems:
            raise ValidationError(problems)
