"""The strip of the profile and the five parties as the page of a community tells them.

Every figure leads to its records where this person may open the register it was counted from. What nobody
has reported says so, and so does a figure whose register does not exist yet; neither is ever a zero.
"""

from dataclasses import dataclass
from fractions import Fraction
from urllib.parse import urlencode

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext

from communities.facilities.models import OpenedResource, ServiceFacility
from communities.models import CommitteeElection, CommunityProfile, ResidentUnit
from linkage.attainment.codes import NOT_CONNECTED
from linkage.attainment.documents.figures import amount, percent
from linkage.foundation import measures, money
from organizations.charity.models import CharityEntity, Donation, FundUse
from organizations.codes import HandlingTier, QualificationLevel
from organizations.models import SocialOrganization
from socialwork.models import SocialWorker, SocialWorkPost
from socialwork.volunteers.models import ServiceRecord, VolunteerTeam

LEVELS = (  # the highest is named only where there is somebody of it
    (QualificationLevel.ASSISTANT, True),
    (QualificationLevel.INTERMEDIATE, True),
    (QualificationLevel.SENIOR, False),
)
TIERS = (
    (HandlingTier.REGISTERED, lazy("registered")),
    (HandlingTier.FILED, lazy("filed with the street")),
    (HandlingTier.GUIDED, lazy("guided by the community")),
)


@dataclass(frozen=True)
class Figure:
    """One line: what it is, how much, where its records are listed. ``is_unknown``: ``value`` says why."""

    name: object
    value: object
    address: str = ""
    note: str = ""
    is_unknown: bool = False


@dataclass(frozen=True)
class Card:
    name: object
    symbol: str
    head: Figure
    lines: list
    explained: list  # measures


class Told:
    """The figures of one community for one reader. ``own``: its row of measures as a dict."""

    def __init__(self, request, place, facts, own):
        self.request, self.place, self.facts, self.own = request, place, facts, own

    # Where a figure leads

    def listed(self, model, **filters):
        """The register narrowed to this place; nothing for whoever may not open it."""
        desk = admin.site._registry.get(model)
        if desk is None or not desk.has_view_permission(self.request):
            return ""
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        return f"{address}?{urlencode({'place': self.place.code, **filters})}"

    # Figures

    def measured(self, key, name):
        value = self.own.get(key)
        if value is None:
            return self.unknown(key, name)
        return Figure(name, amount(key, value), reverse("attainment:records", args=[key, self.place.pk]))

    def unknown(self, key, name):
        measure = measures.get(key)
        word = _("not reported") if measure and measure.reported else _("not counted yet")
        return Figure(name, word, is_unknown=True)

    def number(self, name, counted, model, unit, **filters):
        """So many rows of a register."""
        return Figure(name, f"{counted:,} {unit}", self.listed(model, **filters))

    def wan(self, name, yuan, model, entities):
        """Money of the year; without anybody who could take it in there is nothing to tell."""
        if yuan is None and not entities:
            return Figure(name, _("no entity registered"), is_unknown=True)
        told = _("%(wan)s (10,000 yuan)") % {"wan": money.wan(yuan or 0)}
        return Figure(name, told, self.listed(model))


def strip(told):
    """``[Figure]``: households and residents, ages, area, floor area; with its source in the note."""
    profile = told.facts.profile
    address = told.listed(CommunityProfile)
    if profile is None:
        names = (
            _("Usual residents"),
            _("Aged 60 and over"),
            _("Under 18"),
            _("Registered residents"),
            _("Area"),
        )
        found = [Figure(name, _("not reported"), address, is_unknown=True) for name in names]
    else:
        people = _("%(people)s people / %(households)s households") % {
            "people": f"{profile.residents:,}",
            "households": f"{profile.households:,}",
        }
        found = [
            Figure(_("Usual residents"), people, address),
            _of_residents(_("Aged 60 and over"), profile.elderly, profile, address),
            _of_residents(_("Under 18"), profile.children, profile, address),
            _reported(_("Registered residents"), profile.registered_residents, address),
            Figure(_("Area"), _("%(km2)s km²") % {"km2": f"{profile.area_km2:,.2f}"}, address)
            if profile.area_km2 is not None
            else Figure(_("Area"), _("not reported"), address, is_unknown=True),
        ]
    return [*found, _floor(told)]


def bands(profile):
    """The finer ages that the strip has no room for: ``[(name, number)]`` of those that are known."""
    known = (
        (_("aged 0 to 6"), profile.infants),
        (_("aged 65 and over"), profile.aged_65),
        (_("aged 80 and over"), profile.aged_80),
    )
    return [(name, f"{number:,}") for name, number in known if number is not None]


def _reported(name, number, address):
    if number is None:
        return Figure(name, _("not reported"), address, is_unknown=True)
    return Figure(name, _("%(n)s people") % {"n": f"{number:,}"}, address)


