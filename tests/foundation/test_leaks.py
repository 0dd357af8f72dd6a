"""Numbers of people pass through the doors of the site and lie open nowhere after (TRUST §3.4, §4.9)."""

import base64
import os
import uuid
from pathlib import Path

import pytest
import redis
from django.conf import settings as site
from django.core import mail
from django.core.cache import cache
from django.db import connection, transaction
from django.test import TransactionTestCase
from django.urls import reverse
from django.utils import timezone

from communities.consultation import services as consultation
from communities.offices.models import Office
from communities.people.services import attach
from linkage.foundation import jobs, journal, outbox, tasks
from linkage.foundation.models import AuditEvent, Job, Outbox
from tests import leaks
from tests.access.walk import unpacked
from tests.conftest import guarded
from tests.database import as_owner
from tests.factories import PASSWORD

SEEDS = leaks.seeded()
NUMBER, OTHER, _child = SEEDS.identities
PHONE, MOBILE, _third = SEEDS.phones


# The scanner finds what lies open


@pytest.mark.django_db
@pytest.mark.parametrize("disguise", sorted(leaks.disguises(NUMBER)))
def test_the_scanner_finds_a_number_in_any_column_and_says_where(disguise):
    form = leaks.disguises(NUMBER)[disguise]
    AuditEvent.objects.create(kind="x", target=f"号码{form}。")
    assert f"foundation_auditevent.target: 620… {disguise}" in leaks.scan_database(SEEDS)


@pytest.mark.django_db
def test_the_scanner_finds_a_number_deep_in_json():
    AuditEvent.objects.create(kind="x", facts={"rows": [{"who": [NUMBER]}]})
    assert leaks.scan_database(SEEDS) == ["foundation_auditevent.facts: 620… plain"]


@pytest.mark.django_db
@pytest.mark.parametrize("before", ["", "a", "ab"])
def test_the_scanner_finds_a_number_within_base64(before):
    body = base64.b64encode(f"{before}{NUMBER} and more".encode()).decode()
    assert [finding for finding in leaks.scan_text(body, SEEDS) if "base64" in finding]


@pytest.mark.django_db
def test_the_scanner_looks_into_binary_columns_sessions_and_the_queue(client, world):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE blob AS SELECT %s::bytea AS body", [NUMBER.encode()])
    assert leaks.scan_database(SEEDS) == ["blob.body: 620… hex"]
    client.login(username="county", password=PASSWORD)
    session = client.session
    session["last"] = {"search": PHONE}
    session.save()
    assert "django_session: 138… plain" in leaks.scan_database(SEEDS)
    queue = redis.Redis.from_url(site.REDIS_URL)
    queue.hset("leaks-test", "field", PHONE)
    try:
        assert leaks.scan_redis(SEEDS) == ["redis leaks-test: 138… plain"]
    finally:
        queue.delete("leaks-test")


@pytest.mark.django_db
def test_no_number_is_seeded_twice_and_the_world_has_none_of_them(world):
    assert len(set(SEEDS)) == 6
    assert leaks.scan_database(SEEDS) == []


# What is asked after every test that commits, and after the last


@pytest.mark.django_db
@pytest.mark.parametrize("open_number", [NUMBER, PHONE, f"电话：{PHONE}。", f'["{NUMBER}"]'])
def test_a_number_in_any_row_is_found_whoever_made_it_up(open_number):
    AuditEvent.objects.create(kind="x", target=open_number)
    (found,) = leaks.scan_rows()
    assert found.startswith("foundation_auditevent: ")
    assert PHONE not in found
    assert NUMBER not in found


@pytest.mark.django_db
@pytest.mark.parametrize(
    "harmless", ["0931-5550127", "20261122171502", f"a{PHONE}f", f"1{PHONE}", NUMBER[:-1] + "0", "9f" * 20]
)
def test_what_is_no_number_of_a_person_is_not_taken_for_one(harmless):
    AuditEvent.objects.create(kind="x", target=harmless)
    assert leaks.scan_rows() == []


def test_a_test_that_commits_an_open_number_fails(transactional_db, monkeypatch):
    """The guard bites: this is the teardown every such test goes through."""
    AuditEvent.objects.create(kind="x", target=PHONE)
    emptied = []
    monkeypatch.setattr(TransactionTestCase, "_fixture_teardown", guarded(lambda case: emptied.append(case)))
    with pytest.raises(AssertionError, match="lie open"):
        TransactionTestCase._fixture_teardown(None)
    assert emptied, "the tables are emptied all the same"
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE foundation_auditevent")


def test_the_log_of_a_run_is_read_as_the_site_writes_it(tmp_path):
    (tmp_path / "site.log").write_text(f"2026-11-22 INFO x {PHONE}\n")
    (tmp_path / "mail").write_text(f"{NUMBER}")
    assert leaks.scan_files(tmp_path) == ["mail: 620… of 18 signs", "site.log: 138… of 11 signs"]


def test_the_queue_is_read_to_the_last_key():
    queue = redis.Redis.from_url(site.REDIS_URL)
    queue.hset("leaks-test", "field", PHONE)
    try:
        assert leaks.scan_keys() == ["redis leaks-test: 138… of 11 signs"]
    finally:
        queue.delete("leaks-test")


# The doors


