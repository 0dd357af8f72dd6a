"""The code lists of social organisations. The labels are data, in the documents' own words.

``SOURCES`` names the clauses each list was gathered from (requirement ids as in docs/requirements.md).
"""

from django.db.models import TextChoices

from communities.codes import FocusField


class HandlingTier(TextChoices):
    """分级管理: who answers for an organisation that may or may not be registered."""

    REGISTERED = "registered", "登记"
    FILED = "filed", "街道管理（备案）"
    GUIDED = "guided", "社区指导（台账）"


class OrgForm(TextChoices):
    """组织形式. The credit code begins with two characters for it (GB 32100)."""

    ASSOCIATION = "association", "社会团体"
    SERVICE_INSTITUTION = "service_institution", "社会服务机构（民办非企业单位）"
    FOUNDATION = "foundation", "基金会"
    OTHER = "other", "其他"


class OrgSubtype(TextChoices):
    """组织类型标签: what else an organisation is; it may be several of them."""

    SW_AGENCY = "sw_agency", "社会工作服务机构"
    HUB = "hub", "枢纽型社会组织"
    SUPPORTING = "supporting", "支持型社会组织"
    CSO_FEDERATION = "cso_federation", "社区社会组织联合会"
    VOLUNTEER_FEDERATION = "volunteer_federation", "社区志愿服务联合会"
    SW_ASSOCIATION = "sw_association", "社会工作协会"
    INDUSTRY_BODY = "industry_body", "行业组织"
    VOLUNTEER_ORGANIZATION = "volunteer_organization", "志愿服务组织"
    COMMUNITY_FOUNDATION = "community_foundation", "社区基金会"
    MAINLY_SOCIAL_WORK = "mainly_social_work", "以社会工作服务为主的社会组织"


# 〔重庆2018 二(二)3〕: of their posts at least 70 percent are for social work.
WITH_SHARE_OF_POSTS = (OrgSubtype.SW_AGENCY, OrgSubtype.MAINLY_SOCIAL_WORK)


class OrgStatus(TextChoices):
    """组织状态."""

    PREPARING = "preparing", "筹备"
    ACTIVE = "active", "正常"
    ABNORMAL = "abnormal", "活动异常"
    RECTIFYING = "rectifying", "整改"
    REVOKED = "revoked", "撤销"
    CANCELLED = "cancelled", "注销"


class Scale(TextChoices):
    """组织规模, by which streets and communities share the care of what is not registered."""

    LARGE = "large", "规模较大"
    MEDIUM = "medium", "规模一般"
    SMALL = "small", "规模较小、较为松散"


ActivityDomain = TextChoices(
    "ActivityDomain",
    [
        (field.name, (field.value, field.label))
        for field in (
            FocusField.MEDIATION,
            FocusField.HEALTHY_AGEING,
            FocusField.EDUCATION,
            FocusField.CHARITY,
            FocusField.DISASTER_PREVENTION,
            FocusField.RECREATION,
            FocusField.NEIGHBOURS,
            FocusField.INTEGRATION,
            FocusField.FARMING,
        )
    ],
)
ActivityDomain.__doc__ = """活动领域: the nine fields in which community organisations are to work."""


class PartyForm(TextChoices):
    """党组织组建形式."""

    OWN = "own", "单独组建"
    JOINT = "joint", "联合组建"
    FUNCTIONAL = "functional", "功能型党组织"
    ATTACHED = "attached", "挂靠组建"


class EmploymentKind(TextChoices):
    """用工形式."""

    FULL_TIME = "full_time", "专职"
    PART_TIME = "part_time", "兼职"


class Education(TextChoices):
    """学历."""

    BELOW = "below", "高中以下"
    HIGH_SCHOOL = "high_school", "高中（中专）"
    COLLEGE = "college", "大专"
    BACHELOR = "bachelor", "本科"
    MASTER = "master", "硕士研究生"
    DOCTOR = "doctor", "博士研究生"


