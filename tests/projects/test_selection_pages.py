"""The pages of 遴选: the board, the public notice, the approval, the papers; who gets which."""

import io
import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from communities.consultation.models import Objection, PublicNotice
from communities.models import Region, RegionTag
from communities.offices.models import Post
from projects.models import Programme, Project, Selection
from projects.services import corrections
from tests import factories
from tests.projects.test_selection import DOC, at_the_province, choose
from tests.queries import at_most

pytestmark = pytest.mark.django_db
BOARD = "/programmes/GS-2016/selection/"


def sign_in(world, who):
    client = Client()
    client.force_login(world.people[who])
    return client


@pytest.fixture
def two(world):
    return [
        at_the_province(world, world.xingfuli, title="课堂", asks=Decimal(45000)),
        at_the_province(world, world.wuyi, title="互助站", asks=Decimal(60000)),
    ]


def ticks(*, shown, tick=(), wait=(), version=0, **more):
    return {
        "version": version,
        "shown": [project.pk for project in shown],
        "tick": [project.pk for project in tick],
        "wait": [project.pk for project in wait],
        **more,
    }


def published(world, client, projects):
    client.post(f"{BOARD}save/", ticks(shown=projects, tick=projects))
    form = client.get(f"{BOARD}notice/").context["form"]
    facts = {name: form[name].value() for name in form.fields}
    answer = client.post(f"{BOARD}notice/", facts)
    assert answer.status_code == 302, answer.context["form"].errors
    return Selection.objects.get()


def test_marked_areas_are_told_and_found_on_the_board_and_among_what_arrived(world, two):
    """老少边穷, GS-6.1: money leans towards them; the mark of a county holds for its communities."""
    lesson, _help_point = two
    place, here = world.region("620102"), {"region": world.region("6201")}
    RegionTag.objects.create(kind="old_revolutionary", basis="革命老区名录", region=place)
    RegionTag.objects.create(kind="poor", basis="已摘帽", valid_to=date(2020, 11, 21), **here)
    client = sign_in(world, "province")
    for url in (BOARD, "/programmes/GS-2016/arrivals/"):
        every = client.get(url)
        marks = {project.title: project.tag_words for project in every.context["rows"]}
        assert marks == {"课堂": ["革命老区"], "互助站": []}
        assert "幸福里社区 · 革命老区" in every.content.decode()
        for asked, titles in (("any", {"课堂"}), ("old_revolutionary", {"课堂"}), ("poor", set())):
            found = client.get(url, {"tag": asked}).context["rows"]
            assert {project.title for project in found} == titles
        assert client.get(url, {"tag": "secret"}).status_code == 400
    told = "革命老区（城关区，革命老区名录）"
    for row, says in ((lesson.region, True), (place, True), (world.wuyi, False)):
        page = client.get(reverse("admin:communities_region_change", args=[row.pk])).content.decode()
        assert (told in page) == says


def test_the_board_keeps_ticks_without_scripts(world, two):
    client = sign_in(world, "province")
    page = client.get(BOARD)
    assert {project.title for project in page.context["rows"]} == {"课堂", "互助站"}
    lesson, help_point = two
    answer = client.post(
        f"{BOARD}save/",
        ticks(shown=two, tick=[lesson], wait=[help_point], **{f"amount-{lesson.pk}": "40,000"}),
        follow=True,
    )
    assert "本页勾选已保存" in answer.content.decode()
    rows = {project.title: project for project in answer.context["rows"]}
    assert (rows["课堂"].choice, rows["课堂"].granted) == ("chosen", Decimal(40000))
    assert (rows["互助站"].choice, rows["互助站"].rank) == ("waiting", 1)
    assert [project.title for project in client.get(f"{BOARD}?choice=chosen").context["rows"]] == ["课堂"]
    assert client.get(f"{BOARD}?choice=blessed").status_code == 400


