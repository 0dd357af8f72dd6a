"""The figures of communities, a row for each reference date."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from communities.codes import SENSITIVE
from communities.forms import GROUPS, ProfileForm
from communities.models import CommunityProfile
from linkage.foundation.registers import Register


def _lines(sensitive):
    """The fields of groups, three in a line."""
    names = [name for name, group in GROUPS.items() if (group in SENSITIVE) == sensitive]
    return [tuple(names[start : start + 3]) for start in range(0, len(names), 3)]


@admin.register(CommunityProfile)
class CommunityProfileAdmin(Register):
    form = ProfileForm
    list_display = ["where", "as_of", "households", "residents", "elderly", "party_members", "source"]
    list_filter = ["as_of"]
    search_fields = ["region__code__startswith", "region__name__holds"]
    search_help_text = _("Name or the beginning of the code")
    autocomplete_fields = ["region"]
    ordering = ["region__path", "-as_of"]
    readonly_fields = ["groups"]
    help_source = "出处：甘肃2016 三：结合社区人口构成和基本特点；威海2015 二：社区党员、社区居民"
    figures = [
        (None, {"fields": [("region", "as_of"), "source", ("households", "area_km2", "staff")]}),
        (
            _("Population"),
            {
                "fields": [
                    ("residents", "registered_residents"),
                    ("infants", "children"),
                    ("elderly", "aged_65", "aged_80"),
                    "party_members",
                ]
            },
        ),
    ]

    def get_fieldsets(self, request, obj=None):
        if not self.has_change_permission(request, obj):
            return [*self.figures, (_("Special groups"), {"fields": ["groups"]})]
        return [
            *self.figures,
            (
                _("Special groups"),
                {
                    "fields": _lines(sensitive=False),
                    "description": _("People of each group; leave empty what is not known."),
                },
            ),
            (
                _("Groups that are protected"),
                {
                    "fields": _lines(sensitive=True),
                    "description": _("These figures never appear in the papers of a project."),
                },
            ),
        ]

    @admin.display(description=_("special groups"))
    def groups(self, profile):
        return type(profile)._meta.get_field("special_groups").labels_of(profile.special_groups) or "—"

    def get_readonly_fields(self, request, obj=None):
        """Which community on which day is said once."""
        return [*super().get_readonly_fields(request, obj), *(["region", "as_of"] if obj else [])]
