"""The five shipped packs hold their documents word for word."""

import hashlib
import re
from fractions import Fraction

import pytest

from linkage.packs.reading import Pack
from linkage.packs.services import SHIPPED, shipped
from projects.procedure import StepKind

# SHA-256 of each text without any white space, taken from the issued texts by hand.
TEXTS = {
    "CQ-2018": ("chongqing-2018", "254529d4dde04d7cecb456433f521a1f1e973c20d92d73b37b5624513e76f1b1"),
    "GS-2016": ("gansu-2016", "e016b226da79612793bb7b706ebc83919e663c0477091b770ad4350a19c544f3"),
    "HB-2021": ("hebei-2021", "02e6edb38e3ce532889c06d0561c2664a3cdbe18d7fc0ee52c4f9585b353bbee"),
    "WH-2015": ("weihai-2015", "ffa3d925e946a67741b4b895fe303f92402e8434b5724c4126b4dbb82774e33c"),
    "YZ-2016": ("yuzhong-2016", "8c9174d71e38b82bb8ec9234fadc98769fc940b04b3b870a6d8db8804c40bb8b"),
}


@pytest.fixture(scope="module")
def packs():
    return {pack.document["code"]: pack for pack in map(Pack, shipped())}


def test_five_documents_are_shipped(packs):
    assert sorted(packs) == sorted(TEXTS)


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_a_pack_holds_its_document_word_for_word(packs, code):
    name, expected = TEXTS[code]
    text = "".join("".join(clause["text"].split()) for clause in packs[code].clauses)

    assert packs[code].name == f"{name}.toml"
    assert hashlib.sha256(text.encode()).hexdigest() == expected


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_no_noise_of_the_extraction_is_left(packs, code):
    text = "".join(clause["text"] for clause in packs[code].clauses)

    assert not re.search(r"bookmark|\||\[|当前位置|\t", text)


def test_numbers_of_documents_are_those_printed_on_them(packs):
    assert {code: pack.document["doc_no"] for code, pack in packs.items()} == {
        "CQ-2018": "渝民发〔2018〕42号",
        "GS-2016": "",
        "HB-2021": "",
        "WH-2015": "威民发〔2015〕98号",
        "YZ-2016": "",
    }


def test_models_territories_and_joint_issuers(packs):
    facts = {
        code: (pack.document["linkage_model"], pack.document["region"], len(pack.document["issuers"]))
        for code, pack in packs.items()
    }
    assert facts == {
        "CQ-2018": (3, "50", 2),
        "GS-2016": (3, "62", 1),
        "HB-2021": (5, "13", 3),
        "WH-2015": (4, "3710", 1),
        "YZ-2016": (3, "500103", 1),
    }


def test_the_gansu_procedure_has_the_verbs_of_the_document(packs):
    steps = packs["GS-2016"].programme["step"]

    assert [step["verb"] for step in steps] == [
        "筹划征集",
        "听证",
        "审议",
        "公示",
        "申报",
        "初核",
        "审核",
        "复核",
        "审批",
        "招标",
        "承接",
        "主导实施",
        "评估",
        "结项",
    ]
    assert [step["opinion"] for step in steps if step["kind"] == StepKind.DECISION] == [
        "街道(乡镇)意见",
        "县级民政部门意见",
        "市州民政部门意见",
        "省民政厅意见",
    ]


def test_the_form_has_the_ten_labels_of_the_annex_in_order(packs):
    gansu = packs["GS-2016"]
    annex = next(clause["text"] for clause in gansu.clauses if clause["number"] == "附件")
    labels = [row["label"] for row in gansu.programme["form_row"]]

    assert len(labels) == 11
    positions = [annex.index(label) for label in labels]
    assert positions == sorted(positions)


def test_quotas_are_targets_with_an_exact_ceiling(packs):
    gansu = packs["GS-2016"]

    assert {
        target["code"]: Fraction(*target["at_most"]) for target in gansu.targets if target["rule"] == "QUOTA"
    } == {
        "GS-T14a": 100,
        "GS-T14b": 200,
    }
    assert {quota["target"]: quota["limit"] for quota in gansu.programme["quota"]} == {
        "GS-T14a": 100,
        "GS-T14b": 200,
    }


def test_packs_lie_beside_their_loader():
    assert all(path.parent == SHIPPED for path in shipped())
