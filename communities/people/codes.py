"""What people are in a community, in the documents' own words; ``SOURCES`` names the clauses."""

from django.db.models import TextChoices


class StaffRole(TextChoices):
    """社区人员身份."""

    PARTY_COMMITTEE = "party_committee", "社区党组织班子成员"
    RESIDENTS_COMMITTEE = "residents_committee", "居（村）民委员会成员"
    FULL_TIME_WORKER = "full_time_worker", "社区专职工作者"
    SERVICE_STAFF = "service_staff", "社区服务人员"
    PART_TIME_MEMBER = "part_time_member", "社区兼职委员"
    BUILDING_LEADER = "building_leader", "楼门长"
    GRID_WORKER = "grid_worker", "网格员"
    PARTY_MEMBER = "party_member", "社区党员（骨干）"


# 社区工作人员口径 (DOMAIN §2.2): who always counts (STAFF_ROLES); others where their row says so.
COMMITTEE_ROLES = frozenset({StaffRole.PARTY_COMMITTEE, StaffRole.RESIDENTS_COMMITTEE})  # 社区“两委”
STAFF_ROLES = COMMITTEE_ROLES | {StaffRole.FULL_TIME_WORKER}
MANAGEMENT_ROLES = STAFF_ROLES | {StaffRole.SERVICE_STAFF}  # 社区管理与服务人员 (WH-T13) is wider


class GridRole(TextChoices):
    """网格“1+X”: one lead, and X others."""

    LEAD = "lead", "网格长（1）"
    MEMBER = "member", "网格成员（X）"


class GridMemberKind(TextChoices):
    """“X”的来源."""

    FULL_TIME = "full_time", "专职网格员"
    PART_TIME = "part_time", "兼职网格员"
    POLICE = "police", "社区民警（辅警）"
    HEALTH = "health", "家庭医生（卫生人员）"
    BUILDING_LEADER = "building_leader", "楼门长"
    PARTY_MEMBER = "party_member", "党员"
    VOLUNTEER = "volunteer", "志愿者"
    SOCIAL_WORKER = "social_worker", "社会工作者"
    PROPERTY = "property", "物业人员"
    OTHER = "other", "其他"


class OrganKind(TextChoices):
    """一委一居一站一办."""

    PARTY_COMMITTEE = "party_committee", "社区党委（党总支、党支部）"
    RESIDENTS_COMMITTEE = "residents_committee", "社区居（村）民委员会"
    WORKSTATION = "workstation", "社区工作站"
    PUBLIC_SECURITY = "public_security", "综治办"


class LeaderField(TextChoices):
    """居民骨干擅长的方面."""

    MEDIATION = "mediation", "纠纷调解"
    CULTURE = "culture", "文体活动"
    MUTUAL_AID = "mutual_aid", "邻里互助"
    CARE = "care", "助老助残"
    CHILDREN = "children", "青少年服务"
    ENVIRONMENT = "environment", "环境保护"
    SAFETY = "safety", "平安巡防"
    PROPERTY = "property", "物业协调"
    PUBLICITY = "publicity", "政策宣传"
    OTHER = "other", "其他"


SOURCES = {
    StaffRole: ["HB 3.1", "HB 3.5", "WH 3.3.1"],
    GridRole: ["YZ 3.2"],
    GridMemberKind: ["YZ 3.2", "HB 3.1"],
    OrganKind: ["WH 3.1.1"],
    LeaderField: ["WH 3.3.2", "CQ 2.1.3"],
}
