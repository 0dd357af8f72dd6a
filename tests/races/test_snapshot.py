"""Figures that are swapped in while a file is read: the file is all of before."""

import csv
import io
import threading

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test import Client

from linkage.attainment import tasks
from linkage.attainment.services import counting, exporting, reading
from linkage.foundation import jobs, outbox
from linkage.foundation.models import Job
from tests.attainment.figures import set_figures, summed

pytestmark = pytest.mark.django_db(transaction=True)
assert tasks.export
PLACES = ("620102020001", "620102020002", "620102021001")


@pytest.fixture
def swapped(world, monkeypatch):
    """Ten volunteers in each community; called, once, makes them twenty, elsewhere and at once."""
    monkeypatch.setattr(outbox, "send", lambda *_args: None)
    counting.rebuild()
    _swap(world, 10)
    done = []

    def swap():
        if not done:
            done.append(True)
            thread = threading.Thread(target=lambda: (_swap(world, 20), connection.close()))
            thread.start()
            thread.join(30)
            assert not thread.is_alive(), "whoever reads holds up whoever counts"

    return swap


@transaction.atomic
def _swap(world, volunteers):
    for code in PLACES:
        set_figures(world.region(code), volunteers=volunteers)
    summed()


def test_a_summary_is_all_of_one_moment(world, swapped, monkeypatch):
    of_communities = reading._of_communities

    def later(*asked):  # the sums of the places above have been read
        swapped()
        return of_communities(*asked)

    monkeypatch.setattr(reading, "_of_communities", later)
    client = Client()
    client.force_login(world.people["county"])
    answer = client.get("/summary/export/?table=volunteers&level=5&format=csv")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[3:]
    assert not any("本级" in "".join(line) for line in lines), "the whole is not the sum of its parts"
    assert "30" in lines[-1] and "60" not in lines[-1]
    again = client.get("/summary/export/?table=volunteers&level=5&format=csv").content.decode("utf-8-sig")
    assert "60" in list(csv.reader(io.StringIO(again)))[-1], "the next file is of the new figures"


def test_a_bulk_export_is_all_of_one_moment_while_its_progress_is_told(
    world, swapped, monkeypatch, settings, tmp_path
):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }
    monkeypatch.setattr(exporting, "BATCH", 1)
    advance, seen = jobs.advance, []

    def told(job, **facts):
        advance(job, **facts)
        seen.append(Job.objects.get(pk=job.pk).done)
        if facts.get("done"):
            swapped()

    monkeypatch.setattr(jobs, "advance", told)
    county = world.region("620102")
    job = exporting.start(by=world.people["county"], what="totals", place=county, format="csv")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error
    assert seen[:4] == [0, 1, 2, 3]
    with default_storage.open(job.result_file) as file:
        lines = list(csv.DictReader(io.StringIO(file.read().decode("utf-8-sig"))))
    volunteers = {line["place"]: line["value"] for line in lines if line["measure"] == "volunteers"}
    assert volunteers["620102"] == "30"
    assert [volunteers[code] for code in PLACES] == ["10", "10", "10"]
