"""特殊群体统计: figures of special groups, only as tables published once and never changed.

What is kept here is what is told: a figure that is withheld (``linkage.attainment.rules.withheld``) is not in
these rows either. Below streets and townships nothing is published.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.codes import SENSITIVE, ServiceGroup
from communities.models import Region
from linkage.foundation.journal import AppendOnly, AppendOnlyQuerySet
from linkage.foundation.scope import ScopedQuerySet

# Those of the protected groups are told to nobody but those who work with them; residents are no group.
PUBLISHED_GROUPS = tuple(
    group for group in ServiceGroup if group not in SENSITIVE and group != ServiceGroup.GENERAL
)


class GroupTable(AppendOnly):
    """All tables of one reference day."""

    as_of = models.DateField(_("as of"), unique=True)
    published_at = models.DateTimeField(_("published"))

    class Meta:
        verbose_name = _("table of special groups")
        verbose_name_plural = _("tables of special groups")
        ordering = ["-as_of"]

    def __str__(self):
        return f"{self.as_of}"


class GroupFiguresQuerySet(AppendOnlyQuerySet, ScopedQuerySet):
    """Rows that hang on a place and are never changed."""


class GroupFigures(AppendOnly):
    """What one row of a table says of a place, in the words and the tree of the day it was published.

    ``people``: ``{group: number}``; None is withheld, and a group that is not there nobody has reported.
    ``is_rest``: the communities that lie directly under ``above``, where streets lie there too.
    """

    table = models.ForeignKey(GroupTable, models.PROTECT, related_name="rows", verbose_name=_("as of"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    above = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("above")
    )
    is_rest = models.BooleanField(_("communities directly below"), default=False)
    path = models.CharField(max_length=120, db_collation="C")
    name = models.CharField(_("name"), max_length=100)
    communities = models.PositiveIntegerField(_("communities"))
    reported = models.PositiveIntegerField(_("communities that reported"))
    people = models.JSONField(_("people"), default=dict)

    objects = GroupFiguresQuerySet.as_manager()

    class Meta:
        verbose_name = _("figures of special groups")
        verbose_name_plural = _("figures of special groups")
        ordering = ["path", "is_rest"]
        constraints = [
            models.UniqueConstraint(
                fields=["table", "region", "is_rest"], name="groupfigures_once_per_place"
            ),
            models.CheckConstraint(
                name="groupfigures_rest_lies_under_its_place",
                condition=Q(is_rest=False) | Q(above=models.F("region")),
            ),
        ]
        indexes = [models.Index(fields=["table", "above"], name="groupfigures_below")]

    def __str__(self):
        return f"{self.name} {self.table_id}"
