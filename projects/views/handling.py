"""转办, 委派, 拟办, 退经办人, 抄送: what passes inside an office, and what others are told."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linkage.foundation.errors import NotNow
from linkage.foundation.idempotency import once_per_form
from projects import rules
from projects.forms.handling import AssignForm, CopyForm, ProposeForm, SectionForm, SendBackForm
from projects.models import Copy, Project
from projects.services import copies, handling, joint


def panel(user, project):
    """What the page shows of it to who works in an office of the route: forms, and what has passed."""
    within = project.acting_office_id in user.working_offices
    office = rules.office_on_route(user, project)
    found = {}
    if within:
        found |= _inside(user, project)
    if office is not None:
        route = other_offices(project, office)
        found["copy_form"] = CopyForm(route=route, auto_id="copy_%s") if route else None
        found["copies"] = project.copies.select_related("office")
        found["unread"] = Copy.objects.unseen_by(user).filter(project=project)
    return found


def _inside(user, project):
    screen = {"step": project.step, "round": project.round}
    people = handling.colleagues(project, user)
    may_propose, proposal = rules.may_propose(user, project), project.proposal
    found = {
        "handlings": project.handlings_now,
        "two_level": project.current_route_step.two_level,
        "proposal": proposal,
    }
    if may_propose:
        found["propose_form"] = _propose_form(project, screen)
    if rules.may_assign(user, project):
        found["assign_form"] = AssignForm(initial=screen, people=people, auto_id="assign_%s")
    if project.current_route_step.joint_sections:
        sections = rules.sections_to_ask(user, project)
        found["said_by_sections"] = project.said_by_sections
        found["sections_missing"] = project.sections_missing
        if sections:
            found["section_form"] = SectionForm(initial=screen, sections=sections, auto_id="section_%s")
    if proposal and rules.can_decide(user, project):
        found["send_back_form"] = SendBackForm(initial=screen, auto_id="back_%s")
    return found


def _propose_form(project, screen):
    """The wording of consent, or what was proposed before it was sent back."""
    before = [one for one in project.handlings_now if one.verdict]
    start = {"opinion": project.current_route_step.opinion_template}
    if before:
        start = {"verdict": before[-1].verdict, "opinion": before[-1].opinion}
    return ProposeForm(initial={**screen, **start}, auto_id="propose_%s")


def other_offices(project, office):
    return [stop.office for stop in project.route_steps if stop.office_id and stop.office_id != office.pk]


def _door(may):
    """A form of the page: found within scope, asked of a rule, done once; what is wrong is told there."""

    def decorate(view):
        @login_required
        @require_POST
        @once_per_form
        @wraps(view)
        def door(request, pk):
            project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
            if not may(request.user, project):
                raise PermissionDenied
            try:
                told = view(request, project)
            except NotNow as reason:
                messages.warning(request, str(reason))
            except ValidationError as problems:
                messages.error(request, " ".join(problems.messages))
            else:
                messages.success(request, told)
            return redirect(project)

        return door

    return decorate


def _given(form):
    if not form.is_valid():
        raise ValidationError(
            [f"{form.fields[name].label}: {text}" for name, texts in form.errors.items() for text in texts]
        )
    return dict(form.cleaned_data)


def _inside_acting_office(user, project):
    return project.acting_office_id in user.working_offices


@_door(_inside_acting_office)
def assign(request, project):
    given = _given(AssignForm(request.POST, people=handling.colleagues(project, request.user)))
    handed = handling.assign(project, given.pop("to"), given.pop("kind"), by=request.user, **given)
    return _("It lies with %(name)s now.") % {"name": handed.to_name}


@_door(_inside_acting_office)
def propose(request, project):
    given = _given(ProposeForm(request.POST))
    handling.propose(project, given.pop("verdict"), by=request.user, **given)
    return _("Your proposal lies with who signs.")


@_door(_inside_acting_office)
def send_back(request, project):
    handed = handling.send_back(project, by=request.user, **_given(SendBackForm(request.POST)))
    return _("It lies with %(name)s now.") % {"name": handed.to_name}


@_door(_inside_acting_office)
def speak(request, project):
    """会签."""
    form = SectionForm(request.POST, sections=rules.sections_to_ask(request.user, project))
    given = _given(form)
    agrees = given.pop("agrees") == "1"
    joint.give(project, given.pop("section"), by=request.user, agrees=agrees, **given)
    return _("The opinion of your section is recorded.")


@_door(lambda user, project: rules.office_on_route(user, project) is not None)
def send_copy(request, project):
    route = other_offices(project, rules.office_on_route(request.user, project))
    given = _given(CopyForm(request.POST, route=route))
    chosen = [office for office in route if office.pk in given["offices"]]
    copies.send(project, chosen, by=request.user, note=given["note"])
    return _("The copy is sent.")


@login_required
@require_POST
def seen(request, pk):
    """已阅."""
    copy = get_object_or_404(Copy.objects.for_offices_of(request.user).select_related("project"), pk=pk)
    copies.seen(copy, by=request.user)
    return redirect(copy.project)
