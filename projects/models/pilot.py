"""Where a programme is tried out: pilot cities and counties, and the communities named in them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linkage.policy.models import IssuedQuerySet
from projects.models.programme import Programme


class PilotArea(models.Model):
    """A pilot city or county (试点地区); not to be confused with the communities named in it."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="pilot_areas", verbose_name=_("programme")
    )
    region = models.ForeignKey(
        "communities.Region", models.PROTECT, related_name="pilot_areas", verbose_name=_("region")
    )
    basis = models.CharField(_("basis"), max_length=200, blank=True)

    objects = IssuedQuerySet.as_manager()

    class Meta:
        verbose_name = _("pilot area")
        verbose_name_plural = _("pilot areas")
        ordering = ["region__path"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "region"], name="pilot_area_once"),
        ]

    def __str__(self):
        return self.region.name

    @property
    def size_remark(self):
        """A warning, never a barrier: the document lets a pilot area widen its circle by its own money."""
        programme, named = self.programme, self.communities.count()
        least, most = programme.pilots_at_least, programme.pilots_at_most
        if most is not None and named > most:
            return gettext(
                "%(area)s has named %(named)d pilot communities; the document asks for %(range)s."
            ) % {
                "area": self.region.name,
                "named": named,
                "range": f"{least or 1}～{most}",
            }
        if least is not None and named < least:
            return gettext("%(area)s has named %(named)d pilot communities; it needs at least %(least)d.") % {
                "area": self.region.name,
                "named": named,
                "least": least,
            }
        return ""


class PilotCommunity(models.Model):
    """A community named by its pilot area (试点社区); only these may apply."""

    region_path = "region__path"  # as tables ask of every register
    duties = ()
    sealed = {}

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="pilot_communities", verbose_name=_("programme")
    )
    area = models.ForeignKey(
        PilotArea, models.PROTECT, related_name="communities", verbose_name=_("pilot area")
    )
    region = models.ForeignKey(
        "communities.Region", models.PROTECT, related_name="pilot_places", verbose_name=_("community")
    )
    designated_on = models.DateField(_("named on"))
    basis = models.CharField(_("basis"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="pilot_communities_named",
        verbose_name=_("by"),
    )

    objects = IssuedQuerySet.as_manager()

    class Meta:
        verbose_name = _("pilot community")
        verbose_name_plural = _("pilot communities")
        ordering = ["region__path"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "region"], name="pilot_community_once"),
        ]

    def __str__(self):
        return self.region.name

    @property
    def place(self):
        return self.region
