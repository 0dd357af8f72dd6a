"""Forged forms on the desk of every register: what a browser would never send changes nothing.

The controls come first: the page of a row sent back as it stands is taken and changes nothing; with one
word changed it changes that row. Then each deceit, with all tables compared: tried on the registers that
have most to forge, and in the long form on every one.
"""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user
from django.db import connection, models, transaction
from django.test import RequestFactory
from django.utils import timezone

from communities.models import Region
from communities.offices.models import User
from linkage.foundation.models import AuditEvent
from linkage.foundation.registers import Register
from tests.access.ledger import everything
from tests.registers.page import filled
from tests.registers.rows import Rows, registers

pytestmark = pytest.mark.django_db

DESKS = {model: desk for model, desk in admin.site._registry.items() if isinstance(desk, Register)}
# A receipt stands: nothing of the row may be written. The list of majors is kept by the province.
FIXED = {"charity.Donation", "socialwork.RelatedMajor"}
# Between them: people, lines of every kind, deeds, places of others, numbers that are sealed.
SOME = (
    *("communities.Grid", "facilities.ServiceFacility", "organizations.SocialOrganization"),
    *("charity.SpecialFund", "socialwork.SocialWorker", "volunteers.Volunteer", "volunteers.VolunteerTeam"),
)


@pytest.fixture(params=["some", pytest.param("all", marks=pytest.mark.long)])
def desks(request):
    """``{model: desk}`` to be tried."""
    some = request.param == "some"
    return {model: desk for model, desk in DESKS.items() if not some or model._meta.label in SOME}


@pytest.fixture
def near(world):
    rows = Rows(world.xingfuli, "near")
    rows.by = world.people["county"]
    rows.all()
    return rows


@pytest.fixture
def far(world):
    rows = Rows(world.fukang, "far")
    rows.all()
    return rows


@pytest.fixture
def county(world, client):
    """The clerk of the county where the near rows lie; the far ones lie in another city."""
    client.raise_request_exception = False
    client.force_login(world.people["county"])
    return client


@pytest.fixture
def ledger(db):
    """``changed()``: the tables of the registers and of whom they point at that differ from before."""
    found = Ledger()
    with connection.execute_wrapper(found.overhear):
        yield found


class Ledger:
    tables = [
        model._meta.db_table
        for model in (*registers(), Region, User, *map(apps.get_model, ("offices.Post", "people.Person")))
    ]
    writing = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)

    def __init__(self):
        self.known, self.written = None, False

    def overhear(self, execute, sql, params, many, context):
        self.written |= any(table in self.tables for table in self.writing.findall(str(sql)))
        return execute(sql, params, many, context)

    def open(self):
        """From here on: what was written before does not count."""
        self.known, self.written = everything(self.tables), False

    def changed(self):
        if not self.written:
            return []
        before = self.known
        self.open()
        return sorted(table for table, found in self.known.items() if found != before[table])


def address(model, page="", row=None):
    at = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    return f"{at}{row.pk}/{page}/" if row is not None else f"{at}{page}/" if page else at


def page_of(client, row):
    """The form on the page of this row, with the button that saves it."""
    answer = client.get(address(type(row), "change", row))
    assert answer.status_code == 200, (row, answer.status_code)
    return {**filled(answer), "_save": ["1"]}


def kept(desks, near):
    return {model: near[model] for model in desks if model._meta.label not in FIXED}


# The controls


def test_a_page_sent_back_as_it_stands_is_taken_and_changes_nothing(county, near, ledger, desks):
    wrong = []
    ledger.open()
    for model, row in kept(desks, near).items():
        answer = county.post(address(model, "change", row), page_of(county, row))
        if answer.status_code != 302:
            wrong.append(f"{model._meta.label}: {answer.status_code} {problems(answer)}")
        elif tables := ledger.changed():
            wrong.append(f"{model._meta.label}: {tables}")
    assert wrong == []


def problems(answer):
    form = (answer.context or {}).get("adminform")
    return (
        {**form.errors, **{str(n): e for n, e in enumerate(answer.context.get("errors", []))}} if form else ""
    )


def test_one_word_typed_anew_changes_that_row_alone(county, near, ledger, desks):
    """If this fails, the deceits below prove nothing."""
    ledger.open()
    for model, row in kept(desks, near).items():
        sent = page_of(county, row)
        name = next((name for name, values in sent.items() if values == ["near"]), None)
        ledger.open()
        county.post(
            address(model, "change", row), {**sent, **(twist(sent) if name is None else {name: "anew"})}
        )
        assert model._meta.db_table in ledger.changed(), model


def twist(sent):
    """A figure or a day in the place of another, where a register has no words."""
    number = next(name for name, values in sent.items() if values in (["1"], ["10"], ["2024"], ["1.00"]))
    return {number: str(int(float(sent[number][0])) + 1)}


# Deceits

PAGES = (
    *("change", "delete", "restore", "reveal", "verify", "reverse", "certify", "tier", "status", "draw"),
    *("book", "admit", "decline"),
)


