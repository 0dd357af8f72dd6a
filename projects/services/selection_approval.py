"""One document approves a batch: every item is decided for itself, at once or by a job."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linkage.foundation import jobs, journal
from linkage.foundation.errors import NotNow
from linkage.foundation.money import wan
from linkage.foundation.standards import is_doc_no, normal_doc_no
from projects.models import Selection, SelectionItem, Verdict
from projects.services import chain, selection_answers
from projects.services.selection import Choice, locked, require_selector, shown, touch
from projects.services.selection_notice import why_not_approvable

KIND = "selection.approve"
AT_ONCE = 20  # so many items are decided while the page waits; more become a job


@transaction.atomic
def approve(selection, *, doc_no, signed_on, by, opinion="", handler="", leader=""):
    """One document approves the batch. What follows for each project is ``work_off``, now or as a job.

    ``opinion`` is the word of consent; ``＿`` in it becomes the money of each project in 万元.
    Answers the batch and the job, which is None where ``work_off`` is to be called at once.
    """
    selection = shown(selection, by)
    reason = why_not_approvable(selection)
    if reason:
        raise NotNow(reason)
    doc_no, problems = normal_doc_no(doc_no), {}
    if not is_doc_no(doc_no):
        problems["doc_no"] = [_("Write the document number like 甘民发〔2016〕98号.")]
    if signed_on > timezone.localdate():
        problems["signed_on"] = [_("The date on paper lies in the future.")]
    elif signed_on <= selection.notice.ends_on:
        problems["signed_on"] = [_("The document is dated before the public notice was over.")]
    if not opinion.strip():
        problems["opinion"] = [_("Write the opinion.")]
    if problems:
        raise ValidationError(problems)
    selection.state, selection.doc_no, selection.signed_on = Selection.State.APPROVED, doc_no, signed_on
    selection.opinion, selection.handler, selection.leader = opinion.strip(), handler.strip(), leader.strip()
    selection.approved_by, selection.approved_at = by, timezone.now()
    touch(selection, by)
    journal.record("selection.approved", by=by, target=selection, facts={"doc_no": doc_no})
    selection_answers.answer_the_others(selection, by=by)
    return selection, _queue(selection, by)


@transaction.atomic
def again(selection, *, by):
    """Try once more those items that failed, say because a colleague had to decide them. Answers the job."""
    selection = locked(selection)
    require_selector(by, selection.programme)
    if not selection.is_approved or not selection.chosen.filter(decision__isnull=True).exists():
        raise NotNow(_("Every project of this batch has been decided."))
    if job_of(selection):
        raise NotNow(_("This batch is being worked off already."))
    selection.chosen.filter(decision__isnull=True).exclude(failure="").update(failure="")
    return _queue(selection, by)


def _queue(selection, by):
    many = selection.chosen.filter(decision__isnull=True).count()
    if many <= AT_ONCE:
        return None
    return jobs.start(KIND, by=by, scope=f"selection:{selection.pk}", title=str(selection), total=many)


def job_of(selection):
    """The job that is deciding the items of this batch; None when none is open."""
    found = jobs.Job.objects.open().filter(kind=KIND, scope=f"selection:{selection.pk}")
    return found.order_by("-pk").first()


def work_off(selection, *, by, told=lambda done: None):
    """Decide every item that is still to be decided, each for itself; answers how many were approved.

    A failure is kept at its item and leaves the others. ``told`` is called after each item, inside its
    transaction, with the number done. May be called again after a fall: nothing is decided twice.
    """
    waiting = selection.chosen.filter(decision__isnull=True, failure="").order_by("pk")
    approved = 0
    for done, pk in enumerate(waiting.values_list("pk", flat=True), 1):
        try:
            with transaction.atomic():
                approved += _decide(pk, by)
                told(done)
        except (NotNow, ValidationError, PermissionDenied) as problem:
            with transaction.atomic():
                SelectionItem.objects.filter(pk=pk, decision__isnull=True).update(
                    failure=_words(problem)[:300]
                )
                told(done)
    return approved


def _decide(pk, by):
    item = SelectionItem.objects.select_for_update(of=["self"]).get(pk=pk)
    if item.decision_id or item.choice != Choice.CHOSEN:
        return 0
    selection, project = item.selection, item.project
    step = project.route.filter(level=selection.programme.region.level, office__isnull=False).get()
    item.decision = chain.decide(
        project,
        Verdict.APPROVE,
        by=by,
        opinion=selection.opinion.replace(chain.BLANK, wan(item.granted_amount)),
        step=step.key,
        round=item.round,
        handler=selection.handler,
        leader=selection.leader,
        signed_on=selection.signed_on,
        granted_amount=item.granted_amount,
        doc_no=selection.doc_no,
    )
    item.failure = ""
    item.save(update_fields=["decision", "failure"])
    return 1


def _words(problem):
    if isinstance(problem, ValidationError):
        return " ".join(problem.messages)
    if isinstance(problem, PermissionDenied):
        return _("You had a hand in this project earlier, so a colleague has to decide on it.")
    return str(problem)
