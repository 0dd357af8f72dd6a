"""The code lists of volunteering. The labels are data, in the documents' own words.

``SOURCES`` names the clauses each list was gathered from (requirement ids as in docs/requirements.md).
"""

from django.db.models import TextChoices


class VolunteerTag(TextChoices):
    """志愿者身份: what else a volunteer is; several at a time."""

    PARTY_MEMBER = "party_member", "共产党员"
    CIVIL_SERVANT = "civil_servant", "公务员"
    PROFESSIONAL = "professional", "专业技术人员"
    STUDENT = "student", "青少年学生"
    RETIRED = "retired", "离退休人员"
    MIGRANT_WORKER = "migrant_worker", "外来务工人员"
    PARTY_CADRE = "party_cadre", "基层党员干部"
    COMMITTEE_MEMBER = "committee_member", "社区“两委”成员"
    COMMUNITY_STAFF = "community_staff", "社区工作者"
    GRID_WORKER = "grid_worker", "网格员"
    PROPERTY_STAFF = "property_staff", "物业企业员工"
    ORGANIZATION_STAFF = "organization_staff", "社区社会组织工作人员"
    SOCIAL_WORKER = "social_worker", "社会工作者"


# HB-3.5e 带头加入: those who are to go ahead of the others.
LEADING = (
    VolunteerTag.PARTY_CADRE,
    VolunteerTag.COMMITTEE_MEMBER,
    VolunteerTag.COMMUNITY_STAFF,
    VolunteerTag.GRID_WORKER,
)


class AvailableTime(TextChoices):
    """可服务时间."""

    WORKDAYS = "workdays", "工作日白天"
    EVENINGS = "evenings", "工作日晚上"
    WEEKENDS = "weekends", "双休日"
    HOLIDAYS = "holidays", "节假日"
    VACATIONS = "vacations", "寒暑假"
    ANY_TIME = "any_time", "随时"


class GuardianRelation(TextChoices):
    """监护关系: who consents for a minor."""

    FATHER = "father", "父亲"
    MOTHER = "mother", "母亲"
    GRANDPARENT = "grandparent", "祖父母（外祖父母）"
    OTHER = "other", "其他监护人"


class ActivityField(TextChoices):
    """志愿活动领域: the eight fields."""

    RELIEF = "relief", "救助"
    VETERANS = "veterans", "优抚"
    DISABLED = "disabled", "助残"
    ELDERLY = "elderly", "为老"
    EMPLOYMENT = "employment", "就业"
    SAFETY = "safety", "公共安全"
    ENVIRONMENT = "environment", "环境卫生"
    CULTURE = "culture", "文化体育"


class ActivitySeries(TextChoices):
    """品牌活动系列: the series an activity belongs to."""

    NEIGHBOURS = "neighbours", "邻里守望"
    SHARED = "shared", "共建共治共享"
    SAFE = "safe", "共创平安"
    CULTURE = "culture", "文化铸魂"
    NEIGHBOUR_FESTIVAL = "neighbour_festival", "邻居节"
    CULTURE_FESTIVAL = "culture_festival", "社区文化节"


class ActivityKind(TextChoices):
    """活动形式 (WH-3.4.2b)."""

    SERVICE = "service", "志愿服务"
    NEIGHBOURLY = "neighbourly", "睦邻活动"
    MUTUAL_HELP = "mutual_help", "互帮互助"
    DONATION = "donation", "社会捐赠"
    PROMISE = "promise", "承诺服务"


class TeamRole(TextChoices):
    """队内职务."""

    MEMBER = "member", "队员"
    DEPUTY = "deputy", "副队长"
    LEADER = "leader", "队长"


class RecordState(TextChoices):
    """服务记录状态."""

    UNVERIFIED = "unverified", "待核实"
    VERIFIED = "verified", "已核实"
    REVERSED = "reversed", "已冲销"


SOURCES = {
    VolunteerTag: ["WH 3.4.1", "HB 3.5"],
    AvailableTime: ["志愿服务条例 7"],
    GuardianRelation: ["民法典 27"],
    ActivityField: ["WH 3.4.2"],
    ActivitySeries: ["HB 3.3", "WH 3.4.2"],
    ActivityKind: ["WH 3.4.2"],
    TeamRole: ["WH 3.4.1"],
    RecordState: ["§5.5"],
}
