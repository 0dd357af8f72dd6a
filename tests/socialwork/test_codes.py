"""The lists of social workers and volunteers hold what the documents name."""

import pytest

from socialwork import codes
from socialwork.volunteers import codes as volunteer_codes


@pytest.mark.parametrize("module", [codes, volunteer_codes], ids=["social work", "volunteers"])
def test_every_list_names_its_source_and_every_value_once(module):
    lists = [
        found
        for found in vars(module).values()
        if isinstance(found, type)
        and issubclass(found, codes.TextChoices)
        and found.__module__ == module.__name__
    ]
    assert {found.__name__ for found in lists} == {found.__name__ for found in module.SOURCES}
    for found in lists:
        assert len(set(found.labels)) == len(found.labels)
        assert module.SOURCES[found]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("转化 调剂 公开招聘（公招） 民主选举 竞争上岗 购买服务 挂职锻炼", codes.StaffingSource),
        ("社区党组织 社区居民（村民）自治组织 业主委员会", codes.ElectedBody),
        ("校地共建 校社共建 社企共建", codes.CooperationKind),
        ("有效 待再登记 过期", codes.RegistrationStatus),
        ("救助 优抚 助残 为老 就业 公共安全 环境卫生 文化体育", volunteer_codes.ActivityField),
        ("邻里守望 共建共治共享 共创平安 文化铸魂 邻居节 社区文化节", volunteer_codes.ActivitySeries),
        (
            "共产党员 公务员 专业技术人员 青少年学生 离退休人员 外来务工人员 基层党员干部 社区“两委”成员 "
            "社区工作者 网格员 物业企业员工 社区社会组织工作人员 社会工作者",
            volunteer_codes.VolunteerTag,
        ),
    ],
)
def test_a_list_has_the_words_of_the_documents(words, found):
    assert found.labels == words.split()
