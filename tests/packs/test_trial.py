"""试算政策包: a whole pack is read over a place before it is issued, and nothing of it stays."""

import html
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from linkage.attainment import services
from linkage.attainment.models import Target
from linkage.attainment.services import counting
from linkage.foundation.models import AuditEvent
from linkage.packs import trial
from linkage.packs.reading import Pack
from linkage.packs.services import SHIPPED, load
from linkage.policy.models import PolicyDocument
from projects.models import Programme
from tests.attainment.figures import set_figures

pytestmark = pytest.mark.django_db
GANSU = SHIPPED / "gansu-2016.toml"
URL = "/targets/draft/"


@pytest.fixture
def gansu(world):
    """The Gansu document, with volunteers and residents of one community."""
    services.load_targets(world.programme.document, Pack(GANSU).targets)
    counting.rebuild()
    set_figures(world.xingfuli, volunteers=500, residents=10_000)
    counting.resum()
    return world


def draft(change=lambda text: text):
    return SimpleUploadedFile("draft.toml", change(GANSU.read_text()).encode())


def lowered(text):
    """The same document, asking five of a hundred residents instead of ten."""
    start = text.index('code = "GS-T13"')
    end = text.index("[[", start)
    assert 'at_least = "10/100"' in text[start:end]
    return text[:start] + text[start:end].replace('"10/100"', '"5/100"') + text[end:]


def anew(text):
    """Another document with the same words."""
    return text.replace('"GS-2016"', '"GS-2027"').replace('"GS-T', '"GX-T')


def standing():
    return (
        list(PolicyDocument.objects.order_by("pk").values()),
        list(Target.objects.order_by("pk").values()),
        list(Programme.objects.order_by("pk").values()),
        AuditEvent.objects.count(),
    )


@pytest.fixture
def sent(client, gansu):
    def send(file, who="province", place="62", status=200):
        client.force_login(gansu.people[who])
        answer = client.post(f"{URL}?place={place}", {"file": file} if file else {})
        flaws = (
            [str(flaw) for flaw in answer.context["flaws"]]
            if answer.context and "flaws" in answer.context
            else []
        )
        assert answer.status_code == status, flaws
        return answer

    return send


def line_of(answer, code):
    return next((now, then) for now, then in answer.context["trial"].lines if then.target.code == code)


def test_a_lower_demand_is_shown_beside_the_one_in_force(sent):
    before = standing()
    now, then = line_of(sent(draft(lowered), place="620102020001"), "GS-T13")
    assert (now.value, now.limit, now.reading.is_met) == ("5%", "≥10%", False)
    assert (then.value, then.limit, then.reading.is_met) == ("5%", "≥5%", True)
    assert standing() == before


def test_a_draft_of_what_is_in_force_says_the_same(sent):
    pairs = sent(draft()).context["trial"].lines
    assert len(pairs) == Target.objects.count()
    assert [(now.value, now.limit, now.gap, now.word) for now, _then in pairs] == [
        (then.value, then.limit, then.gap, then.word) for _now, then in pairs
    ]


def test_a_document_that_is_not_there_yet_is_read_alone(sent):
    before = standing()
    found = sent(draft(anew), place="620102020001").context["trial"]
    assert found.is_new
    assert all(now is None for now, _then in found.lines)
    assert next(then.value for _now, then in found.lines if then.target.code == "GX-T13") == "5%"
    assert standing() == before


def test_what_the_page_shows_is_taken_along_and_nothing_stays(sent, client):
    """The page sends the draft it has just read along with 【导出 Excel】."""
    page = sent(draft(lowered), place="620102020001")
    action, fields = form_of(page)
    before = standing()
    answer = client.post(action, fields)
    assert answer.status_code == 200
    rows = [
        [cell.value for cell in row]
        for row in load_workbook(io.BytesIO(answer.getvalue())).active.iter_rows()
    ]
    shown = [
        (f"{then.target.quote}（{then.target.clause}）", now.value, then.limit, then.word)
        for now, then in page.context["trial"].lines
    ]
    assert [(row[0], row[1], row[6], row[8]) for row in rows[6:]] == shown
    assert rows[0][0] == "草案 · 尚未施行"
    assert standing() == before
    for wrong in ({}, {**fields, "text": "schema = 2"}, {**fields, "text": "x" * (2 * trial.LARGEST + 1)}):
        assert client.post(action, wrong).status_code == 400
    assert client.get(action).status_code == 405


def form_of(page):
    """What the browser would send when one presses the button."""
    text = page.content.decode()
    action = re.search(r'action="([^"]*/export/[^"]*)"', text)[1]
    fields = dict(re.findall(r'<input type="hidden" name="(name|text)" value="([^"]*)">', text))
    fields = {name: html.unescape(value).replace("\n", "\r\n") for name, value in fields.items()}
    return html.unescape(action), fields


def test_a_wrong_pack_is_told_line_by_line_and_nothing_stays(sent):
    before = standing()
    answer = sent(draft(lambda text: text.replace('rule = "RATIO"', 'rule = "RATE"')), status=422)
    assert answer.context["trial"] is None
    assert {flaw.field.rpartition(".")[2] for flaw in answer.context["flaws"]} == {"rule"}
    assert all(flaw.line > 1 for flaw in answer.context["flaws"])
    assert standing() == before


@pytest.mark.parametrize(
    "file",
    [
        None,
        SimpleUploadedFile("draft.xlsx", b"PK"),
        SimpleUploadedFile("draft.toml", b"a" * (trial.LARGEST + 1)),
        SimpleUploadedFile("draft.toml", b"\xff\xfe"),
        SimpleUploadedFile("draft.toml", b"[document\n"),
        SimpleUploadedFile("draft.toml", b""),
        SimpleUploadedFile("..\\..\\draft.toml", b"schema = 2"),
    ],
    ids=["none", "xlsx", "too large", "not utf-8", "not toml", "empty", "another schema"],
)
def test_what_is_no_pack_is_refused_with_a_reason(sent, file):
    answer = sent(file, status=422)
    assert answer.context["form"].errors or answer.context["flaws"]


def test_only_who_leads_or_reviews_a_place_tries_drafts_there(sent):
    sent(draft(), who="community", place="620102020001", status=403)
    sent(draft(), who="county", place="62", status=404)
    sent(draft(), who="county", place="620102")


def test_a_draft_drops_nothing_that_somebody_supervises(sent, gansu):
    """Loading would refuse it, and so does the trial, in the same words."""
    load(GANSU)
    target = Target.objects.get(code="GS-T13")
    office = gansu.offices["6201"]
    target.supervisions.create(
        region=office.region, office=office, origin="path", demand="≥10%", value="5%", gap="x",
        due_on="2099-01-01", issued_by=gansu.people["city"],
    )  # fmt: skip
    text = GANSU.read_text()
    start = text.rindex("[[target]]", 0, text.index('code = "GS-T13"'))
    end = text.index("[[", start + 5)
    answer = sent(SimpleUploadedFile("draft.toml", (text[:start] + text[end:]).encode()), status=422)
    assert any("GS-T13" in flaw.reason for flaw in answer.context["flaws"])
