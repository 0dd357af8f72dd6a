"""The code lists of charity resources. The labels are data; ``SOURCES`` names the clauses."""

from django.db.models import TextChoices


class CharityEntityKind(TextChoices):
    """慈善载体类别."""

    FOUNDATION = "foundation", "基金会"
    COMMUNITY_FOUNDATION = "community_foundation", "社区基金会"
    LOVE_SUPERMARKET = "love_supermarket", "爱心超市"
    MUTUAL_AID_ASSOCIATION = "mutual_aid_association", "互助帮困协会"
    CHARITY_FEDERATION = "charity_federation", "慈善会（慈善协会）"
    CHARITY_STATION = "charity_station", "慈善工作站（点）"
    OTHER = "other", "其他慈善组织"


FOUNDATIONS = frozenset({CharityEntityKind.FOUNDATION, CharityEntityKind.COMMUNITY_FOUNDATION})


class CharityInstrument(TextChoices):
    """慈善资金支持方式."""

    PURCHASE = "purchase", "购买服务"
    SPECIAL_FUND = "special_fund", "设立专项基金"
    VENTURE = "venture", "公益创投"
    SALON = "salon", "公益沙龙"
    CONTEST = "contest", "项目大赛"
    RELIEF = "relief", "直接救助帮扶"


class DonorKind(TextChoices):
    """捐赠人类别."""

    INDIVIDUAL = "individual", "个人"
    ENTERPRISE = "enterprise", "企业"
    RESIDENT_UNIT = "resident_unit", "驻区单位"
    ORGANIZATION = "organization", "社会组织"
    UNNAMED = "unnamed", "不具名（募捐箱等）"


class DonationKind(TextChoices):
    """捐赠形式."""

    MONEY = "money", "现金（转账）"
    GOODS = "goods", "物资"
    SERVICE = "service", "服务"


class MovementKind(TextChoices):
    """物资进出类别."""

    RECEIVED = "received", "入库"
    ISSUED = "issued", "发放"
    WRITTEN_OFF = "written_off", "报损"
    FOUND = "found", "盘盈"
    MISSING = "missing", "盘亏"


INWARD = frozenset({MovementKind.RECEIVED, MovementKind.FOUND})


class FundPurpose(TextChoices):
    """资金用途."""

    PURCHASE = "purchase", "政府购买服务"
    COMMUNITY_SERVICE = "community_service", "社区为民办实事"
    CULTIVATION = "cultivation", "社会组织培育发展"
    SOCIAL_WORK = "social_work", "社会工作事业发展"
    POSTS = "posts", "社会工作岗位与津贴"
    TRAINING = "training", "人才培训"
    STATIONS = "stations", "站点与设施建设"
    VOLUNTEERING = "volunteering", "志愿服务"
    VENTURE = "venture", "公益创投"
    PROJECTS = "projects", "“三社（五社）联动”服务项目"
    OTHER = "other", "其他"


SOURCES = {
    CharityEntityKind: ["HB 3.2d", "CQ 3.2c", "WH 3.4.2"],
    CharityInstrument: ["HB 3.4e"],
    DonorKind: ["GS 6.3", "CQ 3.2c", "HB 4.2d"],
    DonationKind: ["§5.7"],
    MovementKind: ["HB 3.2d"],
    FundPurpose: ["YZ 3.1b", "YZ 2.2c", "CQ 3.2", "GS 6.3"],
}