def _of_residents(name, number, profile, address):
    figure = _reported(name, number, address)
    if number is None or not profile.residents:
        return figure
    return Figure(name, figure.value, address, percent(Fraction(number, profile.residents)))


def _floor(told):
    facts, name = told.facts, _("Comprehensive facilities")
    address = told.listed(ServiceFacility, is_comprehensive__exact=1)
    if not facts.facilities:
        return Figure(name, _("none in the register"), address, is_unknown=True)
    if not facts.facilities_measured:
        return Figure(name, _("floor area not reported"), address, is_unknown=True)
    left_out = facts.facilities - facts.facilities_measured
    note = _("%(n)s without floor area") % {"n": left_out} if left_out else ""
    return Figure(name, _("%(m2)s m²") % {"m2": f"{facts.facility_m2:,.0f}"}, address, note)


def cards(told):
    return [card(told) for card in (_community, _organizations, _workers, _volunteers, _charity)]


def _card(name, symbol, head, lines, keys):
    return Card(name, symbol, head, lines, [found for key in keys if (found := measures.get(key))])


def _community(told):
    head = told.measured("staff", _("Community staff"))
    waits_for = NOT_CONNECTED["place"]["matters_consulted"][1]
    lines = [
        told.measured("staff_professional", _("professionals among them")),
        _elected(told),
        Figure(_("Consultations this year"), _("%s not connected") % waits_for, is_unknown=True),
    ]
    return _card(_("Community"), "building-community", head, lines, ["staff", "staff_professional"])


def _elected(told):
    election, name = told.facts.election, _("Last re-election")
    if election is None:
        return Figure(name, _("none in the register"), told.listed(CommitteeElection), is_unknown=True)
    return Figure(name, election.held_on.isoformat(), told.listed(CommitteeElection), election.word)


def _organizations(told):
    numbers = {tier: getattr(told.facts, tier.value) for tier, _name in TIERS}
    unit = measures.PIECES
    lines = [
        told.number(
            name, numbers[tier], SocialOrganization, unit, tier__exact=tier.value, is_community_org__exact=1
        )
        for tier, name in TIERS
    ]
    lines.append(told.measured("orgs_with_social_work", _("with social workers among them")))
    keys = ["community_orgs", "orgs_with_social_work"]
    head = told.measured("community_orgs", _("Community organisations"))
    return _card(_("Social organisations"), "users-group", head, lines, keys)


def _workers(told):
    levels, unit = told.facts.levels, measures.PEOPLE
    lines = [
        told.number(level.label, levels.get(level, 0), SocialWorker, unit, certified=level.value)
        for level, always in LEVELS
        if always or levels.get(level)
    ]
    lines.append(told.measured("sw_posts", _("social work posts")))
    posts, held = told.own.get("sw_posts"), told.own.get("sw_posts_filled")
    if posts is None or held is None:
        lines.append(told.unknown("sw_posts", _("vacant posts")))
    else:
        lines.append(
            told.number(_("vacant posts"), posts - held, SocialWorkPost, measures.PIECES, filled="vacant")
        )
    keys = ["sw_professionals", "sw_certified", "sw_posts", "sw_posts_filled"]
    head = told.measured("sw_professionals", _("Social-work professionals"))
    return _card(_("Social workers"), "id-badge-2", head, lines, keys)


def _volunteers(told):
    volunteers, residents = told.own.get("volunteers"), told.own.get("residents")
    name = _("of all residents")
    if volunteers is None or not residents:
        share = Figure(name, _("residents not reported"), is_unknown=True)
    else:
        share = Figure(name, percent(Fraction(volunteers, residents)))
    hours = told.facts.hours
    served = f"{hours.normalize():,f}" if hours else "0"
    lines = [
        share,
        told.measured("residents_served", _("residents who served this year")),
        Figure(_("hours served here this year"), _("%s hours") % served, told.listed(ServiceRecord)),
        told.number(_("volunteer teams"), told.facts.teams, VolunteerTeam, pgettext("counted in", "teams")),
    ]
    keys = ["volunteers", "residents", "residents_served"]
    head = told.measured("volunteers", _("Registered volunteers"))
    return _card(_("Volunteers"), "heart-handshake", head, lines, keys)


def _charity(told):
    facts, piece = told.facts, measures.PIECES
    lines = [
        told.wan(_("spent by its funds this year"), facts.spent, FundUse, facts.entities),
        told.number(_("charity entities"), facts.entities, CharityEntity, piece),
        told.number(_("resident units"), facts.units, ResidentUnit, piece),
        told.number(_("rooms and things opened to use"), facts.venues, OpenedResource, piece),
    ]
    head = told.wan(_("Money donated this year"), facts.donated, Donation, facts.entities)
    return _card(_("Charity resources"), "gift", head, lines, [])


def lists(told):
    """Where the lists below lead: ``{name: address}``."""
    return {
        "vacancies": told.listed(SocialWorkPost, filled="vacant"),
        "venues": told.listed(OpenedResource),
    }
