"""汇总表: what has arrived at the province, for the table of its meeting."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from linkage.foundation.models import AuditEvent
from projects.models.summary import summarise
from projects.views.programme import arrived
from tests import factories
from tests.projects.test_review_lists import at_the_province

pytestmark = pytest.mark.django_db


@pytest.fixture
def province(world, client):
    """One approved in 兰州, one waiting of 嘉峪关; a third is still at its street."""
    factories.approved(world, world.xingfuli, title="课堂", asks=45_000)
    at_the_province(world, world.wuyi, title="=互助站", asks=60_000)
    factories.submitted(world, world.hekou, title="老人互助", asks=30_000)
    client.force_login(world.people["province"])
    return world.people["province"]


def table(client, world, **filters):
    answer = client.get(reverse("projects:arrivals_summary", args=[world.programme.code, "table"]), filters)
    assert answer.status_code == 200
    return [list(row) for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)]


def test_what_arrived_by_city_with_sums_and_what_every_level_said(world, client, province):
    rows = table(client, world)
    head, *lines = rows[2:]
    assert "制表人" in rows[1][0] and world.programme.title in rows[0][0]
    assert [line[0] for line in lines] == [
        1,
        "兰州市小计：1 个项目",
        2,
        "嘉峪关市小计：1 个项目",
        "合计：2 个项目",
    ]
    first, waits, total = lines[0], lines[2], lines[4]
    assert first[1:6] == ["兰州市", "城关区", "雁南街道", "幸福里社区", "课堂"]
    assert waits[1:3] == ["嘉峪关市", "—"]
    assert waits[5] == "'=互助站"
    asked, granted = head.index("申请补助（元）"), head.index("核定补助资金（元）")
    assert (first[asked], first[granted], waits[granted]) == (45_000, 45_000, None)
    assert (total[asked], total[granted]) == (105_000, 45_000)
    assert first[head.index("资金总需求（元）")] == first[asked] + first[head.index("自筹及其他资金（元）")]
    opinions = [place for place, name in enumerate(head) if name.endswith("意见")]
    assert len(opinions) == 3 and all(first[place] not in (None, "—") for place in opinions)
    assert waits[opinions[1]] == "—"  # no county there
    assert first[-1].startswith("已批准") and waits[-1]
    event = AuditEvent.objects.get(kind="summary_made")
    assert event.facts["projects"] == 2


def test_exactly_the_filtered_rows_as_a_table_and_on_paper(world, client, province):
    assert [line[0] for line in table(client, world, region="6202")[3:]] == [
        1,
        "嘉峪关市小计：1 个项目",
        "合计：1 个项目",
    ]
    at = reverse("projects:arrivals_summary", args=[world.programme.code, "print"])
    page = client.get(at, {"status": "approved"}).content.decode()
    assert "课堂" in page and "互助站" not in page and "45,000.00" in page
    assert client.get(at, {"colour": "red"}).status_code == 400
    assert client.get(at.replace("print", "pdf")).status_code == 404
    board = reverse("projects:selection_summary", args=[world.programme.code, "print"])
    page = client.get(board).content.decode()
    assert "互助站" in page and "课堂" not in page


def test_the_questions_do_not_grow_with_the_rows(world, province, django_assert_max_num_queries):
    for community in (world.wuyi, world.xingfuli):
        at_the_province(world, community, title="又一个")
    with django_assert_max_num_queries(10):
        assert summarise(world.programme, arrived(province, world.programme)).count == 4
