"""The code lists hold the words of the documents, each with its source."""

import re

import pytest
from django.db.models import TextChoices

from communities.codes import FundSource
from organizations import codes
from organizations.charity import codes as charity


def lists(module):
    return {
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, TextChoices) and value.__module__ == module.__name__
    } - {TextChoices}


@pytest.mark.parametrize("module", [codes, charity])
def test_every_list_names_its_source_and_every_value_once(module):
    found = {value for value in lists(module) if value is not TextChoices}
    assert found - set(module.SOURCES) <= {codes.ActivityDomain}
    assert set(module.SOURCES) >= found - {codes.ActivityDomain}
    for choices, sources in module.SOURCES.items():
        assert sources and len(set(choices.labels)) == len(choices), choices
        assert all(re.match(r"(CQ|GS|YZ|HB|WH) \d|§\d", source) for source in sources), choices


WORDS = {
    "nine fields of activity (CQ 2.1.3)": (
        codes.ActivityDomain,
        "纠纷调解、健康养老、教育培训、公益慈善、防灾减灾、文体娱乐、邻里互助、居民融入、农村生产技术",
    ),
    "six kinds of support (CQ 2.2.2e)": (
        codes.SupportKind,
        "组织运作、办公场地、服务场所、启动资金、人员培训、中小型社区服务项目",
    ),
    "seven instruments (CQ 2.2.2i)": (
        codes.SupportKind,
        "公益创投、项目倾斜、补贴奖励、提供场所、减免费用、财政支持、税收优惠",
    ),
    "support of Gansu, Weihai and Yuzhong": (
        codes.SupportKind,
        "活动场地、人员培训、政策指导、注册协助、发展指导、项目推介",
    ),
    "hubs (HB 3.2f, GS 4.3b)": (
        codes.OrgSubtype,
        "社区社会组织联合会、社区志愿服务联合会、枢纽型社会组织、支持型社会组织、社会工作协会、行业组织",
    ),
    "charity entities (HB 3.2d)": (charity.CharityEntityKind, "社区基金会、爱心超市、互助帮困协会"),
    "instruments of charity (HB 3.4e)": (
        charity.CharityInstrument,
        "购买服务、设立专项基金、公益创投、公益沙龙、项目大赛",
    ),
    "sources of money (CQ 3.2c, HB 4.2, WH 4.2)": (
        FundSource,
        "驻地（驻区）单位支持、公益捐赠（爱心人士）、社区发展（公益）基金会、社区公益基金、慈善资金、"
        "其他民间资本、彩票公益金（福彩）、社会救助工作经费、困难群众救助补助资金",
    ),
}


@pytest.mark.parametrize("about", WORDS)
def test_the_words_of_the_documents_can_be_chosen(about):
    choices, words = WORDS[about]
    assert set(words.split("、")) <= set(choices.labels)


def test_there_are_nine_fields_and_three_tiers():
    assert len(codes.ActivityDomain) == 9
    assert codes.HandlingTier.labels == ["登记", "街道管理（备案）", "社区指导（台账）"]
