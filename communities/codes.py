"""The code lists of the policy documents. The labels are data, kept in the documents' own words.

``SOURCES`` names the clauses each list was gathered from (requirement ids as in docs/requirements.md).
"""

from django.db.models import TextChoices


class ServiceGroup(TextChoices):
    """服务对象: whom a need belongs to and a service is for."""

    ELDERLY = "elderly", "老年人"
    EMPTY_NEST = "empty_nest", "空巢老人（家庭）"
    CHILDREN = "children", "儿童青少年"
    CHILDREN_IN_NEED = "children_in_need", "困境儿童"
    DISABLED = "disabled", "残障人员"
    UNEMPLOYED = "unemployed", "失业人员"
    LOW_INCOME = "low_income", "低收入家庭"
    SINGLE_PARENT = "single_parent", "单亲家庭"
    LOST_ONLY_CHILD = "lost_only_child", "失独家庭"
    MIGRANT = "migrant", "流动人口"
    LEFT_BEHIND_CHILDREN = "left_behind_children", "农村留守儿童"
    LEFT_BEHIND_WOMEN = "left_behind_women", "农村留守妇女"
    LEFT_BEHIND_ELDERLY = "left_behind_elderly", "农村留守老人"
    DISASTER = "disaster", "受灾人员"
    MINIMUM_LIVING = "minimum_living", "低保对象"
    DESTITUTE = "destitute", "特困人员"
    ASSISTANCE = "assistance", "社会救助对象"
    REGISTERED_POOR = "registered_poor", "建档立卡贫困人口"
    MENTAL_ILLNESS = "mental_illness", "精神障碍患者"
    DRUGS = "drugs", "涉毒人员"
    SENTENCED = "sentenced", "服刑（社区服刑）人员"
    RELEASED = "released", "刑满释放人员"
    GENERAL = "general", "一般居民"


# Groups whose figures and members are shown to nobody but those who work with them.
SENSITIVE = frozenset(
    {ServiceGroup.MENTAL_ILLNESS, ServiceGroup.DRUGS, ServiceGroup.SENTENCED, ServiceGroup.RELEASED}
)


class Duty(TextChoices):
    """台账分工: the parts of an office, and of the registers, one post may be limited to (GS-6.2)."""

    COMMUNITY = "community", "社区建设"
    ORGANIZATION = "organization", "社会组织"
    SOCIAL_WORK = "social_work", "社会工作与志愿服务"
    CHARITY = "charity", "慈善"


class NeedField(TextChoices):
    """需求领域: what a gathered need is about."""

    DAILY_CARE = "daily_care", "生活照料"
    RECREATION = "recreation", "文体娱乐"
    HEALTH = "health", "医疗保健"
    HUMANE_CARE = "humane_care", "人文关怀"
    OTHER = "other", "其他"


class NeedMethod(TextChoices):
    """需求征集方式: how a need was gathered."""

    VISIT = "visit", "入户走访"
    MEETING = "meeting", "座谈会"
    QUESTIONNAIRE = "questionnaire", "问卷"
    ONLINE = "online", "线上征集"
    HOTLINE = "hotline", "热线来访"