def test_the_script_is_told_counters_problems_and_who_was_first(world, two):
    client, accept = sign_in(world, "province"), {"Accept": "application/json"}
    lesson, help_point = two
    told = client.post(f"{BOARD}save/", ticks(shown=two, tick=[lesson]), headers=accept)
    said = json.loads(told.content)
    assert said["version"] == 1 and "4.50 万元" in said["said"] and "199 个" in said["counters"]
    assert said["rows"][str(help_point.pk)]["counted"] is False
    wrong = ticks(shown=two, tick=[lesson], version=1, **{f"amount-{lesson.pk}": "99999"})
    refused = client.post(f"{BOARD}save/", wrong, headers=accept)
    assert refused.status_code == 422 and f"amount-{lesson.pk}" in json.loads(refused.content)["problems"]
    choose(world, [(help_point, None)], by="province_second", version=1)
    late = client.post(f"{BOARD}save/", ticks(shown=two, version=1), headers=accept)
    assert late.status_code == 409 and "孙丽" in json.loads(late.content)["said"]


@pytest.mark.parametrize("sent", [{"shown": ["x"]}, {"shown": ["1"], "tick": ["2"]}, {"version": ""}])
def test_what_the_page_did_not_show_is_no_tick(world, two, sent):
    client = sign_in(world, "province")
    assert client.post(f"{BOARD}save/", {"version": 0, **sent}).status_code == 400
    far = factories.submitted(world, world.hekou, title="未到省厅")
    assert client.post(f"{BOARD}save/", ticks(shown=[far], tick=[far])).status_code == 404


def test_lower_offices_have_no_board_and_a_clerk_of_the_province_only_reads_it(world, two):
    for who in ("city", "county", "street", "community", "stranger"):
        assert sign_in(world, who).get(BOARD).status_code == 404
    factories.person("clerk", "周勤", world.offices["62"], Post.Role.CLERK)
    world.people["clerk"] = Post.objects.get(user__username="clerk").user
    client = sign_in(world, "clerk")
    page = client.get(BOARD)
    assert page.status_code == 200 and not page.context["may_select"]
    assert client.post(f"{BOARD}save/", ticks(shown=two, tick=two)).status_code == 403
    assert client.get(f"{BOARD}notice/").status_code == 403


def test_from_the_board_to_the_document(world, two):
    client = sign_in(world, "province")
    batch = published(world, client, two)
    address = batch.get_absolute_url()
    assert client.get(BOARD).url == address
    public = Client().get(reverse("portal:notice", args=[batch.notice_id])).content.decode()
    assert "课堂" in public and "4.50" in public and "五一社区" in public
    assert client.post(f"{address}approve/", {}).status_code == 422
    asked = {"doc_no": DOC, "signed_on": timezone.localdate(), "opinion": "同意立项，补助资金＿万元。"}
    client.post(f"{address}approve/", asked)
    assert not Project.objects.filter(status="approved").exists()
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        client = sign_in(world, "province")
        wrong = client.post(f"{address}approve/", {**asked, "doc_no": "98号", "opinion": ""})
        assert wrong.status_code == 422
        assert set(wrong.context["approval"].errors) == {"opinion"}
        wrong = client.post(f"{address}approve/", {**asked, "doc_no": "98号"})
        assert set(wrong.context["approval"].errors) == {"doc_no", "signed_on"}
        done = client.post(
            f"{address}approve/", {**asked, "signed_on": timezone.localdate()}, follow=True
        ).content.decode()
        assert "已批复 2 个项目" in done and DOC in done
        paper = client.get(f"{address}papers/approval.docx")
        (table,) = Document(_file(paper)).tables
        assert [cell.text for cell in table.rows[1].cells][2:] == ["课堂", two_places(world), "4.50"]
        assert table.rows[-1].cells[-1].text == "10.50"
        sheet = load_workbook(_file(client.get(f"{address}papers/list.xlsx"))).active
        assert [cell.value for cell in sheet[4]][2] == "课堂" and sheet.cell(6, 6).value == 105000
        _corrections_are_printed(world, client, address, two[0])
        assert client.get(f"{address}papers/notice.docx").status_code == 200
        assert client.get(f"{address}papers/secret.docx").status_code == 404
    assert set(Project.objects.values_list("status", flat=True)) == {"approved"}


