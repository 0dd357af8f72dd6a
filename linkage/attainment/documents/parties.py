"""The five parties of a place at a glance: a headline each, and what stands under it."""

from dataclasses import dataclass
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linkage.attainment.documents.figures import amount, percent
from linkage.foundation import measures


@dataclass(frozen=True)
class Party:
    """``keys``: the measure of the headline, then those of the lines below."""

    name: object
    symbol: str
    keys: tuple
    short: tuple  # what the lines are called on the card; the measure's own name says it in full


PARTIES = (
    Party(
        _("Communities"),
        "building-community",
        ("staff", "staff_professional", "residents", "elections_held"),
        (
            _("Community staff"),
            _("professionals among them"),
            _("usual residents"),
            _("committees in office by re-election"),
        ),
    ),
    Party(
        _("Social organisations"),
        "users-group",
        ("community_orgs", "orgs_with_social_work", "registered_orgs", "org_employees"),
        (
            _("Community organisations"),
            _("with social workers among them"),
            _("registered organisations"),
            _("people employed"),
        ),
    ),
    Party(
        _("Social workers"),
        "id-badge-2",
        ("sw_professionals", "sw_certified", "sw_posts", "sw_posts_filled"),
        (
            _("Social-work professionals"),
            _("certified among them"),
            _("social work posts"),
            _("posts that are held"),
        ),
    ),
    Party(
        _("Volunteers"),
        "heart-handshake",
        ("volunteers", "residents_served", "party_members_served"),
        (
            _("Registered volunteers"),
            _("residents who served this year"),
            _("party members who served this year"),
        ),
    ),
    Party(
        _("Charity resources"),
        "gift",
        ("donations_received", "charity_entities", "units_sharing", "lottery_fund", "granted_subsidy"),
        (
            _("Donations received this year"),
            _("charity entities"),
            _("resident units that share"),
            _("lottery fund this year"),
            _("subsidies granted to projects"),
        ),
    ),
)
KEYS = tuple(key for party in PARTIES for key in party.keys)


def cards(totals, place):
    """``[(party, headline, [(name, figure, address)], [measures])]`` for the totals of a place.

    ``address``: of a community, where the records of the figure are listed; in an edition (no place) none.
    """
    found = []
    for party in PARTIES:
        lines = [
            (name, amount(key, totals.get(key)), _records(key, place) if place else "")
            for name, key in zip(party.short, party.keys, strict=True)
        ]
        if party.keys[0] == "volunteers" and totals.get("residents"):
            share = Fraction(totals["volunteers"] or 0, totals["residents"])
            lines.insert(1, (_("of all residents"), percent(share), ""))
        explained = [measure for key in party.keys if (measure := measures.get(key))]
        found.append((party, lines[0], lines[1:], explained))
    return found


def _records(key, place):
    measure = measures.get(key)
    if not place.is_community or measure is None or measure.unit != "place":
        return ""
    return reverse("attainment:records", args=[key, place.pk])
