"""The doors of the community steps: needs, meetings to come, notice, objections."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from communities.consultation.forms import AnnouncementForm, ObjectionForm
from communities.consultation.models import Announcement, Objection
from communities.needs.forms import NeedForm
from communities.needs.models import NeedItem
from linkage.foundation.idempotency import once_per_form
from projects.forms import PublishForm, ReasonForm, ReceivedForm, SettleForm
from projects.services import evidence
from projects.views.page import answer, by_post, edit_url, mine, tab_of

NOTICE = "public_notice"


@login_required
def need(request, pk, need_pk):
    """One need of the community, to be mended."""
    project = mine(request, pk)
    item = get_object_or_404(NeedItem.objects.of(project.region), pk=need_pk)
    form = NeedForm(request.POST or None, instance=item, use_required_attribute=False)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            evidence.change_need(
                project, NeedItem.objects.get(pk=item.pk), by=request.user, **form.cleaned_data
            )
            messages.success(request, _("Saved."))
            return redirect(edit_url(project, "planning", "needs"))
        status = 422
    return render(
        request, "projects/need.html", {"project": project, "form": form, "need": item}, status=status
    )


@by_post
def remove_need(request, pk, need_pk):
    project = mine(request, pk)
    item = get_object_or_404(NeedItem.objects.of(project.region), pk=need_pk)
    evidence.remove_need(project, item, by=request.user)
    messages.success(request, _("Removed."))
    return redirect(edit_url(project, "planning", "needs"))


@by_post
def announce(request, pk, step):
    """Tell everybody of a hearing or an assembly to come."""
    project = mine(request, pk)
    tab = tab_of(project, request.user, step)
    if step not in Announcement.Kind.values:
        raise Http404
    form = AnnouncementForm(request.POST, prefix="meeting")
    if form.is_valid():
        try:
            evidence.announce_meeting(project, step, by=request.user, **form.cleaned_data)
        except ValidationError as problems:
            for name, words in problems.message_dict.items():
                form.add_error(name if name in form.fields else None, words)
        else:
            messages.success(request, _("Announced. Everybody can read it now, without signing in."))
            return redirect(edit_url(project, step, "meetings"))
    return answer(request, tab, status=422, announcement_form=form)


@by_post
def call_off(request, pk, meeting_pk):
    project = mine(request, pk)
    meeting = get_object_or_404(project.announcements, pk=meeting_pk)
    form = ReasonForm(request.POST, prefix="call_off")
    if not form.is_valid():
        tab = tab_of(project, request.user, meeting.kind)
        return answer(request, tab, status=422, call_off=form, calling_off=meeting.pk)
    evidence.call_off_meeting(project, meeting, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, _("Called off. The public page says so."))
    return redirect(edit_url(project, meeting.kind, "meetings"))


@by_post
@once_per_form
def publish(request, pk):
    """Keep the text as it stands on the page and show it to everybody."""
    project = mine(request, pk)
    tab = tab_of(project, request.user, NOTICE, request.POST)
    if tab.published:
        return redirect(edit_url(project, NOTICE))
    tab.publish_form = PublishForm(request.POST)
    dated = tab.publish_form.is_valid()
    if not tab.keep_all() or not dated:
        return answer(request, tab, status=422)
    try:
        evidence.publish_notice(tab.project, by=request.user, **tab.publish_form.cleaned_data)
    except ValidationError as problems:
        for name, words in problems.message_dict.items():
            known = tab.publish_form if name in tab.publish_form.fields else tab.form
            known.add_error(name if name in known.fields else None, words)
        return answer(request, tab, status=422)
    messages.success(request, _("Published. Everybody can read it now, without signing in."))
    return redirect(edit_url(project, NOTICE))


@by_post
@once_per_form
def take_down(request, pk):
    project = mine(request, pk)
    form = ReasonForm(request.POST, prefix="take_down")
    if not form.is_valid():
        return answer(request, tab_of(project, request.user, NOTICE), status=422, take_down=form)
    evidence.take_down_notice(project, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, _("Taken down. Write a new notice; its days count from the first."))
    return redirect(edit_url(project, NOTICE))


@by_post
def enter_objection(request, pk):
    """What somebody said at the office or on the telephone."""
    project = mine(request, pk)
    form = ObjectionForm(request.POST, prefix="objection", use_required_attribute=False)
    received = ReceivedForm(request.POST, prefix="objection")
    dated = received.is_valid()
    if form.is_valid() and dated:
        try:
            evidence.enter_objection(
                project,
                by=request.user,
                token=_uuid(request.POST.get("token")),
                **received.cleaned_data,
                **form.cleaned_data,
            )
        except ValidationError as problems:
            form.add_error(None, problems)
        else:
            messages.success(request, _("The objection is entered. Settle it before you submit."))
            return redirect(edit_url(project, NOTICE, "objections"))
    tab = tab_of(project, request.user, NOTICE)
    return answer(request, tab, status=422, objection_form=form, received_form=received)


@by_post
def settle(request, pk, objection_pk):
    project = mine(request, pk)
    objection = _objection(project, objection_pk)
    form = SettleForm(request.POST, prefix=f"settle-{objection.pk}")
    if form.is_valid():
        try:
            evidence.settle_objection(project, objection, by=request.user, **form.cleaned_data)
        except ValidationError as problems:
            form.add_error(None, problems)
        else:
            messages.success(request, _("The objection is settled."))
            return redirect(edit_url(project, NOTICE, "objections"))
    tab = tab_of(project, request.user, NOTICE)
    return answer(request, tab, status=422, settling=objection.pk, settle_form=form)


@by_post
def contact(request, pk, objection_pk):
    """Name and telephone in full, once, with the reason kept in the journal."""
    project = mine(request, pk)
    objection = _objection(project, objection_pk)
    form = ReasonForm(request.POST, prefix=f"contact-{objection.pk}")
    tab = tab_of(project, request.user, NOTICE)
    if not form.is_valid():
        return answer(request, tab, status=422, revealing=objection.pk, contact_form=form)
    name, phone = evidence.reveal_contact(
        project, objection, reason=form.cleaned_data["reason"], by=request.user
    )
    return answer(request, tab, revealed=objection.pk, revealed_name=name, revealed_phone=phone)


def _uuid(text):
    """The token of the form, or none for anything else."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def _objection(project, pk):
    return get_object_or_404(Objection.objects.filter(notice=project.notice), pk=pk)