def _corrections_are_printed(world, client, address, project):
    """What was put right since is what the annex says, with a note; places keep the names of that day."""
    admin = factories.person("province_admin", "石磊", world.offices["62"], "administrator")
    Region.objects.filter(pk=project.region_id).update(name="幸福家园社区")
    why = {"reason": "录入时误写。", "basis": "文件原件", "by": admin}
    approved = Project.objects.get(pk=project.pk)
    word = approved.decisions.get(step="province_approval")
    corrections.correct(approved, "granted_amount", "40000", decision=word, **why)
    document = Document(_file(client.get(f"{address}papers/approval.docx")))
    (table,) = document.tables
    assert [cell.text for cell in table.rows[1].cells][2:] == ["课堂", two_places(world), "4.00"]
    assert table.rows[-1].cells[-1].text == "10.00"
    assert "注：第 1 项（核定补助资金）已按批复后的更正记录列示。" in [
        line.text for line in document.paragraphs
    ]
    sheet = load_workbook(_file(client.get(f"{address}papers/list.xlsx"))).active
    assert sheet.cell(6, 6).value == 100000
    page = client.get(address).content.decode()
    assert "4.00" in page and "10.00" in page and "更正" in page


def test_the_words_follow_the_level_of_the_office_that_decides(world, two):
    """A programme of a county speaks of its streets, never of cities or the province."""
    county = world.regions["620102"]
    Programme.objects.filter(pk=world.programme.pk).update(region=county)
    for address in (BOARD, reverse("projects:arrivals", args=["GS-2016"])):
        page = sign_in(world, "county").get(address).content.decode().partition("</header>")[2]
        assert "全部街道（乡镇）" in page and "雁南街道" in page
        assert "市州" not in page and "省级" not in page and "省厅" not in page


def two_places(world):
    return "兰州市 › 城关区 › 雁南街道 › 幸福里社区"


def _file(answer):
    return io.BytesIO(b"".join(answer.streaming_content))


def test_an_objection_is_entered_settled_and_its_sender_revealed_once_with_a_reason(world, two):
    client = sign_in(world, "province")
    batch = published(world, client, two)
    address = batch.get_absolute_url()
    facts = {"objection-text": "重复立项", "objection-reply_by": "phone"}
    assert client.post(f"{address}objections/", facts).status_code == 422
    facts |= {"objection-name": "赵一", "objection-phone": "13900001234"}
    assert client.post(f"{address}objections/", facts).status_code == 302
    objection = Objection.objects.get(notice=batch.notice)
    page = client.get(address).content.decode()
    assert "重复立项" in page and "13900001234" not in page
    shown = client.post(
        f"{address}objections/{objection.pk}/contact/", {f"contact-{objection.pk}-reason": "核实"}
    )
    assert "13900001234" in shown.content.decode()
    assert client.post(f"{address}objections/{objection.pk}/", {}).status_code == 422
    answer = {f"settle-{objection.pk}-answer": "经核实不重复。"}
    assert client.post(f"{address}objections/{objection.pk}/", answer).status_code == 302
    assert not PublicNotice.objects.get(pk=batch.notice_id).objections.open().exists()


def test_the_notice_is_taken_back_and_a_project_struck_off_with_a_reason(world, two):
    client = sign_in(world, "province")
    batch = published(world, client, two)
    address = batch.get_absolute_url()
    lesson, _help = two
    assert client.post(f"{address}strike/", {"project": lesson.pk}).status_code == 422
    asked = {"project": lesson.pk, f"strike-{lesson.pk}-reason": "异议属实"}
    assert client.post(f"{address}strike/", asked).status_code == 302
    assert "异议属实" in client.get(address).content.decode()
    assert client.post(f"{address}take-back/", {}).status_code == 422
    assert client.post(f"{address}take-back/", {"back-reason": "名单有误"}).url == BOARD
    assert client.get(address).status_code == 404
    assert client.get(BOARD).status_code == 200


@pytest.mark.parametrize("many", [2, 9])
def test_the_board_asks_the_database_equally_often(world, many):
    rows = [at_the_province(world, world.xingfuli, title=f"项目 {number}") for number in range(many)]
    choose(world, [(project, None) for project in rows[1:]], waiting=rows[:1])
    client = sign_in(world, "province")
    with at_most(34):
        assert client.get(BOARD).status_code == 200
