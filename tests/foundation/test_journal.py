"""The journal grows and does not change; the database sees to it."""

import pgtrigger
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.test import RequestFactory
from django.test.utils import isolate_apps
from pgtrigger import registry

from communities.offices.models import User
from linkage.foundation import journal, roles
from linkage.foundation import models as foundation_models
from linkage.foundation.fields import EncryptedTextField
from linkage.foundation.models import AuditEvent, Job
from tests import database


@pytest.mark.django_db
def test_tests_run_with_the_rights_of_the_site():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("linkage_app",)


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["foundation_auditevent", "offices_userhistory"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_site_cannot_change_a_journal(table, deed):
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as c,
    ):
        c.execute(deed.format(table))


@pytest.mark.django_db
def test_every_journal_of_the_project_is_closed_to_changes_and_nothing_else_is():
    ours = {model._meta.db_table for model in apps.get_models() if model._meta.managed}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND NOT has_table_privilege('linkage_app', oid, 'UPDATE')"
        )
        closed = {name for (name,) in cursor.fetchall()}
    assert closed & ours == set(roles.journals())
    assert {"foundation_auditevent", "projects_decision", "offices_userhistory"} <= closed


@pytest.mark.django_db
def test_granting_again_changes_nothing():
    with database.as_owner():
        roles.grant(connection)
        roles.grant(connection)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT has_table_privilege('linkage_app', 'foundation_auditevent', 'UPDATE'),"
                " has_table_privilege('linkage_app', 'foundation_auditevent', 'INSERT')"
            )
            assert cursor.fetchone() == (False, True)


@pytest.mark.django_db
def test_an_event_is_added_once_and_python_refuses_the_rest():
    event = journal.record("test")
    event.kind = "changed"
    with pytest.raises(journal.Sealed):
        event.save()
    with pytest.raises(journal.Sealed):
        event.delete()
    with pytest.raises(journal.Sealed):
        AuditEvent.objects.all().delete()
    with pytest.raises(journal.Sealed):
        AuditEvent.objects.update(kind="changed")


@pytest.mark.django_db
def test_an_event_says_who_about_what_and_from_where(rf):
    user = User.objects.create(username="maya", name="马晓燕")
    job = Job.objects.create(kind="export", title="名册")
    request = rf.post("/reports/?secret=1", REMOTE_ADDR="10.1.2.3")
    request.user = user
    event = journal.record("export", target=job, request=request, facts={"rows": 3})
    event.refresh_from_db()
    assert (event.by, event.name, event.address) == (user, "马晓燕", "10.1.2.3")
    assert (event.target_type, event.target_id, event.target) == ("foundation.job", str(job.pk), "名册")
    assert event.path == "/reports/", "never the query"
    assert event.facts == {"rows": 3}


@pytest.mark.django_db
def test_a_verb_without_a_request_still_knows_the_address_of_the_request_it_serves(rf):
    with journal.acting(request=rf.post("/x/", REMOTE_ADDR="10.1.2.3")):
        assert journal.record("decided").address == "10.1.2.3"
    assert journal.record("decided").address is None


def test_behind_our_own_proxy_the_forwarded_address_counts_and_a_forged_one_does_not(rf, settings):
    request = rf.get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 10.1.2.3")
    assert journal.client_address(request) == "127.0.0.1"
    settings.PROXY_COUNT = 1
    assert journal.client_address(request) == "10.1.2.3"
    assert journal.client_address(RequestFactory().get("/", REMOTE_ADDR="")) is None


# Row history


@pytest.fixture(scope="module")
def tracked_model():
    """A tracked model of this file alone."""
    with isolate_apps("linkage.foundation"):

        @journal.tracked(exclude=["noise"])
        class Thing(models.Model):
            name = models.CharField(max_length=40)
            phone = EncryptedTextField(blank=True, default="")
            noise = models.IntegerField(default=0)
            owner = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")

            class Meta:
                app_label = "foundation"

    Thing.versions = foundation_models.ThingHistory
    triggers = [trigger for model, trigger in pgtrigger.registered() if model is Thing]
    yield Thing, triggers
    for trigger in triggers:
        registry.delete(trigger.get_uri(Thing))
    del foundation_models.ThingHistory


@pytest.fixture
def thing(tracked_model, db):
    thing, triggers = tracked_model
    with database.as_owner():
        with connection.schema_editor() as editor:
            editor.create_model(thing)
            editor.create_model(thing.versions)
        for trigger in triggers:
            trigger.install(thing)
        roles.grant(connection)
        with connection.cursor() as cursor:
            cursor.execute(f"REVOKE UPDATE, DELETE ON {thing.versions._meta.db_table} FROM linkage_app")
    return thing


def story(thing):
    return list(thing.versions.objects.order_by("pgh_id").values_list("pgh_label", "name"))


def test_every_row_a_statement_touches_leaves_its_trace(thing):
    thing.objects.bulk_create([thing(name="a"), thing(name="b")])
    thing.objects.filter(name="b").update(name="c")
    thing.objects.filter(name="a").delete()
    assert story(thing) == [("insert", "a"), ("insert", "b"), ("update", "c"), ("delete", "a")]


def test_an_update_that_changes_nothing_kept_leaves_no_trace(thing):
    row = thing.objects.create(name="a", phone="13800000000")
    thing.objects.update(noise=7)
    thing.objects.get(pk=row.pk).save()
    assert story(thing) == [("insert", "a")]


def test_history_says_who_and_from_where_inside_each_row(thing, rf):
    user = User.objects.create(username="maya", name="马'晓燕 100%")
    thing.objects.create(name="0")
    with journal.acting(user=user, request=rf.post("/things/?q=1", REMOTE_ADDR="10.1.2.3")):
        thing.objects.create(name="a")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE foundation_thing SET name = 'x%' WHERE name LIKE 'a%'")
    nobody, first, second = thing.versions.objects.order_by("pgh_id")
    assert first.pgh_context == {
        "by": user.pk, "name": "马'晓燕 100%", "post": "", "address": "10.1.2.3", "path": "/things/"
    }  # fmt: skip
    assert (second.name, second.pgh_context["by"]) == ("x%", user.pk)
    assert second.pgh_context_id == first.pgh_context_id
    assert nobody.pgh_context is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pghistory_context")
        assert cursor.fetchone() == (0,)


def test_encrypted_values_appear_only_as_changed(thing):
    row = thing.objects.create(name="a", phone="13800000000")
    row.phone = "13900000000"
    row.save()
    before, after = thing.versions.objects.order_by("pgh_id")
    assert before.phone != after.phone
    assert len(after.phone) == 64
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg(t::text, '') FROM {thing.versions._meta.db_table} t")
        assert "3900000000" not in cursor.fetchone()[0]


def test_history_cannot_be_rewritten(thing):
    thing.objects.create(name="a")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        thing.versions.objects.update(name="b")
