"""Many decided with one opinion (批量审核): each item on its own, each exactly once."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.offices.models import User
from linkage.foundation import faults, jobs, journal
from projects.models import Batch, BatchItem, Project, RouteStep, Verdict
from projects.services import chain

KIND = "projects.batch"
AT_ONCE = 20  # as many are decided while one waits; more are a job
MOST = 500
VERDICTS = (Verdict.APPROVE, Verdict.RETURN)


def why_not_many(project):
    """Why agreeing to this one needs a look of its own; empty if it does not."""
    if project.track.counts_against_quota and chain.is_last(project):
        return _("The last step names the subsidy granted: decide it on its own, or on the selection board.")
    return ""


def with_routes(projects):
    """The same projects, their routes read in one query for all."""
    stops = {}
    for stop in RouteStep.objects.filter(project__in=projects).order_by("number"):
        stops.setdefault(stop.project_id, []).append(stop)
    for project in projects:
        project.route_steps = stops.get(project.pk, [])
    return projects


@transaction.atomic
def start(chosen, *, by, verdict, opinion):
    """Begin a batch. ``chosen`` lists (project id, step, round) as they stood on the screen.

    Project.DoesNotExist if one of them is not to be seen. A small batch is done when this returns.
    """
    chosen = {pk: (step, round) for pk, step, round in chosen}
    problems = {}
    if verdict not in VERDICTS:
        problems["verdict"] = [_("Many at once can be agreed to or returned; disagree one by one.")]
    if not opinion.strip():
        problems["opinion"] = [_("Write the opinion.")]
    elif len(opinion.strip()) > 500:
        problems["opinion"] = [_("The opinion is longer than 500 characters.")]
    if not chosen:
        problems["items"] = [_("Choose at least one project.")]
    elif len(chosen) > MOST:
        problems["items"] = [_("At most %(most)s projects at a time.") % {"most": MOST}]
    if problems:
        raise ValidationError(problems)
    found = Project.objects.visible_to(by).filter(pk__in=chosen)
    if found.count() != len(chosen):
        raise Project.DoesNotExist
    batch = Batch.objects.create(
        by=by,
        verdict=verdict,
        opinion=opinion.strip(),
        total=len(chosen),
        amount=found.aggregate(sum=Sum("requested_subsidy"))["sum"] or Decimal(0),
    )
    BatchItem.objects.bulk_create(
        BatchItem(batch=batch, project_id=pk, step=step, round=round)
        for pk, (step, round) in sorted(chosen.items())
    )
    if len(chosen) > AT_ONCE:
        title = _("Batch of %(count)s") % {"count": len(chosen)}
        batch.job = jobs.start(KIND, by=by, title=title, total=len(chosen), arguments={"batch": batch.pk})
        batch.save(update_fields=["job"])
    else:
        for pk in _waiting(batch):
            settle(pk, by=by)
    return batch


def run(job):
    """Decide what is left of a batch. After a fall it goes on where it was: each item knows its end."""
    batch = Batch.objects.get(pk=job.arguments["batch"])
    for pk in _waiting(batch):
        with transaction.atomic():
            by = User.objects.get(pk=batch.by_id)  # anew each time: an account may be closed meanwhile
            with journal.acting(user=by, cause=f"job {job.pk}"):
                settle(pk, by=by)
            jobs.advance(job, done=job.done + 1)


def _waiting(batch):
    left = batch.items.filter(state=BatchItem.State.WAITING).order_by("project")
    return list(left.values_list("pk", flat=True))


@transaction.atomic
def settle(pk, *, by):
    """Decide one item, or write down why not, in one transaction with its mark: never twice."""
    item = BatchItem.objects.select_for_update(of=("self",)).select_related("batch").get(pk=pk)
    if item.state != BatchItem.State.WAITING:
        return item
    try:
        with transaction.atomic():
            item.decision = chain.decide(
                Project(pk=item.project_id),
                item.batch.verdict,
                by=by,
                opinion=item.batch.opinion,
                step=item.step,
                round=item.round,
                within=Project.objects.visible_to(by),
            )
    except Project.DoesNotExist:
        item.reason = _("You no longer see this project.")
    except Exception as error:
        fault = faults.fault_of(error)
        if fault is None or fault.status >= 500:
            raise
        item.reason = " ".join(text for texts in fault.errors.values() for text in texts) or fault.detail
    item.state = BatchItem.State.REFUSED if item.reason else BatchItem.State.DECIDED
    item.at = timezone.now()
    item.save(update_fields=["state", "reason", "decision", "at"])
    return item
