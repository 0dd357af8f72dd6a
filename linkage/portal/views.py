"""The public pages: notices, the wall sheet, meetings to come, objections and answers, approved projects."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from communities.consultation import services
from communities.consultation.models import Announcement, Objection, PublicNotice
from communities.models import Level, paths
from communities.offices.models import Office
from linkage.foundation import uploads
from linkage.foundation.errors import NotNow
from projects.models import LISTED, Project

from .facts import listed_projects, mask, project_facts
from .forms import AnswerForm, PublicObjectionForm, PublicQuery
from .limits import OBJECTIONS, QUESTIONS, too_often
from .sheet import LISTED_SIZE, type_size

COOKIE = "objection"
MEETINGS = 20  # to come, shown above the notices


@require_safe
def home(request):
    """Every notice that anybody may read, those still open first."""
    today = timezone.localdate()
    query = PublicQuery(request)
    notices = PublicNotice.objects.published().select_related("region")
    if query.words:
        notices = notices.filter(
            Q(title__icontains=query.words)
            | Q(region__name__contains=query.words)
            | Q(project__title__icontains=query.words)
        )
    found, neighbours = query.page(notices, ["-ends_on", "-pk"])
    _place(found)
    groups = [
        (title, symbol, [notice for notice in found if fits(notice)])
        for title, symbol, fits in (
            (_("Open now"), "clock", lambda notice: notice.is_open(today)),
            (_("About to begin"), "calendar", lambda notice: notice.starts_on > today),
            (_("Ended"), "circle-check", lambda notice: notice.has_run_its_time(today)),
        )
    ]
    meetings = [] if neighbours["prev_url"] else _meetings(query.words, today)
    return render(
        request,
        "portal/home.html",
        {"groups": groups, "found": found.rows, "meetings": meetings, "words": query.words, **neighbours},
    )


def _meetings(words, today):
    """The next meetings to come that anybody may attend."""
    coming = Announcement.objects.coming(today).select_related("region").order_by("held_on", "starts_at")
    if words:
        coming = coming.filter(Q(title__icontains=words) | Q(region__name__contains=words))
    meetings = list(coming[:MEETINGS])
    _place(meetings)
    return meetings


@require_safe
def meeting(request, pk):
    """One announced meeting: when, where, about what, and whether it was called off."""
    if pk > 2**63 - 1:
        raise Http404
    row = get_object_or_404(Announcement.objects.select_related("region"), pk=pk)
    office = Office.objects.serving(row.region).first()
    publisher = office.name if office else row.region.body_name or row.region.name
    return render(
        request,
        "portal/meeting.html",
        {
            "meeting": row,
            "agenda": mask(row.agenda),
            "publisher": publisher,
            "path": _path(row),
            "is_over": row.held_on < timezone.localdate(),
        },
    )


@never_cache
@require_safe
def notice(request, pk):
    """One notice, with the form to object while it is open."""
    notice = _published(pk)
    form = None
    if notice.is_open():
        form = PublicObjectionForm(initial={"token": uuid.uuid4()})
    return _notice_page(request, notice, form)


@require_POST
def objection(request, pk):
    """Take an objection from the page of the notice."""
    notice = _published(pk)
    form = PublicObjectionForm(request.POST, request.FILES)
    if form.is_machine:
        return redirect("portal:notice", pk=pk)
    if form.is_valid():
        if too_often(request, "objection", OBJECTIONS):
            return render(request, "429.html", status=429)
        try:
            kept = services.object_to(notice, **form.facts)
        except NotNow as reason:
            messages.warning(request, str(reason))
            return redirect("portal:notice", pk=pk)
        except ValidationError as problems:
            form.add_error(None, problems)
        else:
            answer = redirect("portal:received", pk=pk)
            answer.set_signed_cookie(
                COOKIE, kept.pk, max_age=3600, path=answer.url, httponly=True, samesite="Lax"
            )
            return answer
    if not notice.is_open():
        messages.warning(request, _("The days for objections to this notice are over, or have not begun."))
        return redirect("portal:notice", pk=pk)
    return _notice_page(request, notice, form, status=422)


@never_cache
@require_safe
def received(request, pk):
    """What was taken and the code that asks for the answer; only for whoever just sent it."""
    notice = _published(pk)
    number = request.get_signed_cookie(COOKIE, default=None, max_age=3600)
    if number is None:
        return redirect("portal:notice", pk=pk)
    kept = get_object_or_404(Objection, pk=number, notice=notice)
    return render(
        request, "portal/received.html", {"notice": notice, "objection": kept, "path": _path(notice)}
    )


@never_cache
def answer(request):
    """What became of an objection, for whoever holds its code."""
    form = AnswerForm(request.POST if request.method == "POST" else None)
    found = None
    if form.is_bound:
        if too_often(request, "answer", QUESTIONS):
            return render(request, "429.html", status=429)
        if form.is_valid():
            found = (
                Objection.objects.filter(query_code=form.cleaned_data["code"])
                .select_related("notice")
                .first()
            )
            if found is None:
                form.add_error("code", _("There is no objection with this code. Check the eight signs."))
    return render(
        request,
        "portal/answer.html",
        {"form": form, "objection": found},
        status=422 if form.is_bound and found is None else 200,
    )


@require_safe
def notice_print(request, pk):
    """The sheet for the wall: one A4 page, the type as large as the text allows."""
    notice = _published(pk)
    facts, about = project_facts(notice), _about(notice)
    size = LISTED_SIZE if about["listed"] else type_size(notice.title, notice.body, facts)
    return render(
        request,
        "portal/notice_print.html",
        about
        | {
            "facts": facts,
            "size": size,
            "address": request.build_absolute_uri(reverse("portal:notice", args=[notice.pk])),
        },
    )


@require_safe
def projects(request):
    """The projects that were approved, the latest first."""
    query = PublicQuery(request)
    rows = Project.objects.filter(status__in=LISTED).select_related("region")
    if query.words:
        rows = rows.filter(
            Q(title__icontains=query.words)
            | Q(region__name__contains=query.words)
            | Q(approval_doc_no__icontains=query.words)
        )
    found, neighbours = query.page(rows, ["-pk"])
    _place(found)
    return render(
        request, "portal/projects.html", {"projects": found.rows, "words": query.words, **neighbours}
    )


def _place(rows):
    """Tell each row the names of the places it lies in."""
    above = paths(row.region for row in rows)
    for row in rows:
        row.place_names = [region.name for region in above[row.region_id]]


def _published(pk):
    """A notice anybody may read. A draft, or one taken down, is answered like one that never was."""
    if pk > 2**63 - 1:
        raise Http404
    return get_object_or_404(PublicNotice.objects.published().select_related("region"), pk=pk)


def _path(notice):
    names = [region.name for region in notice.region.ancestors if region.level != Level.PROVINCE]
    return [_("Notices"), *names, notice.region.name]


def _about(notice):
    """What every view of a notice shows."""
    today = timezone.localdate()
    nth, total = notice.days(today)
    office = Office.objects.serving(notice.region).first()
    return {
        "notice": notice,
        "listed": listed_projects(notice),
        "body": mask(notice.body),
        "publisher": office.name if office else notice.region.body_name or notice.region.name,
        "path": _path(notice),
        "nth": nth,
        "total": total,
        "percent": round(nth * 100 / total),
        "is_open": notice.is_open(today),
        "is_over": notice.has_run_its_time(today),
    }


def _notice_page(request, notice, form, status=200):
    others = PublicNotice.objects.open_on(timezone.localdate()).exclude(pk=notice.pk)
    home = next((place for place in notice.region.ancestors if place.level == Level.CITY), None)
    if home:
        others = others.within(home)
    return render(
        request,
        "portal/notice.html",
        _about(notice)
        | {
            "form": form,
            "accept": uploads.ACCEPT,
            "largest": uploads.limit(),
            "facts": project_facts(notice),
            "others": others.order_by("ends_on", "pk")[:5],
        },
        status=status,
    )
