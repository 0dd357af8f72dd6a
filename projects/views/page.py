"""The filing page: one project in edit dress, with everything that stands beside the form."""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communities.consultation.forms import AnnouncementForm, ObjectionForm
from linkage.foundation.errors import NotNow
from linkage.foundation.money import capital, wan, yuan
from linkage.foundation.uploads import ACCEPT, limit
from linkage.foundation.workdays import AHEAD, Calendar
from projects import rules
from projects.forms import ReasonForm, ReceivedForm
from projects.models import MAX_PER_SLOT, Project, Status, evidence_step, gaps, notice_rule
from projects.models.tabs import FORM, filing_steps, met, returned, slots, typing_office
from projects.procedure import ANNOUNCED, EVIDENCE_FIELDS
from projects.services import routing, wording
from projects.views.tabs import TABS, Record


@dataclass(frozen=True)
class Line:
    """A gap as the page shows it: where it is mended, in which words."""

    url: str
    title: str
    anchor: str
    note: str = ""

    @property
    def check_url(self):
        """The same place, with every gap of that tab pointed out."""
        return self.url.replace("#", "?check=1#", 1)


def by_post(view):
    """Only a POST acts. Whoever comes back by GET, say from signing in, is led to the form."""

    @wraps(view)
    @login_required
    def guarded(request, pk, *args, **kwargs):
        if request.method in ("GET", "HEAD"):
            return redirect("projects:edit", pk)
        return view(request, pk, *args, **kwargs)

    return require_http_methods(["GET", "HEAD", "POST"])(guarded)


def mine(request, pk):
    """The project, if it may be filed by this person now: 404, 403 or a word about the moment."""
    projects = Project.objects.visible_to(request.user).select_related(
        *("programme__document", "region", "track", "hearing", "party_deliberation", "assembly", "notice"),
        "acting_office",
    )
    words = ("programme__steps", "programme__phases", "programme__tracks")
    project = get_object_or_404(projects.prefetch_related(*words), pk=pk)
    if not rules.files_it(request.user, project):
        raise PermissionDenied
    if not project.is_editable:
        raise NotNow(_("A submitted application can no longer be changed."), url=project.get_absolute_url())
    return project


def edit_url(project, key="", anchor=""):
    url = reverse("projects:edit", args=[project.pk, key] if key else [project.pk])
    return f"{url}#{anchor}" if anchor else url


def tab_of(project, user, key, data=None):
    if key not in TABS or evidence_step(project, key) is None:
        raise Http404
    return TABS[key](project, user, data)


def answer(request, tab, *, status=200, check=False, problems=None, conflict="", **more):
    """The whole page. ``check`` points out every gap; ``problems`` are errors by anchor."""
    context = _beside(tab.project)
    context |= _form(tab, context["found"], check, problems or {}) | {"conflict": conflict} | more
    _current(context, tab)
    return render(request, "projects/edit.html", context, status=status)


def told(tab, *, complete):
    """The answer to an autosave: version, time, and what changed beside the form."""
    project = tab.project
    context = _beside(project) | {"tab": tab}
    _current(context, tab)
    asked = project.requested_subsidy or Decimal(0)
    return JsonResponse(
        {
            "version": project.version,
            "saved_at": timezone.localtime(project.saved_at).strftime("%H:%M:%S"),
            "partial": not complete,
            "words": "" if complete else _unsaved(tab),
            "swap": {
                "completeness": render_to_string("projects/_completeness.html", context),
                "steps": render_to_string("_filing_steps.html", context),
            },
            "echo": {
                "requested": yuan(asked),
                "capital": capital(asked) if asked else "—",
                "wan": wan(asked),
                "missing": context["missing_words"],
            },
        }
    )


def _unsaved(tab):
    if isinstance(tab, Record):
        return _("Kept on this computer until the record is complete.")
    return _("Saved, except what still has to be corrected.")


def slot_answer(request, project, key, slot, problems):
    """One slot anew, with the list of what is missing beside it."""
    context = _beside(project)
    step = evidence_step(project, key)
    context |= {
        "slot": next(one for one in slots(project, step) if one.key == slot),
        "problems": problems,
        "accept": ACCEPT,
        "file_limit": limit(),
        "slot_limit": MAX_PER_SLOT,
        "step": step,
    }
    for one in context["steps"]:
        one["current"] = one["key"] == key
    status = 422 if problems else 200
    return render(request, "projects/_slot_answer.html", context, status=status)


