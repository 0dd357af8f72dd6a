"""The register of facilities and stations: one house a community, rooms others may use, stations in them."""

from communities.facilities.models import (
    OpenedResource,
    ResourceUse,
    ServiceFacility,
    ServicePoint,
    StandardCheck,
    Station,
    StationCommunity,
)
from communities.models import Level
from linkage.demo.registers.sets import texts

# kind, what it is called, in how many of a hundred urban and rural communities
FURTHER = [
    ("day_care", "日间照料中心", 30, 8),
    ("children_home", "儿童之家", 20, 6),
    ("love_supermarket", "爱心超市", 18, 5),
    ("community_school", "社区学校", 12, 1),
]
STATIONS = [
    ("sw_studio", "社会工作室", 75, 22),
    ("volunteer", "志愿服务站", 90, 30),
    ("org_center", "社区社会组织服务站", 55, 8),
    ("civilization_practice", "新时代文明实践站", 60, 45),
]
STREETS = f"demo_upper WHERE level = {Level.STREET.value}"
FUNCTIONS = ["public_service", "convenience_service", "volunteer_service", "social_work", "recreation"]
STANDARD = ["hardware", "professionals", "funding", "duties", "working", "service_standard", "performance"]
ROOMS = ["多功能活动室", "居民议事厅", "书画室", "舞蹈排练室", "培训教室", "亲子活动室"]
USERS = ["organization", "volunteers", "residents", "residents", "social_work", "resident_unit"]
USED_BY = [
    "夕阳红合唱队",
    "邻里互助队",
    "居民读书会",
    "书画社",
    "广场舞队",
    "社工小组",
    "志愿服务队",
    "妇女之家",
]
PURPOSES = ["排练", "居民议事", "公益课堂", "小组活动", "健康讲座", "亲子活动", "志愿者培训"]


def fill(loading):
    houses = _houses(loading)
    _rooms(loading, houses)
    _stations(loading, houses)
    return houses


def _with(loading, name, kinds):
    """Each community with the kinds it has, by its urban or rural share; ``k`` is the pair's own key."""
    values = ", ".join(
        f"({number}, '{kind}', '{called}', {urban}, {rural})"
        for number, (kind, called, urban, rural) in enumerate(kinds)
    )
    return f"""(SELECT * FROM (
            SELECT p.id, p.path, p.kind AS setting, p.label, s.*, hashint8extended(p.k, s.n) AS k
            FROM demo_place p, (VALUES {values}) AS s (n, sort, called, urban, rural)) AS pair
        WHERE {loading.draw(name, 100)} < CASE setting WHEN 'rural' THEN rural ELSE urban END) AS {name}"""


def _houses(loading):
    between, pick = loading.between, loading.pick
    house = between("house", 1, 180)
    shared = {
        "region": "id",
        "acquisition": pick("acquired", ["built", "renovated", "with_project", "shared", "bought"]),
        "area_m2": between("floor", 120, 1_600),
        "valid_from": f"make_date({between('opened', 2012, 2023)}, {between('opened month', 1, 12)}, 1)",
    }
    houses = loading.fill(
        ServiceFacility,
        "demo_place ORDER BY path",
        name="label || '综合服务站'",
        kind="'comprehensive'",
        is_comprehensive="true",
        address=f"area_name || coalesce(street_name, '') || short || '路' || {house} || '号'",
        operation=pick("run by", ["direct", "direct", "public_built_private_run", "government_and_society"]),
        functions=loading.some("functions", FUNCTIONS, 2, 5),
        residents_covered="residents",
        **shared,
    )
    loading.fill(
        ServiceFacility,
        f"{_with(loading, 'further', FURTHER)} ORDER BY path, n",
        name="label || called",
        kind="sort",
        operation=pick("further run by", ["direct", "public_built_private_run", "private_run_public_aided"]),
        functions="ARRAY[CASE sort WHEN 'love_supermarket' THEN 'convenience_service'"
        " ELSE 'public_service' END]",
        **shared,
    )
    loading.fill(
        ServiceFacility,
        f"{STREETS} AND {loading.chance('street house', 85)} ORDER BY path",
        name="name || '公共服务中心'",
        kind="'street_public_service'",
        operation="'direct'",
        functions="ARRAY['public_service', 'administrative_approval', 'one_door']",
        **shared,
    )
    return houses


