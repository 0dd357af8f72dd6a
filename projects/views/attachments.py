"""The doors of files: into a slot, out of it, and down to whoever may see the project."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.consultation.models import ObjectionFile
from communities.consultation.rules import can_settle
from linkage.foundation import uploads
from linkage.foundation.idempotency import once_per_form
from projects.models import SLOT_STEP, Attachment, Project, Selection, Slot
from projects.services import attachments, filing
from projects.views.page import answer, by_post, edit_url, mine, slot_answer, tab_of


@login_required
@require_safe
def download(request, pk):
    """Asked anew at every access: whoever no longer sees the project no longer sees its files."""
    attachment = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk)
    inline = "download" not in request.GET
    try:
        return uploads.serve(attachment.stored, attachment.name, attachment.content_type, inline=inline)
    except FileNotFoundError as error:
        raise Http404 from error


@login_required
@require_safe
def objection_file(request, pk):
    """What was sent with an objection, for whoever sees the project or the batch and answers the objection;
    to all others as if it were not there."""
    files = ObjectionFile.objects.visible_to(request.user).select_related("objection__notice__region")
    file = get_object_or_404(files, pk=pk)
    notice = file.objection.notice_id
    if not Selection.objects.visible_to(request.user).filter(notice=notice).exists():
        get_object_or_404(Project.objects.visible_to(request.user), notice=notice)
    if not can_settle(request.user, file.objection.notice.region):
        raise Http404
    inline = "download" not in request.GET
    try:
        return uploads.serve(file.stored, file.name, file.content_type, inline=inline)
    except FileNotFoundError as error:
        raise Http404 from error


@by_post
@once_per_form
def upload(request, pk, slot):
    """Several files into one slot: all of them or none."""
    if slot == Slot.STAMPED_OPINION:
        return _scan(request, pk)
    if slot not in SLOT_STEP:
        raise Http404
    project = mine(request, pk)
    problems = {}
    try:
        attachments.add(project, slot, _files(request, slot), by=request.user)
    except ValidationError as error:
        problems = error.message_dict
    return _back(request, project, SLOT_STEP[slot], slot, problems)


@login_required
@require_POST
def remove(request, pk):
    attachment = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk)
    project = mine(request, attachment.project_id)
    attachments.remove(attachment, by=request.user)
    return _back(request, project, attachment.step, attachment.slot, {})


def _files(request, slot):
    return request.FILES.getlist(f"file-{slot}") or request.FILES.getlist("files")


def _back(request, project, key, slot, problems):
    """The slot alone for a page that is open; else the page, with whatever else was typed kept."""
    if request.htmx:
        return slot_answer(request, project, key, slot, problems)
    tab = tab_of(project, request.user, key, request.POST if request.POST.get("step") == key else None)
    try:
        kept = not tab.is_bound or tab.keep(partly=True)
    except filing.ChangedElsewhere as reason:
        tab.project.version = filing.current_version(project)
        return answer(request, tab, status=409, problems=problems, conflict=str(reason))
    if problems or not kept:
        return answer(request, tab, status=422, problems=problems)
    return redirect(edit_url(project, key, f"slot-{slot}"))


def _scan(request, pk):
    """The scan of a stamped opinion, brought by the office that gave it."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    step = request.POST.get("step", "")
    try:
        attachments.add_scan(project, step, _files(request, Slot.STAMPED_OPINION), by=request.user)
    except ValidationError as error:
        context = {"project": project, "step_key": step, "problems": error.messages, "accept": uploads.ACCEPT}
        return render(request, "projects/attachments.html", context, status=422)
    messages.success(request, _("The scan is kept."))
    return redirect(project)
