"""One pilot programme: its dates, tracks, ceilings, pilot places, procedure, and how far projects are."""

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from communities.models import paths
from linkage.attainment import services
from linkage.foundation.filters import strict_query
from projects import rules
from projects.models import LISTED, PilotArea, Programme, Project, RouteStep, Status
from projects.models.listing import ceilings, place_of, step_label, taken_of
from projects.procedure import StepKind


@login_required
@require_safe
def programme(request, code=None):
    """Without a code: the first programme that concerns this person."""
    strict_query(request, ("large",))
    programmes = Programme.objects.visible_to(request.user).select_related("document", "region")
    programmes = programmes.prefetch_related("phases", "tracks", "quotas", "steps")
    programmes = programmes.filter(code=code) if code else programmes.active().order_by("code")
    found = programmes.first()
    if found is None:
        if code:
            raise Http404
        return render(request, "desk/no_programme.html")
    today = timezone.localdate()
    return render(
        request,
        "desk/programme.html",
        {
            "programme": found,
            "today": today,
            "phase": found.phase_on(today),
            "tracks": _tracks(request.user, found),
            "quotas": ceilings(found, taken_of(found)),
            "areas": _areas(request.user, found),
            "procedure": [(step, _label(step)) for step in found.steps.all()],
            "funnel": _funnel(request.user, found),
            **_readings(request.user, found),
            "others": Programme.objects.visible_to(request.user).active().exclude(pk=found.pk),
            "governs": rules.governs_programme(request.user, found),
            "sits_above": any(
                post.office.region_id == found.region_id for post in request.user.current_posts
            ),
        },
    )


def _tracks(user, programme):
    """Each funding track with how many applied and were approved on it, within one's place."""
    seen = Project.objects.visible_to(user).filter(programme=programme).exclude(status=Status.DRAFT)
    rows = (
        seen.order_by()
        .values_list("track")
        .annotate(applied=Count("pk"), approved=Count("pk", filter=Q(status__in=LISTED)))
    )
    found = {pk: (applied, approved) for pk, applied, approved in rows}
    return [(track, *found.get(track.pk, (0, 0))) for track in programme.tracks.all()]


def _readings(user, programme):
    """What Celery has counted for one's own place and the places directly below it."""
    home = user.home_region
    if home is None or not (programme.region.contains(home) or home.contains(programme.region)):
        return {}
    place = home if programme.region.contains(home) else programme.region
    return {
        "place": place,
        "readings": services.readings(programme, place),
        "below": services.programme_below(programme, place),
        "is_catching_up": services.catching_up(user),
    }


def _label(step):
    return step_label(step.level, step.verb) if step.kind == StepKind.DECISION else step.title


def _areas(user, programme):
    """The pilot areas one may see, with the number of communities each has named."""
    areas = list(
        PilotArea.objects.visible_to(user)
        .filter(programme=programme)
        .select_related("region")
        .annotate(named=Count("communities"))
        .order_by("region__path")
    )
    chains = paths([area.region for area in areas])
    least, most = programme.pilots_at_least, programme.pilots_at_most
    for area in areas:
        area.place = place_of(chains[area.region_id])
        area.squares = range(max(area.named, most or 0))
        area.few = least is not None and area.named < least
        area.many = most is not None and area.named > most
    return areas


def _funnel(user, programme):
    """For each deciding step: how many ever came so far, and how many are there now; drafts not shown."""
    seen = Project.objects.visible_to(user).filter(programme=programme).exclude(status=Status.DRAFT)
    standing = dict(seen.filter(status=Status.IN_REVIEW).order_by().values_list("step").annotate(Count("pk")))
    totals = dict(seen.order_by().values_list("status").annotate(Count("pk")))
    came = dict(
        RouteStep.objects.filter(project__in=seen, arrived_at__isnull=False)
        .order_by()
        .values_list("key")
        .annotate(Count("pk"))
    )
    submitted = sum(totals.values())
    lines = [{"title": None, "came": submitted, "now": 0}]
    lines += [
        {"title": _label(step), "came": came.get(step.key, 0), "now": standing.get(step.key, 0)}
        for step in programme.steps.all()
        if step.kind == StepKind.DECISION
    ]
    approved = sum(totals.get(status, 0) for status in LISTED)
    lines.append({"title": "", "came": approved, "now": 0})
    for line in lines:
        line["percent"] = f"{line['came'] * 100 / submitted:.1f}" if submitted else "0"
    return {
        "lines": lines,
        "ended": [
            (status, totals.get(status, 0)) for status in (Status.RETURNED, Status.REJECTED, Status.WITHDRAWN)
        ],
        "submitted": submitted,
    }
