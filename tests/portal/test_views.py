"""What anybody sees and sends without signing in, and what they never see."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communities.consultation import services
from communities.consultation.models import Objection
from communities.offices.models import Post
from linkage.foundation.uploads import EICAR
from linkage.portal.facts import mask
from projects.models import Project
from tests import factories
from tests.foundation.test_uploads import PDF, picture

pytestmark = pytest.mark.django_db


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture(autouse=True)
def _fresh_counters():
    cache.clear()
    yield
    cache.clear()


def post_notice(world, *, starts=0, days=7, region=None, title="“四点半”护童驿站试点项目的公示", **more):
    region = region or world.xingfuli
    by = factories.clerk_of(world, region)
    facts = {
        "title": title,
        "body": "现将有关情况公示如下，请居民监督。",
        "place": "社区公示栏",
        "contact_name": "马晓燕",
        "contact_phone": "0931-555 0127",
        **more,
    }
    draft = services.draft_notice(region, by=by, **facts)
    if starts is None:
        return draft
    return services.publish_notice(draft, on=today(starts), days=days, by=by, reason="已张贴")


def url(name, notice=None):
    return reverse(f"portal:{name}", args=[notice.pk] if notice else [])


def facts(**more):
    return {"text": "驿站离南河新村较远。", "reply_by": "online", "token": str(uuid.uuid4()), **more}


def html(answer):
    return answer.content.decode()


# Reading


def test_the_home_page_groups_open_coming_and_ended_notices(client, world):
    for starts, title in ((0, "正在公示的"), (-20, "已经结束的"), (3, "还没开始的")):
        post_notice(world, starts=starts, title=title)
    post_notice(world, starts=None, title="还是草稿的")
    page = html(client.get(url("home")))
    assert page.index("正在公示的") < page.index("还没开始的") < page.index("已经结束的")
    assert "草稿" not in page
    assert "甘肃省 › 兰州市 › 城关区 › 雁南街道 › 幸福里社区" in page


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("护童", True),
        ("幸福里", True),
        ("四点半驿站", True),
        ("五一社区", False),
        ("%", False),
        ("𠮷", False),
    ],
)
def test_notices_are_found_by_title_project_and_community(client, world, words, found):
    notice = post_notice(world)
    project = factories.draft(world, title="四点半驿站")
    Project.objects.filter(pk=project.pk).update(notice=notice)
    assert (notice.title in html(client.get(url("home"), {"q": words}))) is found


@pytest.mark.parametrize("name", ["home", "projects"])
def test_unknown_questions_are_refused(client, world, name):
    assert client.get(url(name), {"region": "62"}).status_code == 400
    assert client.get(url(name), {"cursor": "x"}).status_code == 400
    assert client.get(url(name), {"q": "a" * 101}).status_code == 400
    assert client.get(url(name) + "?q=%00").status_code == 400


def test_notices_come_page_by_page_and_none_is_lost(client, world):
    titles = {post_notice(world, starts=-day % 5 - 4, title=f"第{day:02}号公示").title for day in range(45)}
    seen, address = [], url("home")
    while address:
        page = html(client.get(address))
        seen += re.findall("第[0-9]{2}号公示", page)
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        address = onward and url("home") + onward[1].replace("&amp;", "&")
    assert len(seen) == 45
    assert set(seen) == titles


@pytest.mark.parametrize("count", [1, 8])
def test_lists_cost_the_same_for_any_number(client, world, count, django_assert_max_num_queries):
    for number in range(count):
        post_notice(world, title=f"第{number}号")
    with django_assert_max_num_queries(3):
        client.get(url("home"))


@pytest.mark.parametrize("name", ["notice", "notice_print"])
def test_a_draft_and_a_withdrawn_notice_are_not_there(client, world, name):
    draft = post_notice(world, starts=None)
    posted = post_notice(world)
    services.take_down_notice(posted, reason="金额有误", by=world.people["community"])
    assert client.get(url(name, draft)).status_code == 404
    assert client.get(url(name, posted)).status_code == 404
    assert client.get(f"/public/notices/{2**70}/").status_code == 404


def test_a_notice_shows_the_day_the_facts_and_the_telephones(client, world):
    project = factories.draft(world)
    notice = post_notice(world, starts=-2)
    Project.objects.filter(pk=project.pk).update(notice=notice)
    page = html(client.get(url("notice", notice)))
    for words in (
        notice.title,
        project.title,
        "周一至周五 16:30—18:30",
        "6.00",
        "4.50",
        "28",
        "51",
        "46",
        "0931-555 0127",
        "0931-555 0100",
        "雁南街道办事处",
        "幸福里社区居民委员会",
    ):
        assert words in page
    assert page.count("<textarea") == 1


def test_a_notice_without_a_project_has_no_table(client, world):
    assert "lk-paper" not in html(client.get(url("notice", post_notice(world))))


def test_an_ended_notice_is_read_but_not_objected_to(client, world):
    notice = post_notice(world, starts=-20)
    page = client.get(url("notice", notice))
    assert page.status_code == 200
    assert "<textarea" not in html(page)

    answer = client.post(url("objection", notice), facts(), follow=True)
    assert answer.redirect_chain == [(url("notice", notice), 302)]
    assert 'class="lk-message' in html(answer)
    assert not Objection.objects.exists()


def test_a_draft_takes_no_objection(client, world):
    draft = post_notice(world, starts=None)
    assert client.post(url("objection", draft), facts()).status_code == 404


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话13900000012联系", "电话139****0012联系"),
        ("139 0000 0012", "139****0012"),
        ("身份证620102198001011234。", "身份证620102********1234。"),
        ("62010219800101123X", "620102********123X"),
        ("0931-555 0127，资金 68000 元", "0931-555 0127，资金 68000 元"),
        ("订单12345678901234567890", "订单12345678901234567890"),
    ],
)
def test_personal_numbers_lose_their_middle(text, shown):
    assert mask(text) == shown


def test_personal_numbers_in_a_notice_or_project_are_never_shown(client, world):
    notice = post_notice(world, body="请联系马晓燕13900000012。")
    project = factories.draft(world)
    Project.objects.filter(pk=project.pk).update(
        notice=notice, service_plan="负责人周建平，620102198001011234，13811112222"
    )
    for name in ("notice", "notice_print"):
        page = html(client.get(url(name, notice)))
        assert "139****0012" in page
        assert not re.search("13900000012|198001011234|13811112222", page)


def test_what_a_clerk_writes_is_text_and_never_markup(client, world):
    notice = post_notice(world, title="<script>alert(1)</script>", body="<img src=x onerror=alert(1)>")
    for name in ("notice", "notice_print"):
        page = html(client.get(url(name, notice)))
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page
    assert "<script>alert" not in html(client.get(url("home")))


def test_the_sheet_for_the_wall_names_place_telephones_and_address(client, world):
    notice = post_notice(world)
    page = html(client.get(url("notice_print", notice)))
    for words in (
        "社区公示栏",
        "0931-555 0127",
        "0931-555 0100",
        url("notice", notice),
        "幸福里社区居民委员会",
    ):
        assert words in page


# Objecting


def test_an_objection_is_taken_and_its_code_finds_the_answer(client, world):
    notice = post_notice(world)
    sent = client.post(url("objection", notice), facts(reply_by="phone", name="周建平", phone="13900000012"))
    assert sent.url == url("received", notice)
    kept = Objection.objects.get()
    assert (kept.channel, kept.entered_by, kept.name) == ("page", None, "周建平")
    page = html(client.get(sent.url))
    assert kept.query_code in page
    assert "周建平" not in page

    typed = f" {kept.query_code[:4].lower()}-{kept.query_code[4:]} "
    assert kept.text in html(client.post(url("answer"), {"code": typed}))

    services.settle_objection(kept, answer="已增设接送点。", by=world.people["street"])
    page = html(client.post(url("answer"), {"code": kept.query_code}))
    assert "已增设接送点。" in page
    assert "周建平" not in page
    assert "13900000012" not in page


def test_the_code_is_shown_only_to_whoever_sent_the_objection(client, world):
    notice, other = post_notice(world), post_notice(world)
    kept = services.object_to(notice, text="异议", reply_by="online")
    assert client.get(url("received", notice)).url == url("notice", notice)
    client.cookies["objection"] = str(kept.pk)
    assert client.get(url("received", notice)).status_code == 302
    client.cookies.clear()
    client.post(url("objection", notice), facts())
    assert client.get(url("received", other)).status_code in (302, 404)


def test_a_double_click_is_one_objection(client, world):
    notice, form = post_notice(world), facts()
    assert [client.post(url("objection", notice), form).status_code for _click in range(2)] == [302, 302]
    assert Objection.objects.count() == 1


def test_the_page_gives_every_form_a_token_of_its_own(client, world):
    notice = post_notice(world)
    tokens = {
        re.search(r'name="token" value="([0-9a-f-]{36})"', html(client.get(url("notice", notice))))[1]
        for _visit in range(2)
    }
    assert len(tokens) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": "长" * 501},
        {"reply_by": "phone", "name": "", "phone": "1390000012"},
        {"reply_by": "pigeon"},
        {"name": "长" * 300},
        {"token": "none"},
    ],
)
def test_wrong_objections_are_answered_422_and_nothing_is_kept(client, world, wrong):
    notice = post_notice(world)
    answer = client.post(url("objection", notice), facts(**wrong))
    assert answer.status_code == 422
    assert not Objection.objects.exists()
    if "text" not in wrong:
        assert "驿站离南河新村较远。" in html(answer)


def test_a_nul_character_is_a_clear_answer(client, world):
    answer = client.post(url("objection", post_notice(world)), facts(text="a\0b"))
    assert answer.status_code in (400, 422)
    assert not Objection.objects.exists()


def test_rare_characters_are_kept(client, world):
    client.post(url("objection", post_notice(world)), facts(text="𠮷家巷", name="𠮷"))
    assert (Objection.objects.get().text, Objection.objects.get().name) == ("𠮷家巷", "𠮷")


def test_a_machine_that_fills_the_trap_leaves_nothing(client, world):
    notice = post_notice(world)
    assert client.post(url("objection", notice), facts(website="http://spam")).url == url("notice", notice)
    assert not Objection.objects.exists()


def test_an_address_that_sends_too_much_is_stopped(client, world, monkeypatch):
    monkeypatch.setattr("linkage.portal.views.OBJECTIONS", (3, 3600))
    notice = post_notice(world)
    codes = [client.post(url("objection", notice), facts()).status_code for _time in range(5)]
    assert codes == [302, 302, 302, 429, 429]
    assert Objection.objects.count() == 3
    other = client.post(url("objection", notice), facts(), REMOTE_ADDR="10.1.2.3")
    assert other.status_code == 302


def test_guessing_codes_is_stopped(client, world, monkeypatch):
    monkeypatch.setattr("linkage.portal.views.QUESTIONS", (3, 600))
    codes = [client.post(url("answer"), {"code": f"WRONG{n}"}).status_code for n in range(5)]
    assert codes == [422, 422, 422, 429, 429]


def test_objecting_needs_the_form_of_this_site(world):
    notice = post_notice(world)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(url("objection", notice), facts()).status_code == 403
    assert strict.get(url("objection", notice)).status_code == 405
    assert not Objection.objects.exists()


# Approved projects


def test_only_approved_projects_are_listed(client, world):
    draft = factories.draft(world, title="还是草稿的项目")
    approved = factories.submitted(world, world.wuyi, title="雄关暖巷")
    assert "雄关暖巷" not in html(client.get(url("projects")))
    while approved.status == "in_review":
        approved = factories.agree(approved, world)

    page = html(client.get(url("projects")))
    for words in ("雄关暖巷", "甘肃省 › 嘉峪关市 › 雄关街道 › 五一社区", "4.50", "甘民发〔2016〕98号"):
        assert words in page
    assert draft.title not in page
    assert "雄关暖巷" in html(client.get(url("projects"), {"q": "五一"}))
    assert "雄关暖巷" not in html(client.get(url("projects"), {"q": "幸福里"}))


# Photos and papers sent with an objection


@pytest.fixture
def folder(settings, tmp_path):
    settings.FILES = tmp_path
    return tmp_path / "uploads"


def kept_files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def sent(*files):
    return facts() | {"files": list(files)}


def photo(name="路口.jpg"):
    return SimpleUploadedFile(name, picture("JPEG"))


def test_photos_come_with_an_objection_and_only_the_office_that_answers_sees_them(client, world, folder):
    project = factories.submitted(world)
    notice = post_notice(world)
    Project.objects.filter(pk=project.pk).update(notice=notice)
    answer = client.post(url("objection", notice), sent(photo(), photo("路口.jpg"), photo("说明.jpg")))
    assert answer.status_code == 302
    (file,) = Objection.objects.get(notice=notice).files.all()
    assert "路口" not in file.stored, "one picture sent three times is one; its name on the disk is made up"
    assert "路口.jpg" in html(client.get(answer.url))

    place = reverse("projects:objection_file", args=[file.pk])
    for who in ("community", "street", "street_clerk"):
        client.force_login(world.people[who])
        told = client.get(place)
        assert (told.status_code, told["Content-Type"]) == (200, "image/jpeg")
        assert "sandbox" in told["Content-Security-Policy"]
        assert b"".join(told.streaming_content).startswith(b"\xff\xd8")
    for who in ("county", "city", "province", "observer", "stranger", "stranger_community"):
        client.force_login(world.people[who])
        assert client.get(place).status_code == 404
    client.logout()
    assert client.get(place).status_code == 302
    assert Post.objects.filter(user=world.people["community"]).update(ended_at=timezone.now())
    client.force_login(world.fresh("community"))
    assert client.get(place).status_code == 404, "asked anew at every download"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([("记录.wps", b"x")], "wps"),
        ([("照片.jpg", b"<html><script>1</script>")], "照片.jpg"),
        ([("病毒.pdf", b"%PDF-1.7\n" + EICAR)], "病毒.pdf"),
        ([("空.pdf", b"")], "空.pdf"),
        ([(f"{n}.pdf", PDF + str(n).encode()) for n in range(6)], "最多 5 个文件"),
    ],
    ids=["way out", "two-faced", "virus", "empty", "too many"],
)
def test_what_the_gate_refuses_is_named_and_nothing_is_kept(client, world, folder, files, words):
    notice = post_notice(world)
    answer = client.post(url("objection", notice), sent(*(SimpleUploadedFile(*file) for file in files)))
    assert answer.status_code == 422
    assert words in html(answer)
    assert "请重新选择文件" in html(answer)
    assert not Objection.objects.exists()
    assert kept_files(folder) == []


def test_a_form_sent_twice_keeps_its_files_once(client, world, folder):
    notice = post_notice(world)
    once = facts()
    for _twice in range(2):
        assert client.post(url("objection", notice), once | {"files": [photo()]}).status_code == 302
    assert Objection.objects.get().files.count() == 1
    assert len(kept_files(folder)) == 1


def test_files_are_taken_no_more_often_than_words(client, world, folder, monkeypatch):
    monkeypatch.setattr("linkage.portal.views.OBJECTIONS", (1, 3600))
    notice = post_notice(world)
    assert client.post(url("objection", notice), sent(photo())).status_code == 302
    assert client.post(url("objection", notice), sent(photo())).status_code == 429
    assert len(kept_files(folder)) == 1


def test_after_the_last_day_files_are_not_kept_either(client, world, folder):
    notice = post_notice(world, starts=-20)
    assert client.post(url("objection", notice), sent(photo())).status_code == 302
    assert kept_files(folder) == []