def _rooms(loading, houses):
    rooms = loading.fill(
        OpenedResource,
        f"""(SELECT f.id, f.valid_from, n, hashint8extended(f.id - {houses.first}, n) AS k
             FROM facilities_servicefacility f, generate_series(1, 2) AS n WHERE {{ids}}) AS room
        WHERE {loading.chance("opened", 45)} ORDER BY id, n""",
        over=houses,
        facility="id",
        name=f"{loading.pick('room', ROOMS)} || n",
        room="(100 + n)::text",
        capacity=loading.between("capacity", 12, 90),
        hours="'周一至周日 9:00—20:00'",
        terms="'居民和社会组织提前三天预约，公益活动免费。'",
        valid_from="valid_from + 30",
    )
    begins = loading.pick("begins", ["09:00", "14:30", "19:00"], "hashint8extended(k, n)")
    loading.fill(
        ResourceUse,
        f"""(SELECT o.id, n, o.id - {rooms.first} AS k
             FROM facilities_openedresource o, generate_series(0, 3) AS n WHERE {{ids}}) AS use
        ORDER BY id, n""",
        over=rooms,
        resource="id",
        used_on=f"{loading.on} - n * 9 - {loading.between('used', 1, 8, 'k + n')}",
        starts=f"{begins}::time",
        ends=f"{begins}::time + interval '2 hours'",
        user_kind=loading.pick("user", USERS, "k + n"),
        user_name=loading.pick("used by", USED_BY, "k + n"),
        purpose=loading.pick("purpose", PURPOSES, "k + 2 * n"),
        people=loading.between("people", 6, 60, "k + n"),
    )


def _stations(loading, houses):
    year, month = loading.between("station opened", 2017, 2024), loading.between("station month", 1, 12)
    opened = f"make_date({year}, {month}, 1)"
    stations = loading.fill(
        Station,
        f"""{_with(loading, "station", STATIONS)}
        JOIN facilities_servicefacility f ON f.region_id = station.id
             AND f.id BETWEEN {houses.first} AND {houses.last} ORDER BY path, n""",
        region="station.id",
        name="label || called",
        kind="sort",
        facility="f.id",
        room=f"(101 + {loading.draw('shared room', 'n + 1')})::text",
        area_m2=loading.between("station floor", 15, 90),
        valid_from=opened,
    )
    own = "facilities_station AS s WHERE {ids}"
    key = f"(s.id - {stations.first})"
    checked = loading.day("checked", 420, 20, key)
    loading.fill(
        StandardCheck,
        f"{own} AND kind = 'sw_studio' AND {loading.chance('check', 65, key)} ORDER BY id",
        over=stations,
        station="id",
        checked_on=checked,
        present=f"CASE WHEN {loading.chance('all there', 45, key)} THEN {texts(STANDARD)}"
        f" ELSE {loading.some('present', STANDARD, 4, 6, key)} END",
        checked_by="'县（区）民政局'",
    )
    loading.fill(
        ServicePoint,
        f"{own} AND {loading.chance('point', 8, key)} ORDER BY id",
        over=stations,
        station="id",
        name="'第二服务点'",
        address="'居民活动广场旁'",
        valid_from="valid_from + 60",
    )
    upper = loading.fill(
        Station,
        f"{STREETS} AND {loading.chance('street station', 80)} ORDER BY path",
        region="id",
        name="name || '社会工作站'",
        kind="'sw_station'",
        address="name || '政务服务大厅二楼'",
        area_m2=loading.between("station floor", 60, 240),
        valid_from=opened,
    )
    loading.fill(
        StationCommunity,
        "facilities_station AS s JOIN demo_place p ON p.street = s.region_id WHERE s.{ids} ORDER BY p.path",
        over=upper,
        station="s.id",
        community="p.id",
        valid_from="s.valid_from",
    )