@pytest.fixture
def quiet(monkeypatch):
    cache.clear()
    monkeypatch.setattr(jobs, "_kinds", dict(jobs._kinds))
    monkeypatch.setattr(outbox, "_handlers", dict(outbox._handlers))


@pytest.mark.django_db(transaction=True)
def test_what_passed_through_the_doors_lies_open_nowhere(
    client, world, quiet, monkeypatch, settings, tmp_path
):
    settings.FILES = tmp_path
    answers = {}

    def keep(name, answer):
        answers[name] = unpacked(answer)
        return answer

    with leaks.log_lines() as lines:
        _enter(client, world, keep)
        _fail(client, world, keep, monkeypatch)
        _work(client, world, keep)

    found = [finding for name, body in answers.items() for finding in leaks.scan_text(body, SEEDS, name)]
    assert found == []
    assert "138****0231" in lines.getvalue(), "the failures were logged, masked"
    assert leaks.scan_text(lines.getvalue(), SEEDS) == []
    assert leaks.scan_database(SEEDS) == []
    assert leaks.scan_redis(SEEDS) == []
    assert leaks.scan_text(str([message.message() for message in mail.outbox]), SEEDS) == []
    assert leaks.scan_folder(tmp_path, SEEDS) == []
    home = Path(os.environ.get("LINKAGE_HOME", "/nonexistent"), "logs")
    assert leaks.scan_folder(home, SEEDS) == [], "the logs of database and queue"
    assert AuditEvent.objects.exists() and Job.objects.filter(state="failed").exists()


def _enter(client, world, keep):
    """An account, a person, an objection; then whoever may look at them does."""
    clerk = world.people["community"]
    with journal.acting(user=clerk):
        clerk.phone = MOBILE
        clerk.save()
        attach(region=world.xingfuli, name="周建平", id_number=NUMBER)
        attach(region=world.xingfuli, name="钱大成", id_type="passport", id_number=OTHER)
    notice = _notice(world, clerk)
    typed = {"text": "驿站较远。", "reply_by": "phone", "name": "周建平", "token": str(uuid.uuid4())}
    sent = keep(
        "objection", client.post(reverse("portal:objection", args=[notice.pk]), typed | {"phone": PHONE})
    )
    assert sent.status_code == 302
    keep("received", client.get(sent.url))
    keep("again", client.post(reverse("portal:objection", args=[notice.pk]), typed | {"phone": PHONE}))
    consultation.settle_objection(notice.objections.get(), answer="已增设。", by=clerk)
    keep("notice", client.get(reverse("portal:notice", args=[notice.pk])))
    for who in ("community", "county"):
        assert client.login(username=who, password=PASSWORD)
        for path in ("/", "/search/?q=周建平", "/accounts/", "/tasks/"):
            keep(f"{who} {path}", client.get(path))


def _notice(world, clerk):
    draft = consultation.draft_notice(
        world.xingfuli,
        by=clerk,
        title="公示",
        body="现予公示。",
        place="社区公示栏",
        contact_name="马晓燕",
        contact_phone="0931-555 0127",
    )
    return consultation.publish_notice(draft, on=timezone.localdate(), days=7, by=clerk)


def _fail(client, world, keep, monkeypatch):
    """A mistake of ours in the middle of a form: the page, and the report that a developer sees."""
    notice = _notice(world, world.people["community"])

    def breaks(*about, **facts):
        person = attach(region=world.xingfuli, name="周建平", id_number=NUMBER)
        raise ValueError(f"cannot keep {facts['phone']} of {person.id_number} in {facts}")

    monkeypatch.setattr(consultation, "object_to", breaks)
    client.raise_request_exception = False
    facts = {"text": "x", "reply_by": "phone", "name": "周建平", "phone": PHONE, "token": str(uuid.uuid4())}
    url = reverse("portal:objection", args=[notice.pk])
    answer = keep("mistake", client.post(url, facts))
    assert answer.status_code == 500
    keep("not found", client.get(f"/public/notices/{PHONE}/"))
    keep("unknown filter", client.get("/api/v1/projects/", {"phone": PHONE}))
    site.DEBUG = True
    try:
        answer = keep("report", client.post(url, facts))
    finally:
        site.DEBUG = False
    assert answer.status_code == 500
    assert "ValueError" in answer.content.decode()


def _work(client, world, keep):
    """A job, an effect and a task that know a number, and fail over it."""
    person = attach(region=world.xingfuli, name="周建平", id_number=NUMBER)

    @jobs.kind("leaky")
    def leaky(job):
        number = type(person).objects.get(pk=job.arguments["person"]).id_number
        raise RuntimeError(f"row 7: {number}, telephone {PHONE}")

    @outbox.handler("leaky")
    def leaking(payload):
        raise RuntimeError(f"no answer from {PHONE}")

    with transaction.atomic():
        job = jobs.start("leaky", title="名册", arguments={"person": person.pk})
        outbox.put("leaky", uuid.uuid4(), {"person": person.pk})
    outbox.send("linkage.run_job", job.pk)
    tasks.run_job(job.pk)
    tasks.deliver()
    job.refresh_from_db()
    assert "620102********4175" in job.error
    assert "138****0231" in Outbox.objects.get(kind="leaky").last_error
    office = Office.objects.first()
    journal.record("looked", by=world.people["county"], target=office, facts={"person": person.pk})
