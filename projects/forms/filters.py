"""What lists of projects can be narrowed to."""

from django import forms
from django.db.models import Exists
from django.utils.translation import gettext_lazy as _

from communities.codes import RegionTagKind
from communities.models import RegionTag
from linkage.foundation.listing import Query
from projects.models import Status

SORTS = {
    "arrived": ["-arrived", "-pk"],
    "money": ["-asked", "-pk"],
    "region": ["region__path", "pk"],
    "title": ["title", "pk"],
    "status": ["status", "-arrived", "-pk"],
}

ANY = "any"  # area that bears a tag, whichever


def offered_places(below, places):
    """The choices of a filter; ``below`` is what these places are called, taken together."""
    every = _("All: %(places)s") % {"places": below}
    return [("", every), *((place.code, place.name) for place in places)]


class ProjectQuery(Query):
    """The list of projects within one's scope."""

    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("All statuses")), *Status.choices]
    )
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    track = forms.ChoiceField(label=_("Funding track"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    due = forms.ChoiceField(
        label=_("Time limit"),
        required=False,
        choices=[("", _("All time limits")), ("overdue", _("Overdue")), ("soon", _("Due soon"))],
    )
    q = forms.CharField(label=_("Keyword"), required=False, max_length=100)

    def __init__(self, request, *, tracks, regions):
        programmes = {track.programme.code: track.programme.title for track in tracks}
        names = {track.key: track.name for track in tracks}
        super().__init__(
            request,
            programme=[("", _("All programmes")), *programmes.items()],
            track=[("", _("All tracks")), *names.items()],
            region=[("", _("All regions")), *((place.code, place.name) for place in regions)],
        )
        self.regions = {place.code: place for place in regions}
        if len(programmes) < 2:
            self.fields["programme"].widget = forms.HiddenInput()
        if not regions:
            self.fields["region"].widget = forms.HiddenInput()

    def narrow(self, projects):
        asked = self.cleaned_data
        if asked["status"]:
            projects = projects.filter(status=asked["status"])
        if asked["programme"]:
            projects = projects.filter(programme__code=asked["programme"])
        if asked["track"]:
            projects = projects.filter(track__key=asked["track"])
        if asked["region"]:
            projects = projects.within(self.regions[asked["region"]])
        if asked["due"]:
            projects = projects.overdue() if asked["due"] == "overdue" else projects.due_soon()
        if asked["q"]:
            projects = projects.search(asked["q"])
        return projects


class ByTag(Query):
    """Lists over the whole territory, narrowed to 老少边穷 (GS-6.1: money leans towards them)."""

    tag = forms.ChoiceField(
        label=_("Kind of area"),
        required=False,
        choices=[("", _("All kinds of area")), (ANY, _("Marked areas of any kind")), *RegionTagKind.choices],
    )

    def narrow_to_tag(self, projects):
        asked = self.cleaned_data["tag"]
        if not asked:
            return projects
        tags = RegionTag.objects.over("region__path")
        return projects.filter(Exists(tags if asked == ANY else tags.filter(kind=asked)))


class ArrivalQuery(ByTag):
    """Everything that has come to the last level of a programme. ``below``: what the places under it are
    called."""

    field_order = ("status", "region", "tag", "q", "sort")
    status = forms.ChoiceField(label=_("Status"), required=False)
    region = forms.ChoiceField(required=False)
    q = forms.CharField(label=_("Keyword"), required=False, max_length=100)
    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        initial="arrived",
        choices=[
            ("arrived", _("latest first")),
            ("money", _("most money first")),
            ("region", _("by region")),
            ("title", _("by name")),
            ("status", _("by status")),
        ],
    )

    def __init__(self, request, *, below, cities):
        after_arrival = [
            choice for choice in Status.choices if choice[0] not in (Status.DRAFT, Status.WITHDRAWN)
        ]
        super().__init__(
            request,
            status=[("", _("All statuses")), *after_arrival],
            region=offered_places(below, cities),
        )
        self["region"].label = below  # the form has been asked already, and keeps what it said then
        self.cities = {place.code: place for place in cities}

    @property
    def order(self):
        return SORTS[self.cleaned_data["sort"] or "arrived"]

    def narrow(self, projects):
        asked = self.cleaned_data
        if asked["status"]:
            projects = projects.filter(status=asked["status"])
        if asked["region"]:
            projects = projects.within(self.cities[asked["region"]])
        if asked["q"]:
            projects = projects.search(asked["q"])
        return self.narrow_to_tag(projects)
