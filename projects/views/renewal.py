"""The next round: an application copied into a new draft, a programme prepared for a later year."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linkage.foundation.filters import strict_query
from projects import rules
from projects.forms.local import CopyForm, PreparationForm, ProgrammeCopyForm
from projects.models import Programme, Project, Status
from projects.services import renewal as verbs


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def copy_application(request, pk):
    """复制上年: which programme, which name; then the new draft opens."""
    strict_query(request, ("large",))
    projects = Project.objects.visible_to(request.user).exclude(status=Status.DRAFT)
    project = get_object_or_404(projects.select_related("region", "track", "programme"), pk=pk)
    if not rules.files_it(request.user, project):
        raise PermissionDenied
    programmes = verbs.open_programmes(project, request.user)
    data = request.POST if request.method == "POST" else None
    form = CopyForm(data, programmes=programmes, initial={"title": project.title})
    if form.is_bound and form.is_valid():
        try:
            draft = verbs.copy_application(project, by=request.user, **form.cleaned_data)
        except ValidationError as problems:
            form.add_error(None, problems)
        else:
            messages.success(
                request,
                _(
                    "Copied: texts, methods, money. Not copied: needs, hearing, assembly, notice, dates, "
                    "files and opinions; they are to be brought anew."
                ),
            )
            return redirect("projects:edit", draft.pk)
    context = {"project": project, "form": form, "programmes": programmes}
    return render(request, "projects/copy.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def copy_programme(request, code):
    """A programme for a later year, as a draft that nobody files in yet."""
    strict_query(request, ("large",))
    programme = _governed(request, code)
    data = request.POST if request.method == "POST" else None
    form = ProgrammeCopyForm(data, initial={"title": programme.title})
    if form.is_bound and form.is_valid():
        try:
            copy = verbs.copy_programme(programme, by=request.user, **form.cleaned_data)
        except ValidationError as problems:
            for name, errors in problems.message_dict.items():
                form.add_error(name, errors)
        else:
            messages.success(
                request, _("The programme is copied. Check its days and ceilings, then open it.")
            )
            return redirect("projects:prepare", copy.code)
    context = {"programme": programme, "form": form}
    return render(request, "projects/copy_programme.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request, code):
    """Days and ceilings of a programme that is not open yet."""
    strict_query(request, ("large",))
    programme = _governed(request, code)
    if programme.active:
        messages.warning(request, _("This programme is open already."))
        return redirect("desk:programme", code)
    form = PreparationForm(programme, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            verbs.prepare(programme, by=request.user, phases=form.days, limits=form.limits)
        except ValidationError as problems:
            for name, errors in problems.message_dict.items():
                form.add_error(name, errors)
        else:
            messages.success(request, _("Days and ceilings are kept."))
            return redirect("projects:prepare", code)
    context = {"programme": programme, "form": form}
    return render(request, "projects/prepare.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def activate(request, code):
    """Open the prepared programme."""
    programme = _governed(request, code)
    verbs.activate(programme, by=request.user)
    messages.success(request, _("The programme is open."))
    return redirect("desk:programme", code)


def _governed(request, code):
    programmes = Programme.objects.visible_to(request.user).select_related("region", "document")
    programme = get_object_or_404(programmes.prefetch_related("phases", "quotas"), code=code)
    if not rules.governs_programme(request.user, programme):
        raise PermissionDenied
    return programme
