"""Places and profiles in the admin: one's own rows, and the tree to be looked at only."""

import pytest
from django.contrib.auth.models import Permission

from communities.models import CommunityProfile, Region


@pytest.fixture
def staff(person, client):
    """Somebody of 城关区 who may open the screens of regions and profiles."""
    user = person("620102", "clerk")
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="communities"))
    client.force_login(user)
    return user


def form(region, **changed):
    return {
        "region": region.pk,
        "as_of": "2016-06-30",
        "households": "10",
        "residents": "31",
        "special_groups": "{}",
        "source": "台账",
        **changed,
    }


def test_the_tree_lists_ones_own_places(staff, client):
    text = client.get("/admin/communities/region/?q=社区").content.decode()
    assert "大众巷社区" in text and "西园社区" not in text


def test_the_tree_cannot_be_edited(staff, client, at):
    assert client.get("/admin/communities/region/add/").status_code == 403
    page = f"/admin/communities/region/{at('620102').pk}/change/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"name": "x"}).status_code == 403
    assert client.post(page.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert at("620102").name == "城关区"


def test_a_profile_is_entered_for_a_community_of_ones_own(staff, client, at):
    response = client.post("/admin/communities/communityprofile/add/", form(at("620102001001")))
    assert response.status_code == 302
    assert CommunityProfile.objects.get().households == 10


@pytest.mark.parametrize("code", ["620103001001", "620102001", "63"])
def test_a_forged_region_is_an_error_of_the_form(staff, client, at, code):
    response = client.post("/admin/communities/communityprofile/add/", form(at(code)))
    assert response.status_code == 200 and response.context["adminform"].form.errors["region"]
    assert not CommunityProfile.objects.exists()


def test_the_profile_of_others_does_not_exist(staff, client, at):
    foreign = CommunityProfile.objects.create(
        region=at("620103001001"), as_of="2016-06-30", households=1, residents=1, source="台账"
    )
    url = "/admin/communities/communityprofile/{}/change/"
    answers = [client.get(url.format(pk)) for pk in (foreign.pk, foreign.pk + 1)]
    assert answers[0].status_code == answers[1].status_code == 302
    assert client.get("/admin/communities/communityprofile/").context["cl"].result_count == 0


def test_communities_are_offered_from_ones_own_places_only(staff, client):
    asked = {"app_label": "communities", "model_name": "communityprofile", "field_name": "region"}
    offered = client.get("/admin/autocomplete/", {**asked, "term": "社区"}).json()["results"]
    names = {each["text"] for each in offered}
    assert names == {"畅家巷社区", "兰工坪社区", "大众巷社区"}
    assert Region.objects.communities().count() > len(names)
