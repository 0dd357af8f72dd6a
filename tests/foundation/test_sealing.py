"""A new key or cipher reaches every sealed value, beside people at work and over the death of the worker."""

import threading
import time
from datetime import timedelta
from functools import partial

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models.functions import Now

from communities.consultation.models import Objection, PublicNotice
from communities.offices.models import User
from linkage.foundation import fields, jobs, outbox, sealing, tasks
from linkage.foundation.errors import NotNow
from linkage.foundation.models import Job
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

PHONES = {f"user{number}": f"1390000{number:04}" for number in range(10)}
CHUNKS_BEFORE_USERS = [model for model, _fields in sealing.sealed_models()].index(User)  # one each, empty
CHANGE = User.history.rel.related_model


class Killed(BaseException):
    """The worker is gone, without a word."""


@pytest.fixture(autouse=True)
def quick(monkeypatch, settings):
    settings.DATA_KEYS = ["old"]
    settings.HASH_KEY = "old"
    monkeypatch.setattr(sealing, "CHUNK", 3)
    monkeypatch.setattr(sealing, "PAUSE", 0)
    monkeypatch.setattr(outbox, "send", lambda task, *args: None)


@pytest.fixture
def users():
    User.objects.bulk_create(User(username=name, phone=phone) for name, phone in PHONES.items())
    User.objects.create(username="without")


@pytest.fixture
def new_key(users, settings):
    """All is sealed by the old key; from now on a new one writes."""
    settings.DATA_KEYS = ["new", "old"]


def after_chunk(monkeypatch, number, deed):
    """Do something at the end of one chunk, before it is committed."""
    plain, chunks = jobs.advance, []

    def advance(job, **facts):
        plain(job, **facts)
        if "done" in facts:
            chunks.append(facts)
            if len(chunks) == number:
                deed()

    monkeypatch.setattr(jobs, "advance", advance)


def before_chunk(monkeypatch, number, deed):
    """Do something before one chunk is read."""
    plain, chunks = sealing._chunk, []

    def chunk(*about):
        chunks.append(about)
        if len(chunks) == number:
            deed()
        return plain(*about)

    monkeypatch.setattr(sealing, "_chunk", chunk)


def rotate():
    tasks.run_job(sealing.start().pk)
    return Job.objects.latest("pk")


def phones():
    return dict(User.objects.exclude(phone="").values_list("username", "phone"))


def forms(table="offices_user", column="phone"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT left({column}, 11) FROM {table} WHERE {column} <> ''")
        return {form for (form,) in cursor.fetchall()}


def changes():
    """How often the history says that a row was changed, by user."""
    found = CHANGE.objects.filter(pgh_label="update").values_list("username", "pgh_context__cause")
    return sorted(found)


def elsewhere(deed):
    """Do something in a transaction of its own, as another worker would."""

    def run():
        try:
            deed()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_after_the_walk_the_old_key_may_go(new_key, settings):
    assert forms() != {fields.head()}
    known = fields.keyed_hash("620102199001011234")
    job = rotate()
    assert (job.state, job.done, job.total, job.percent) == ("done", 10, 10, 100)
    assert forms() == {fields.head()}
    settings.DATA_KEYS = ["new"]
    assert phones() == PHONES
    assert fields.keyed_hash("620102199001011234") == known


def test_history_says_that_it_was_a_rotation_once_for_each_row(new_key):
    rotate()
    assert changes() == [(name, "rotation") for name in sorted(PHONES)]
    assert rotate().done == 0
    assert len(changes()) == len(PHONES), "a second walk finds nothing to do"


def test_a_new_cipher_is_a_rotation_too(users, settings):
    settings.DATA_CIPHER = "aes"
    assert rotate().done == 10
    assert {form[:2] for form in forms()} == {"1:"}
    settings.DATA_CIPHER = "sm4"
    rotate()
    assert {form[:2] for form in forms()} == {"2:"}
    assert phones() == PHONES


def test_a_worker_that_dies_between_chunks_leaves_the_rest_to_the_next(new_key, monkeypatch, settings):
    def die():
        raise Killed

    with monkeypatch.context() as patch:
        after_chunk(patch, 3, die)
        job = sealing.start()
        with pytest.raises(Killed):
            tasks.run_job(job.pk)
    assert len(forms()) == 2, "two chunks are there to stay, the third is as it was"
    assert phones() == PHONES, "and all is readable in between"
    assert Job.objects.get().done == 6

    Job.objects.update(heartbeat_at=Now() - timedelta(seconds=121))
    jobs.resume_lost()
    tasks.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.done) == ("done", 2, 10)
    assert changes() == [(name, "rotation") for name in sorted(PHONES)], "no row was sealed twice"
    settings.DATA_KEYS = ["new"]
    assert phones() == PHONES


