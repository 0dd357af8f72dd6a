"""What is known of a community, as of a day, from a named source."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.codes import SENSITIVE, Duty, ServiceGroup
from communities.rules import USUAL_HOUSEHOLDS, USUAL_HOUSEHOLDS_SINCE
from linkage.foundation import journal
from linkage.foundation.ledger import Entry, EntryQuerySet, live

from .region import Committee, Level, Region


class GroupFigures(models.JSONField):
    """People per group, ``{"minimum_living": 52}``, read as words; protected groups are not told."""

    def labels_of(self, value):
        known = [group for group in ServiceGroup if group in (value or {})]
        told = [f"{group.label} {value[group]}" for group in known if group not in SENSITIVE]
        if any(group in SENSITIVE for group in known):
            told.append(gettext("protected groups (not shown)"))
        return "、".join(told)


# Each part is no larger than its whole.
BANDS = (
    ("infants", "children"),
    ("children", "residents"),
    ("aged_80", "aged_65"),
    ("aged_65", "elderly"),
    ("elderly", "residents"),
)


class ProfileQuerySet(EntryQuerySet):
    def latest(self, on=None):
        """The newest row of each community that is not of a later day than ``on``."""
        on = on or timezone.localdate()
        return self.filter(as_of__lte=on).order_by("region_id", "-as_of").distinct("region_id")


@journal.tracked()
class CommunityProfile(Entry):
    """The figures of a community on a reference date (GS-3.1). Older dates are kept, never overwritten."""

    duties = (Duty.COMMUNITY,)
    tells_of_place = True

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="profiles",
        verbose_name=_("community"),
        db_index=False,
        limit_choices_to={"level": Level.COMMUNITY},
    )
    as_of = models.DateField(_("as of"))
    households = models.PositiveIntegerField(_("households"))
    residents = models.PositiveIntegerField(
        _("residents"), help_text=_("Usual residents, whether registered here or not.")
    )
    registered_residents = models.PositiveIntegerField(
        _("registered residents"), null=True, blank=True, help_text=_("People registered in this community.")
    )
    infants = models.PositiveIntegerField(_("aged 0 to 6"), null=True, blank=True)
    children = models.PositiveIntegerField(_("under 18"), null=True, blank=True)
    elderly = models.PositiveIntegerField(_("aged 60 and over"), null=True, blank=True)
    aged_65 = models.PositiveIntegerField(_("aged 65 and over"), null=True, blank=True)
    aged_80 = models.PositiveIntegerField(_("aged 80 and over"), null=True, blank=True)
    party_members = models.PositiveIntegerField(
        _("party members"),
        null=True,
        blank=True,
        help_text=_("Members of the party organisations of the community."),
    )
    special_groups = GroupFigures(_("special groups"), default=dict, blank=True)
    area_km2 = models.DecimalField(
        _("area in km²"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    staff = models.PositiveIntegerField(_("staff"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=100)

    objects = live(ProfileQuerySet)
    everything = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("community profile")
        verbose_name_plural = _("community profiles")
        ordering = ["region_id", "-as_of"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "as_of"],
                condition=Q(removed_at__isnull=True),
                name="profile_once_per_day",
                violation_error_message=_("The figures of this day are in the register already."),
            ),
            models.CheckConstraint(
                name="profile_area_not_negative", condition=Q(area_km2__isnull=True) | Q(area_km2__gte=0)
            ),
            *(
                models.CheckConstraint(
                    name=f"profile_{part}_within_{whole}",
                    condition=Q(**{f"{part}__isnull": True})
                    | Q(**{f"{whole}__isnull": True})
                    | Q(**{f"{part}__lte": F(whole)}),
                )
                for part, whole in BANDS
            ),
        ]

    def __str__(self):
        return f"{self.region} {self.as_of}"

    def clean(self):
        problems = {}
        if self.region_id and not self.region.is_community:
            problems["region"] = _("Choose a community.")
        if self.as_of and self.as_of > timezone.localdate():
            problems["as_of"] = _("This day has not come yet.")
        for part, whole in BANDS:
            most = getattr(self, whole)
            if most is not None and (getattr(self, part) or 0) > most and part not in problems:
                problems[part] = _("More than: %s.") % type(self)._meta.get_field(whole).verbose_name
        if wrong := self._wrong_groups():
            problems["special_groups"] = _("Not a group with a number of people: %s") % ", ".join(wrong)
        if problems:
            raise ValidationError(problems)

    def warnings(self, on=None):
        """The usual size by the law in force is no rule (DOMAIN §5.1), only worth a second look."""
        least, most = USUAL_HOUSEHOLDS
        asked = self.as_of >= USUAL_HOUSEHOLDS_SINCE and self.region.committee == Committee.RESIDENTS
        if asked and not least <= self.households <= most:
            return [
                _("By law a residents' committee usually has %(least)s to %(most)s households.")
                % {"least": least, "most": most}
            ]
        return []

    def _wrong_groups(self):
        if not isinstance(self.special_groups, dict):
            return [str(self.special_groups)[:50]]
        return [
            str(code)[:50]
            for code, people in self.special_groups.items()
            if code not in ServiceGroup.values
            or not isinstance(people, int)
            or isinstance(people, bool)
            or not 0 <= people < 2**31
        ]

    def describe(self):
        """The figures as a paragraph for 社区概况; groups that must be protected are left out."""
        first = [f"常住 {self.households:,} 户、{self.residents:,} 人"]
        if self.area_km2 is not None:
            first.insert(0, f"辖区面积 {self.area_km2:,.2f} 平方公里")
        if self.registered_residents is not None:
            first.append(f"户籍人口 {self.registered_residents:,} 人")
        ages = []
        if self.elderly is not None:
            ages.append(f"60 岁以上老年人 {self.elderly:,} 人")
        if self.children is not None:
            ages.append(f"未满 18 岁 {self.children:,} 人")
        groups = [
            f"{group.label} {self.special_groups[group]:,} 人"
            for group in ServiceGroup
            if group not in SENSITIVE and self.special_groups.get(group)
        ]
        sentences = ["，".join(first), "，".join(ages)]
        if groups:
            sentences.append("重点人群：" + "、".join(groups))
        if self.staff is not None:
            sentences.append(f"社区工作者 {self.staff:,} 人")
        text = "。".join(sentence for sentence in sentences if sentence)
        return f"{text}。（{self.as_of:%Y-%m-%d} {self.source}）"
