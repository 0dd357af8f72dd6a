"""The administrative tree, by reporting line, with its history."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from linkage.foundation.scope import ScopedQuerySet, under

SEPARATOR = " › "
ABOVE = "parent__parent__parent__parent"  # what ``select_related`` is told to bring a place's ancestors along


class Level(models.IntegerChoices):
    PROVINCE = 1, _("province")
    CITY = 2, _("city or prefecture")
    COUNTY = 3, _("county or district")
    STREET = 4, _("street or township")
    COMMUNITY = 5, _("community or village")


class CommunityKind(models.TextChoices):
    URBAN = "urban", _("urban community")
    RURAL = "rural", _("rural community")


class Committee(models.TextChoices):
    RESIDENTS = "residents", _("residents' committee")
    VILLAGERS = "villagers", _("villagers' committee")


def characters(text):
    """The single characters of a text, as an array: what the index of names is made of."""
    return models.Func(text, models.Value(None), function="string_to_array")


@models.CharField.register_lookup
class Holds(models.Lookup):
    """``name__holds="幸福"``: the text stands somewhere in the name, found by an index of characters.

    One or two characters are what people type here, and trigrams need three and a fitting locale.
    """

    lookup_name = "holds"

    def as_sql(self, compiler, connection):
        """``<> 0`` where PostgreSQL would take ``> 0`` to be true of a third; the characters say how many."""
        name, name_params = self.process_lhs(compiler, connection)
        text = str(self.rhs)
        return (
            f"(string_to_array({name}, NULL) @> string_to_array(%s, NULL) AND position(%s IN {name}) <> 0)",
            [*name_params, text, text, *name_params],
        )


class RegionQuerySet(ScopedQuerySet):
    region_path = "path"

    def ancestors_of(self, region):
        """The places above ``region``, the province first."""
        return self.filter(code__in=region.path_codes[:-1]).order_by("path")

    def open_on(self, date):
        return self.filter(
            Q(opened_on__isnull=True) | Q(opened_on__lte=date),
            Q(closed_on__isnull=True) | Q(closed_on__gt=date),
        )

    def communities(self):
        return self.filter(level=Level.COMMUNITY)

    def findable_by(self, user, text):
        """Places anyone in office may choose, wherever they lie: code, name and path, nothing else.

        Letters and digits find codes that begin with them; anything else is found inside names.
        """
        text = text.strip()
        if not text or "\0" in text or not user.is_authenticated or not user.current_posts:
            return self.none()
        if text.isascii() and text.isalnum():
            wanted = Q(code__startswith=text.upper())
        else:
            wanted = Q(name__holds=text)
        return self.open_on(timezone.localdate()).filter(wanted).only("code", "name", "level", "path")


class Region(models.Model):
    """One node of the tree.

    ``RegionPlacement`` is the truth about name and place; ``name``, ``parent``, ``kind`` and
    ``path`` (the codes from the province down, "62/6201/620102/") are today's copy of it, so that
    everything under a place is one range of one index. A parent may be any higher level.
    """

    Level = Level

    code = models.CharField(
        _("code"),
        max_length=24,
        db_collation="C",
        validators=[RegexValidator(r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12}|X[0-9A-Z]+)\Z")],
    )
    name = models.CharField(_("name"), max_length=100, db_collation="C")
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )
    path = models.CharField(_("path"), max_length=120, db_collation="C", editable=False)
    kind = models.CharField(_("kind"), max_length=5, choices=CommunityKind, blank=True)
    committee = models.CharField(_("committee"), max_length=9, choices=Committee, blank=True)
    body_name = models.CharField(
        _("answering office"),
        max_length=100,
        blank=True,
        help_text=_("The exact name of the office, where the usual one would be wrong."),
    )
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="region_code_once"),
            models.UniqueConstraint(fields=["path"], name="region_path_once"),
            models.CheckConstraint(
                name="region_only_provinces_are_roots",
                condition=Q(parent__isnull=True, level=1) | Q(parent__isnull=False, level__range=(2, 5)),
            ),
            models.CheckConstraint(
                name="region_path_ends_with_its_code",
                condition=Q(path__endswith=Concat(F("code"), Value("/"))),
            ),
            models.CheckConstraint(
                name="region_kind_and_committee_of_communities",
                condition=Q(level=5, kind__in=CommunityKind.values, committee__in=Committee.values)
                | Q(level__lt=5, kind="", committee=""),
            ),
            models.CheckConstraint(
                name="region_closes_after_it_opens",
                condition=Q(opened_on__isnull=True)
                | Q(closed_on__isnull=True)
                | Q(closed_on__gt=F("opened_on")),
            ),
        ]
        indexes = [
            models.Index(fields=["level", "path"], name="region_upper_levels", condition=Q(level__lt=4)),
            models.Index(fields=["name"], name="region_name_start"),
            GinIndex(characters(F("name")), name="region_name_characters"),
            # Which places are not there on a day: asked by every count, and they are few.
            models.Index(fields=["opened_on"], name="region_opened", condition=Q(opened_on__isnull=False)),
            models.Index(fields=["closed_on"], name="region_closed", condition=Q(closed_on__isnull=False)),
        ]

    def __str__(self):
        return self.name

    @property
    def path_codes(self):
        return self.path.rstrip("/").split("/")

    @cached_property
    def ancestors(self):
        """The places above this one, the province first."""
        above, region = [], self
        while region.parent_id and Region.parent.is_cached(region):
            region = region.parent
            above.insert(0, region)
        return list(Region.objects.ancestors_of(self)) if region.parent_id else above

    def ancestor_at(self, level):
        """The place of that level on the way up from here, itself included; None where there is none."""
        if self.level == level:
            return self
        return next((region for region in self.ancestors if region.level == level), None)

    def contains(self, other):
        return other.path.startswith(self.path)

    @property
    def full_name(self):
        return SEPARATOR.join(region.name for region in [*self.ancestors, self])

    @property
    def is_community(self):
        return self.level == Level.COMMUNITY

    @property
    def is_rural(self):
        return self.kind == CommunityKind.RURAL

    def is_open_on(self, date):
        return (self.opened_on is None or self.opened_on <= date) and (
            self.closed_on is None or date < self.closed_on
        )

    @property
    def successors(self):
        """The places that took over from this one and are there today, at the ends of all lines, by path."""
        return sorted(self._lines(), key=lambda place: place.path)

    def stays_until(self, successor):
        """``[(number of the place, the day on which the next took over)]``, from here to that successor."""
        return [(step.before_id, step.on) for step in self._lines()[successor]]

    def _lines(self):
        """``{successor: the successions that lead to it}``."""
        today = timezone.localdate()
        ends, edge, seen = {}, [(self, [])], {self.pk}
        while edge:
            place, line = edge.pop()
            for step in place.successions.select_related("after"):
                if step.on > today or step.after_id in seen:
                    continue
                seen.add(step.after_id)
                if step.after.is_open_on(today):
                    ends[step.after] = [*line, step]
                else:
                    edge.append((step.after, [*line, step]))
        return ends

    def placement_on(self, date):
        return self.placements.on(date).first()

    def name_on(self, date):
        """Its name as of that day; None where it did not exist."""
        placement = self.placement_on(date)
        return placement and placement.name

    def path_on(self, date):
        """Its path as of that day; None where it did not exist."""
        placement = self.placement_on(date)
        return placement and placement.path


def paths(regions):
    """``{region.pk: [province, …, region]}`` for many regions in one query."""
    regions = list(regions)
    codes = {code for region in regions for code in region.path_codes[:-1]}
    above = {region.code: region for region in Region.objects.filter(code__in=codes)} if codes else {}
    return {
        region.pk: [*(above[code] for code in region.path_codes[:-1] if code in above), region]
        for region in regions
    }


class PlacementQuerySet(models.QuerySet):
    def on(self, date):
        """As things stood that day."""
        return self.filter(valid__contains=date)

    def under_path(self, path):
        return self.filter(under("path", path))


class RegionPlacement(models.Model):
    """Name and place of a region over a span of days, on a stated basis. Spans never overlap.

    A move of a place is written for everything below it as well, so the tree as of any day is
    one query. A span without beginning reaches as far back as the record goes.
    """

    region = models.ForeignKey(
        Region, models.PROTECT, related_name="placements", verbose_name=_("region"), db_index=False
    )
    parent = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="placements_below",
        verbose_name=_("belongs to"),
        db_index=False,
    )
    path = models.CharField(_("path"), max_length=120, db_collation="C")
    name = models.CharField(_("name"), max_length=100, db_collation="C")
    kind = models.CharField(_("kind"), max_length=5, choices=CommunityKind, blank=True)
    valid = DateRangeField(_("valid"))
    basis = models.TextField(_("basis"))

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["region_id", "valid"]
        constraints = [
            ExclusionConstraint(
                name="region_has_one_place_at_a_time",
                expressions=[("region", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                name="placement_has_a_basis_and_a_span",
                condition=~Q(basis="") & Q(valid__isempty=False),
            ),
        ]
        indexes = [
            models.Index(fields=["path"], name="placement_path"),
            models.Index(  # the few that began or ended since the record was begun
                fields=["path"],
                name="placement_path_of_changes",
                condition=~Q(valid__lower_inf=True, valid__upper_inf=True),
            ),
        ]

    def __str__(self):
        return self.name


class Succession(models.Model):
    """Which place went on as which: by merging or by splitting, on a day, on a stated basis."""

    class Kind(models.TextChoices):
        MERGE = "merge", _("merged")
        SPLIT = "split", _("split")

    before = models.ForeignKey(Region, models.PROTECT, related_name="successions", verbose_name=_("before"))
    after = models.ForeignKey(Region, models.PROTECT, related_name="predecessions", verbose_name=_("after"))
    on = models.DateField(_("on"))
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    basis = models.TextField(_("basis"))
    # Of a merger: when the registers of the one went on with the other. Empty while its day has not come.
    handed_on_at = models.DateTimeField(_("registers handed on at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["before", "after", "on"], name="succession_once"),
            models.CheckConstraint(
                name="succession_leads_elsewhere", condition=~Q(before=F("after")) & ~Q(basis="")
            ),
        ]

    def __str__(self):
        return f"{self.before} → {self.after}"