class QualificationLevel(TextChoices):
    """社会工作者职业水平等级."""

    ASSISTANT = "assistant", "助理社会工作师"
    INTERMEDIATE = "intermediate", "社会工作师"
    SENIOR = "senior", "高级社会工作师"


class CommonCategory(TextChoices):
    """统一功能分类: what the categories of every scheme are mapped to, for figures across places."""

    DAILY_SERVICE = "daily_service", "生活服务类"
    COMMUNITY_AFFAIRS = "community_affairs", "社区事务类"
    CULTURE_SPORTS = "culture_sports", "文体活动类"
    CHARITY = "charity", "公益慈善类"
    MUTUAL_AID = "mutual_aid", "居民互助类"
    BUSINESS = "business", "行业协会商会（经济）类"
    SCIENCE = "science", "科技类"
    OTHER = "other", "其他"


class Grade(TextChoices):
    """社会组织评估等级."""

    A1 = "1A", "1A"
    A2 = "2A", "2A"
    A3 = "3A", "3A"
    A4 = "4A", "4A"
    A5 = "5A", "5A"


class InspectionKind(TextChoices):
    """年度检查方式."""

    INSPECTION = "inspection", "年度检查"
    REPORT = "report", "年度报告"


class InspectionResult(TextChoices):
    """年度检查结论."""

    PASSED = "passed", "合格"
    BASIC = "basic", "基本合格"
    FAILED = "failed", "不合格"
    MISSED = "missed", "未参加（未报送）"


class CreditKind(TextChoices):
    """信用信息类别."""

    POSITIVE = "positive", "正面信息"
    NEGATIVE = "negative", "负面信息"


class PenaltyKind(TextChoices):
    """行政处罚种类."""

    WARNING = "warning", "警告"
    ORDER = "order", "责令改正"
    SUSPENSION = "suspension", "限期停止活动"
    CONFISCATION = "confiscation", "没收违法所得、非法财物"
    FINE = "fine", "罚款"
    REVOCATION = "revocation", "撤销（吊销）登记证书"


class PolicyPaper(TextChoices):
    """扶持政策文件类别: what a document of a place settles for organisations."""

    PURCHASE_RULES = "purchase_rules", "政府购买社会组织服务实施办法（细则）"
    CULTIVATION = "cultivation", "培育发展社区社会组织政策措施"
    OTHER = "other", "其他扶持政策"


# 〔甘肃2016 四(二)〕 asks for these, each by its document.
DEMANDED_PAPERS = (PolicyPaper.PURCHASE_RULES, PolicyPaper.CULTIVATION)


class SupportKind(TextChoices):
    """培育支持方式."""

    OPERATION = "operation", "组织运作"
    OFFICE_SPACE = "office_space", "办公场地"
    SERVICE_SPACE = "service_space", "服务场所"
    START_UP_MONEY = "start_up_money", "启动资金"
    TRAINING = "training", "人员培训"
    SMALL_PROJECTS = "small_projects", "中小型社区服务项目"
    ACTIVITY_SPACE = "activity_space", "活动场地"
    POLICY_ADVICE = "policy_advice", "政策指导"
    REGISTRATION_HELP = "registration_help", "注册协助"
    DEVELOPMENT_ADVICE = "development_advice", "发展指导"
    PROJECT_PROMOTION = "project_promotion", "项目推介"
    VENTURE = "venture", "公益创投"
    PROJECT_PREFERENCE = "project_preference", "项目倾斜"
    REWARD = "reward", "补贴奖励"
    PREMISES = "premises", "提供场所"
    FEE_REDUCTION = "fee_reduction", "减免费用"
    FISCAL_SUPPORT = "fiscal_support", "财政支持"
    TAX_BENEFIT = "tax_benefit", "税收优惠"


