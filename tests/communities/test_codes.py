"""The code lists hold the values of the documents, each list with its source."""

import inspect

from django.db.models import TextChoices

from communities import codes
from communities.codes import SENSITIVE, SOURCES, FocusField, FundSource, ServiceGroup, ServiceMethod


def test_the_nine_fields_of_the_gansu_document_can_be_chosen():
    nine = "扶老救孤 助残助学 精神卫生 社区矫正 心理疏导 人文关怀 流动人口服务 三留守关爱 环境保护"
    assert set(nine.split()) <= set(FocusField.labels)


def test_the_groups_of_the_gansu_document_can_be_chosen():
    groups = "老年人 失业人员 残障人员 单亲家庭 失独家庭 低收入家庭 农村留守儿童 农村留守妇女 农村留守老人"
    assert set(groups.split()) <= set(ServiceGroup.labels)


def test_the_three_methods_of_social_work():
    assert ServiceMethod.labels == ["个案工作", "小组工作", "社区工作"]


def test_money_comes_from_the_sources_the_gansu_document_names():
    named = (
        "财政预算（一般公共预算） 彩票公益金（福彩） 驻地（驻区）单位支持 公益捐赠（爱心人士） 公益慈善基金"
    )
    assert set(named.split()) <= set(FundSource.labels)


def test_four_groups_are_protected():
    assert {group.label for group in SENSITIVE} == {
        "精神障碍患者",
        "涉毒人员",
        "服刑（社区服刑）人员",
        "刑满释放人员",
    }


def test_every_list_names_its_source_and_every_value_once():
    lists = [
        found
        for _name, found in inspect.getmembers(codes, inspect.isclass)
        if issubclass(found, TextChoices) and found is not TextChoices
    ]
    assert set(SOURCES) == set(lists)
    assert all(len(set(found.labels)) == len(found.labels) for found in lists)
