"""Parts of an office: what is listed, what opens at once and shuts at once, and who may say which part."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from communities.offices.models import Post, User
from communities.people.models import ContactPerson, Person, ResidentLeader
from communities.people.services import attach
from linkage.foundation import keeping
from linkage.foundation.models import AuditEvent
from tests.access import registers
from tests.access.test_birthdays import exported
from tests.queries import at_most
from tests.socialwork.makers import employed, organization, role, staff, worker
from tests.volunteers.makers import identity, volunteer

pytestmark = pytest.mark.django_db

LINK = re.compile(r'href="/admin/([a-z]+/[a-z]+)/(add/)?"')


@pytest.mark.parametrize("who", registers.POSTS)
def test_the_page_of_registers_lists_what_one_may_open_and_where_one_may_add(kept, who):
    client = Client()
    client.force_login(kept.world.fresh(who))
    links = set(LINK.findall(client.get("/registers/").content.decode()))
    listed = {register for register in registers.REGISTERS if registers.standing(who, register)}
    added = {
        name for name in listed if registers.standing(who, name) == 2 and registers.REGISTERS[name].added
    }
    assert {register for register, add in links if not add} == listed
    assert {register for register, add in links if add} == added


def test_a_changed_part_counts_at_the_next_request(kept):
    client = Client()
    client.force_login(kept.world.fresh("charity"))
    grid, entity = (f"/admin/{name}/" for name in ("communities/grid", "charity/charityentity"))
    assert (client.get(grid).status_code, client.get(entity).status_code) == (403, 200)
    Post.objects.filter(user__username="charity").update(duty="community")
    assert (client.get(grid).status_code, client.get(entity).status_code) == (200, 403)
    Post.objects.filter(user__username="charity").update(duty="")
    assert (client.get(grid).status_code, client.get(entity).status_code) == (200, 200)
    Post.objects.filter(user__username="charity").update(role="observer")
    assert client.get(f"{grid}add/").status_code == 403
    Post.objects.filter(user__username="charity").update(valid_to="2020-01-01")
    assert client.get(grid).status_code == 302


def test_which_part_a_post_keeps_is_said_by_administrators_and_is_one_of_the_list(kept):
    client, world = Client(), kept.world
    client.force_login(world.fresh("county_admin"))
    at = f"/accounts/{world.people['street'].pk}/appoint/"
    body = {"region": "620102021", "role": "clerk", "section": "x"}
    assert client.post(at, {**body, "duty": "emperor"}).status_code == 422
    assert not Post.objects.filter(office=world.offices["620102021"]).exists()
    assert client.post(at, {**body, "duty": "charity"}).status_code == 302
    assert Post.objects.get(office=world.offices["620102021"]).duty == "charity"
    new = {"region": "620102020", "username": "new_one", "name": "新人", "role": "clerk", "section": "x"}
    assert client.post("/accounts/new/", {**new, "duty": "7"}).status_code == 422
    client.post("/accounts/new/", {**new, "duty": "organization"})
    assert Post.objects.get(user__username="new_one").duty == "organization"
    client.force_login(world.fresh("county"))
    assert client.post(at, {**body, "duty": "charity"}).status_code == 403


# People belong to the parts in which they are something

AT = "/admin/people/person/"
STAND = {  # as what, and which parts of an office see it
    "社区人": ("staff", {"community"}),
    "骨干人": ("leader", {"community", "social_work"}),
    "从业人": ("employee", {"organization", "social_work"}),
    "社工人": ("worker", {"social_work"}),
    "志愿人": ("volunteer", {"social_work"}),
    "无台账": (None, set()),
}


@pytest.fixture
def people(world):
    """One person of each kind at a community of the county: ``{name: person}``."""
    at = world.xingfuli
    made = {
        "staff": lambda name, number: staff(at, name, number),
        "leader": lambda name, number: role(ResidentLeader, name, number, region=at, strengths=["care"]),
        "employee": lambda name, number: employed(organization(at), name, number),
        "worker": lambda name, number: worker(at, name, number),
        "volunteer": lambda name, number: volunteer(at, name, number),
        None: lambda name, number: attached(at, name, number),
    }
    return {
        name: made[kind](name, identity(serial)).person
        for serial, (name, (kind, _parts)) in enumerate(STAND.items())
    }


def attached(place, name, number):
    nothing = ContactPerson(region=place, name=name)
    nothing.person = attach(region=place, name=name, id_number=number)
    return nothing


def limited(world, part, who="county"):
    """A client of somebody whose one post keeps this part."""
    Post.objects.filter(user=world.people[who]).update(duty=part)
    client = Client()
    client.force_login(world.people[who])
    return client


def test_the_parts_of_people_are_those_of_the_registers_they_stand_in():
    assert set(Person.duties) == {part for register in Person.roles() for part in register.duties}
    assert all(register.duties for register in Person.roles()), "every part would have everybody"


@pytest.mark.parametrize("part", ["", "community", "organization", "social_work"])
def test_a_part_of_an_office_sees_and_keeps_its_own_people(world, people, part):
    client = limited(world, part)
    wanted = {name for name, (_kind, parts) in STAND.items() if not part or part in parts}
    assert {row.name for row in client.get(AT).context["cl"].result_list} == wanted
    for name, person in people.items():
        at, here = f"{AT}{person.pk}/", name in wanted
        answers = [client.get(f"{at}{page}/").status_code for page in ("change", "history", "reveal")]
        answers += [client.post(f"{at}reveal/", {"field": "id_number", "reason": "核对"}).status_code]
        answers += [client.post(f"{at}change/", {"name": f"{name}改", "sex": ""}).status_code]
        assert answers == ([200, 200, 200, 200, 302] if here else [404] * 5), name
        person.refresh_from_db()
        assert (person.name == f"{name}改") is here
    assert AuditEvent.objects.filter(kind="revealed").count() == len(wanted)


def test_where_people_are_nothing_nobody_keeps_them(world, people):
    client = limited(world, "charity")
    answers = [client.get(AT), *(client.get(f"{AT}{one.pk}/change/") for one in people.values())]
    assert {answer.status_code for answer in answers} == {403}
    assert "/admin/people/person/" not in client.get("/registers/").content.decode()


def test_people_of_another_part_are_neither_merged_nor_removed(world, people):
    client = limited(world, "community")
    mine, other = people["社区人"], people["社工人"]
    Person.objects.filter(pk=other.pk).update(id_hash="", id_number="")
    for one, two in ((mine, other), (other, mine)):
        body = {"one": one.pk, "other": two.pk, "kept": one.pk, "reason": "同一人"}
        assert client.post(f"{AT}merge/", body).status_code == 404
    assert client.post(f"{AT}{other.pk}/delete/", {"reason": "重复"}).status_code == 404
    with pytest.raises(PermissionDenied):
        keeping.merge(mine, other, by=world.people["county"], reason="同一人")
    other.refresh_from_db()
    assert other.removed_at is None


def test_one_who_looks_at_all_parts_keeps_only_the_people_of_the_own(world, people):
    """Two posts: one that only looks at everything, one that writes in the registers of communities."""
    user = world.people["county"]
    Post.objects.create(user=user, office=user.posts.get().office, role="observer")
    client = limited(world, "")
    Post.objects.filter(user=user, role="observer").update(duty="")
    Post.objects.filter(user=user).exclude(role="observer").update(duty="community", full_exports=True)
    assert {row.name for row in client.get(AT).context["cl"].result_list} == set(STAND)
    other, mine = people["社工人"], people["社区人"]
    assert client.get(f"{AT}{other.pk}/change/").status_code == 200
    for page, body in (("change", {"name": "改"}), ("reveal", {"field": "id_number", "reason": "核对"})):
        assert client.post(f"{AT}{other.pk}/{page}/", body).status_code == 403
    body = {"one": mine.pk, "other": other.pk, "kept": mine.pk, "reason": "同一人"}
    assert client.post(f"{AT}merge/", body).status_code == 403
    Person.objects.filter(pk=other.pk).update(name="社工人")
    said = exported(client, "people.person", format="csv", full="1", reason="核对")
    assert mine.name in said and identity(0) in said
    assert other.name not in said and identity(3) not in said


def test_a_role_elsewhere_or_one_that_was_removed_opens_nothing(world, people):
    client = limited(world, "social_work")
    person, near = people["社区人"], f"{AT}{people['社区人'].pk}/change/"
    for place in (world.fukang, world.hekou):
        volunteer(place, "社区人", identity(0))
    assert client.get(near).status_code == 404
    here = volunteer(world.xingfuli, "社区人", identity(0))
    assert here.person == person and client.get(near).status_code == 200
    keeping.remove(here, by=User.objects.get(pk=world.people["county"].pk), reason="重复")
    assert client.get(near).status_code == 404


def test_whoever_enters_a_person_has_it_at_once(world):
    """The number is known nowhere: the person and the row that says what it is are one deed."""
    client = limited(world, "community")
    body = {
        "region": world.xingfuli.pk,
        "roles": ["residents_committee"],
        "work_time": "full",
        "name": "马晓燕",
    }
    body |= {"id_type": "resident", "id_number": identity(9)}
    assert client.post("/admin/people/communitystaff/add/", body).status_code == 302
    assert [row.name for row in client.get(AT).context["cl"].result_list] == ["马晓燕"]


def test_the_list_of_people_costs_the_same_for_any_number(world, people):
    client = limited(world, "social_work")
    client.get(AT)
    with at_most(60) as few:
        client.get(AT)
    for number in range(100, 120):
        volunteer(world.xingfuli, f"志愿者{number}", identity(number))
    with at_most(len(few)):
        assert len(client.get(AT).context["cl"].result_list) == 24
