"""The doors of filing: open a draft, fill it tab by tab, confirm, submit, withdraw, take up again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communities.models import Region
from linkage.foundation.faults import wants_json
from linkage.foundation.idempotency import once_per_form
from linkage.foundation.scope import under
from projects import rules
from projects.forms import ConfirmForm, ReasonForm, StartForm
from projects.models import Programme, Project, evidence_step, evidence_steps, gaps
from projects.models.tabs import FORM, slots, typing_office
from projects.services import attachments, filing
from projects.views.page import answer, by_post, edit_url, mine, tab_of, told


@login_required
def start(request):
    """Open a draft: for one's own community, or as a street clerk for one of its communities (代录)."""
    communities = _own_communities(request.user)
    programmes = [
        programme
        for programme in Programme.objects.visible_to(request.user)
        .active()
        .select_related("region", "document")
        if communities.filter(under("path", programme.region.path)).exists()
    ]
    only = communities.first() if communities.count() == 1 else None
    today = timezone.localdate()
    refusals = [
        (programme, reason)
        for programme in programmes
        if (
            reason := programme.why_not_open_for("planning", today)
            or (only and programme.why_not_eligible(only))
        )
    ]
    refused = {programme.pk for programme, _reason in refusals}
    open_ones = [programme for programme in programmes if programme.pk not in refused]
    form = StartForm(
        request.POST or None,
        communities=communities,
        programmes=open_ones,
        initial={"region": only, "track": _first_track(open_ones)},
    )
    status = 200
    if request.method == "POST":
        if form.is_valid():
            track = form.cleaned_data["track"]
            try:
                project = filing.start(track.programme, by=request.user, **form.cleaned_data)
            except ValidationError as problems:
                form.add_error(None, problems)
            else:
                return redirect(edit_url(project))
        status = 422
    context = {"form": form, "refusals": refusals, "open_ones": open_ones, "only": only}
    context["for_others"] = not rules.sits_in_any_community(request.user)
    return render(request, "projects/start.html", context, status=status)


def _own_communities(user):
    """The communities this person may file for; nobody else comes further."""
    theirs = Q(pk__in=[])
    for post in user.current_posts:
        region = post.office.region
        if post.files and region.is_community:
            theirs |= Q(pk=region.pk)
        elif post.files and region.level == Region.Level.STREET:
            theirs |= under("path", region.path)
    found = Region.objects.communities().open_on(timezone.localdate()).filter(theirs)
    if not found.exists():
        raise PermissionDenied(_("Only a community, or a street office for it, opens an application."))
    return found


def _first_track(programmes):
    return programmes[0].tracks.first() if programmes else None


@login_required
@require_safe
def edit(request, pk, step=""):
    project = mine(request, pk)
    if not step:
        found = [gap.step for gap in gaps(project)]
        order = [one.key for one in evidence_steps(project)]
        key = FORM if project.submitted_at or not found else min(found, key=order.index)
        return redirect(edit_url(project, key))
    return answer(request, tab_of(project, request.user, step), check="check" in request.GET)


@by_post
def save(request, pk):
    """暂存, and the autosave of the page."""
    project = mine(request, pk)
    tab = tab_of(project, request.user, request.POST.get("step", ""), request.POST)
    if wants_json(request):
        complete = tab.keep(partly=True)
        return told(tab, complete=complete)
    kept, problems, refusal = keep_all(request, tab)
    if refusal is not None:
        return refusal
    if not kept or problems:
        return answer(request, tab, status=422, problems=problems)
    messages.success(request, _("Saved."))
    return redirect(edit_url(tab.project, tab.key))


def keep_all(request, tab):
    """Keep the tab and the files chosen with it: (was all kept, errors of the slots, an early answer)."""
    try:
        kept = tab.keep()
    except filing.ChangedElsewhere as reason:
        tab.project.version = filing.current_version(tab.project)
        return False, {}, answer(request, tab, status=409, conflict=str(reason))
    problems = {}
    for slot in slots(tab.project, evidence_step(tab.project, tab.key)):
        files = request.FILES.getlist(f"file-{slot.key}")
        if files:
            try:
                attachments.add(tab.project, slot.key, files, by=request.user)
            except ValidationError as error:
                problems.update(error.message_dict)
    return kept, problems, None


@by_post
@once_per_form
def submit(request, pk):
    """申报: keep what the page holds, then hand it in, or name every gap at once."""
    project = mine(request, pk)
    key = request.POST.get("step", "")
    tab = tab_of(project, request.user, key or FORM, request.POST if key else None)
    problems, summary = {}, ""
    if key:
        kept, problems, refusal = keep_all(request, tab)
        if refusal is not None:
            return refusal
        if not kept or problems:
            summary = _("Not submitted. Correct what is marked first.")
            return answer(request, tab, status=422, check=True, problems=problems, refused=summary)
    try:
        project = filing.submit(tab.project, by=request.user)
    except ValidationError as error:
        found = error.message_dict
        known = {gap.anchor for gap in gaps(tab.project)}
        others = [text for anchor, texts in found.items() if anchor not in known for text in texts]
        return answer(request, tab, status=422, check=True, refused=" ".join(others), summary=True)
    messages.success(
        request,
        _("Submitted. It now waits for %(office)s. Number: %(number)s.")
        % {"office": project.acting_office.heir.name, "number": project.number},
    )
    return redirect(project)


@login_required
@once_per_form
def confirm(request, pk):
    """The community stands by what the street typed for it."""
    project = mine(request, pk)
    own = rules.sits_in_community_of(request.user, project)
    form = ConfirmForm(request.POST or None)
    status, problems = 200, {}
    if request.method == "POST":
        problems = _confirmed(request, project, own, form)
        if problems is None:
            messages.success(request, _("Confirmed for the community."))
            return redirect(edit_url(project, FORM))
        status = 422
    step = evidence_step(project, FORM)
    context = {
        "project": project,
        "form": form,
        "own": own,
        "problems": problems,
        "typing_office": typing_office(project),
        "slot": next(slot for slot in slots(project, step) if slot.key == "stamped_form"),
    }
    return render(request, "projects/confirm.html", context, status=status)


def _confirmed(request, project, own, form):
    """None when done, otherwise the errors by anchor."""
    try:
        files = request.FILES.getlist("file-stamped_form")
        if files:
            attachments.add(project, "stamped_form", files, by=request.user)
        if not own and not form.is_valid():
            return {"confirmed_by": []}
        filing.confirm(project, by=request.user, name="" if own else form.cleaned_data["confirmed_by"])
    except ValidationError as error:
        problems = error.message_dict
        if "confirmed_by" in problems:
            form.add_error("confirmed_by", problems.pop("confirmed_by"))
        return problems
    return None


@by_post
@once_per_form
def withdraw(request, pk):
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    form = ReasonForm(request.POST)
    form.fields["reason"].required = False
    if not form.is_valid():
        raise ValidationError({"reason": form.errors["reason"]})
    filing.withdraw(project, by=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, _("Withdrawn. You may take it up again and submit it anew."))
    return redirect(project)


@by_post
@once_per_form
def reopen(request, pk):
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    filing.reopen(project, by=request.user)
    messages.success(request, _("Taken up again for editing."))
    return redirect(edit_url(project, FORM))
