"""People on the data desk: numbers go in and come out masked, nobody stands twice, doubles are told."""

import pytest
from django.urls import reverse

from communities.models import Grid
from communities.people import services
from communities.people.models import CommunityStaff, ContactPerson, GridWorker, Person
from tests.people.conftest import number

ADD = "/admin/people/communitystaff/add/"
PHONE = "13912345678"


@pytest.fixture
def desk(world, client):
    client.force_login(world.people["county"])
    return client


def form(community, **changed):
    return {
        "region": community.pk,
        "roles": ["residents_committee"],
        "work_time": "full",
        "name": "马晓燕",
        "phone": PHONE,
        "id_type": "resident",
        "id_number": number(1),
        **changed,
    }


def page(row):
    return reverse(f"admin:people_{row._meta.model_name}_change", args=[row.pk])


def test_a_member_of_staff_is_entered_with_number_and_telephone_sealed(world, desk):
    assert desk.post(ADD, form(world.xingfuli)).status_code == 302
    row = CommunityStaff.objects.get()
    assert (row.id_number, row.phone) == (number(1), PHONE)
    assert str(row.person.birth_date) == "1980-01-01"
    for address in (page(row), "/admin/people/communitystaff/", page(row.person), "/admin/people/person/"):
        text = desk.get(address).content.decode()
        assert number(1) not in text and PHONE not in text
        assert "139****5678" in text or "620102********" in text


def test_empty_fields_keep_number_and_telephone(world, desk):
    desk.post(ADD, form(world.xingfuli))
    row = CommunityStaff.objects.get()
    changed = form(world.xingfuli, phone="", id_number="", title="主任")
    assert desk.post(page(row), changed).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.phone, row.id_number) == ("主任", PHONE, number(1))


def test_who_is_counted_needs_a_number_others_do_not(world, desk):
    response = desk.post(ADD, form(world.xingfuli, id_number=""))
    assert list(response.context["adminform"].form.errors) == ["id_number"]
    flagged = form(world.xingfuli, id_number="", roles=["building_leader"], counts_as_staff="on")
    assert list(desk.post(ADD, flagged).context["adminform"].form.errors) == ["id_number"]
    assert desk.post(ADD, form(world.xingfuli, id_number="", roles=["building_leader"])).status_code == 302


def test_a_number_that_stands_here_already_is_told_one_from_elsewhere_is_not(world, desk):
    desk.post(ADD, form(world.xingfuli))
    response = desk.post(ADD, form(world.xingfuli, name="马小燕"))
    assert list(response.context["adminform"].form.errors) == ["id_number"]
    assert desk.post(ADD, form(world.tianqing, name="马小燕")).status_code == 302
    assert CommunityStaff.objects.count() == 2 and Person.objects.count() == 1
    assert Person.objects.get().name == "马晓燕"  # nobody renames what others entered


def test_several_problems_are_told_at_once_each_at_its_field(world, desk):
    wrong = form(world.xingfuli, phone="12", id_number="62010219800101", name="", roles=[])
    response = desk.post(ADD, wrong)
    assert set(response.context["adminform"].form.errors) == {"phone", "id_number", "name", "roles"}


def test_an_observer_reads_masked_numbers_also_in_the_lines_of_a_grid(world, client, staff):
    row = staff(world.xingfuli, "马晓燕", 1)
    services.seal_phone(row, PHONE).save()
    grid = Grid.objects.create(region=world.xingfuli, code="001", name="一")
    worker = GridWorker(grid=grid, name="李强", role="lead")
    services.settle(services.seal_phone(worker, PHONE), id_number=number(2)).save()
    client.force_login(world.people["observer"])
    for address in (
        page(row),
        f"/admin/communities/grid/{grid.pk}/change/",
        "/admin/people/gridworker/",
        page(worker),
    ):
        text = client.get(address).content.decode()
        assert "139****5678" in text and PHONE not in text
        assert number(1) not in text and number(2) not in text
        assert "full_time_worker" not in text and "Id number" not in text


def grid_form(community, **worker):
    posted = {"region": community.pk, "code": "001", "name": "第一网格"}
    posted |= {"workers-TOTAL_FORMS": "1", "workers-INITIAL_FORMS": "0"}
    return posted | {f"workers-0-{name}": value for name, value in worker.items()}


