"""Nobody writes more than the form asks for: every column of every model sent along changes nothing."""

import json

import pytest
from django.apps import apps
from django.db import connection
from rest_framework.authtoken.models import Token

from communities.consultation.models import Assembly, Hearing, Objection, PublicNotice
from communities.models import CommunityProfile
from communities.needs.models import NeedItem
from communities.offices.models import Post, User
from projects.models import Attachment, Decision, Project, Quota, Submission
from tests.abuse.conftest import DOORS
from tests.access.ledger import REGISTERS

pytestmark = pytest.mark.django_db

MODELS = (
    *(Project, Decision, Submission, Attachment, Quota, User, Post),
    *(Hearing, Assembly, PublicNotice, Objection, NeedItem, CommunityProfile),
)
# What differs between two runs of the same deed: serial numbers, times, and what is drawn by lot.
DRAWN = {"id", "query_code", "password", "stored", "key", "session_key", "expire_date"}
WORDS = {
    "status": "approved",
    "step": "tendering",
    "role": "administrator",
    "verdict": "approve",
    "channel": "clerk",
    "number": "GS2016-6201-9999",
    "is_active": "0",
    "passed": "on",
}


def every_column(world, prefixes):
    """All names a model knows, each with a value that would matter."""
    found = {}
    for model in MODELS:
        for column in model._meta.get_fields():
            name = column.name
            if column.is_relation:
                value = _foreign(world, column)
                names = (name, f"{name}_id")
            else:
                value, names = WORDS.get(name, _value(column)), (name,)
            for prefix in prefixes:
                found |= {prefix + each: value for each in names}
    return found


def _foreign(world, column):
    related = column.related_model
    if related is User:
        return world.people["stranger"].pk
    if related is not None and related._meta.model_name == "region":
        return world.fukang.pk
    if related is not None and related._meta.model_name == "office":
        return world.offices["620902"].pk
    return 1


def _value(column):
    kind = column.get_internal_type()
    if "Date" in kind:
        return "2016-01-01"
    if "Boolean" in kind:
        return "1"
    if "Integer" in kind or "Decimal" in kind or "Auto" in kind:
        return "7"
    return "x"


def state():
    """Every row of our own tables, without what is drawn anew each time."""
    found = set()
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if table.startswith(("django_", *REGISTERS)) or not model._meta.managed or model._meta.proxy:
                continue
            cursor.execute(f'SELECT row_to_json(row)::text FROM "{table}" AS row')
            for (text,) in cursor.fetchall():
                row = {key: value for key, value in json.loads(text).items() if _is_kept(model, key)}
                found.add((table, json.dumps(row, sort_keys=True)))
    return found


def _is_kept(model, column):
    if column in DRAWN or column.startswith("pgh_"):
        return False
    field = next((field for field in model._meta.concrete_fields if field.column == column), None)
    if field is None:
        return True
    times = field.get_internal_type() == "DateTimeField"
    sealed = type(field).__name__ == "EncryptedTextField"  # sealed anew with another nonce
    return not times and not sealed and column not in ("object_id", "target_id")


@pytest.mark.parametrize("name", DOORS)
def test_columns_sent_along_change_nothing(doors, client, name):
    doors.sign_in(client, doors[name].who)
    _LAST_KNOWN[0] = User.objects.latest("pk").pk + 1
    with doors.undone():
        plain = doors.send(client, name).status_code
        expected = _without_ids(state())
    prefixes = {"", *(key.rpartition("-")[0] + "-" for key in doors[name].body if "-" in key)}
    prefixes -= {"budget-", "sources-", "sources-0-"}  # no more fields than one form may have
    extra = every_column(doors.world, prefixes)
    extra = {key: value for key, value in extra.items() if key not in _asked_for(doors[name])}
    answer = doors.send(client, name, **extra)
    assert answer.status_code == plain
    assert _without_ids(state()) - expected == set()


def _without_ids(rows):
    """References to rows made in this run differ from run to run; compare what is not one."""
    return {(table, json.dumps(_plain(table, json.loads(text)), sort_keys=True)) for table, text in rows}


_LAST_KNOWN = [0]  # the newest account before the deed; later ones are all "the new one"
NEW = {"hearing_id", "assembly_id", "notice_id", "project_id", "post_id", "needitem_id"}
NEW |= {"unit_id", "target", "facts", "data"}


def _plain(table, row):
    drawn = set(NEW)
    if table == "consultation_objectionhistory":
        drawn |= {"name", "phone"}  # hashes of what is sealed anew
    if table == "foundation_outbox":
        drawn |= {"payload"}  # it names rows of this run
    if table.startswith("offices_post") and row.get("office_id") and "user_id" in row:
        row["user_id"] = min(row["user_id"], _LAST_KNOWN[0])
    return {key: value for key, value in row.items() if key not in drawn}


def _asked_for(door):
    """Fields of the form itself; those left out of the good body on purpose are asked for as well."""
    more = {"DELETE", "subsidy"}
    if door.body.get("step") == "assembly_review":
        more |= {"body", "called_on"}  # the kind of the meeting, and when it was called
    if "decide" in door.url:
        more |= {
            "return_to",
            "marks",
            "handler",
            "leader",
            "signed_on",
            "granted_amount",
            "doc_no",
            "opinion",
            "verdict",
        }
    if "confirm" in door.url:
        more |= {"step"}
    if "communityprofile" in door.url:
        more |= {field.name for field in CommunityProfile._meta.fields if field.editable}
    if "accounts/" in door.url:
        more |= {"duty"}
    if door.url.endswith(("/submit/", "/withdraw/", "/reopen/", "/remove/")):
        more |= {"step", "version", "reason"}
    return set(door.body) | more


def test_over_rest_what_is_not_asked_for_is_refused(doors, client):
    """DecideSerializer knows its fields; anything else is a 400 that names it."""
    token = Token.objects.create(user=doors.world.people["street"])
    body = {"verdict": "approve", "opinion": "同意", "step": "street_review", "round": 1}
    extra = {key: value for key, value in every_column(doors.world, [""]).items() if key not in body}
    asked = {"marks", "handler", "leader", "signed_on", "granted_amount", "doc_no"}
    before = state()
    for name in sorted(set(extra) - asked):
        answer = client.post(
            f"/api/v1/projects/{doors.sent.pk}/decide/",
            json.dumps({**body, name: extra[name]}),
            content_type="application/json",
            headers={"Authorization": f"Token {token.key}"},
        )
        assert answer.status_code == 400, name
        assert name in answer.json()["errors"]
    assert state() == before


def test_control_a_form_that_takes_every_column_is_noticed(doors, client, monkeypatch):
    """If this fails, the comparison above proves nothing."""
    from projects.services import evidence  # noqa: PLC0415

    keep = evidence.keep_hearing

    def careless(project, *, by, **facts):
        project = keep(project, by=by, **facts)
        Project.objects.filter(pk=project.pk).update(granted_amount=7)
        return project

    doors.sign_in(client, "community")
    with doors.undone():
        doors.send(client, "hearing")
        expected = _without_ids(state())
    from projects.views.tabs import HearingTab  # noqa: PLC0415

    monkeypatch.setattr(HearingTab, "verb", staticmethod(careless))
    doors.send(client, "hearing")
    assert _without_ids(state()) - expected