def test_nothing_is_put_elsewhere_and_nothing_of_elsewhere_is_taken(county, near, far, ledger, desks):
    """A place, an organisation, a person, a facility of another city in every choice there is."""
    wrong, tried = [], 0
    ledger.open()
    for model, row in kept(desks, near).items():
        sent = page_of(county, row)
        for name, foreign in some_of(desks, foreign_choices(model, sent, far)):
            answer = county.post(address(model, "change", row), {**sent, name: foreign.pk})
            tried += 1
            if answer.status_code >= 500:
                wrong.append(f"{model._meta.label} {name}: {answer.status_code}")
        if tables := ledger.changed():
            wrong.append(f"{model._meta.label}: {tables}")
    assert wrong == [], "\n".join(wrong)
    assert tried > len(desks)


def some_of(desks, deceits):
    """All of them in the long form; else every third, which goes through the four kinds of lines in turn."""
    return list(deceits) if len(desks) == len(DESKS) else list(deceits)[::3]


def foreign_choices(model, sent, far):
    """``(name in the form, row of elsewhere)`` of each choice of another row, on the form and its lines."""
    for name in sent:
        field = name.rpartition("-")[2]
        owners = [model] if "-" not in name else [part.model for part in DESKS[model].inlines]
        for owner in owners:
            about = {one.name: one for one in owner._meta.local_fields}.get(field)
            if about is not None and about.related_model in (Region, *far.made):
                if about.related_model is Region:
                    yield name, far.place
                else:
                    yield name, far[about.related_model]
                break


def test_no_new_row_is_put_elsewhere(county, near, far, ledger, desks):
    """The page of a new row, filled like one that has just been removed, with a place of another city."""
    wrong, added = [], 0
    for model, row in kept(desks, near).items():
        if not DESKS[model].has_add_permission(asking(county)):
            continue
        with transaction.atomic():
            body = new_page(county, model, row)
            ledger.open()
            for name, foreign in foreign_choices(model, body, far):
                if "-" not in name:
                    county.post(address(model, "add"), {**body, name: foreign.pk})
            if tables := ledger.changed():
                wrong.append(f"{model._meta.label}: {tables}")
            added += county.post(address(model, "add"), body).status_code == 302
            transaction.set_rollback(True)
    assert wrong == []
    assert added > len(desks) // 2, "where nothing could be added at all, nothing was refused"


def new_page(client, model, row):
    """The filled page of a row, as that of a new one; the row itself makes room."""
    sent = {name: values for name, values in page_of(client, row).items() if "-" not in name}
    blank = filled(client.get(address(model, "add")))
    words = {field.name: str(getattr(row, field.attname)) for field in model._meta.local_fields}
    model.everything.filter(pk=row.pk).update(removed_at=timezone.now())
    missing = {name: [words[name]] for name in blank if name in words and name not in sent}
    return {**blank, **missing, **sent}


def asking(client):
    request = RequestFactory().get("/")
    request.user = get_user(client)
    return request


def test_lines_of_a_row_of_elsewhere_are_not_reached_through_ones_own(county, near, far, ledger, desks):
    """The key of a foreign line, a foreign parent, and a foreign line struck out."""
    wrong, tried = [], 0
    ledger.open()
    for model, row in kept(desks, near).items():
        sent = page_of(county, row)
        for forged in some_of(desks, foreign_lines(model, sent, far)):
            answer = county.post(address(model, "change", row), {**sent, **forged})
            tried += 1
            if answer.status_code >= 500:
                wrong.append(f"{model._meta.label} {forged}: {answer.status_code}")
        if tables := ledger.changed():
            wrong.append(f"{model._meta.label}: {tables}")
    assert wrong == []
    assert tried > len(desks)


def foreign_lines(model, sent, far):
    for part in DESKS[model].inlines:
        parents = [field for field in part.model._meta.local_fields if field.related_model is model]
        for parent in parents:
            line = f"{parent.remote_field.get_accessor_name(part.model)}-0-"
            key, held = f"{line}id", line + parent.name
            if {key, held} <= set(sent) and part.model in far.made:
                key_of = {key: far[part.model].pk}
                yield key_of
                yield {**key_of, held: far[model].pk}
                yield {held: far[model].pk}
                yield {**key_of, f"{line}DELETE": "on"}


def test_columns_nobody_is_asked_for_are_not_written(county, near, far, ledger, desks):
    """Every column of the model beside those of the form, and the fields of forms Django itself knows."""
    wrong = []
    ledger.open()
    for model, row in kept(desks, near).items():
        sent = page_of(county, row)
        forged = {
            field.name: forgery(field, far)
            for field in (*model._meta.local_fields, *User._meta.local_fields)
            if field.name not in sent and f"{field.name}_0" not in sent and not asked_otherwise(field.name)
        }
        forged |= {"_popup": "1", "_to_field": "id", "form-TOTAL_FORMS": "1", "form-0-id": far[model].pk}
        forged |= {"_saveasnew": "1", "_continue": "1"}
        answer = county.post(address(model, "change", row), {**sent, **forged})
        if answer.status_code not in (200, 302, 400) or (tables := ledger.changed()):
            wrong.append(f"{model._meta.label}: {answer.status_code} {tables}")
    assert wrong == []


