"""后台任务: what each kind of job is called, who looks after it, what can be done about one that failed.

An administrator looks after the jobs of everybody under the own place, administrators of a province also
after those that nobody started, which are the clock's. A failure is told to the nearest administrators; a
refusal is not: its owner sees it where it was asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.models import Level
from communities.offices.models import Post, User
from linkage.attainment.services import editions, rebuilding
from linkage.attainment.services import exporting as statistics
from linkage.foundation import jobs, journal, notices, sealing, tidings
from linkage.foundation.models import Job
from linkage.foundation.notices import Telling, teller
from linkage.foundation.spreadsheets import exporting as tables
from linkage.reports.models import Collection
from linkage.reports.services import collecting
from projects.models import Batch, Selection
from projects.services import batch, selection_approval

FRESH = timedelta(days=30)  # what failed longer ago waits for nobody any more


@dataclass(frozen=True)
class Kind:
    """``page(job)``: where it belongs, "" for nowhere; ``own``: only who started it may look there.
    ``instead``: how it is done again where not from the list of jobs."""

    name: Any
    page: Callable = lambda job: ""
    own: bool = False
    instead: Any = ""


def _batch(job):
    return reverse("projects:batch_result", args=[job.arguments["batch"]])


def _selection(job):
    found = Selection.objects.select_related("programme").get(pk=job.scope.rpartition(":")[2])
    return reverse("projects:selection_batch", args=[found.programme.code, found.number])


def _table(job):
    return reverse("desk:import", args=[job.arguments["import"]])


_ANEW = _("Whoever started it starts it anew.")
_CHECK = _("Whoever handed the table in presses “Check again” on its page; nothing of it has been imported.")

KINDS = {
    rebuilding.KIND: Kind(_("Count all figures anew"), lambda job: reverse("attainment:dashboard")),
    editions.KIND: Kind(_("Keep the figures of a day"), lambda job: reverse("attainment:dashboard")),
    collecting.KIND: Kind(
        _("Keep the figures of a return"),
        lambda job: Collection.objects.get(pk=job.arguments["collection"]).get_absolute_url(),
    ),
    statistics.KIND: Kind(
        _("Export of statistics"), lambda job: reverse("attainment:exports"), own=True, instead=_ANEW
    ),
    tables.KIND: Kind(_("Export of a register"), lambda job: reverse("desk:tables"), own=True, instead=_ANEW),
    "sheet_check": Kind(_("Check of a table"), _table, own=True, instead=_CHECK),
    "sheet_apply": Kind(_("Import of a table"), _table, own=True, instead=_CHECK),
    batch.KIND: Kind(_("Decide on many projects"), _batch, own=True),
    selection_approval.KIND: Kind(
        _("Approve a selection"),
        _selection,
        instead=_("Whoever approved the selection tries again on its page."),
    ),
    sealing.KIND: Kind(_("Seal personal data anew")),
}
_OTHER = Kind(_("Other work"))


def kind_of(job):
    return KINDS.get(job.kind, _OTHER)


def title_of(job):
    """What it is about; without a title of its own, what its kind is called."""
    return job.title if job.title and job.title != job.kind else str(kind_of(job).name)


def page_of(job, user):
    """Where it belongs, if that is still there and theirs to look at."""
    kind = kind_of(job)
    if kind.own and job.owner_id != user.pk:
        return ""
    try:
        return kind.page(job)
    except (Batch.DoesNotExist, Collection.DoesNotExist, Selection.DoesNotExist, KeyError):
        return ""


def advice(job):
    """What can be done about one that failed."""
    told = []
    if job.cause == Job.Cause.STORAGE:
        told.append(gettext("See that the disk of the server has room."))
    elif job.cause in ("", Job.Cause.PROGRAM):
        told.append(
            gettext("The log of the server says where: job %(number)s. Tell whoever runs the server.")
            % {"number": job.pk}
        )
    if instead := kind_of(job).instead:
        told.append(str(instead))
    elif may_begin_again(job):
        told.append(gettext("When the cause is removed, press “Do it again”."))
    return " ".join(told)


# Who looks after them


def visible_to(user):
    """The jobs an administrator looks after; nobody else sees any here."""
    if not user.is_authenticated or not user.administers:
        return Job.objects.none()
    people = User.objects.filter(user.under_administration("posts__office__region__path"))
    theirs = Q(owner__in=people.order_by().values("pk"))
    if _administers_a_province(user):
        theirs |= Q(owner=None)
    return Job.objects.filter(theirs)


def _administers_a_province(user):
    return any(post.administers and post.office.region.level == Level.PROVINCE for post in user.current_posts)


def failed_under(user):
    """Those that wait for this administrator."""
    return visible_to(user).unmended().filter(finished_at__gt=timezone.now() - FRESH)


def may_begin_again(job):
    """Whether it failed and is of a kind that is done again from the list of jobs."""
    return job.state == Job.State.FAILED and job.kind in KINDS and not kind_of(job).instead


@transaction.atomic
def begin_again(job, *, by):
    """Have a failed job done once more, by whoever looks after it."""
    if not may_begin_again(job) or not visible_to(by).filter(pk=job.pk).exists():
        raise PermissionDenied
    job = jobs.again(job)
    notices.settle(matter(job))
    journal.record("job_again", by=by, target=job, facts={"kind": job.kind})
    return job


# What is told


def matter(job):
    """The clock's work of a kind is one matter: done once, it is settled."""
    return f"job:{job.pk}" if job.owner_id else f"job:{job.kind}"


@tidings.hears("job.failed")
def tell_administrators(job):
    if job.cause != Job.Cause.TOLD:
        notices.tell("job.failed", f"{job.pk}:{job.attempts}", job=job.pk)


@tidings.hears("job.done")
def settle(job):
    notices.settle(matter(job))


@teller("job.failed")
def failed(facts):
    job = Job.objects.select_related("owner").get(pk=facts["job"])
    if job.state != Job.State.FAILED:
        return None
    return Telling(
        {post.user_id: f"office:{post.office_id}" for post in _concerned(job)},
        gettext("A background job failed: %(what)s") % {"what": title_of(job)},
        matter=matter(job),
        url=reverse("admin:foundation_job_change", args=[job.pk]),
        text=job.get_cause_display(),
        to_act=True,
        tone="late",
    )


def _concerned(job):
    """The administrators nearest to whoever started it; of the clock's work, those of the provinces."""
    if job.owner_id and (home := job.owner.home_region):
        return Post.objects.nearest_administrators(home)
    posts = Post.objects.current().filter(office__region__level=Level.PROVINCE, user__is_active=True)
    return posts.filter(role=Post.Role.ADMINISTRATOR)