class FocusField(TextChoices):
    """项目领域: what a project works on."""

    OLD_AND_ORPHANS = "old_and_orphans", "扶老救孤"
    DISABILITY_AND_SCHOOL = "disability_and_school", "助残助学"
    MENTAL_HEALTH = "mental_health", "精神卫生"
    CORRECTION = "correction", "社区矫正"
    COUNSELLING = "counselling", "心理疏导"
    HUMANE_CARE = "humane_care", "人文关怀"
    MIGRANTS = "migrants", "流动人口服务"
    LEFT_BEHIND = "left_behind", "三留守关爱"
    ENVIRONMENT = "environment", "环境保护"
    DISASTER_RELIEF = "disaster_relief", "减灾救灾"
    WELFARE = "welfare", "福利慈善"
    MEDIATION = "mediation", "纠纷调解"
    HEALTHY_AGEING = "healthy_ageing", "健康养老"
    EDUCATION = "education", "教育培训"
    CHARITY = "charity", "公益慈善"
    DISASTER_PREVENTION = "disaster_prevention", "防灾减灾"
    RECREATION = "recreation", "文体娱乐"
    NEIGHBOURS = "neighbours", "邻里互助"
    INTEGRATION = "integration", "居民融入"
    FARMING = "farming", "农村生产技术"
    CULTURE = "culture", "社区文化"
    SPORT = "sport", "社区体育"
    SOCIAL_ASSISTANCE = "social_assistance", "社会救助"
    HOME_CARE = "home_care", "居家养老"
    YOUTH = "youth", "青少年保护"
    VETERANS = "veterans", "双拥优抚"
    EMPLOYMENT = "employment", "就业培训"
    POVERTY = "poverty", "助困"
    ORPHANS = "orphans", "恤孤"


class ServiceMethod(TextChoices):
    """专业方法: the three methods of social work."""

    CASE = "case", "个案工作"
    GROUP = "group", "小组工作"
    COMMUNITY = "community", "社区工作"


class ProjectKind(TextChoices):
    """项目类别."""

    SERVICE = "service", "服务类"
    VENTURE = "venture", "公益创投类"
    TRAINING = "training", "培训类"


class ProjectTag(TextChoices):
    """项目标签: what else is said of a project, beside its kind."""

    COMMON = "common", "共性"
    PARTICULAR = "particular", "个性"
    GUIDING = "guiding", "引导性"
    MODEL = "model", "示范性"
    INNOVATIVE = "innovative", "创新性"
    BRAND = "brand", "品牌"


class FundSource(TextChoices):
    """资金来源: where a project's money comes from."""

    BUDGET = "budget", "财政预算（一般公共预算）"
    PURCHASE = "purchase", "政府购买服务资金"
    ASSISTANCE_WORK = "assistance_work", "社会救助工作经费"
    HARDSHIP = "hardship", "困难群众救助补助资金"
    LOTTERY = "lottery", "彩票公益金（福彩）"
    EARMARKED = "earmarked", "专项资金"
    PROVINCIAL_GRANT = "provincial_grant", "省级补助"
    LOCAL_UNITS = "local_units", "驻地（驻区）单位支持"
    DONATION = "donation", "公益捐赠（爱心人士）"
    CHARITY = "charity", "慈善资金"
    CHARITY_FUND = "charity_fund", "公益慈善基金"
    COMMUNITY_FOUNDATION = "community_foundation", "社区发展（公益）基金会"
    COMMUNITY_FUND = "community_fund", "社区公益基金"
    SPECIAL_FUND = "special_fund", "专项基金"
    PRIVATE = "private", "其他民间资本"
    OWN = "own", "自筹"


class WorkTime(TextChoices):
    """专（兼）职."""

    FULL = "full", "专职"
    PART = "part", "兼职"


class RegionTagKind(TextChoices):
    """老少边穷: what is said of a place as a whole."""

    OLD_REVOLUTIONARY = "old_revolutionary", "革命老区"
    ETHNIC_MINORITY = "ethnic_minority", "少数民族地区"
    BORDER = "border", "边疆地区"
    POOR = "poor", "贫困地区"


class ElectionMethod(TextChoices):
    """居（村）民委员会选举方式: only the first is a direct election."""

    DIRECT = "direct", "全体居（村）民直接选举"
    HOUSEHOLDS = "households", "户代表选举"
    GROUPS = "groups", "居民小组代表选举"


class ResidentUnitKind(TextChoices):
    """驻区单位类别."""

    GOVERNMENT = "government", "机关"
    INSTITUTION = "institution", "事业单位（学校、医院等）"
    ENTERPRISE = "enterprise", "企业"
    OWNERS_COMMITTEE = "owners_committee", "业主委员会"
    PROPERTY_MANAGER = "property_manager", "物业服务企业"
    SOCIETY = "society", "其他社会力量"
    MARKET = "market", "个体工商户等市场主体"


