"""Bulk exports: a job writes all below a place, as the doors say it; one file, fetched by its owner."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from openpyxl import load_workbook
from rest_framework.authtoken.models import Token

from communities.models import Region
from communities.offices.models import Post
from linkage.attainment import tasks
from linkage.attainment.models import Edition, Target
from linkage.attainment.services import counting, exporting
from linkage.foundation import jobs, outbox
from linkage.foundation.models import AuditEvent, Job
from tests.attainment.test_api import counted, get, results  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db
API = "/api/v1/"
assert tasks.export  # the worker knows this kind of job


@pytest.fixture(autouse=True)
def nowhere(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(outbox, "send", lambda *_args: None)
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }


@pytest.fixture
def post(client, counted):  # noqa: F811
    def ask(who, path, body=None, **headers):
        token, _made = Token.objects.get_or_create(user=counted.people[who])
        headers |= {"Authorization": f"Token {token.key}"}
        return client.post(f"{API}{path}", json.dumps(body or {}), "application/json", headers=headers)

    return ask


@pytest.fixture
def fetched(client, counted, post):  # noqa: F811
    """The file of an export, run here."""

    def fetch(who="county", **body):
        body = {"what": "attainment", "place": "620102", "policy": counted.programme.document.code, **body}
        answer = post(who, "exports/", body)
        assert answer.status_code == 202, answer.content
        jobs.run(answer.json()["id"])
        job = Job.objects.get(pk=answer.json()["id"])
        assert job.state == "done", job.error
        token = Token.objects.get(user=counted.people[who])
        file = client.get(f"{API}exports/{job.pk}/file/", headers={"Authorization": f"Token {token.key}"})
        assert file.status_code == 200
        return job, file, b"".join(file.streaming_content)

    return fetch


def lines_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_it_holds_what_the_doors_say_of_the_place_and_all_below(fetched, get):  # noqa: F811
    _job, file, content = fetched()
    assert file["Content-Type"].startswith("text/csv") and "620102" in file["Content-Disposition"]
    lines = lines_of(content)
    places = list(dict.fromkeys(line["place"] for line in lines))
    assert places == [
        *("620102", "620102020", "620102020001", "620102020002", "620102021", "620102021001"),
    ]
    for place in places:
        said = results(get("county", f"attainment/?policy={{policy}}&place={place}"))
        mine = [line for line in lines if line["place"] == place]
        assert [(row["target"], row["value"] or "", row["status"]) for row in said] == [
            (line["target"], line["value"], line["status"]) for line in mine
        ]


def test_as_a_workbook_it_says_the_same(fetched):
    _job, _file, content = fetched()
    _job, _file, book = fetched(format="xlsx")
    sheet = load_workbook(io.BytesIO(book), read_only=True).active
    head, *cells = [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
    assert [dict(zip(head, row, strict=True)) for row in cells] == lines_of(content)


def test_totals_and_failing_units_are_exported_too(fetched):
    _job, _file, content = fetched(what="totals")
    assert {line["place"] for line in lines_of(content)} >= {"620102", "620102020001"}
    job, _file, content = fetched(what="failing", target="GS-T11")
    assert [line["place"] for line in lines_of(content)] == ["620102020002", "620102021001"]
    assert job.done == 2


def test_an_edition_is_exported_as_it_was_kept(fetched):
    edition = counting.freeze(Edition.Kind.DEMAND, timezone.localdate())
    _job, _file, content = fetched(edition=edition.pk)
    assert {line["edition"] for line in lines_of(content)} == {str(edition.pk)}


def test_an_edition_is_exported_with_the_places_of_its_day(fetched, counted):  # noqa: F811
    """A place that has come since is not in it, and one that has gone is."""
    edition = counting.freeze(Edition.Kind.DEMAND, timezone.localdate())
    street = counted.region("620102020")
    Region.objects.create(
        code="620102020099", name="新社区", level=5, parent=street, path=f"{street.path}620102020099/",
        kind="urban", committee="residents",
    )  # fmt: skip
    Region.objects.filter(pk=counted.tianqing.pk).update(closed_on=timezone.localdate())
    _job, _file, content = fetched(what="totals", edition=edition.pk)
    places = {line["place"] for line in lines_of(content)}
    assert "620102020002" in places and "620102020099" not in places


def test_who_fell_short_in_an_edition_is_exported_as_the_door_tells_it(fetched, get):  # noqa: F811
    """Since then the threshold was lowered to nothing and a place renamed: neither changes what was."""
    edition = counting.freeze(Edition.Kind.DEMAND, timezone.localdate())
    said = results(get("county", f"attainment/failing/?target=GS-T11&place=620102&edition={edition.pk}"))
    assert {row["place"] for row in said} >= {"620102020002", "620102021001"}
    Target.objects.filter(code="GS-T11").update(at_least="0")
    Region.objects.filter(code="620102020002").update(name="改名社区")
    _job, _file, content = fetched(what="failing", target="GS-T11")
    assert lines_of(content) == []
    _job, _file, content = fetched(what="failing", target="GS-T11", edition=edition.pk)
    lines = lines_of(content)
    assert [(line["place"], line["place_name"]) for line in lines] == [
        (row["place"], row["place_name"]) for row in said
    ]
    assert {line["edition"] for line in lines} == {str(edition.pk)}


def test_a_full_sheet_is_followed_by_another(fetched, monkeypatch):
    monkeypatch.setattr(exporting, "SHEET_ROWS", 10)
    _job, _file, content = fetched(what="totals", format="xlsx")
    book = load_workbook(io.BytesIO(content), read_only=True)
    assert len(book.sheetnames) > 2
    assert {next(sheet.values)[0] for sheet in book.worksheets} == {"place"}


def test_it_is_watched_listed_and_seen_by_its_owner_alone(post, get, counted):  # noqa: F811
    pk = post("county", "exports/", {"what": "totals", "place": "620102"}).json()["id"]
    assert get("county", f"exports/{pk}/").json()["state"] == "queued"
    assert [row["id"] for row in results(get("county", "exports/"))] == [pk]
    assert results(get("county_leader", "exports/")) == []
    for path in (f"exports/{pk}/", f"exports/{pk}/file/"):
        assert get("county_leader", path).status_code == 404
    assert post("county_leader", f"exports/{pk}/cancel/").status_code == 404
    assert get("county", f"exports/{pk}/file/").status_code == 409
    Job.objects.filter(pk=pk).update(total=8, done=2, state="running", heartbeat_at=timezone.now())
    assert get("county", f"exports/{pk}/").json()["percent"] == 25


def test_one_at_a_time(post):
    assert post("county", "exports/", {"what": "totals", "place": "620102"}).status_code == 202
    assert post("county", "exports/", {"what": "totals", "place": "620102"}).status_code == 409


def test_the_same_key_starts_it_once(post):
    body = {"what": "totals", "place": "620102"}
    first = post("county", "exports/", body, **{"Idempotency-Key": "a"})
    again = post("county", "exports/", body, **{"Idempotency-Key": "a"})
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json() and Job.objects.filter(kind=exporting.KIND).count() == 1


def test_it_is_cancelled_while_it_waits_and_while_it_runs(post, monkeypatch):
    pk = post("county", "exports/", {"what": "totals", "place": "620102"}).json()["id"]
    assert post("county", f"exports/{pk}/cancel/").json()["state"] == "cancelled"
    pk = post("county", "exports/", {"what": "totals", "place": "620102"}).json()["id"]
    monkeypatch.setattr(exporting, "BATCH", 1)
    plain = exporting.batches_of

    def cancelled_after_one(place, edition):
        for batch in plain(place, edition):
            yield batch
            Job.objects.filter(pk=pk).update(cancel_requested=True)

    monkeypatch.setattr(exporting, "batches_of", cancelled_after_one)
    jobs.run(pk)
    job = Job.objects.get(pk=pk)
    assert (job.state, job.result_file) == ("cancelled", "")
    assert post("county", f"exports/{pk}/cancel/").status_code == 409


def test_a_killed_worker_leaves_no_half_file_and_the_next_one_writes_one(post, monkeypatch, tmp_path):
    class Killed(BaseException):
        pass

    pk = post("county", "exports/", {"what": "totals", "place": "620102"}).json()["id"]
    plain = exporting.batches_of

    def killed(place, edition):
        yield next(plain(place, edition))
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(exporting, "batches_of", killed)
        with pytest.raises(Killed):
            jobs.run(pk)
    assert not list(tmp_path.rglob("*.csv"))
    Job.objects.filter(pk=pk).update(heartbeat_at=timezone.now() - timedelta(hours=1))
    jobs.resume_lost()
    with monkeypatch.context() as patch:  # this one dies between keeping the file and saying so
        patch.setattr(jobs, "finish", lambda *_args, **_more: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            jobs.run(pk)
    Job.objects.filter(pk=pk).update(heartbeat_at=timezone.now() - timedelta(hours=1))
    jobs.resume_lost()
    jobs.run(pk)
    job = Job.objects.get(pk=pk)
    assert (job.state, job.attempts) == ("done", 3)
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.csv")] == [job.result_file]


def test_rights_are_asked_for_when_it_runs_and_when_it_is_fetched(post, get, counted, fetched):  # noqa: F811
    job, _file, _content = fetched()
    pk = post("county", "exports/", {"what": "totals", "place": "620102"}).json()["id"]
    Post.objects.filter(user=counted.people["county"]).update(office=counted.offices["620123"])
    jobs.run(pk)
    assert Job.objects.get(pk=pk).state == "failed"
    assert get("county", f"exports/{job.pk}/file/").status_code == 403


def test_a_file_expires(get, fetched):  # noqa: F811
    job, _file, _content = fetched()
    assert default_storage.exists(job.result_file)
    Job.objects.filter(pk=job.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert get("county", f"exports/{job.pk}/file/").status_code == 409


def test_start_and_fetching_are_journalled(fetched):
    job, _file, _content = fetched()
    kinds = AuditEvent.objects.filter(target_id=str(job.pk)).values_list("kind", flat=True)
    assert set(kinds) == {"export_started", "export_fetched"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"what": "people", "place": "620102"}, 400),
        ({"what": "attainment", "place": "620102"}, 400),
        ({"what": "failing", "place": "620102"}, 400),
        ({"what": "failing", "place": "620102", "target": "GS-T14b"}, 400),
        ({"what": "failing", "place": "620102", "target": "GS-T11", "edition": 99}, 404),
        ({"what": "totals", "place": "620102", "format": "xml"}, 400),
        ({"what": "totals", "place": "6209"}, 404),
        ({"what": "totals", "place": "no\u0000"}, 400),
        ({"what": "totals", "place": "620102", "edition": 99}, 404),
        ({"what": "attainment", "place": "620102", "policy": "XX"}, 404),
        ({"what": "failing", "place": "620102", "target": "XX"}, 404),
    ],
)
def test_what_cannot_be_exported_is_told(post, body, status):
    assert post("county", "exports/", body).status_code == status
    assert not Job.objects.filter(kind=exporting.KIND).exists()


def test_memory_does_not_grow_with_the_places(post, counted, monkeypatch, django_assert_max_num_queries):  # noqa: F811
    """Batches are read, written and forgotten: never more of them than one at a time."""
    street = counted.region("620102020")
    for number in range(3, 60):
        Region.objects.create(
            code=f"620102020{number:03}", name=f"社区 {number}", level=5, parent=street,
            path=f"{street.path}620102020{number:03}/", kind="urban", committee="residents",
        )  # fmt: skip
    monkeypatch.setattr(exporting, "BATCH", 5)
    held, most = 0, 0
    plain = exporting.batches_of

    def watched(place, edition):
        nonlocal held, most
        for batch in plain(place, edition):
            held += 1
            most = max(most, held)
            yield batch
            held -= 1

    monkeypatch.setattr(exporting, "batches_of", watched)
    pk = post("county", "exports/", {"what": "totals", "place": "620102"}).json()["id"]
    jobs.run(pk)
    job = Job.objects.get(pk=pk)
    assert (job.state, job.done, job.total, most) == ("done", 63, 63, 1)


def test_the_page_lists_them(client, counted, fetched):  # noqa: F811
    client.force_login(counted.people["county"])
    assert "还没有导出" in client.get("/exports/").content.decode()
    job, _file, _content = fetched()
    client.force_login(counted.people["county"])
    assert f"/exports/{job.pk}/file/" in client.get("/exports/").content.decode()
    answer = client.get(f"/exports/{job.pk}/file/")
    assert answer.status_code == 200 and b"620102" in b"".join(answer.streaming_content)
    client.force_login(counted.people["street"])
    assert client.get(f"/exports/{job.pk}/file/").status_code == 404
