"""Exports of exactly the rows of a list, by a job: masked, kept for a day, asked again at download."""

import tempfile
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone
from django.utils.translation import gettext as _

from linkage.foundation import jobs, journal
from linkage.foundation.errors import NotNow
from linkage.foundation.models import Job

from . import describing, files, fullness, vault

KIND = "sheet_export"
FORMATS = ("xlsx", "csv")
OPEN_AT_ONCE = 3


def listed(sheet, user, query):
    """The rows of the list of the register as its desk shows them to this person under these filters.

    A filter there is none of is a 400, as on the list itself.
    """
    if not sheet.on_desk:
        return sheet.listed(user, query)
    desk = admin.site._registry[sheet.model]
    request = RequestFactory().get("/", query)
    request.user = user
    request.resolver_match = None
    changes = desk.get_changelist_instance(request)
    return changes.queryset


def words_of(sheet, user, query):
    """What is chosen, in words, for the line below the title."""
    told = []
    place = query.get("place")
    if place:
        found = describing.region_model(sheet.model).objects.visible_to(user).filter(code=place).first()
        told += [found.name] if found else []
    if query.get("q"):
        told.append(query["q"])
    others = [name for name in query if name not in ("place", "q", "o", "p")]
    if others:
        told.append(_("%s further filters") % len(others))
    return "、".join(told)


@transaction.atomic
def start(sheet, query, *, by, format, full_because=""):
    """Queue an export; the query has been found good by ``listed``. With a reason numbers are in full."""
    posts = sheet.readers(by)
    if not posts:
        raise PermissionDenied
    get_user_model().objects.select_for_update().get(pk=by.pk)
    if Job.objects.of(by).open().filter(kind=KIND).count() >= OPEN_AT_ONCE:
        raise NotNow(_("%s of your exports are still running. Wait for one or cancel it.") % OPEN_AT_ONCE)
    arguments = {
        "register": sheet.label,
        "query": dict(query),
        "format": format,
        "places": sorted({post.office.region.path for post in posts}),
    }
    facts = {"register": sheet.label, "query": urlencode(query), "format": format}
    title = _("Export: %s") % sheet.title
    if full_because:
        rows = listed(sheet, by, query).kept_by(by).order_by().count()
        arguments |= fullness.asked(sheet, arguments["places"], rows, by=by, reason=full_because)
        facts |= {"full": True, "reason": arguments["reason"], "rows": rows}
        title = _("Export in full: %s") % sheet.title
    job = jobs.start(KIND, by=by, title=title, arguments=arguments)
    journal.record(fullness.EVENT if full_because else "export_started", by=by, target=job, facts=facts)
    return job


def of(user):
    return Job.objects.of(user).filter(kind=KIND)


def may_read(job, user):
    """Whether its owner still holds posts over all places it covered, and keeps that register."""
    sheet = describing.named(job.arguments["register"])
    posts = sheet.readers(user) if sheet else []
    if job.arguments.get("full"):
        posts = fullness.posts_of(user, sheet)
    return fullness.cover(posts, job.arguments["places"])


def file_of(job, *, by):
    """The file of a finished export, for its owner, as long as the places are theirs; (file, name)."""
    if not may_read(job, by):
        raise PermissionDenied
    if job.state != Job.State.DONE:
        raise NotNow(_("This export is not finished."))
    if not job.result_file or (job.expires_at and job.expires_at <= timezone.now()):
        raise NotNow(_("The file of this export is no longer kept. Start it anew."))
    full = bool(job.arguments.get("full"))
    facts = {"full": True, "rows": job.done, "reason": job.arguments["reason"]} if full else {}
    journal.record("export_fetched", by=by, target=job, facts=facts)
    sheet = describing.named(job.arguments["register"])
    day = timezone.localtime(job.created_at)
    file = fullness.opened(job.result_file) if full else default_storage.open(job.result_file)
    return file, f"{sheet.title}_{day:%Y%m%d}.{job.arguments['format']}"


def run(job):
    """The work of the job; a worker that dies leaves nothing that is found, the next one begins afresh."""
    owner = get_user_model().objects.get(pk=job.owner_id)
    sheet = describing.named(job.arguments["register"])
    if not may_read(job, owner):
        raise PermissionDenied(_("These places are no longer yours."))
    query = job.arguments["query"]
    full = bool(job.arguments.get("full"))
    rows = listed(sheet, owner, query)
    rows = rows.kept_by(owner) if full else rows  # one may read more than one keeps
    jobs.advance(job, done=0, total=rows.order_by().count())
    view = files.View(sheet, owner, full=full)
    done = 0
    with tempfile.TemporaryFile() as scratch:
        table = files.TABLES[job.arguments["format"]](
            scratch, sheet, files.facts(sheet, owner, words_of(sheet, owner, query))
        )
        for some in files.rows_of(view, rows):
            for row in some:
                table.append(row)
            done += len(some)
            jobs.advance(job, done=done)
        table.close()
        jobs.advance(job, done=done, total=done)  # whoever has lost the job, or is to stop, keeps no file
        for attempt in range(1, job.attempts + 1):
            default_storage.delete(_name(job, attempt))
        scratch.seek(0)
        if full:
            journal.record("full_numbers_exported", by=owner, target=job, facts={"rows": done})
            job.result_file = vault.store(scratch)
        else:
            job.result_file = default_storage.save(_name(job, job.attempts), File(scratch))


def _name(job, attempt):
    return f"exports/{job.pk}-{attempt}.{job.arguments['format']}"