def test_what_people_save_meanwhile_stays(new_key, monkeypatch, settings):
    def edit():
        for name in ("user0", "user9"):  # one the walk has passed, one it has not reached
            user = User.objects.get(username=name)
            user.phone = "13811112222"
            user.save()

    before_chunk(monkeypatch, CHUNKS_BEFORE_USERS + 2, lambda: elsewhere(edit).join())
    assert rotate().state == "done"
    settings.DATA_KEYS = ["new"]
    assert phones() == PHONES | {"user0": "13811112222", "user9": "13811112222"}


def test_a_row_under_somebodys_hand_is_passed_by_and_met_again(new_key, monkeypatch, settings):
    held, let_go = threading.Event(), threading.Event()

    def edit():
        with transaction.atomic():
            User.objects.filter(username="user4").update(name="甲")
            held.set()
            let_go.wait(20)

    editor = elsewhere(edit)
    assert held.wait(20)

    def pause(seconds):
        assert Job.objects.get().done == 9, "nobody waited"
        let_go.set()
        editor.join()

    monkeypatch.setattr(sealing.time, "sleep", pause)
    job = rotate()
    assert (job.state, job.done) == ("done", 10)
    settings.DATA_KEYS = ["new"]
    assert User.objects.get(username="user4").name == "甲"
    assert phones() == PHONES


def test_while_a_row_stays_locked_for_good_the_job_does_not_claim_to_be_done(new_key, monkeypatch):
    monkeypatch.setattr(sealing, "ROUNDS", 2)
    held, let_go = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            User.objects.select_for_update().get(username="user4")
            held.set()
            let_go.wait(20)

    holder = elsewhere(hold)
    assert held.wait(20)
    try:
        job = rotate()
    finally:
        let_go.set()
        holder.join()
    assert job.state == "failed"
    assert "1 rows keep an old form" in job.error


def test_of_two_columns_each_keeps_its_own(settings):
    world = factories.build()
    notice = PublicNotice.objects.create(
        region=world.xingfuli,
        title="公示",
        body="公示",
        place="公示栏",
        contact_name="马晓燕",
        contact_phone="0931-5550127",
        supervisor="街道办",
        supervise_phone="0931-5550128",
        drafted_by=world.people["community"],
    )

    def objection(code, **facts):
        return Objection.objects.create(
            notice=notice, channel="page", text="x", reply_by="none", query_code=code, **facts
        )

    whole = objection("a", name="周建平", phone="13900000012")
    half = objection("b", name="", phone="13900000013")
    mixed = objection("c", name="钱大成", phone="13900000014")
    objection("d")
    settings.DATA_KEYS = ["new", "old"]
    Objection.objects.filter(pk=mixed.pk).update(name="钱小成")
    job = rotate()
    assert job.state == "done"
    settings.DATA_KEYS = ["new"]
    found = {row.pk: (row.name, row.phone) for row in Objection.objects.exclude(query_code="d")}
    assert found == {
        whole.pk: ("周建平", "13900000012"),
        half.pk: ("", "13900000013"),
        mixed.pk: ("钱小成", "13900000014"),
    }
    assert forms("consultation_objection", "name") == forms("consultation_objection") == {fields.head()}