def _beside(project):
    """What stands beside every tab: steps, gaps and ticks, route, dates."""
    project.__dict__.pop("filled_slots", None)
    found = gaps(project)
    steps = filing_steps(project, found)
    names = {step.key: step.verb for step in steps}
    lines = [
        Line(
            url=edit_url(project, gap.step, gap.anchor),
            title=gap.text
            if gap.step == FORM
            else _("%(step)s: %(what)s") % {"step": names[gap.step], "what": gap.text},
            anchor=gap.anchor,
        )
        for gap in found
    ]
    phase = project.programme.phase_on()
    return {
        "project": project,
        "found": found,
        "steps": [
            {
                "key": step.key,
                "title": step.title,
                "short": step.short,
                "state": step.state,
                "note": step.note,
                "url": edit_url(project, step.key),
                "current": False,
            }
            for step in steps
        ],
        "gaps": lines,
        "met": [{"title": line} for line in met(project, found)],
        "missing_words": _("%(n)s missing") % {"n": len(found)} if found else _("complete"),
        "stops": routing.plan(project.programme, project.region, project.track),
        "phase_end": date_format(phase.ends, "n 月 j 日") if phase else "",
        "phase": phase,
    }


def _current(context, tab):
    for step in context["steps"]:
        step["current"] = step["key"] == tab.key
        if step["current"] and step["state"] == "warn" and tab.key == FORM:
            step["state"] = "todo"


def _form(tab, found, check, problems):
    """The tab itself: its form, its slots, what was said when it came back."""
    project = tab.project
    found = [gap for gap in found if gap.step == tab.key]
    if check:
        tab.point_out(found)
        for gap in found:
            problems.setdefault(gap.anchor, [])
            if gap.text not in problems[gap.anchor]:
                problems[gap.anchor].append(gap.text)
    step = evidence_step(project, tab.key)
    back = returned(project) if project.status == Status.RETURNED else None
    asked = project.requested_subsidy or Decimal(0)
    context = {
        "tab": tab,
        "form": tab.form,
        "step": step,
        "step_title": step.title_for(project.region),
        "slots": slots(project, step),
        "problems": problems,
        "returned": back,
        "notes": back.notes if back else {},
        "changes": back.changes if back else {},
        "typing_office": typing_office(project),
        "can_confirm": project.typed_for_community and project.confirmed_at is None,
        "accept": ACCEPT,
        "file_limit": limit(),
        "slot_limit": MAX_PER_SLOT,
        "autosave": reverse("projects:save", args=[project.pk]),
        "saved_at": timezone.localtime(project.saved_at),
        "today": timezone.localdate(),
        "asked": asked,
        "capital": capital(asked) if asked else "",
        "share": f"{asked * 100 / project.total_need:.1f}%" if project.total_need else "—",
        "why_not_now": "" if project.status != Status.DRAFT else project.programme.why_not_open_for("filing"),
    }
    if tab.key == "planning":
        context["needs"] = list(project.region.needs.all())
        linked = set(project.needs.values_list("pk", flat=True))
        sent = tab.form.data.getlist("needs") if tab.is_bound else None
        context["chosen"] = linked if sent is None else {int(pk) for pk in sent if pk.isdecimal()}
    if ANNOUNCED in EVIDENCE_FIELDS[tab.key]:
        context["meetings"] = list(project.announcements.filter(kind=tab.key))
        context["announced_required"] = ANNOUNCED in step.requires
        context["announcement_form"] = AnnouncementForm(
            prefix="meeting", initial=wording.announcement_draft(project, step, by=tab.by)
        )
        context["call_off"] = ReasonForm(prefix="call_off")
    if tab.key == "public_notice":
        context["notice_rule"] = rule = notice_rule(project)
        today = timezone.localdate()
        context["years_unknown"] = rule.in_working_days and Calendar().unknown(today, today + AHEAD)
    if tab.key == "public_notice" and project.notice is not None:
        notice = project.notice
        context["notice"] = notice
        context["objections"] = list(notice.objections.order_by("pk"))
        context["take_down"] = ReasonForm(prefix="take_down")
        context["objection_form"] = ObjectionForm(prefix="objection", use_required_attribute=False)
        context["received_form"] = ReceivedForm(prefix="objection")
        context["form_token"] = uuid.uuid4()
        if notice.is_published:
            context["nth"], context["total"] = notice.days()
            context["over"] = notice.has_run_its_time()
    return context
