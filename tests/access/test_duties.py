"""Parts of an office: what is listed, what opens at once and shuts at once, and who may say which part."""

import re

import pytest
from django.test import Client

from communities.offices.models import Post
from tests.access import registers

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