def asked_otherwise(name):
    """Boxes that are not ticked and fields that stay empty are of the form, too."""
    return name in ("id_number", "phone", "leader_phone", "guardian_phone", "donor_phone")


def forgery(field, far):
    if field.related_model is not None:
        return getattr(far.made.get(field.related_model), "pk", far.by.pk)
    if isinstance(field, (models.DateTimeField, models.DateField)):
        return "2020-01-01 00:00"
    if isinstance(field, models.BooleanField):
        return ""
    return "7"


def test_a_list_is_not_edited_and_no_deed_reaches_a_row_of_elsewhere(county, near, far, ledger, desks):
    wrong = []
    ledger.open()
    for model, desk in desks.items():
        keys = [far[model].pk]
        cells = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": keys[0], "_save": "1"}
        cells |= {f"form-0-{field.name}": "7" for field in model._meta.local_fields if not field.primary_key}
        posts = [cells]
        for name in desk.actions:
            posts.append({"action": name, "_selected_action": keys, "reason": "entered twice"})
            posts.append({**posts[-1], "_selected_action": [*keys, 999999, "x", "9" * 30]})
        for body in posts:
            status = county.post(address(model), body).status_code
            if status >= 500:
                wrong.append(f"{model._meta.label} {body}: {status}")
        for page in PAGES:
            county.post(address(model, page, far[model]), {"reason": "entered twice", "field": "phone"})
        for one, other in ((near, far), (far, near), (far, far)):
            body = {"one": one[model].pk, "other": other[model].pk, "kept": one[model].pk}
            body |= {"reason": "the same"}
            status = county.post(address(model, "merge"), body).status_code
            if status not in (403, 404):
                wrong.append(f"{model._meta.label} merge: {status}")
        if tables := ledger.changed():
            wrong.append(f"{model._meta.label}: {tables}")
    assert wrong == []


def test_all_of_a_list_are_ones_own(county, near, far, ledger, desks):
    """“All rows” of an action are those of the list, and the list has none of elsewhere."""
    for model in desks:
        body = {"action": "remove_chosen", "select_across": "1", "_selected_action": [far[model].pk]}
        with transaction.atomic():
            county.post(address(model), {**body, "reason": "entered twice"})
            assert model.objects.filter(pk=far[model].pk).exists(), model
            transaction.set_rollback(True)


def test_reading_changes_nothing_whatever_the_address_asks(county, near, ledger, desks):
    ledger.open()
    for model in desks:
        row = near[model]
        query = f"?action=remove_chosen&_selected_action={row.pk}&reason=entered+twice&post=yes&kept={row.pk}"
        county.get(address(model) + query)
        for page in ("change", "delete", "restore", "reveal", "verify", "reverse", "history", "admit"):
            county.get(address(model, page, row) + query + "&field=phone")
    assert ledger.changed() == []
    assert not AuditEvent.objects.filter(kind="revealed").exists()


# Questions


EVIL = (
    *("removed_by__password__regex=.", "removed_by__password__startswith=p", "region__path__regex=."),
    *("person__id_hash__startswith=a", "person__phone__startswith=1", "id_hash__startswith=a"),
    *("phone_hash__startswith=a", "phone__startswith=1", "id_number__regex=.", "id_number=1", "pk__in=1,2"),
    *("removed_at__isnull=False", "removed_reason__regex=.", "history__pgh_label=insert", "nonsense=1"),
    *("_to_field=password", "_to_field=id_hash&_popup=1", "region__parent__offices__posts__user=1"),
    *("place=620902001001", "place=x", "id__gt=0", "merged_into__isnull=True"),
)


def test_a_list_is_not_asked_for_columns(county, near, ledger, desks):
    wrong = []
    for model in desks:
        for query in EVIL:
            answer = county.get(f"{address(model)}?{query}")
            if answer.status_code != 400:
                wrong.append(f"{model._meta.label}?{query}: {answer.status_code}")
    assert wrong == []


@pytest.mark.long
def test_no_column_of_any_register_can_be_asked_for(county, near, ledger, desks):
    """Every column, each way to compare, and one step further along every relation."""
    wrong = []
    for model in desks:
        known = set()
        for spec in county.get(address(model)).context["cl"].filter_specs:
            known |= set(spec.expected_parameters())
        for path in paths(model):
            for how in ("exact", "startswith", "regex", "gt", "isnull"):
                if {path, f"{path}__{how}"} & known:
                    continue
                status = county.get(f"{address(model)}?{path}__{how}=1").status_code
                if status != 400:
                    wrong.append(f"{model._meta.label}?{path}__{how}: {status}")
    assert wrong == []


def paths(model):
    for field in model._meta.local_fields:
        yield field.name
        if field.related_model is not None:
            yield from (f"{field.name}__{one.name}" for one in field.related_model._meta.local_fields)


def test_a_line_is_not_turned_to_a_page_that_is_none(county, near, ledger, desks):
    for model in desks:
        for page in ("²", "0", "-1", "9" * 30, "x"):
            at = address(model, "change", near[model])
            assert county.get(f"{at}?records-page={page}&employments-page={page}").status_code in (200, 403)
