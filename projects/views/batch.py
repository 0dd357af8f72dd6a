"""One batch of 遴选 from the public notice to the approval document, and its papers."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.consultation.forms import ObjectionForm
from communities.consultation.models import Objection
from linkage.foundation.errors import NotNow
from linkage.foundation.filters import strict_query
from projects import rules
from projects.documents import selection as papers
from projects.forms.filing import ReasonForm, ReceivedForm, SettleForm
from projects.forms.selection import ApprovalForm, SelectionNoticeForm
from projects.models import Selection
from projects.models.board import counters, listed, open_batch, sum_of
from projects.procedure import StepKind
from projects.services import selection_approval as approval_verbs
from projects.services import selection_notice as notice_verbs
from projects.services.wording import selection_notice_draft
from projects.views.selection import programme_of, require_selector


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request, code):
    """Write the notice of the batch on the board and publish it."""
    strict_query(request, ("large",))
    programme = programme_of(request, code)
    require_selector(request, programme)
    selection = open_batch(programme)
    if selection is None or not selection.chosen.exists():
        raise NotNow(_("No project is ticked yet."))
    if not selection.is_draft:
        return redirect(selection)
    least = programme.notice_days
    if request.method == "POST":
        form = SelectionNoticeForm(request.POST, least=least)
        if form.is_valid():
            try:
                notice_verbs.publish(selection, by=request.user, **form.cleaned_data)
            except ValidationError as problems:
                form.refuse(problems)
            else:
                messages.success(request, _("Published. Everybody can read it now, without signing in."))
                return redirect(selection)
    else:
        start = {**selection_notice_draft(selection, by=request.user), "version": selection.version}
        form = SelectionNoticeForm(initial=start, least=least)
    context = {
        "programme": programme,
        "selection": selection,
        "form": form,
        "chosen": listed(selection),
        "total": sum_of(selection),
        "counted": counters(programme, selection),
    }
    return render(request, "projects/selection_notice.html", context, status=422 if form.is_bound else 200)


@login_required
@require_safe
def batch(request, code, number):
    strict_query(request, ("large",))
    return _page(request, _found(request, code, number))


@login_required
@require_POST
def take_back(request, code, number):
    """Take the notice down and go back to the board."""
    selection = _mine(request, code, number)
    form = ReasonForm(request.POST, prefix="back")
    if not form.is_valid():
        return _page(request, selection, back=form, status=422)
    notice_verbs.take_back(selection, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(
        request, _("Taken down. The list can be changed again; a new notice counts its days anew.")
    )
    return redirect("projects:selection", code)


@login_required
@require_POST
def strike(request, code, number):
    selection = _mine(request, code, number)
    project = request.POST.get("project", "")[:18]
    item = get_object_or_404(selection.items, project_id=int(project) if project.isdigit() else 0)
    form = ReasonForm(request.POST, prefix=f"strike-{item.project_id}")
    if not form.is_valid():
        return _page(request, selection, striking=(item.project_id, form), status=422)
    notice_verbs.strike(selection, item.project_id, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, _("%(title)s is struck off the list.") % {"title": item.project.title})
    return redirect(selection)


@login_required
@require_POST
def approve(request, code, number):
    """The document approves the batch; a few projects are decided at once, many by a job."""
    selection = _mine(request, code, number)
    form = ApprovalForm(request.POST)
    if form.is_valid():
        try:
            selection, job = approval_verbs.approve(selection, by=request.user, **form.cleaned_data)
        except ValidationError as problems:
            form.refuse(problems)
        else:
            return _worked_off(request, selection, job)
    return _page(request, selection, approval=form, status=422)


@login_required
@require_POST
def again(request, code, number):
    """Try the failed ones once more."""
    selection = _mine(request, code, number)
    return _worked_off(request, selection, approval_verbs.again(selection, by=request.user))


def _worked_off(request, selection, job):
    if job is not None:
        messages.success(
            request, _("The projects are being decided one by one; this page shows how far it is.")
        )
        return redirect(selection)
    done = approval_verbs.work_off(selection, by=request.user)
    failed = selection.chosen.filter(decision__isnull=True).count()
    if failed:
        messages.warning(
            request,
            _("%(done)d projects approved, %(failed)d not; the reasons stand in the list.")
            % {"done": done, "failed": failed},
        )
    else:
        messages.success(request, _("%(done)d projects approved.") % {"done": done})
    return redirect(selection)


@login_required
@require_safe
def paper(request, code, number, paper):
    """The papers of a batch as files: the notice, the list of approved projects, the table."""
    strict_query(request, ())
    selection = _found(request, code, number)
    build = papers.PAPERS.get(paper)
    if build is None or (paper == "approval.docx" and not selection.is_approved):
        raise Http404
    if paper == "notice.docx" and selection.notice is None:
        raise Http404
    file, name, content_type = build(selection, listed(selection), by=request.user)
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)


# What people object to


@login_required
@require_POST
def enter_objection(request, code, number):
    """What somebody said at the office or on the telephone."""
    selection = _mine(request, code, number)
    form = ObjectionForm(request.POST, prefix="objection", use_required_attribute=False)
    received = ReceivedForm(request.POST, prefix="objection")
    dated = received.is_valid()
    if form.is_valid() and dated:
        try:
            notice_verbs.enter_objection(
                selection,
                by=request.user,
                token=_uuid(request.POST.get("token")),
                **received.cleaned_data,
                **form.cleaned_data,
            )
        except ValidationError as problems:
            form.add_error(None, problems)
        else:
            messages.success(request, _("The objection is entered. Settle it before the batch is approved."))
            return redirect(f"{selection.get_absolute_url()}#objections")
    return _page(request, selection, objection_form=form, received_form=received, status=422)


@login_required
@require_POST
def settle(request, code, number, objection_pk):
    selection = _mine(request, code, number)
    objection = _objection(selection, objection_pk)
    form = SettleForm(request.POST, prefix=f"settle-{objection.pk}")
    if form.is_valid():
        try:
            notice_verbs.settle_objection(selection, objection, by=request.user, **form.cleaned_data)
        except ValidationError as problems:
            form.add_error(None, problems)
        else:
            messages.success(request, _("The objection is settled."))
            return redirect(f"{selection.get_absolute_url()}#objections")
    return _page(request, selection, settling=objection.pk, settle_form=form, status=422)


@login_required
@require_POST
def contact(request, code, number, objection_pk):
    """Name and telephone in full, once, with the reason kept in the journal."""
    selection = _mine(request, code, number)
    objection = _objection(selection, objection_pk)
    form = ReasonForm(request.POST, prefix=f"contact-{objection.pk}")
    if not form.is_valid():
        return _page(request, selection, revealing=objection.pk, contact_form=form, status=422)
    name, phone = notice_verbs.reveal_contact(
        selection, objection, reason=form.cleaned_data["reason"], by=request.user
    )
    return _page(request, selection, revealed=objection.pk, revealed_name=name, revealed_phone=phone)


# Finding and showing


def _found(request, code, number):
    programme = programme_of(request, code)
    selections = Selection.objects.visible_to(request.user).select_related(
        "notice__region", "approved_by", "opened_by"
    )
    selection = get_object_or_404(selections.exclude(state="draft"), programme=programme, number=number)
    selection.programme = programme
    return selection


def _mine(request, code, number):
    selection = _found(request, code, number)
    require_selector(request, selection.programme)
    return selection


def _objection(selection, pk):
    return get_object_or_404(Objection.objects.filter(notice=selection.notice), pk=pk)


def _page(request, selection, *, status=200, **more):
    programme, notice = selection.programme, selection.notice
    may = rules.selects(request.user, programme)
    chosen = listed(selection)
    done = sum(item.decision_id is not None for item in chosen)
    nth, total_days = notice.days()
    hindered = "" if selection.is_approved else notice_verbs.why_not_approvable(selection)
    job = approval_verbs.job_of(selection) if selection.is_approved else None
    context = {
        "programme": programme,
        "selection": selection,
        "notice": notice,
        "nth": nth,
        "total_days": total_days,
        "is_over": notice.has_run_its_time(),
        "may_select": may,
        "chosen": chosen,
        "others": selection.items.exclude(struck_because="").select_related("project"),
        "waiting": selection.waiting.select_related("project__region").order_by("rank"),
        "asked": sum(item.project.requested_subsidy or 0 for item in chosen),
        "total": sum(item.amount for item in chosen),
        "done": done,
        "failed": sum(bool(item.failure) for item in chosen),
        "job": job,
        "unfinished": selection.is_approved and not job and done < len(chosen),
        "hindered": hindered,
        "objections": notice.objections.prefetch_related("files").order_by("pk"),
        "still_open": notice.objections.open().count(),
        "back": more.pop("back", None) or ReasonForm(prefix="back"),
        "approval": more.pop("approval", None) or ApprovalForm(initial=_consent(programme, request.user)),
        "objection_form": ObjectionForm(prefix="objection", use_required_attribute=False),
        "received_form": ReceivedForm(prefix="objection"),
        "form_token": uuid.uuid4(),
        "counted": counters(programme, None if selection.is_approved else selection),
        **more,
    }
    return render(request, "projects/batch.html", context, status=status)


def _consent(programme, user):
    """What the document says of each project, in the words of the last step."""
    step = programme.steps.filter(kind=StepKind.DECISION, level=programme.region.level).first()
    return {
        "opinion": step.opinion_template if step else "",
        "leader": str(user),
        "signed_on": timezone.localdate(),
    }


def _uuid(text):
    """The token of the form, or none for anything else."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
