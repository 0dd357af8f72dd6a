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
from projects.views.inside import other_offices
from projects.views.review import refused


def _door(may, name, form_of):
    """A form of the page: found within scope, asked of a rule, done once.

    What is wrong comes back on the page of the project, 422, at its fields and with what was typed.
    ``name`` is that of the form on the page; who is offered no such form there may not send one.
    """

    def decorate(deed):
        @login_required
        @require_POST
        @once_per_form
        @wraps(deed)
        def door(request, pk):
            project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
            if not may(request.user, project):
                raise PermissionDenied
            form = form_of(request, project)
            if form.is_valid():
                try:
                    told = deed(project, dict(form.cleaned_data), by=request.user)
                except NotNow as reason:
                    messages.warning(request, str(reason))
                    return redirect(project)
                except ValidationError as problems:
                    form.refuse(problems)
                else:
                    messages.success(request, told)
                    return redirect(project)
            return refused(request, pk, {name: form})

        return door

    return decorate


def _works_in_acting_office(user, project):
    return project.acting_office_id in user.working_offices


def _works_on_route(user, project):
    return rules.office_on_route(user, project) is not None


def _assign_form(request, project):
    people = handling.colleagues(project, request.user)
    return AssignForm(request.POST, people=people, auto_id="assign_%s")


def _section_form(request, project):
    sections = rules.sections_to_ask(request.user, project)
    return SectionForm(request.POST, sections=sections, auto_id="section_%s")


def _copy_form(request, project):
    route = other_offices(project, rules.office_on_route(request.user, project))
    return CopyForm(request.POST, route=route, auto_id="copy_%s")


@_door(_works_in_acting_office, "assign_form", _assign_form)
def assign(project, given, *, by):
    handed = handling.assign(project, given.pop("to"), given.pop("kind"), by=by, **given)
    return _("It lies with %(name)s now.") % {"name": handed.to_name}


@_door(
    _works_in_acting_office,
    "propose_form",
    lambda request, project: ProposeForm(request.POST, auto_id="propose_%s"),
)
def propose(project, given, *, by):
    handling.propose(project, given.pop("verdict"), by=by, **given)
    return _("Your proposal lies with who signs.")


@_door(
    _works_in_acting_office,
    "send_back_form",
    lambda request, project: SendBackForm(request.POST, auto_id="back_%s"),
)
def send_back(project, given, *, by):
    handed = handling.send_back(project, by=by, **given)
    return _("It lies with %(name)s now.") % {"name": handed.to_name}


@_door(_works_in_acting_office, "section_form", _section_form)
def speak(project, given, *, by):
    """会签."""
    agrees = given.pop("agrees") == "1"
    joint.give(project, given.pop("section"), by=by, agrees=agrees, **given)
    return _("The opinion of your section is recorded.")


@_door(_works_on_route, "copy_form", _copy_form)
def send_copy(project, given, *, by):
    route = other_offices(project, rules.office_on_route(by, project))
    chosen = [office for office in route if office.pk in given["offices"]]
    copies.send(project, chosen, by=by, note=given["note"])
    return _("The copy is sent.")


@login_required
@require_POST
def seen(request, pk):
    """已阅."""
    copy = get_object_or_404(Copy.objects.for_offices_of(request.user).select_related("project"), pk=pk)
    copies.seen(copy, by=request.user)
    return redirect(copy.project)
