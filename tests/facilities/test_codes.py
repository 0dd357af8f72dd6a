"""The code lists of facilities and stations, and of people, hold the words of the documents."""

import inspect

import pytest
from django.db.models import TextChoices

from communities.facilities import codes as facilities
from communities.facilities.codes import (
    Acquisition,
    FacilityFunction,
    FacilityKind,
    OperationMode,
    StandardItem,
    StationKind,
)
from communities.people import codes as people


@pytest.mark.parametrize(
    ("list_of", "words"),
    [
        (
            FacilityKind,
            "党群服务中心 便民服务中心 街道公共服务中心 儿童之家 日间照料中心 孵化基地 社区学校 爱心超市",
        ),
        (Acquisition, "新建 改造 购买 项目配套 整合共享"),
        (OperationMode, "公建民营 民办公助 政社合作 社企合作"),
        (FacilityFunction, "公共服务 便民利民服务 志愿互助服务 社会工作服务 文化娱乐 社区康复"),
        (StationKind, "乡镇（街道）社会工作站 社会工作室（站） 学雷锋志愿服务站 新时代文明实践站"),
        (StandardItem, "硬件设施建设 专业力量配置 经费投入保障 职能职责 运行机制 服务标准 绩效管理"),
        (people.StaffRole, "社区专职工作者 楼门长 网格员 社区服务人员"),
    ],
)
def test_the_words_of_the_documents_can_be_chosen(list_of, words):
    assert set(words.split()) <= set(list_of.labels)


@pytest.mark.parametrize("codes", [facilities, people], ids=["facilities", "people"])
def test_every_list_names_its_source_and_every_value_once(codes):
    lists = [
        found
        for _name, found in inspect.getmembers(codes, inspect.isclass)
        if issubclass(found, TextChoices) and found is not TextChoices
    ]
    assert set(codes.SOURCES) == set(lists)
    assert all(len(set(found.labels)) == len(found.labels) for found in lists)
