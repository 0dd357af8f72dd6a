"""The registers by party (五社台账): what the page of the desk and the side of the data desk list."""

from dataclasses import dataclass, field
from functools import cache

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linkage.foundation.registers import Register
from linkage.foundation.spreadsheets import describing


@dataclass
class Line:
    """One register as a person may enter it."""

    name: str
    address: str
    add: str = ""  # empty where one may only look
    table: str = ""  # where a table of it comes in or goes out


@dataclass
class Party:
    name: str
    symbol: str  # of the pages (Tabler)
    icon: str  # of the data desk (Material)
    apps: tuple
    about: str = ""
    lines: list = field(default_factory=list)


def _parties():
    return [
        Party(
            _("Communities"),
            "building-community",
            "location_city",
            ("communities", "people"),
            _("Figures, grids, staff, elections, affairs and plans of each community"),
        ),
        Party(
            _("Facilities and stations"),
            "home",
            "home_work",
            ("facilities",),
            _("Service facilities, the stations in them and what they open to others"),
        ),
        Party(
            _("Social organisations"),
            "users-group",
            "groups",
            ("organizations",),
            _("Registered, filed and guided organisations, their staff, ratings and support"),
        ),
        Party(
            _("Social workers"),
            "id-badge-2",
            "badge",
            ("socialwork",),
            _("Certificates, posts, assignments to communities, education and allowances"),
        ),
        Party(
            _("Volunteers"),
            "heart-handshake",
            "volunteer_activism",
            ("volunteers",),
            _("Registered volunteers, teams, activities and hours of service"),
        ),
        Party(
            _("Charity resources"),
            "gift",
            "redeem",
            ("charity",),
            _("Charity entities, funds, donations and money by source"),
        ),
    ]


def parties(request):
    """The registers of each party this person may see, in the order their models were written."""
    found = _parties()
    for party in found:
        theirs = [
            (model, desk)
            for model, desk in admin.site._registry.items()
            if model._meta.app_label in party.apps and isinstance(desk, Register)
        ]
        for model, desk in sorted(theirs, key=lambda pair: party_order(pair[0], party.apps)):
            _add(party, model, desk, request)
    return found


def party_order(model, apps):
    """The order of ``INSTALLED_APPS`` and, within an app, of registration."""
    label = model._meta.app_label
    return apps.index(label) if label in apps else len(apps)


def _add(party, model, desk, request):
    if not desk.has_view_permission(request):
        return
    rows, add, table = _list(model), _form(model), _table(model)
    add = add if desk.has_add_permission(request) else ""
    party.lines.append(Line(model._meta.verbose_name_plural, rows, add, table))


# Worked out once in a process: every page of the data desk has all of them on its side, some hundred.


@cache
def _list(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@cache
def _form(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")


@cache
def _table(model):
    return reverse("desk:table", args=[model._meta.label_lower]) if describing.of(model) else ""


OTHER = [
    (_("Places and offices"), "communities", ("region", "communityprofile")),
    (_("Places and offices"), "offices", None),
    (_("Policies and projects"), "policy", None),
    (_("Policies and projects"), "projects", None),
    (_("Policies and projects"), "attainment", None),
    (_("Policies and projects"), "organizations", ("classificationscheme",)),
    (_("Running the platform"), "foundation", None),
]


def sidebar(request):
    """The navigation of the data desk, for Unfold."""
    groups = [
        {
            "title": party.name,
            "collapsible": True,
            "items": [{"title": line.name, "link": line.address} for line in party.lines],
        }
        for party in parties(request)
    ]
    others = {}
    for title, app, names in OTHER:
        for model, desk in admin.site._registry.items():
            meta = model._meta
            wanted = meta.app_label == app and (names is None or meta.model_name in names)
            if wanted and not isinstance(desk, Register) and desk.has_view_permission(request):
                line = {"title": meta.verbose_name_plural, "link": _list(model)}
                others.setdefault(str(title), []).append(line)
    groups += [
        {"title": title, "collapsible": True, "separator": True, "items": items}
        for title, items in others.items()
    ]
    return [group for group in groups if group["items"]]
