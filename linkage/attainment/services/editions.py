"""Which editions are kept: each month, each deadline, each end of a year, and whenever somebody asks."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Level
from linkage.attainment.models import Edition, Target
from linkage.attainment.services import counting, kept
from linkage.foundation import jobs, journal
from linkage.foundation.errors import NotNow
from linkage.foundation.models import Job

KIND = "keep_edition"


def keep_editions(on=None):
    """One edition of every deadline that has passed without one, of the year that ended last, of the month.

    An edition made later than its day is marked so; what was not dated then, it cannot know. Deadlines
    come first: whether a target was met in time is read from them, and an edition never changes. Targets of
    a document that came after a deadline was kept get another edition of that day.
    """
    on = on or timezone.localdate()
    made = keep_past_days(on)
    first = on.replace(day=1)
    if not Edition.objects.filter(kind=Edition.Kind.MONTHLY, as_of=first).exists():
        made.append(counting.freeze(Edition.Kind.MONTHLY, first))
    return made


def keep_past_days(on=None):
    """Of those the ones of days that are over: deadlines and the end of the year."""
    on = on or timezone.localdate()
    return [*_keep_deadlines(on), *_keep_year_end(on.year - 1)]


def _keep_deadlines(on):
    of_day = {}
    passed = Target.objects.filter(deadline__lt=on, document__region__isnull=False)
    for deadline, code in passed.values_list("deadline", "code"):
        of_day.setdefault(deadline, set()).add(code)
    there = set(Edition.objects.filter(kind=Edition.Kind.DEADLINE).values_list("as_of", flat=True))
    made = []
    for deadline, codes in sorted(of_day.items()):
        if deadline not in there:
            made.append(counting.freeze(Edition.Kind.DEADLINE, deadline))
        elif missed := codes - kept.known_at(Edition.Kind.DEADLINE, deadline):
            made.append(counting.freeze(Edition.Kind.DEADLINE, deadline, missed=missed))
    return [edition for edition in made if edition]


def _keep_year_end(year):
    """Figures of a year begin anew with the next one: its last day keeps them, unless a deadline did so."""
    last = date(year, 12, 31)
    if Edition.objects.readable().filter(as_of=last).exists():
        return []
    return [counting.freeze(Edition.Kind.YEARLY, last)]


def keep_months(count, on=None):
    """The monthly editions of the last ``count`` months that are missing, the oldest first."""
    on = on or timezone.localdate()
    _keep_deadlines(on)
    if count:
        _keep_year_end(on.year - 1)
    months = [divmod(on.year * 12 + on.month - 1 - back, 12) for back in range(count)]
    return [counting.freeze(Edition.Kind.MONTHLY, date(year, month + 1, 1)) for year, month in months[::-1]]


def may_ask(user):
    """An edition holds the whole platform: who decides or administers in a province may ask for one."""
    return any(
        (post.decides or post.administers) and post.office.region.level == Level.PROVINCE
        for post in user.current_posts
    )


@transaction.atomic
def ask(*, by):
    """Have the figures of today kept; once a day, whoever asks. A job does it: a nation takes a while."""
    if not may_ask(by):
        raise PermissionDenied
    today = timezone.localdate()
    if Edition.objects.filter(kind=Edition.Kind.DEMAND, as_of=today).exists():
        raise NotNow(_("The figures of today have been kept already."))
    if under_way():
        raise NotNow(_("The figures of today are being kept already."))
    job = jobs.start(
        KIND, by=by, scope=today.isoformat(), title=_("Keep the figures of the day"), total=1,
        arguments={"on": today.isoformat()},
    )  # fmt: skip
    journal.record("edition_asked", by=by, facts={"as_of": today.isoformat(), "job": job.pk})
    return job


def keep_asked(job):
    """The work of the job."""
    on = date.fromisoformat(job.arguments["on"])
    _keep_deadlines(on)
    edition = counting.freeze(Edition.Kind.DEMAND, on)
    journal.record("edition_kept", by=job.owner, target=edition, facts={"as_of": on.isoformat()})
    jobs.advance(job, done=1, total=1)


def under_way():
    """The job that is keeping the figures of today; None where there is none."""
    today = timezone.localdate().isoformat()
    return Job.objects.open().filter(kind=KIND, scope=today).first()


def keeping(user):
    """How the page of this person reads the state of today's latest job; None where nobody asked for one."""
    today = Job.objects.filter(kind=KIND, scope=timezone.localdate().isoformat()).order_by("-pk")
    return user.asides.put("keeping", Subquery(today.values("state")[:1]))
