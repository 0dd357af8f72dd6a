"""Bulk exports: everything of one kind at a place and at all levels below it, as a file, by a job.

A job writes one batch of places after the other into a scratch file, so its memory does not grow, and keeps
the file once it is whole. A worker that dies leaves a scratch file that nobody finds; the next one begins
afresh under another name. Rights are asked for when the job begins and again when the file is fetched.

All batches are read as of one moment, that of the first one (``foundation.snapshot``).
"""

import csv
import io
import tempfile

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from communities.models import Region
from communities.offices.models import User
from linkage.attainment.models import Edition, KeptPlace
from linkage.foundation import jobs, journal
from linkage.foundation.errors import NotNow
from linkage.foundation.models import Job
from linkage.foundation.scope import under
from linkage.foundation.tabular import written

KIND = "statistics_export"
WHATS = ("attainment", "totals", "failing")
FORMATS = ("csv", "xlsx")
BATCH = 200
SHEET_ROWS = 1_000_000  # a sheet holds 1,048,576


@transaction.atomic
def start(*, by, what, place, format, policy=None, target=None, edition=None):
    """Queue an export; one at a time for each person. What was asked for has been found in their scope."""
    User.objects.select_for_update().get(pk=by.pk)
    if Job.objects.of(by).open().filter(kind=KIND).exists():
        raise NotNow(_("An export of yours is still running. Wait for it or cancel it."))
    arguments = {
        "what": what,
        "place": place.pk,
        "format": format,
        "policy": policy,
        "target": target,
        "edition": edition and edition.pk,
    }
    job = jobs.start(
        KIND, by=by, scope=place.path, title=_title(what, place, policy or target), arguments=arguments
    )
    journal.record("export_started", by=by, target=job, facts=arguments)
    return job


def _title(what, place, about):
    words = {
        "attainment": _("Attainment of targets"),
        "totals": _("Totals of measures"),
        "failing": _("Units to be mended"),
    }
    return " · ".join(filter(None, [words[what], place.name, about]))


def of(user):
    """The exports this person started."""
    return Job.objects.of(user).filter(kind=KIND)


def file_of(job, *, by):
    """The file of a finished export, for its owner, as long as the place is theirs; (file, name)."""
    place = _place(job, by)
    if place is None:
        raise PermissionDenied
    if job.state != Job.State.DONE:
        raise NotNow(_("This export is not finished."))
    if not job.result_file or (job.expires_at and job.expires_at <= timezone.now()):
        raise NotNow(_("The file of this export is no longer kept. Start it anew."))
    journal.record("export_fetched", by=by, target=job)
    format = job.arguments["format"]
    name = f"linkage-{job.arguments['what']}-{place.code}-{job.created_at:%Y%m%d}.{format}"
    return default_storage.open(job.result_file), name


def _place(job, user):
    return Region.objects.visible_to(user).filter(pk=job.arguments["place"]).first()


def begun(job):
    """What the job reads, if its owner still may: (owner, place, edition)."""
    owner = User.objects.get(pk=job.owner_id)
    place = _place(job, owner)
    if place is None:
        raise PermissionDenied(_("This place is no longer yours."))
    edition = job.arguments["edition"]
    return owner, place, Edition.objects.with_demand().get(pk=edition) if edition else None


def batches_of(place, edition=None):
    """The place and all levels below it, in the order of the tree: open today, or of an edition."""
    rows, key = _rows_of(place, edition)
    after = ""
    while True:
        found = list(rows.filter(path__gt=after).order_by("path").values_list(key, "path")[:BATCH])
        if not found:
            return
        regions = Region.objects.in_bulk([pk for pk, _path in found])
        yield [regions[pk] for pk, _path in found if pk in regions]
        after = found[-1][1]


def count_of(place, edition=None):
    return _rows_of(place, edition)[0].count()


def _rows_of(place, edition):
    """What has a path for each of the places, and where the number of the place stands in it."""
    if edition is None or edition.demand_id is None:  # the first editions kept no places
        day = edition.as_of if edition else timezone.localdate()
        return Region.objects.within(place).open_on(day), "pk"
    kept = KeptPlace.objects.filter(edition_id=edition.pk)
    path = kept.filter(unit_id=place.pk).values_list("path", flat=True).first()
    return (kept.filter(under("path", path)) if path else kept.none()), "unit_id"


def write(job, columns, batches, *, total=None):
    """The file of a job: ``batches`` are (places done, rows of cells), each reported when it is written."""
    done = 0
    with tempfile.TemporaryFile() as scratch:
        table = {"csv": _CSV, "xlsx": _XLSX}[job.arguments["format"]](scratch, columns)
        jobs.advance(job, done=0, total=total)
        for places, rows in batches:
            for row in rows:
                table.append(row)
            done += places
            jobs.advance(job, done=min(done, total) if total else done)
        table.close()
        jobs.advance(job, done=total)  # whoever has lost the job, or is to stop, keeps no file
        _forget_earlier(job)
        scratch.seek(0)
        job.result_file = default_storage.save(_name(job, job.attempts), File(scratch))


def _name(job, attempt):
    return f"exports/{job.pk}-{attempt}.{job.arguments['format']}"


def _forget_earlier(job):
    """What workers kept that died between keeping the file and saying so."""
    for attempt in range(1, job.attempts + 1):
        default_storage.delete(_name(job, attempt))


class _CSV:
    def __init__(self, file, columns):
        self.text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=False)
        self.writer = csv.writer(self.text)
        self.append = self.writer.writerow
        self.append(columns)

    def close(self):
        self.text.flush()
        self.text.detach()


class _XLSX:
    """A workbook written row by row; a sheet that is full is followed by another."""

    def __init__(self, file, columns):
        self.file, self.columns = file, columns
        self.book = Workbook(write_only=True)
        self.left = 0

    def append(self, row):
        if not self.left:
            self._sheet()
        self.left -= 1
        self.sheet.append(written(self.sheet, row))

    def _sheet(self):
        self.sheet = self.book.create_sheet(f"linkage {len(self.book.worksheets) + 1}")
        self.sheet.freeze_panes = "A2"
        self.sheet.append(written(self.sheet, self.columns))
        self.left = SHEET_ROWS

    def close(self):
        if not self.book.worksheets:
            self._sheet()
        self.book.save(self.file)
