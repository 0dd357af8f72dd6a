"""更正: the page on which an administrator puts a clerical mistake of a record right."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linkage.foundation.errors import NotNow
from linkage.foundation.filters import strict_query
from projects import rules
from projects.documents.record import label_of
from projects.forms.correction import CorrectionForm
from projects.models import Correctable, Decision, Project
from projects.services import corrections


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, pk):
    strict_query(request, ("large",))
    projects = Project.objects.visible_to(request.user).select_related("programme", "region", "track")
    parts = ("decisions__office", "corrections__decision")
    project = get_object_or_404(projects.prefetch_related(*parts), pk=pk)
    offered = _offered(request.user, project)
    if not offered:
        raise PermissionDenied
    form = CorrectionForm(request.POST or None, entries=_entries(project, offered))
    if form.is_valid():
        asked = dict(form.cleaned_data)
        decision, field = offered[asked.pop("what")]
        try:
            corrections.correct(project, field, decision=decision, by=request.user, **asked)
        except NotNow as reason:
            messages.warning(request, str(reason))
            return redirect(project)
        except ValidationError as problems:
            form.refuse(problems)
        else:
            messages.success(request, _("The correction is recorded; what was signed stays in the record."))
            return redirect(project)
    status = 422 if form.errors else 200
    return render(request, "projects/correct.html", {"project": project, "form": form}, status=status)


def may_correct(user, project):
    """Is there anything of this project that this person may put right?"""
    return user.administers and bool(_offered(user, project))


def _offered(user, project):
    """What this person may put right: key of the form to (decision or None, field)."""
    found = {}
    if rules.can_correct_project(user, project):
        found |= {field: (None, field) for field in corrections.correctable(project)}
    for decision in project.decisions.all():
        if rules.can_correct_decision(user, decision):
            for field in corrections.correctable(project, decision):
                found[f"{decision.pk}-{field}"] = (decision, field)
    return found


def _entries(project, offered):
    """The same in words, under the project or the decision they belong to."""
    labels = {stop.key: label_of(project, stop) for stop in project.route_steps}
    groups = {}
    for key, (decision, field) in offered.items():
        heading = _heading(labels, decision) if decision else _("Project")
        now = corrections.written(project, field, decision) or _("empty")
        words = _("%(field)s (now %(value)s)") % {"field": Correctable(field).label, "value": now}
        groups.setdefault(heading, []).append((key, words))
    return list(groups.items())


def _heading(labels, decision: Decision):
    return _("Round %(round)s, %(step)s, %(office)s") % {
        "round": decision.round,
        "step": labels.get(decision.step, ""),
        "office": decision.office_name,
    }
