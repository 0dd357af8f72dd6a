"""Places and registers of communities on the data desk: one's own rows, each figure at its field."""

import re

import pytest

from communities.models import (
    AffairChange,
    CommunityAffairItem,
    CommunityProfile,
    Grid,
    Region,
    ResidentUnit,
)


@pytest.fixture
def clerk(person, client):
    """Somebody of 城关区 who keeps every register."""
    user = person("620102", "clerk")
    client.force_login(user)
    return user


def form(region, **changed):
    return {
        "region": region.pk,
        "as_of": "2016-06-30",
        "households": "10",
        "residents": "31",
        "source": "台账",
        **changed,
    }


# Places


def test_the_tree_lists_ones_own_places(clerk, client):
    text = client.get("/admin/communities/region/?q=社区").content.decode()
    assert "大众巷社区" in text and "西园社区" not in text


def test_the_tree_cannot_be_edited(clerk, client, at):
    assert client.get("/admin/communities/region/add/").status_code == 403
    page = f"/admin/communities/region/{at('620102').pk}/change/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"name": "x"}).status_code == 403
    assert client.post(page.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert at("620102").name == "城关区"


def test_the_page_of_a_place_leads_to_its_registers(clerk, client, at):
    text = client.get(f"/admin/communities/region/{at('620102001001').pk}/change/").content.decode()
    assert "甘肃省 › 兰州市 › 城关区 › 酒泉路街道 › 畅家巷社区" in text
    for register in ("communities/grid", "people/communitystaff", "facilities/station"):
        assert f"/admin/{register}/?place=620102001001" in text


def test_whoever_holds_no_post_sees_no_place(person, client):
    user = person("620102", "clerk")
    user.posts.update(valid_from="2015-01-01", valid_to="2016-01-01")
    client.force_login(user)
    assert client.get("/admin/communities/region/").status_code == 302


def test_communities_are_offered_from_ones_own_places_only_under_their_street(clerk, client):
    asked = {"app_label": "communities", "model_name": "communityprofile", "field_name": "region"}
    offered = client.get("/admin/autocomplete/", {**asked, "term": "社区"}).json()["results"]
    names = {each["text"] for each in offered}
    assert names == {"酒泉路街道 › 畅家巷社区", "酒泉路街道 › 兰工坪社区", "张掖路街道 › 大众巷社区"}
    assert Region.objects.communities().count() > len(names)


# Profiles


def test_a_profile_is_entered_for_a_community_of_ones_own(clerk, client, at):
    posted = form(at("620102001001"), group_minimum_living="5", group_drugs="2", aged_80="1", elderly="3")
    response = client.post("/admin/communities/communityprofile/add/", posted)
    assert response.status_code == 302
    profile = CommunityProfile.objects.get()
    assert (profile.households, profile.aged_80) == (10, 1)
    assert profile.special_groups == {"minimum_living": 5, "drugs": 2}


def test_a_figure_left_out_leaves_the_others_alone(clerk, client, at):
    client.post(
        "/admin/communities/communityprofile/add/",
        form(at("620102001001"), group_minimum_living="5", group_drugs="2"),
    )
    page = f"/admin/communities/communityprofile/{CommunityProfile.objects.get().pk}/change/"
    text = client.get(page).content.decode()
    assert re.search(
        r'name="group_minimum_living"[^>]*value="5"|value="5"[^>]*name="group_minimum_living"', text
    )
    client.post(page, form(at("620102001001"), group_minimum_living="6", group_drugs=""))
    assert CommunityProfile.objects.get().special_groups == {"minimum_living": 6}


@pytest.mark.parametrize("wrong", ["-1", "x", "9999999999999"])
def test_a_figure_of_a_group_that_cannot_be_is_told_at_its_field(clerk, client, at, wrong):
    posted = form(at("620102001001"), group_disabled=wrong)
    response = client.post("/admin/communities/communityprofile/add/", posted)
    assert list(response.context["adminform"].form.errors) == ["group_disabled"]
    assert not CommunityProfile.objects.exists()


@pytest.mark.parametrize("code", ["620103001001", "620102001", "63"])
def test_a_forged_region_is_an_error_of_the_form(clerk, client, at, code):
    response = client.post("/admin/communities/communityprofile/add/", form(at(code)))
    assert response.status_code == 200 and response.context["adminform"].form.errors["region"]
    assert not CommunityProfile.objects.exists()


def test_the_profile_of_others_does_not_exist(clerk, client, at):
    foreign = CommunityProfile.objects.create(
        region=at("620103001001"), as_of="2016-06-30", households=1, residents=1, source="台账"
    )
    url = "/admin/communities/communityprofile/{}/change/"
    assert [client.get(url.format(pk)).status_code for pk in (foreign.pk, foreign.pk + 1)] == [404, 404]
    assert client.get("/admin/communities/communityprofile/").context["cl"].result_count == 0


def test_who_only_looks_reads_the_figures_without_protected_groups(person, client, at):
    profile = CommunityProfile.objects.create(
        region=at("620102001001"),
        as_of="2016-06-30",
        households=1,
        residents=1,
        special_groups={"minimum_living": 5, "drugs": 271},
        source="台账",
    )
    client.force_login(person("620102", "observer"))
    text = client.get(f"/admin/communities/communityprofile/{profile.pk}/change/").content.decode()
    assert "低保对象 5" in text and "271" not in text and "minimum_living" not in text


# The list of public affairs


def lines(prefix="changes", **first):
    """The management form of the lines of an affair, with one line where there is something in it."""
    posted = {f"{prefix}-TOTAL_FORMS": "1" if first else "0", f"{prefix}-INITIAL_FORMS": "0"}
    return {**posted, **{f"{prefix}-0-{name}": value for name, value in first.items()}}


def test_an_affair_is_entered_with_what_became_of_it(clerk, client, at):
    posted = {"region": at("620102").pk, "name": "企业年检", "listed_on": "2015年1月1日", "decision": ""}
    line = lines(kind="split_off", changed_on="2016-03-01", doc_no="城民发(2016)3号")
    response = client.post("/admin/communities/communityaffairitem/add/", {**posted, **line})
    assert response.status_code == 302, response.context["errors"]
    change = AffairChange.objects.get()
    assert (change.item.name, change.doc_no) == ("企业年检", "城民发〔2016〕3号")
    text = client.get("/admin/communities/communityaffairitem/").content.decode()
    assert "已退出（剥离）" in text and "split_off" not in re.sub(r'href="[^"]*"', "", text)


def test_the_reduction_is_told_for_ones_own_lists(clerk, client, at):
    for code, count in (("620102", 3), ("620103", 5)):
        items = [
            CommunityAffairItem.objects.create(region=at(code), name=f"事项{i}", listed_on="2015-01-01")
            for i in range(count)
        ]
        AffairChange.objects.create(item=items[0], kind="cancelled", changed_on="2016-03-01")
    page = "/admin/communities/communityaffairitem/reduction/"
    lines = client.get(page, {"before": "2016-01-01", "after": "2016-12-31"}).context["lines"]
    assert [(str(line["place"]), line["before"], line["after"]) for line in lines] == [("城关区", 3, 2)]
    assert client.get(page, {"before": "x"}).context["lines"] == []


def test_the_reduction_of_somebody_of_another_duty_is_closed(person, client):
    user = person("620102", "clerk")
    user.posts.update(duty="charity")
    client.force_login(user)
    assert client.get("/admin/communities/communityaffairitem/reduction/").status_code == 403


# Units and grids


def test_the_telephone_of_a_unit_is_kept_when_its_field_is_left_empty(clerk, client, at):
    posted = {
        "region": at("620102001001").pk,
        "name": "六十五中",
        "kind": "institution",
        "resources": ["room", "specialists"],
        "contact": "张老师",
    }
    add = "/admin/communities/residentunit/add/"
    assert client.post(add, {**posted, "phone": "12345"}).context["adminform"].form.errors["phone"]
    assert client.post(add, {**posted, "phone": "138 0000 1234"}).status_code == 302
    unit = ResidentUnit.objects.get()
    assert (unit.phone, unit.resources) == ("13800001234", ["room", "specialists"])
    page = f"/admin/communities/residentunit/{unit.pk}/change/"
    text = client.get(page).content.decode()
    assert "13800001234" not in text and "138****1234" in text
    assert client.post(page, {**posted, "phone": "", "contact": "李老师"}).status_code == 302
    unit.refresh_from_db()
    assert (unit.phone, unit.contact) == ("13800001234", "李老师")
    listed = client.get("/admin/communities/residentunit/").content.decode()
    assert "13800001234" not in listed and "138****1234" in listed and "场地" in listed


def test_rows_of_a_street_are_found_by_the_tree_of_places(clerk, client, at):
    for code in ("620102001001", "620102002001"):
        Grid.objects.create(region=at(code), code="001", name="一")
    found = lambda place: client.get(f"/admin/communities/grid/?place={place}").context["cl"].result_count  # noqa: E731
    assert (found("620102"), found("620102001"), found("620102002001")) == (2, 1, 1)
    assert client.get("/admin/communities/grid/?place=620103").status_code == 400


@pytest.mark.parametrize("place", ["abc", "-1", "9" * 30, "\0", ""])
@pytest.mark.parametrize("register", ["communities/grid", "people/communitystaff", "facilities/station"])
def test_a_place_that_is_no_number_is_a_wrong_choice_not_a_fall(clerk, client, register, place):
    response = client.post(f"/admin/{register}/add/", {"region": place, "name": "一"})
    assert response.status_code in (200, 400)
    if response.status_code == 200:
        assert "region" in response.context["adminform"].form.errors
