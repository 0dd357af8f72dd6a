"""Documents are found by number, read clause by clause, by anybody."""

import pytest
from django.urls import reverse

from linkage.foundation.standards import is_doc_no, normal_doc_no
from linkage.packs.services import SHIPPED, load
from linkage.policy.models import Clause, PolicyDocument
from tests.factories import PASSWORD


@pytest.fixture
def documents(db):
    for name in ("chongqing-2018", "hebei-2021", "weihai-2015", "yuzhong-2016"):
        load(SHIPPED / f"{name}.toml")
    return {document.code: document for document in PolicyDocument.objects.all()}


@pytest.fixture
def signed_in(client, world):
    assert client.login(username="county", password=PASSWORD)
    return client


@pytest.mark.parametrize(
    "written",
    [
        "渝民发〔2018〕42号",
        "渝民发[2018]42号",
        "渝民发（2018）42号",
        "渝民发(2018) 42 号",
        "渝民发﹝2018﹞42号",
        "渝民发【2018】42号",
    ],
)
def test_any_bracket_style_is_the_same_number(written):
    assert normal_doc_no(written) == "渝民发〔2018〕42号"


@pytest.mark.parametrize(
    "wrong",
    [
        "渝民发〔2018〕042号",
        "渝民发〔2018〕第42号",
        "渝民发〔18〕42号",
        "〔2018〕42号",
        "渝民发〔2018〕42",
        "",
    ],
)
def test_what_is_no_document_number(wrong):
    assert not is_doc_no(wrong)


@pytest.mark.parametrize("words", ["威民发[2015]98号", "威民发（2015）98", "四社联动"])
def test_a_document_is_found_by_number_or_words(documents, client, words):
    page = client.get(reverse("policy:list"), {"q": words}).content.decode()

    assert documents["WH-2015"].title in page
    assert documents["HB-2021"].title not in page


def test_words_lead_to_the_clauses_that_hold_them(documents, client):
    page = client.get(reverse("policy:public_list"), {"q": "时间银行"}).content.decode()

    assert reverse("policy:public_document", args=["HB-2021"]) + "#c-三-三" in page


@pytest.mark.parametrize("door", ["policy:list", "policy:public_list"])
def test_anybody_reads_the_list(documents, client, door):
    response = client.get(reverse(door))

    assert response.status_code == 200
    assert all(document.title in response.content.decode() for document in documents.values())


def test_the_public_page_stays_among_public_pages(documents, client):
    page = client.get(reverse("policy:public_document", args=["CQ-2018"])).content.decode()

    assert 'class="lk-public' in page
    assert "渝民发〔2018〕42号" in page


def test_a_person_at_work_reads_it_in_the_frame_of_the_desk(documents, signed_in):
    page = signed_in.get(reverse("policy:document", args=["CQ-2018"])).content.decode()

    assert 'class="lk-body' in page
    assert 'id="c-二-三-1"' in page
    assert 'href="#c-二-三-1"' in page


def test_the_page_holds_every_word_of_the_document(documents, client):
    page = client.get(reverse("policy:public_document", args=["HB-2021"])).content.decode()

    for clause in documents["HB-2021"].clauses.all():
        for line in clause.paragraphs:
            assert line in page


@pytest.mark.parametrize("query", [{"page": "2"}, {"q": "a\0b"}])
def test_an_unknown_filter_is_a_bad_request(documents, client, query):
    assert client.get(reverse("policy:list"), query).status_code == 400


def test_an_unknown_document_is_not_found(db, client):
    assert client.get(reverse("policy:document", args=["XX-1999"])).status_code == 404


def test_pages_are_read_never_written(documents, client):
    assert client.post(reverse("policy:list")).status_code == 405


@pytest.mark.parametrize(
    ("number", "anchor"),
    [("", "c-0"), ("四", "c-四"), ("四(三)", "c-四-三"), ("二(三)1", "c-二-三-1"), ("尾段", "c-尾段")],
)
def test_every_clause_has_an_address(number, anchor):
    assert Clause(number=number).anchor == anchor
    assert PolicyDocument(code="CQ-2018").clause_url(number) == f"/policies/CQ-2018/#{anchor}"


def test_a_clause_tells_its_lead_from_its_text():
    runs_on = Clause(number="四(三)", heading="培育队伍", text="(三)培育队伍。建立基地。\n第二段。")
    alone = Clause(number="一", heading="重要意义", text="一、重要意义\n第一段。")
    bare = Clause(number="尾段", text="各地要根据。")

    assert (runs_on.lead, runs_on.runs_on, runs_on.paragraphs) == (
        "(三)培育队伍。",
        True,
        ["建立基地。", "第二段。"],
    )
    assert (alone.lead, alone.runs_on, alone.lines_below) == ("一、重要意义", False, ["第一段。"])
    assert (bare.lead, bare.lines_below) == ("", ["各地要根据。"])


def test_officials_see_what_binds_or_lies_under_them(world, documents):
    gansu = world.programme.document
    for who in ("community", "county", "province"):
        assert list(PolicyDocument.objects.visible_to(world.people[who])) == [gansu]


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_costs_the_same_for_any_number(db, client, count, django_assert_num_queries):
    for name in ("chongqing-2018", "hebei-2021", "weihai-2015", "yuzhong-2016")[:count]:
        load(SHIPPED / f"{name}.toml")

    with django_assert_num_queries(2):
        client.get(reverse("policy:public_list"), {"q": "社"})