def test_values_no_key_opens_are_named_by_number_and_hold_up_nothing_else(new_key):
    lost = User.objects.get(username="user3").pk
    with connection.cursor() as cursor:
        cursor.execute("UPDATE offices_user SET phone = '13812345678' WHERE id = %s", [lost])
    job = rotate()
    assert (job.state, job.done) == ("failed", 9)
    assert f"offices.user {lost}" in job.error
    assert "13812345678" not in job.error
    with pytest.raises(CommandError, match="1 values still need"):
        call_command("rotate_keys", "--check")
    with connection.cursor() as cursor:  # nothing lies open when the test is over
        cursor.execute("UPDATE offices_user SET phone = '' WHERE id = %s", [lost])


def test_a_worker_that_still_has_the_old_keys_does_not_pretend(new_key, settings):
    job = sealing.start()
    settings.DATA_KEYS = ["old"]
    tasks.run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "restart this worker" in job.error


def test_only_one_walk_at_a_time(new_key):
    job = sealing.start()
    with pytest.raises(NotNow):
        sealing.start()
    with pytest.raises(CommandError, match=str(job.pk)):
        call_command("rotate_keys")


def test_the_operator_stops_a_walk_and_starts_another(new_key, monkeypatch, capsys):
    with monkeypatch.context() as patch:
        stop = partial(call_command, "rotate_keys", "--cancel")
        before_chunk(patch, CHUNKS_BEFORE_USERS + 2, lambda: elsewhere(stop).join())
        job = rotate()
    assert "1 jobs" in capsys.readouterr().out
    assert job.state == "cancelled"
    assert 0 < job.done < 10
    assert rotate().state == "done"
    assert len(forms()) == 1


def test_from_the_command_line(new_key, capsys):
    with pytest.raises(CommandError, match="10 values still need a former key"):
        call_command("rotate_keys", "--check")
    assert "offices.user.phone 2:" in capsys.readouterr().out
    call_command("rotate_keys", "--wait")
    assert "done, 10 rows" in capsys.readouterr().out
    call_command("rotate_keys", "--check")
    assert "Everything" in capsys.readouterr().out


def test_no_journal_holds_sealed_values_for_nobody_could_seal_them_anew():
    models = [model for model, _fields in sealing.sealed_models()]
    assert {User, Objection, apps.get_model("people", "Person")} <= set(models)
    assert not [model for model in models if getattr(model, "append_only", False)]


@pytest.mark.long
def test_a_hundred_thousand_rows_and_a_death_in_the_middle(monkeypatch, settings):
    count = 100_000
    monkeypatch.setattr(sealing, "CHUNK", 1_000)
    sealed = [fields.seal(f"139{number:08}", "offices.user.phone") for number in range(count)]
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            "INSERT INTO offices_user (username, phone, password, name, email, is_active, is_staff,"
            " is_superuser, date_joined, must_change_password, failed_logins)"
            " SELECT 'u' || n, sealed, '', '', '', true, false, false, now(), false, 0"
            " FROM unnest(%s) WITH ORDINALITY AS rows(sealed, n)",
            [sealed],
        )
    settings.DATA_KEYS = ["new", "old"]

    def die():
        raise Killed

    with monkeypatch.context() as patch:
        after_chunk(patch, 50, die)
        job = sealing.start()
        with pytest.raises(Killed):
            tasks.run_job(job.pk)
    Job.objects.update(heartbeat_at=Now() - timedelta(seconds=121))
    jobs.resume_lost()
    begun = time.perf_counter()
    tasks.run_job(job.pk)
    spent = time.perf_counter() - begun
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", count)
    assert spent < 60, f"{spent:.1f} s for 51,000 rows"
    settings.DATA_KEYS = ["new"]
    opened = User.objects.order_by("pk").values_list("phone", flat=True).iterator()
    assert all(phone == f"139{number:08}" for number, phone in enumerate(opened))
    assert CHANGE.objects.filter(pgh_label="update").count() == count