class IncubationStatus(TextChoices):
    """孵化进程."""

    APPLIED = "applied", "已申请"
    DECLINED = "declined", "未入驻"
    ADMITTED = "admitted", "在孵"
    GRADUATED = "graduated", "已出壳"
    EXITED = "exited", "已退出"


class AssessmentResult(TextChoices):
    """孵化评估结论."""

    READY = "ready", "可以出壳"
    CONTINUE = "continue", "继续孵化"
    INSUFFICIENT = "insufficient", "未达要求"


# 分类方案: code of a scheme to its name, its source, and each class with what it is called everywhere.
SCHEMES = {
    "mca-2017": (
        "民政部三类",
        "民政部《关于大力培育发展社区社会组织的意见》（民发〔2017〕191号）",
        [
            ("生活服务类", CommonCategory.DAILY_SERVICE),
            ("公益慈善类", CommonCategory.CHARITY),
            ("居民互助类", CommonCategory.MUTUAL_AID),
        ],
    ),
    "weihai-2015": (
        "威海三类",
        "威民发〔2015〕98号 三(二)1",
        [
            ("生活服务类", CommonCategory.DAILY_SERVICE),
            ("公益慈善类", CommonCategory.CHARITY),
            ("文体活动类", CommonCategory.CULTURE_SPORTS),
        ],
    ),
    "sichuan": (
        "四川四类",
        "四川等地社区社会组织备案办法",
        [
            ("生活服务类", CommonCategory.DAILY_SERVICE),
            ("社区事务类", CommonCategory.COMMUNITY_AFFAIRS),
            ("文体活动类", CommonCategory.CULTURE_SPORTS),
            ("公益慈善类", CommonCategory.CHARITY),
        ],
    ),
    "gansu-2016": (
        "甘肃四类",
        "甘肃省开展“三社联动”试点方案 四(二)",
        [
            ("城乡社区服务类", CommonCategory.DAILY_SERVICE),
            ("公益慈善类", CommonCategory.CHARITY),
            ("行业协会商会类", CommonCategory.BUSINESS),
            ("科技类", CommonCategory.SCIENCE),
        ],
    ),
    "yuzhong-2016": (
        "渝中四类",
        "渝中区经验材料 二(二)",
        [
            ("经济类", CommonCategory.BUSINESS),
            ("公益服务类", CommonCategory.DAILY_SERVICE),
            ("文化体育类", CommonCategory.CULTURE_SPORTS),
            ("慈善救助类", CommonCategory.CHARITY),
        ],
    ),
}


SOURCES = {
    CommonCategory: ["WH 3.2.1a", "GS 4.2b", "YZ 2.2c", "§5.6"],
    Grade: ["§5.6"],
    InspectionKind: ["§5.6"],
    InspectionResult: ["§5.6"],
    CreditKind: ["WH 3.1.3b"],
    PenaltyKind: ["YZ 2.2e"],
    PolicyPaper: ["GS 4.2g", "CQ 2.2.2f"],
    SupportKind: ["CQ 2.2.2e", "CQ 2.2.2i", "GS 4.2f", "WH 3.2.1c", "YZ 2.2d"],
    IncubationStatus: ["CQ 2.2.2a"],
    AssessmentResult: ["CQ 2.2.2a"],
    HandlingTier: ["CQ 2.2.2", "GS 4.2f", "WH 3.2.1"],
    OrgForm: ["§5.2", "§5.6"],
    OrgSubtype: ["CQ 2.2.2", "GS 2.2", "GS 4.3b", "HB 3.2", "WH 3.3.3"],
    OrgStatus: ["YZ 2.2e", "§5.6"],
    Scale: ["CQ 2.2.2c", "CQ 2.2.2d"],
    ActivityDomain: ["CQ 2.1.3"],
    PartyForm: ["HB 3.1c", "CQ 2.2.2h"],
    EmploymentKind: ["GS 2.2c", "HB 2.3"],
    Education: ["CQ 3.3a"],
    QualificationLevel: ["CQ 3.3a", "§5.4"],
}