def test_a_grid_is_entered_with_its_lead(world, desk):
    lead = {"role": "lead", "name": "王建军", "phone": PHONE, "id_type": "resident", "id_number": number(3)}
    response = desk.post("/admin/communities/grid/add/", grid_form(world.xingfuli, **lead))
    assert response.status_code == 302
    worker = GridWorker.objects.get()
    assert (worker.grid.region, worker.phone, worker.id_number) == (world.xingfuli, PHONE, number(3))
    assert worker.person.region == world.xingfuli
    listed = desk.get("/admin/communities/grid/").content.decode()
    assert "王建军" in listed


def test_a_wrong_number_in_a_line_keeps_the_whole_grid_out(world, desk):
    lead = {"role": "lead", "name": "王建军", "phone": "", "id_type": "resident", "id_number": "1"}
    response = desk.post("/admin/communities/grid/add/", grid_form(world.xingfuli, **lead))
    assert response.status_code == 200
    assert not Grid.objects.exists() and not GridWorker.objects.exists()


def test_a_contact_person_is_named_for_a_street_too(world, desk):
    posted = {
        "region": world.region("620102020").pk,
        "unit": "雁南街道办事处",
        "work_time": "part",
        "name": "何秀兰",
        "id_type": "resident",
    }
    assert desk.post("/admin/people/contactperson/add/", posted).status_code == 302
    assert ContactPerson.objects.get().unit == "雁南街道办事处"


# People


def test_people_are_not_added_on_their_own_page(desk):
    assert desk.get("/admin/people/person/add/").status_code == 403


def test_the_page_of_a_person_lists_the_registers_of_ones_own_places_only(world, client, staff):
    row = staff(world.xingfuli, "马晓燕", 1)
    staff(world.hekou, "马晓燕", 1, title="远处的职务")
    client.force_login(world.people["street"])
    text = client.get(page(row.person)).content.decode()
    assert page(row) in text and "河口村" not in text


def pairs(client):
    found = client.get("/admin/people/person/doubles/").context["found"]
    return {(one.pk, other.pk): reasons for one, other, reasons in found}


def test_possible_doubles_are_told_with_reasons(world, desk, staff):
    one, other = staff(world.xingfuli, "王芳", 1).person, staff(world.xingfuli, "王芳", 0).person
    assert pairs(desk) == {
        (one.pk, other.pk): [
            "同一地区姓名相同，且有一人未登记证件号码",
            "幸福里社区 620102********0010 ↔ 幸福里社区 未登记证件号码".replace("0010", number(1)[-4:]),
        ]
    }
    Person.objects.filter(pk=other.pk).update(birth_date="1980-01-01")
    assert pairs(desk)[one.pk, other.pk][:2] == [
        "姓名、出生日期相同",
        "同一地区姓名相同，且有一人未登记证件号码",
    ]


def test_two_resident_numbers_are_two_humans(world, desk, staff):
    staff(world.xingfuli, "王芳", 1)
    staff(world.xingfuli, "王芳", 3)  # the same birth date, another number
    assert pairs(desk) == {}


def test_doubles_are_looked_for_in_ones_own_places(world, client, staff):
    staff(world.xingfuli, "王芳", 1)
    staff(world.xingfuli, "王芳", 0)
    client.force_login(world.people["stranger"])
    assert pairs(client) == {}


def test_doubles_are_found_in_a_few_queries_however_many_there_are(
    world, desk, staff, django_assert_max_num_queries
):
    for _turn in range(8):
        staff(world.xingfuli, "王芳", 0)
        staff(world.tianqing, "李娜", 0)
    desk.get("/admin/people/person/doubles/")
    with django_assert_max_num_queries(25):
        assert len(pairs(desk)) == 8


def test_a_birth_date_read_from_a_number_is_not_typed(world, desk, staff):
    numbered, bare = staff(world.xingfuli, "王芳", 1).person, staff(world.xingfuli, "李娜", 0).person
    desk.post(page(numbered), {"name": "王芳", "birth_date": "1999-01-01", "sex": "male"})
    desk.post(page(bare), {"name": "李娜", "birth_date": "1999-01-01", "sex": "female"})
    numbered.refresh_from_db(), bare.refresh_from_db()
    assert (str(numbered.birth_date), str(bare.birth_date)) == ("1980-01-01", "1999-01-01")
