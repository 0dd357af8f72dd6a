"""Changes of the tree and of offices by hand: told first, done when confirmed, refused to all others."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from communities.models import ExternalId, Region, Succession
from communities.offices.models import Office, Post
from linkage.foundation.models import AuditEvent

DOC = "甘民复〔2026〕8号"


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def page(region, step):
    return reverse(f"admin:communities_region_{step}_here", args=[region.pk])


@pytest.fixture
def county(person, client):
    user = person("620102")
    client.force_login(user)
    return user


def asked(**more):
    return {"on": today().isoformat(), "basis": DOC, **more}


def test_a_merge_is_told_with_what_stays_behind_and_done_only_when_confirmed(county, client, at, person):
    gone, into = at("620102001001"), at("620102001002")
    kept = ExternalId.objects.create(region=gone, system="基层治理平台", value="1")
    assert "兰工坪社区" in client.get(page(gone, "merge")).content.decode()

    told = client.post(page(gone, "merge"), asked(into=into.pk)).content.decode()
    assert "并入" in told
    assert "外部编号 1" in told
    assert DOC in told
    assert not Succession.objects.exists(), "telling changes nothing"

    done = client.post(page(gone, "merge"), asked(into=into.pk, sure="1"))
    assert done.status_code == 302
    assert Succession.objects.get().after == into
    assert at("620102001001").closed_on == today()
    assert AuditEvent.objects.get(kind="region.merge").by_id == county.pk
    kept.refresh_from_db()
    assert kept.region == gone, "what was entered there stays there, until somebody answers for it anew"
    above = person("620102", "clerk")
    assert ExternalId.objects.kept_by(above).filter(pk=kept.pk).exists(), "the office above keeps it"
    assert client.get(page(gone, "merge")).status_code == 403, "a place that has ended is changed no more"


def test_a_street_moves_with_all_below_it(county, client, at, person):
    client.force_login(person("6201"))
    street = at("620102001")
    told = client.post(page(street, "move"), asked(parent=at("620103").pk)).content.decode()
    assert "下辖 2 个地区" in told
    assert client.post(page(street, "move"), asked(parent=at("620103").pk, sure="1")).status_code == 302
    assert at("620102001001").path.startswith("62/6201/620103/")


def test_a_community_is_split_into_two_and_ends(county, client, at):
    old = at("620102001001")
    told = client.post(page(old, "split"), asked(parts="畅家巷东社区\n\n 畅家巷西社区 ")).content.decode()
    assert "畅家巷东社区、畅家巷西社区" in told
    assert not Succession.objects.exists(), "telling changes nothing"
    sent = asked(parts="畅家巷东社区\n畅家巷西社区", sure="1")
    assert client.post(page(old, "split"), sent).status_code == 302
    new = Region.objects.filter(name__in=["畅家巷东社区", "畅家巷西社区"])
    assert {(place.parent.code, place.kind, place.opened_on) for place in new} == {
        ("620102001", old.kind, today())
    }
    assert at("620102001001").closed_on == today()
    assert AuditEvent.objects.get(kind="region.split").by_id == county.pk


def test_a_street_is_split_and_its_communities_are_shared_out(county, client, at):
    street = at("620102001")
    first, second = street.children.filter(closed_on=None).order_by("code")
    for parts, words in (
        (f"东街道：{first.name}\n西街道", second.name),
        (f"东街道：{first.name}、没有的社区\n西街道：{second.name}", "没有的社区"),
        ("东街道\n东街道", "东街道"),
    ):
        answer = client.post(page(street, "split"), asked(parts=parts, sure="1"))
        assert answer.status_code == 422 and words in answer.content.decode(), parts
    parts = f"东街道：{first.name}"
    assert client.post(page(street, "split"), asked(parts=parts, keep="on", sure="1")).status_code == 302
    assert (Region.objects.get(pk=first.pk).parent.name, Region.objects.get(pk=second.pk).parent) == (
        "东街道",
        street,
    )
    assert at("620102001").closed_on is None


def test_a_name_counts_from_its_day_on(county, client, at):
    place, before = at("620102001001"), at("620102001001").name
    told = client.post(page(place, "rename"), asked(name="畅家巷南社区")).content.decode()
    assert before in told
    assert "畅家巷南社区" in told
    client.post(page(place, "rename"), asked(name="畅家巷南社区", sure="1"))
    assert at("620102001001").name == "畅家巷南社区"
    assert at("620102001001").name_on(today(-1)) == before


@pytest.mark.parametrize(
    ("step", "sent", "words"),
    [
        ("rename", {"name": ""}, "必填"),
        ("rename", {"name": "新名", "basis": ""}, "必填"),
        ("rename", {"name": "新名", "on": "没有这天"}, "日期"),
        ("merge", {"into": "999999"}, "选择"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(county, client, at, step, sent, words):
    place = at("620102001001")
    answer = client.post(page(place, step), asked(**sent) | {"sure": "1"})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert at("620102001001").name == place.name
    assert not Succession.objects.exists()


@pytest.mark.parametrize("step", ["rename", "move", "merge", "split"])
@pytest.mark.parametrize(
    ("code", "role"), [("620102", "leader"), ("620102001001", "administrator"), ("6202", "administrator")]
)
def test_only_administrators_above_the_place_change_it(person, client, at, step, code, role):
    client.force_login(person(code, role))
    place = at("620102001001")
    for answer in (client.get(page(place, step)), client.post(page(place, step), asked(name="x", sure="1"))):
        assert answer.status_code == 403
    assert at("620102001001").name == place.name


def test_places_of_others_are_no_choice(county, client, at):
    text = client.get(page(at("620102001001"), "merge")).content.decode()
    assert "西园社区" not in text
    answer = client.post(page(at("620102001001"), "merge"), asked(into=at("620103001001").pk, sure="1"))
    assert answer.status_code == 422


# Offices


def office_page(office, step):
    return reverse(f"admin:offices_office_{step}_here", args=[office.pk])


def test_an_office_is_renamed_and_handed_over_in_two_steps(county, client, at, person):
    clerk = person("620102001", "clerk")
    office = Office.objects.get(region=at("620102001"))
    heir = Office.objects.create(region=at("620102002"), name="张掖路街道办事处")
    client.post(office_page(office, "rename"), {"name": "酒泉路街道便民服务中心", "sure": "1"})
    office.refresh_from_db()
    assert office.name == "酒泉路街道便民服务中心"

    told = client.post(office_page(office, "hand_over"), {"heir": heir.pk, "on": today().isoformat()})
    assert "1 个任职随即终止" in told.content.decode()
    office.refresh_from_db()
    assert office.closed_on is None
    client.post(office_page(office, "hand_over"), {"heir": heir.pk, "on": today().isoformat(), "sure": "1"})
    office.refresh_from_db()
    assert (office.closed_on, office.successor) == (today(), heir)
    assert not Post.objects.filter(user=clerk, ended_at__isnull=True).exists()


def test_an_office_of_elsewhere_cannot_be_touched(county, client, at):
    far = Office.objects.create(region=Region.objects.get(code="620201001"), name="雄关街道办事处")
    assert client.get(office_page(far, "rename")).status_code == 403
    assert client.post(office_page(far, "rename"), {"name": "x", "sure": "1"}).status_code == 403
