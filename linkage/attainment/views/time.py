"""当前 or an edition: which day a page of 指标 speaks of, and the ways from one to the other."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from communities.models import Region
from linkage.attainment.documents.history import SHORT
from linkage.attainment.models import Edition
from linkage.attainment.services import editions, kept
from linkage.foundation.models import Job

PARAMETERS = {"edition": int, "restated": ("1",)}
SHOWN = 40  # editions of the menu


@dataclass(frozen=True)
class When:
    """``restated``: an edition over the tree of today."""

    edition: Edition | None = None
    restated: bool = False

    @property
    def on(self):
        return self.edition.as_of if self.edition else timezone.localdate()

    @property
    def asked(self):
        """What keeps it in an address."""
        if self.edition is None:
            return {}
        return {"edition": self.edition.pk} | ({"restated": "1"} if self.restated else {})

    @property
    def of(self):
        """What the readings are asked with."""
        return {"edition": self.edition, "restated": self.restated}

    @property
    def query(self):
        return "".join(f"&{name}={value}" for name, value in self.asked.items())

    @cached_property
    def then(self):
        """What was demanded; None today."""
        return kept.of(self.edition) if self.edition else None

    @property
    def name(self):
        if self.edition is None:
            return ""
        tree = f" {_('Over the places of today')}" if self.restated else ""
        note = f" {_('computed afterwards')}" if self.edition.is_retroactive else ""
        return name_of(self.edition) + note + tree

    @property
    def kind(self):
        return str(SHORT[Edition.Kind(self.edition.kind)])

    def place(self, region):
        """The place as it lay; None where it did not exist."""
        if self.edition is None or self.restated:
            return region
        return kept.as_was(self.edition, [region]).get(region.pk)

    def children(self, place):
        if place.is_community:
            return []
        if self.edition and not self.restated:
            return kept.children(self.edition, place)
        return list(place.children.open_on(timezone.localdate()).order_by("path"))

    def away(self, user, children):
        """The keys of those places below that lie outside one's scope today: told of, but not opened."""
        if self.edition is None or self.restated:
            return set()
        mine = Region.objects.visible_to(user).filter(pk__in=[region.pk for region in children])
        return {region.pk for region in children} - set(mine.values_list("pk", flat=True))

    def targets_of(self, document):
        if self.then:
            return self.then.targets_of(document, restated=self.restated)
        return list(document.targets.with_programmes())


NOW = When()


def name_of(edition):
    """月报 2026-10-01."""
    return f"{SHORT[Edition.Kind(edition.kind)]} {edition.as_of.isoformat()}"


def when_of(query):
    """The edition an address asks for; one that does not exist is a 404."""
    if "edition" not in query:
        return When()
    found = Edition.objects.readable().filter(pk=query["edition"]).first()
    if found is None:
        raise Http404
    return When(found, "restated" in query)


@dataclass(frozen=True)
class Choice:
    name: str
    note: str
    url: str
    is_current: bool


def menu(request, when, known):
    """What the page offers: today, then the editions of ``known``, the newest first."""
    stays = {
        name: value
        for name, value in request.GET.items()
        if name not in ("edition", "restated", "after") and value
    }
    choices = [Choice(_("Today"), "", _address(request, stays), when.edition is None)]
    for edition in [one for one in known if one.demand_id][:SHOWN]:
        asked = stays | {"edition": edition.pk} | ({"restated": "1"} if when.restated else {})
        note = _("computed afterwards") if edition.is_retroactive else ""
        is_current = edition == when.edition
        choices.append(Choice(name_of(edition), note, _address(request, asked), is_current))
    return choices


def both_trees(request, when):
    """The addresses of the same page over the tree of then and over that of today."""
    stays = {
        name: value for name, value in request.GET.items() if name not in ("restated", "after") and value
    }
    return {"then": _address(request, stays), "now": _address(request, stays | {"restated": "1"})}


def _address(request, asked):
    return f"{request.path}?{urlencode(asked)}"


def about(request, when, *, keeps=True):
    """What every page of 指标 needs to say of its time. ``keeps``: and have the figures of today kept."""
    known = list(Edition.objects.with_demand())
    may_keep = keeps and editions.may_ask(request.user)
    keeping = editions.keeping(request.user) if may_keep else None
    today = timezone.localdate()
    return {
        "when": when,
        "times": menu(request, when, known),
        "trees": both_trees(request, when) if when.edition else None,
        "may_keep": may_keep and not any(e.kind == Edition.Kind.DEMAND and e.as_of == today for e in known),
        "is_keeping": may_keep and (lambda: keeping() in Job.OPEN),
        "keeping_failed": may_keep and (lambda: keeping() == Job.State.FAILED),
        "editions": known,
    }


@login_required
@require_POST
def keep(request):
    """留存当前数据."""
    editions.ask(by=request.user)
    said = _("The figures of today are being kept. The edition stands in the menu of times when it is done.")
    messages.success(request, said)
    return redirect(reverse("attainment:dashboard"))
