"""What an office does with an application: agree, send back, refuse. One word per step and round."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from linkage.foundation import notices, outbox
from linkage.foundation.errors import NotNow
from linkage.foundation.money import wan
from linkage.foundation.standards import is_doc_no, normal_doc_no
from projects import rules
from projects.models import (
    FIELDS,
    Decision,
    Project,
    ProjectEvent,
    Quota,
    Status,
    Verdict,
)
from projects.procedure import APPLICANT
from projects.services import copies, joint, rounds
from projects.services.moving import arrive, locked, record, touch

BLANK = "＿"  # where the wording of consent names the money, in units of ten thousand yuan

# What a decision writes of a project: its long texts are left alone.
MOVED = (
    *("status", "step", "step_since", "acting_office", "round", "version", "saved_at"),
    *("granted_amount", "approval_doc_no", "approved_on"),
)


@transaction.atomic
def decide(
    project,
    verdict,
    *,
    by,
    opinion="",
    step=None,
    round=None,
    marks=(),
    return_to="",
    handler="",
    leader="",
    signed_on=None,
    granted_amount=None,
    doc_no="",
    within=None,
):
    """Record one official's verdict on the current step and move the project on.

    ``step`` and ``round`` are what the official had on the screen: if the project has moved since,
    they are told who was first. ``marks`` is a list of {"field", "note"}; a return leads to the
    applicant, or to the step of an office before that ``return_to`` names. ``granted_amount`` (yuan)
    and ``doc_no`` belong to the last step of a track that counts against the quota. ``within`` are
    the rows the door may show: Project.DoesNotExist outside them. Outside the phase that allows
    ``reviewing`` it is refused with the dates (DOMAIN §3.1); the province may extend the phase.
    """
    project = locked(project, within, beside=("programme", "region", "track", "acting_office"))
    _require_moment(project, step, round)
    post = _require_post(by, project)
    if closed := project.programme.why_not_open_for("reviewing"):
        raise NotNow(closed)
    stop = project.current_route_step
    approves_for_good = verdict == Verdict.APPROVE and is_last(project)
    doc_no = normal_doc_no(doc_no)
    if approves_for_good and granted_amount is not None:
        opinion = _following(granted_amount, stop, project, opinion)
    if verdict == Verdict.RETURN:
        return_to = return_to or APPLICANT
    _check(project, verdict, opinion, marks, signed_on, granted_amount, doc_no, approves_for_good, return_to)

    if verdict == Verdict.APPROVE:
        joint.require_complete(project)
    if approves_for_good and project.track.counts_against_quota:
        _take_a_place(project)
    decision = Decision.objects.create(
        project=project,
        round=project.round,
        step=project.step,
        verdict=verdict,
        opinion=opinion.strip(),
        marks=list(marks) if verdict == Verdict.RETURN else [],
        return_to=return_to,
        office=project.acting_office,
        office_name=project.acting_office.heir.name,
        by=by,
        by_name=str(by),
        **_on_behalf(post, by),
        handler=handler.strip() or (_proposed_by(project, by) if stop.two_level else ""),
        leader=leader.strip() or post.signed_by(by),
        signed_on=signed_on or timezone.localdate(),
        granted_amount=granted_amount if approves_for_good else None,
        doc_no=doc_no if approves_for_good else "",
    )
    if stop.two_level and not rules.others_have_proposed({by.pk, post.user_id}, project):
        here = {"step": stop.key, "title": stop.title, "office": project.acting_office.heir}
        record(project, ProjectEvent.Kind.BY_ONE, by=by, signed=decision.signature, **here)
    record(
        project,
        ProjectEvent.Kind.DECIDED,
        by=by,
        step=stop.key,
        title=stop.title,
        verdict=verdict,
        office=project.acting_office.heir,
        text=decision.opinion,
        signed=decision.signature,
    )
    if verdict == Verdict.RETURN:
        copies.tell_of_return(project, decision)
        _send_back(project, return_to)
    elif verdict == Verdict.REJECT:
        project.status, project.step, project.acting_office = Status.REJECTED, None, None
        touch(project, moved=True, columns=MOVED)
    elif not arrive(project, after=stop.number, columns=MOVED):
        _approve(project, decision)
    notices.tell("project.decided", decision.pk, decision=decision.pk)
    outbox.put("reading.wake", f"decision:{decision.pk}", {})
    return decision


def is_last(project):
    """Whether no office comes behind the one where the project lies."""
    here = project.current_route_step.number
    return not any(stop.office_id for stop in project.route_steps if stop.number > here)


def _require_post(by, project):
    """The post by which the current step is decided, asked anew after any wait for the row."""
    by.ask_posts_anew()
    post = rules.post_to_decide(by, project)
    if post is None:
        raise PermissionDenied
    return post


def _proposed_by(project, by):
    """两级办理: who made the proposal; whoever is alone in the office signs without one."""
    return project.proposal.by_name if project.proposal else str(by)


def _on_behalf(post, by):
    """Whom a deputy stands in for, as the decision keeps it."""
    if post.user_id == by.pk:
        return {}
    return {"on_behalf_of": post.user, "on_behalf_name": str(post.user)}


def _require_moment(project, step, round):
    """Refuse what comes too late, naming whoever was first."""
    moved = (step is not None and step != project.step) or (round is not None and round != project.round)
    if project.status == Status.IN_REVIEW and not moved:
        return
    first = None
    if step is not None:
        first = project.decisions.filter(step=step, round=round or project.round).first()
    if first is None:
        first = project.decisions.order_by("-pk").first() if project.status != Status.WITHDRAWN else None
    if first is not None:
        raise NotNow(
            _("This item was handled by %(name)s (%(office)s) at %(time)s.")
            % {
                "name": first.signature,
                "office": first.office_name,
                "time": date_format(timezone.localtime(first.at), "m-d H:i"),
            }
        )
    if project.status == Status.WITHDRAWN:
        raise NotNow(_("The applicant has withdrawn this project."))
    raise NotNow(_("This project is not under review."))


def _send_back(project, return_to):
    """Open the next round: with the applicant, or with an office before, which decides anew.

    What was agreed before that office stands; every office after it is asked again.
    """
    project.round += 1
    if return_to == APPLICANT:
        project.status, project.step, project.acting_office = Status.RETURNED, APPLICANT, None
        touch(project, moved=True, columns=MOVED)
        return
    rounds.carry_before(project, next(stop for stop in project.route_steps if stop.key == return_to))
    arrive(project, after=0, columns=MOVED)


def _check(project, verdict, opinion, marks, signed_on, granted_amount, doc_no, approves_for_good, return_to):
    """All that is wrong with the verdict as entered, at once."""
    problems = {}
    if verdict not in Verdict.values:
        problems["verdict"] = [_("Choose agree, return or disagree.")]
    if not opinion.strip():
        problems["opinion"] = [
            _("Write the opinion.")
            if verdict == Verdict.APPROVE
            else _("Say why, so that the applicant can act on it.")
        ]
    elif len(opinion.strip()) > 500:
        problems["opinion"] = [_("The opinion is longer than 500 characters.")]
    if any(set(mark) != {"field", "note"} or mark["field"] not in FIELDS for mark in marks):
        problems["marks"] = [_("A mark names a field that the form does not have.")]
    if verdict != Verdict.RETURN and return_to:
        problems["return_to"] = [_("Only a return leads back.")]
    elif return_to not in ("", APPLICANT, *(stop.key for stop in project.may_return_to)):
        problems["return_to"] = [_("Choose the applicant or an office that has signed before you.")]
    today = timezone.localdate()
    if signed_on is not None:
        submitted = project.latest_submission.at
        if signed_on > today:
            problems["signed_on"] = [_("The date on paper lies in the future.")]
        elif signed_on < timezone.localdate(submitted):
            problems["signed_on"] = [_("The date on paper lies before the application was submitted.")]
    if approves_for_good and project.track.counts_against_quota:
        if granted_amount is None or granted_amount <= 0:
            problems["granted_amount"] = [_("Enter the subsidy granted.")]
        elif granted_amount > project.requested_subsidy:
            problems["granted_amount"] = [_("More is granted than was asked for.")]
        if not doc_no:
            problems["doc_no"] = [_("Enter the number of the approval document.")]
    if doc_no and not is_doc_no(doc_no):
        problems["doc_no"] = [_("Write the document number like 甘民发〔2016〕98号.")]
    if problems:
        raise ValidationError(problems)


def _following(granted_amount, stop, project, opinion):
    """The wording of consent as it was filled in beforehand names the money asked for; it follows what is
    granted. What somebody wrote stays as it is."""
    before = stop.opinion_template.replace(BLANK, wan(project.requested_subsidy))
    return stop.opinion_template.replace(BLANK, wan(granted_amount)) if opinion.strip() == before else opinion


def _take_a_place(project):
    """Hold the ceilings of the programme (GS-T14a, b): they bind under concurrency.

    The rows of the quotas are the lock: whoever approves next counts after this transaction.
    """
    quotas = list(Quota.objects.select_for_update().filter(programme=project.programme_id).order_by("pk"))
    listed = Project.objects.counted().filter(programme=project.programme_id)
    others = Count("region", distinct=True, filter=~Q(region=project.region_id))
    taken = listed.aggregate(projects=Count("*"), communities=others)
    for quota in quotas:
        if taken[quota.key] + 1 > quota.limit:
            raise NotNow(
                _("%(name)s: all %(limit)s places are taken. The ceiling may be raised by document.")
                % {"name": quota.name, "limit": quota.limit}
            )


def _approve(project, decision):
    project.status = Status.APPROVED
    project.step = project.after_approval
    project.acting_office = None
    project.granted_amount = decision.granted_amount
    project.approval_doc_no = decision.doc_no
    project.approved_on = decision.signed_on
    touch(project, moved=True, columns=MOVED)
