"""The code lists of social workers. The labels are data, in the documents' own words.

``SOURCES`` names the clauses each list was gathered from (requirement ids as in docs/requirements.md).
Levels of qualification and of education stand with the organisations that pay by them.
"""

from django.db.models import TextChoices


class WorkerTier(TextChoices):
    """社工队伍: the two layers of the force (CQ-2.2.3b)."""

    BACKBONE = "backbone", "骨干社工"
    FRONTLINE = "frontline", "一线服务社工"


class Politics(TextChoices):
    """政治面貌."""

    PARTY = "party", "中共党员"
    PROBATIONARY = "probationary", "中共预备党员"
    LEAGUE = "league", "共青团员"
    DEMOCRATIC = "democratic", "民主党派成员"
    NONE = "none", "无党派人士"
    MASSES = "masses", "群众"


class Degree(TextChoices):
    """学位."""

    BACHELOR = "bachelor", "学士"
    MASTER = "master", "硕士"
    DOCTOR = "doctor", "博士"


class RegistrationStatus(TextChoices):
    """证书登记状态 on a day; a certificate that was never registered has none."""

    VALID = "valid", "有效"
    DUE = "due", "待再登记"
    EXPIRED = "expired", "过期"


class ExamResult(TextChoices):
    """考试结果."""

    ENTERED = "entered", "已报名"
    PASSED = "passed", "通过"
    PARTLY = "partly", "部分科目通过"
    FAILED = "failed", "未通过"
    ABSENT = "absent", "缺考"


class StaffingSource(TextChoices):
    """岗位配备方式: how somebody comes to a professional post."""

    CONVERSION = "conversion", "转化"
    TRANSFER = "transfer", "调剂"
    RECRUITMENT = "recruitment", "公开招聘（公招）"
    ELECTION = "election", "民主选举"
    COMPETITION = "competition", "竞争上岗"
    PURCHASE = "purchase", "购买服务"
    SECONDMENT = "secondment", "挂职锻炼"


class ElectedBody(TextChoices):
    """当选机构: the bodies of a community a social worker may be elected into."""

    PARTY_BRANCH = "party_branch", "社区党组织"
    COMMITTEE = "committee", "社区居民（村民）自治组织"
    OWNERS = "owners", "业主委员会"


class ConversionWay(TextChoices):
    """转化方式: how community staff become professional social workers."""

    EXAM = "exam", "通过职业水平考试"
    EDUCATION = "education", "取得社会工作专业学历"
    TRAINING = "training", "系统培训后转岗"


class AwardLevel(TextChoices):
    """表彰级别."""

    NATION = "nation", "国家级"
    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    COUNTY = "county", "县级"
    STREET = "street", "街道（乡镇）级"
    OTHER = "other", "其他"


class Preference(TextChoices):
    """优先录用对象: who is preferred where candidates are equal (HB-3.5b, HB-3.5d)."""

    GRADUATE = "graduate", "全日制高校社会工作专业毕业生"
    EXPERIENCED = "experienced", "具有基层实践经验的优秀社会工作专业人才"
    VOLUNTEER = "volunteer", "通过职业水平考试并经登记的优秀志愿者"


class Profession(TextChoices):
    """专业身份: who else in a community has a craft to offer."""

    OFFICIAL = "official", "村（社区）干部"
    LAWYER = "lawyer", "律师"
    COUNSELLOR = "counsellor", "心理咨询师"
    MEDICAL = "medical", "医护人员"
    TEACHER = "teacher", "教师"
    CULTURE = "culture", "文体人才"
    CRAFT = "craft", "能工巧匠"
    OTHER = "other", "其他专业人才"


class CooperationKind(TextChoices):
    """共建方式."""

    CAMPUS_PLACE = "campus_place", "校地共建"
    CAMPUS_COMMUNITY = "campus_community", "校社共建"
    COMMUNITY_ENTERPRISE = "community_enterprise", "社企共建"


# 社会工作及相关专业: where the editable list of majors begins (name, source).
RELATED_MAJORS = [
    (name, "民政部《民政统计指标解释》“社会工作专业人才”")
    for name in (
        "社会工作",
        "社会学",
        "心理学",
        "社会保障",
        "社区管理",
        "青少年工作",
        "司法矫治",
        "民政管理",
    )
]


SOURCES = {
    WorkerTier: ["CQ 2.2.3b"],
    Politics: ["GB/T 4762"],
    Degree: ["GB/T 6864"],
    RegistrationStatus: ["§5.4"],
    ExamResult: ["CQ 2.2.3d", "HB 3.5c"],
    StaffingSource: ["YZ 2.3c", "WH 3.3.1d"],
    ElectedBody: ["CQ 3.3c"],
    ConversionWay: ["WH 3.3.1b", "YZ 2.3"],
    AwardLevel: ["CQ 3.3d"],
    Preference: ["HB 3.5b", "HB 3.5d"],
    Profession: ["GS 4.3g", "HB 3.5a"],
    CooperationKind: ["HB 3.5a"],
}
