"""What is known of a community, as of a day, from a named source."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.codes import SENSITIVE, ServiceGroup
from linkage.foundation import journal
from linkage.foundation.scope import ScopedQuerySet

from .region import Level, Region


class ProfileQuerySet(ScopedQuerySet):
    def latest(self, on=None):
        """The newest row of each community that is not of a later day than ``on``."""
        on = on or timezone.localdate()
        return self.filter(as_of__lte=on).order_by("region_id", "-as_of").distinct("region_id")


@journal.tracked()
class CommunityProfile(models.Model):
    """The figures of one community on one reference date. Older dates are kept, never overwritten."""

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
    residents = models.PositiveIntegerField(_("residents"))
    registered_residents = models.PositiveIntegerField(_("registered residents"), null=True, blank=True)
    elderly = models.PositiveIntegerField(_("aged 60 and over"), null=True, blank=True)
    children = models.PositiveIntegerField(_("under 18"), null=True, blank=True)
    special_groups = models.JSONField(
        _("special groups"),
        default=dict,
        blank=True,
        help_text=_('People per group, such as {"minimum_living": 52}.'),
    )
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

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("community profile")
        verbose_name_plural = _("community profiles")
        ordering = ["region_id", "-as_of"]
        constraints = [
            models.UniqueConstraint(fields=["region", "as_of"], name="profile_once_per_day"),
            models.CheckConstraint(
                name="profile_area_not_negative", condition=Q(area_km2__isnull=True) | Q(area_km2__gte=0)
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
        if self.residents is not None:
            for field in ("elderly", "children"):
                if (getattr(self, field) or 0) > self.residents:
                    problems[field] = _("More than all residents.")
        if wrong := self._wrong_groups():
            problems["special_groups"] = _("Not a group with a number of people: %s") % ", ".join(wrong)
        if problems:
            raise ValidationError(problems)

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
