"""The pilot places of a programme: who is named, naming more, and letting a phase run longer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.models import Level, Region, paths
from linkage.foundation import uploads
from linkage.foundation.filters import strict_query
from projects import rules
from projects.forms.pilots import BasisForm, ExtensionForm
from projects.models import PilotArea, PilotPlan, Programme
from projects.procedure import Doing
from projects.services import programme as verbs

FOUND = 20


@login_required
@require_safe
def pilots(request, code):
    return page(request, _programme(request, code))


@login_required
@require_POST
def name_area(request, code):
    programme = _programme(request, code)
    region = _place(request, (Level.CITY, Level.COUNTY))
    return _name(request, programme, region, verbs.name_pilot_area)


@login_required
@require_POST
def name_community(request, code):
    programme = _programme(request, code)
    region = _place(request, (Level.COMMUNITY,))
    return _name(request, programme, region, verbs.designate_pilot)


@login_required
@require_POST
def extend(request, code, key):
    programme = _programme(request, code)
    phase = get_object_or_404(programme.phases, key=key)
    form = ExtensionForm(request.POST, prefix=key)
    if form.is_valid():
        try:
            verbs.extend_phase(phase, by=request.user, **form.cleaned_data)
        except ValidationError as problems:
            _refuse(form, problems)
        else:
            messages.success(request, _("The phase runs longer now."))
            return redirect("projects:pilots", code)
    return page(request, programme, extension=form, status=422)


def _programme(request, code):
    programmes = Programme.objects.visible_to(request.user).select_related("region", "document")
    return get_object_or_404(programmes.prefetch_related("phases"), code=code)


def _place(request, levels):
    """The place named in the form; one outside one's own subtree is none at all."""
    rows = Region.objects.visible_to(request.user).filter(level__in=levels)
    return get_object_or_404(rows, code=request.POST.get("region", "")[:24])


def _name(request, programme, region, verb):
    form = BasisForm(request.POST)
    if form.is_valid():
        try:
            verb(programme, region, by=request.user, basis=form.cleaned_data["basis"])
        except ValidationError as problems:
            _refuse(form, problems)
        else:
            messages.success(request, _("%(place)s has been named.") % {"place": region.name})
            return redirect("projects:pilots", programme.code)
    return page(request, programme, naming=(region, form), status=422)


def _refuse(form, problems):
    for name, errors in problems.message_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def page(request, programme, *, naming=None, extension=None, plan_errors=None, status=200):
    """The page of pilot places; ``plan_errors``: what was wrong with the plan of an area, by its id."""
    user = request.user
    words = strict_query(request, ("q", "large")).get("q", "").strip() if request.method == "GET" else ""
    governs = rules.governs_programme(user, programme)
    areas = list(
        PilotArea.objects.visible_to(user)
        .filter(programme=programme)
        .select_related("region")
        .prefetch_related("communities__region")
        .order_by("region__path")
    )
    may_name = governs or any(rules.names_pilots(user, area) for area in areas)
    return render(
        request,
        "projects/pilots.html",
        {
            "programme": programme,
            "areas": _told(user, areas),
            "governs": governs,
            "may_name": may_name,
            "words": words,
            "found": _found(user, programme, areas, governs, words) if may_name and words else [],
            "basis": BasisForm(),
            "plans": _plans(user, programme, areas, plan_errors or {}),
            "accept": uploads.ACCEPT,
            "naming": naming,
            "extensions": [
                (
                    phase,
                    extension
                    if extension and extension.prefix == phase.key
                    else ExtensionForm(prefix=phase.key),
                )
                for phase in programme.phases.all()
            ]
            if governs
            else [],
        },
        status=status,
    )


def _plans(user, programme, areas, errors):
    """How it stands with the local plans, for those who see them; None where the programme asks for none."""
    phases = [phase for phase in programme.phases.all() if Doing.LOCAL_PLAN in phase.allows]
    if not phases:
        return None
    homes = [post.office.region.path for post in user.current_posts]
    seen = [area for area in areas if any(area.region.path.startswith(home) for home in homes)]
    last = {plan.area_id: plan for plan in PilotPlan.objects.visible_to(user).filter(area__in=seen)}
    for area in seen:
        area.plan = last.get(area.pk)
        area.may_hand_in = rules.names_pilots(user, area) and (
            area.plan is None or area.plan.state == PilotPlan.State.RETURNED
        )
        area.plan_errors = errors.get(area.pk, [])
    missing = [area for area in seen if area.plan is None or area.plan.state == PilotPlan.State.RETURNED]
    return {
        "areas": seen,
        "missing": missing,
        "done": len(seen) - len(missing),
        "until": max(phase.ends for phase in phases),
        "closed": programme.why_not_open_for(Doing.LOCAL_PLAN),
    }


def _told(user, areas):
    """Each area with its communities, those one may see, by full path."""
    visible = set(
        Region.objects.visible_to(user).filter(pilot_places__area__in=areas).values_list("pk", flat=True)
    )
    named = [pilot for area in areas for pilot in area.communities.all() if pilot.region_id in visible]
    trails = paths([*(pilot.region for pilot in named), *(area.region for area in areas)])
    for area in areas:
        area.trail = " › ".join(place.name for place in trails[area.region_id][1:])
        area.named = [
            (pilot, " › ".join(place.name for place in trails[pilot.region_id] if place.level > 3))
            for pilot in area.communities.all()
            if pilot.region_id in visible
        ]
    return areas


def _found(user, programme, areas, governs, words):
    """Places that could be named: communities of the areas, and for the owner further areas."""
    wanted = Q(name__contains=words) | Q(code__startswith=words)
    mine = Region.objects.visible_to(user).filter(wanted, closed_on__isnull=True)
    inside = Q(pk__in=[])
    for area in areas:
        if governs or rules.names_pilots(user, area):
            inside |= Q(path__startswith=area.region.path)
    taken = programme.pilot_communities.values("region")
    rows = list(mine.filter(inside, level=Level.COMMUNITY).exclude(pk__in=taken).order_by("path")[:FOUND])
    if governs:
        known = [area.region_id for area in areas]
        upper = mine.within(programme.region).filter(level__in=(Level.CITY, Level.COUNTY))
        rows = [*upper.exclude(pk__in=known).order_by("path")[:FOUND], *rows][:FOUND]
    trails = paths(rows)
    return [
        (place, " › ".join(step.name for step in trails[place.pk]), place.level == Level.COMMUNITY)
        for place in rows
    ]
