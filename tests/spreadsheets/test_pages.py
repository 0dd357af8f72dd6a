"""The pages: from the template over errors to the import and out again."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from linkage.foundation import jobs
from linkage.foundation.models import AuditEvent, Job, SheetImport, StagedRow
from linkage.foundation.spreadsheets import services
from organizations.models import SocialOrganization
from tests.organizations.conftest import filed, guided
from tests.spreadsheets.makers import book, worked

pytestmark = pytest.mark.django_db
REGISTER = "organizations.socialorganization"


@pytest.fixture
def county(world, client):
    client.force_login(world.people["county"])
    return world.people["county"]


def hand_in(client, file):
    answer = client.post(reverse("desk:table", args=[REGISTER]), {"file": file})
    assert answer.status_code == 302, answer.content.decode()[:500]
    return worked(SheetImport.objects.latest("pk"))


def read(answer):
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def test_from_the_template_over_errors_to_the_import(world, client, county):
    opened = read(client.get(reverse("desk:table_template", args=[REGISTER])))
    sheet = opened.worksheets[0]
    head = [cell.value for cell in sheet[3]]
    line = {
        "组织名称": "邻里书社",
        "管理层级": "社区指导（台账）",
        "所属地区": "雁南街道 › 幸福里",
        "成立日期": "2016",
    }
    rows = [head, [line.get(name) for name in head]]
    taken = hand_in(client, book(rows))
    page = client.get(reverse("desk:import", args=[taken.pk])).content.decode()
    assert "幸福里社区" in page and "只有年份" in page

    wrong = read(client.get(reverse("desk:import_errors", args=[taken.pk])))
    mended = [list(row) for row in wrong.active.iter_rows(values_only=True)]
    assert mended[0][-1] == "错误原因" and "只有年份" in mended[1][-1]
    mended[1][head.index("成立日期")] = "2016-06-13"
    mended[1][head.index("所属地区")] = "雁南街道 › 幸福里社区"
    taken = hand_in(client, book(mended))
    client.post(reverse("desk:import_apply", args=[taken.pk]))
    assert worked(taken).state == "applied"
    made = SocialOrganization.objects.get(name="邻里书社")
    assert made.region == world.xingfuli
    assert AuditEvent.objects.filter(kind="imported", by=county).exists()
    assert "邻里书社" in client.get(reverse("desk:import", args=[taken.pk])).content.decode()


def test_the_good_rows_alone_need_a_second_yes(world, client, county):
    rows = [
        ["组织名称", "管理层级", "所属社区"],
        ["书社", "社区指导", "幸福里社区"],
        ["画社", "社区指导", "没有的社区"],
    ]
    taken = hand_in(client, book(rows))
    apply = reverse("desk:import_apply", args=[taken.pk])
    assert client.post(apply).status_code == 302
    taken.refresh_from_db()
    assert taken.state == "checked"
    asked = client.post(apply, {"good_only": "1"})
    assert asked.status_code == 200 and "确认导入 1 行" in asked.content.decode()
    client.post(apply, {"good_only": "1", "sure": "1"})
    assert worked(taken).state == "applied"
    assert [one.name for one in SocialOrganization.objects.all()] == ["书社"]


def test_a_table_given_up_leaves_nothing_behind(world, client, county):
    taken = hand_in(client, book([["组织名称", "管理层级", "所属社区"], ["书社", "社区指导", "幸福里社区"]]))
    client.post(reverse("desk:import_give_up", args=[taken.pk]))
    taken.refresh_from_db()
    assert (taken.state, taken.stored, StagedRow.objects.count()) == ("given_up", "", 0)


def test_what_is_no_table_is_refused_at_the_door(world, client, county):
    answer = client.post(reverse("desk:table", args=[REGISTER]), {"file": io.BytesIO(b"hello")})
    assert answer.status_code == 422
    assert SheetImport.objects.count() == 0


def test_exactly_the_filtered_rows_go_out_with_title_unit_date_and_maker(world, client, county):
    guided(world.xingfuli, "=cmd|'/c calc'!A1")
    kept = filed(world.tianqing, "天庆书画社", leader_name="李四")
    filed(world.fukang, "外地的")
    export = reverse("desk:table_export", args=[REGISTER])
    page = client.get(export, {"tier__exact": "filed"})
    assert page.status_code == 200 and "<b>1</b>" in page.content.decode()
    assert client.get(export, {"leader_phone": "1"}).status_code == 400
    assert client.post(export, {"tier__exact": "filed"}).status_code == 302
    job = Job.objects.latest("pk")
    jobs.run(job.pk)
    answer = client.get(reverse("desk:table_export_file", args=[job.pk]))
    rows = [list(row) for row in read(answer).active.iter_rows(values_only=True)]
    assert rows[0][0] == "社会组织"
    assert "城关区民政局" in rows[1][0] and "张文静" in rows[1][0]
    assert len(rows) == 4 and rows[3][0] == kept.name

    post = county.posts.get()
    post.office = world.offices["620902"]
    post.save()
    assert client.get(reverse("desk:table_export_file", args=[job.pk])).status_code == 403


def test_an_observer_looks_and_exports_but_hands_nothing_in(world, client):
    client.force_login(world.people["observer"])
    page = client.get(reverse("desk:table", args=[REGISTER]))
    assert page.status_code == 200 and 'type="file"' not in page.content.decode()
    assert client.post(reverse("desk:table", args=[REGISTER]), {"file": book([["a"]])}).status_code == 403


def test_one_foreign_row_among_thousands_is_refused_by_its_row(world, client, county):
    head = ["组织名称", "管理层级", "所属社区"]
    rows = [[f"书社{n}", "社区指导", "幸福里社区"] for n in range(2_000)]
    rows[1_234][2] = "富康社区"
    taken = services.hand_in(REGISTER, book([head, *rows]), by=county)
    taken = worked(taken)
    assert (taken.new, taken.wrong) == (1_999, 1)
    wrong = taken.staged.get(outcome="wrong")
    assert wrong.number == 1_236
    assert "肃州" not in str(wrong.problems)