class OfferedResource(TextChoices):
    """驻区单位可提供的资源."""

    ROOM = "room", "场地"
    MONEY = "money", "资金"
    GOODS = "goods", "物资设备"
    SPECIALISTS = "specialists", "专业人才"
    VOLUNTEERS = "volunteers", "志愿者"
    JOBS = "jobs", "就业岗位"
    SERVICES = "services", "便民服务"


class AffairDecision(TextChoices):
    """社区公共事务准入审批."""

    PENDING = "pending", "准入申请中"
    APPROVED = "approved", "准予进入"
    REFUSED = "refused", "不予准入"


class AffairChangeKind(TextChoices):
    """公共事务清理方式."""

    TAKEN_UP = "taken_up", "上收"
    SPLIT_OFF = "split_off", "剥离"
    CANCELLED = "cancelled", "取消"
    MERGED = "merged", "合并"
    STREAMLINED = "streamlined", "优化"


# After these an affair is no longer in the list; one streamlined stays.
LEAVING = frozenset(AffairChangeKind) - {AffairChangeKind.STREAMLINED}


class ListKind(TextChoices):
    """权力清单、职责清单; one document may hold both."""

    POWERS = "powers", "街道办事处（乡镇政府）权力清单"
    DUTIES = "duties", "居（村）民委员会职责清单"
    BOTH = "both", "权力清单和职责清单"


class PartyKind(TextChoices):
    """参与主体: who takes part in what a community plans and discusses."""

    PARTY = "party", "党组织"
    GOVERNMENT = "government", "政府"
    COMMITTEE = "committee", "居（村）民委员会"
    OWNERS = "owners", "业主委员会"
    ORGANIZATIONS = "organizations", "社会组织"
    SOCIAL_WORKERS = "social_workers", "社会工作者"
    VOLUNTEERS = "volunteers", "志愿者"
    CHARITY = "charity", "慈善资源代表"
    RESIDENTS = "residents", "居民代表"
    RESIDENT_UNITS = "resident_units", "驻区单位"


class DesignationLevel(TextChoices):
    """命名（认定）层级."""

    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    COUNTY = "county", "县级"


class DesignationStatus(TextChoices):
    """创建状态."""

    CREATING = "creating", "创建中"
    NAMED = "named", "已命名"
    WITHDRAWN = "withdrawn", "已撤销"


SOURCES = {
    ServiceGroup: ["CQ 2.3.2", "CQ 2.4.3", "GS 四", "HB 3.6"],
    Duty: ["GS 六(二)", "CQ 3.1"],
    NeedField: ["HB 3.6"],
    NeedMethod: ["GS 五(二)", "HB 3.6"],
    FocusField: ["GS 二", "GS 四", "GS 4.2", "CQ 2.1.3", "WH 3.2.2", "YZ", "HB 3.3"],
    ServiceMethod: ["GS 四(四)"],
    ProjectKind: ["GS 五"],
    ProjectTag: ["YZ", "CQ", "GS", "HB"],
    FundSource: ["GS", "CQ", "WH 4.2", "HB 4.2"],
    WorkTime: ["YZ 3.1", "GS 2.2"],
    RegionTagKind: ["GS 六(一)"],
    ElectionMethod: ["GS 四(一)"],
    ResidentUnitKind: ["CQ 2.1.5", "HB 3.1"],
    OfferedResource: ["CQ 2.1.5", "CQ 3.2"],
    AffairDecision: ["CQ 2.2.1"],
    AffairChangeKind: ["YZ 2.1"],
    ListKind: ["GS 四(一)"],
    PartyKind: ["CQ 2.4.1", "HB 3.1", "GS 四(一)", "WH 3.3.2"],
    DesignationLevel: ["HB 3.2"],
    DesignationStatus: ["HB 3.2"],
}
