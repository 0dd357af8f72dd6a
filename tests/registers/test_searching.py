"""A search finds what its fields hold, in the order of the list, and by indexes as far as a list may grow."""

from datetime import date, time

import pytest
from django.contrib import admin
from django.contrib.admin.utils import lookup_spawns_duplicates
from django.db.models import Q
from django.db.models.lookups import Lookup

from communities.facilities.models import OpenedResource, ResourceUse, ServiceFacility
from linkage.foundation.registers import Register, searching
from organizations.models import Employment, SocialOrganization
from tests.bench.plans import plan_of, read_whole
from tests.organizations.conftest import employed, filed, registered
from tests.organizations.desk import address
from tests.queries import at_most

pytestmark = pytest.mark.django_db

# Tables that do not grow from year to year, at most some rows for a place: read from end to end.
SHORT = {
    "charity.fundbudget",
    "charity.publicfundraisingplan",
    "charity.specialfund",
    "charity.stockitem",
    "communities.communityaffairitem",
    "communities.communityplan",
    "communities.externalid",
    "communities.grid",
    "communities.powerdutylist",
    "communities.regiontag",
    "facilities.resourceuse",  # grows, but a page is found in the order of the list sooner than by an index
    "organizations.supportpolicy",
    "people.contactperson",
    "socialwork.cooperation",
    "socialwork.recruitmentposting",
    "socialwork.relatedmajor",
}


def desks():
    return [
        desk for desk in admin.site._registry.values() if isinstance(desk, Register) and desk.search_fields
    ]


def plainly(desk, word):
    """What is asked, in one OR over whatever tables it takes."""
    return Q.create([(field, word) for field in desk.search_fields], connector=Q.OR)


def found(client, model, **query):
    page = client.get(address(model, "changelist", **query))
    assert page.status_code == 200
    return [row.pk for row in page.context["cl"].result_list]


@pytest.fixture
def rows(world):
    """Employees and uses that are found by their own name, by that of what they hang on, or by neither."""
    for place in (world.xingfuli, world.wuyi):
        for name, people in (("兰馨志愿队", ("张明", "李兰")), ("益启中心", ("兰馨", "王芳"))):
            organization = registered(place, f"{name}{place.pk}")
            for person in people:
                employed(organization, person)
        hall = ServiceFacility.objects.create(region=place, name="综合服务站", kind="day_care")
        for name, user in (("兰馨厅", "合唱队"), ("会议室", "兰馨志愿队"), ("棋牌室", "老年人协会")):
            resource = OpenedResource.objects.create(facility=hall, name=name)
            ResourceUse.objects.create(
                resource=resource,
                used_on=date(2024, 3, 1),
                starts=time(9),
                ends=time(10),
                user_kind="resident",
                user_name=user,
            )


@pytest.mark.parametrize("few", [0, 1, 10_000])
@pytest.mark.parametrize("model", [Employment, ResourceUse])
@pytest.mark.parametrize("word", ["兰馨", "兰", "馨志", "没有人"])
def test_the_rows_are_those_of_the_plain_question_in_the_order_of_the_list(
    world, client, rows, model, word, few, monkeypatch
):
    monkeypatch.setattr(searching, "FEW", few)
    client.force_login(world.people["county"])
    desk = admin.site._registry[model]
    expected = model.objects.visible_to(world.people["county"]).filter(plainly(desk, word))
    expected = list(expected.order_by(*desk.ordering).values_list("pk", flat=True))
    assert found(client, model, q=word) == expected
    assert bool(expected) == (word != "没有人")


def test_every_word_must_be_found_and_blanks_within_marks_belong_to_it(world, client, rows):
    client.force_login(world.people["county"])
    assert len(found(client, ResourceUse, q="兰馨 志愿")) == 1
    assert found(client, ResourceUse, q='"兰馨 志愿"') == found(client, ResourceUse, q="兰馨 没有") == []
    assert len(found(client, Employment, q="兰馨 李兰")) == 1


def test_the_name_of_an_organisation_elsewhere_shows_nothing_of_it(world, client, rows):
    client.force_login(world.people["county"])
    own, far = (f"兰馨志愿队{place.pk}" for place in (world.xingfuli, world.wuyi))
    assert Employment.objects.filter(organization__name=far).count() == 2
    assert len(found(client, Employment, q=own)) == 2
    assert found(client, Employment, q=far) == []


def test_an_organisation_is_found_by_name_by_the_beginning_of_its_code_and_by_its_number(world, client):
    client.force_login(world.people["county"])
    one, other = registered(world.xingfuli), filed(world.xingfuli)
    assert found(client, SocialOrganization, q=one.uscc[:10]) == [one.pk]
    assert found(client, SocialOrganization, q=other.filing_number) == [other.pk]
    assert found(client, SocialOrganization, q=other.filing_number[:-1]) == []
    assert found(client, SocialOrganization, q="互助") == [other.pk]


def test_what_another_register_is_asked_first_is_one_question_whatever_it_answers(world, client, rows):
    client.force_login(world.people["county"])
    page = address(Employment, "changelist", q="兰馨")
    client.get(page)
    with at_most(99) as asked:
        client.get(page)
    with at_most(len(asked)):
        client.get(address(Employment, "changelist", q="没有人"))


def test_a_field_names_its_lookup_and_doubles_no_row():
    """A field without a lookup would be asked for the whole of its text; the words of one to many, twice."""
    for desk in desks():
        for field in desk.search_fields:
            path, _between, lookup = field.rpartition("__")
            column = desk.model
            for step in path.split("__"):
                column = getattr(column, "related_model", None) or column
                column = column._meta.get_field(step)
            assert issubclass(column.get_lookup(lookup), Lookup), (desk, field)
            assert not lookup_spawns_duplicates(desk.opts, field), (desk, field)


def test_a_long_table_is_searched_by_indexes(monkeypatch):
    """Were reading from end to end forbidden, it would not have to be: each table for itself."""
    monkeypatch.setattr(searching, "_keys", lambda *question: [1, 2, 3])
    short, asked = set(), set()
    for desk in desks():
        for model, question in questions(desk):
            asked.add(model)
            plan = plan_of(*_keys_of(model, question), "SET LOCAL enable_seqscan = off")
            if list(read_whole(plan, {model._meta.db_table})):
                short.add(model._meta.label_lower)
    assert asked > {Employment, SocialOrganization, ResourceUse, OpenedResource}
    assert short == SHORT


def questions(desk):
    """What is asked of the table of this register, and of those it looks into first."""
    sources = searching.by_source(desk.model, desk.search_fields)
    for step, lookups in sources.items():
        if step:
            yield desk.opts.get_field(step).related_model, searching.any_of(lookups, "幸福")
    if "" in sources or len(sources) > 1:
        yield desk.model, searching.having(desk.model, desk.search_fields, "幸福")


def _keys_of(model, question):
    return model._base_manager.filter(question).order_by().values("pk").query.sql_with_params()
