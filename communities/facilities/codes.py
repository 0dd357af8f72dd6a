"""The code lists of facilities and stations, in the documents' own words; ``SOURCES`` names the clauses."""

from django.db.models import TextChoices


class FacilityKind(TextChoices):
    """设施类别."""

    COMPREHENSIVE = "comprehensive", "社区综合服务设施（综合服务站）"
    PARTY_SERVICE = "party_service", "党群服务中心"
    CONVENIENCE = "convenience", "便民服务中心"
    STREET_PUBLIC_SERVICE = "street_public_service", "街道公共服务中心"
    STREET_COMMUNITY_SERVICE = "street_community_service", "街道（镇）社区服务中心"
    CHILDREN_HOME = "children_home", "儿童之家"
    DAY_CARE = "day_care", "日间照料中心"
    INCUBATION_BASE = "incubation_base", "孵化基地"
    COMMUNITY_SCHOOL = "community_school", "社区学校"
    LOVE_SUPERMARKET = "love_supermarket", "爱心超市"
    OTHER = "other", "其他服务设施"


# What lies at a street or township, and what may lie higher up as well.
STREET_FACILITIES = frozenset({FacilityKind.STREET_PUBLIC_SERVICE, FacilityKind.STREET_COMMUNITY_SERVICE})
UPPER_FACILITIES = frozenset({FacilityKind.INCUBATION_BASE, FacilityKind.OTHER})


class Acquisition(TextChoices):
    """设施取得方式."""

    BUILT = "built", "新建"
    RENOVATED = "renovated", "改造"
    BOUGHT = "bought", "购买"
    WITH_PROJECT = "with_project", "项目配套"
    SHARED = "shared", "整合共享"


class OperationMode(TextChoices):
    """设施运行方式."""

    PUBLIC_BUILT_PRIVATE_RUN = "public_built_private_run", "公建民营"
    PRIVATE_RUN_PUBLIC_AIDED = "private_run_public_aided", "民办公助"
    GOVERNMENT_AND_SOCIETY = "government_and_society", "政社合作"
    SOCIETY_AND_ENTERPRISE = "society_and_enterprise", "社企合作"
    DIRECT = "direct", "政府（居委会）直营"


class FacilityFunction(TextChoices):
    """设施功能: the three service classes, then what else is done there."""

    PUBLIC_SERVICE = "public_service", "公共服务"
    CONVENIENCE_SERVICE = "convenience_service", "便民利民服务"
    VOLUNTEER_SERVICE = "volunteer_service", "志愿互助服务"
    SOCIAL_WORK = "social_work", "社会工作服务"
    INCUBATION = "incubation", "社会组织孵化"
    RECREATION = "recreation", "文化娱乐"
    REHABILITATION = "rehabilitation", "社区康复"
    ADMINISTRATIVE_APPROVAL = "administrative_approval", "行政审批（街道集中受理）"
    ONE_DOOR = "one_door", "“一门式”“一窗式”受理"


class StationKind(TextChoices):
    """站点类别."""

    SW_STATION = "sw_station", "乡镇（街道）社会工作站"
    SW_STUDIO = "sw_studio", "社会工作室（站）"
    ORG_CENTER = "org_center", "社区社会组织服务中心（站）"
    VOLUNTEER = "volunteer", "社区志愿服务站（点）"
    LEI_FENG = "lei_feng", "学雷锋志愿服务站"
    CIVILIZATION_PRACTICE = "civilization_practice", "新时代文明实践站"
    INCUBATION = "incubation", "社区社会组织孵化基地（点）"


STREET_STATIONS = frozenset({StationKind.SW_STATION})
COMMUNITY_STATIONS = frozenset({StationKind.SW_STUDIO})
# What HB 二 and WH 二 count as a station of volunteers.
VOLUNTEER_STATIONS = frozenset(
    {StationKind.VOLUNTEER, StationKind.LEI_FENG, StationKind.CIVILIZATION_PRACTICE}
)


class StandardItem(TextChoices):
    """社会工作室（站）标准化: three inputs, then four rule documents."""

    HARDWARE = "hardware", "硬件设施建设"
    PROFESSIONALS = "professionals", "专业力量配置"
    FUNDING = "funding", "经费投入保障"
    DUTIES = "duties", "职能职责"
    WORKING = "working", "运行机制"
    SERVICE_STANDARD = "service_standard", "服务标准"
    PERFORMANCE = "performance", "绩效管理"


class ResourceKind(TextChoices):
    """开放的社区资源."""

    ROOM = "room", "场地（房间）"
    OUTDOOR = "outdoor", "室外场地"
    EQUIPMENT = "equipment", "设备器材"
    OTHER = "other", "其他资源"


class ResourceUser(TextChoices):
    """资源使用方."""

    ORGANIZATION = "organization", "社会组织"
    SOCIAL_WORK = "social_work", "社会工作服务机构"
    VOLUNTEERS = "volunteers", "志愿服务队伍"
    RESIDENTS = "residents", "居民"
    RESIDENT_UNIT = "resident_unit", "驻区单位"
    OTHER = "other", "其他"


SOURCES = {
    FacilityKind: ["CQ 2.2.1", "HB 3.2", "WH 3.3.1", "YZ 2.1"],
    Acquisition: ["CQ 2.2.1"],
    OperationMode: ["CQ 2.2.1"],
    FacilityFunction: ["WH 3.1.2", "CQ 2.2.1", "YZ 2.1", "YZ 3.2"],
    StationKind: ["HB 3.2", "WH 3.1.2", "CQ 2.2.3", "GS 二"],
    StandardItem: ["CQ 2.2.3"],
    ResourceKind: ["CQ 2.1.2"],
    ResourceUser: ["CQ 2.1.2", "CQ 2.1.5"],
}
