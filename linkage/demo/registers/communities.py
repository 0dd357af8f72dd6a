"""The register of communities: figures, grids, elections, affairs, papers, units of the place."""

from datetime import date, timedelta

from communities.models import (
    AffairChange,
    CharityDesignation,
    CommitteeElection,
    CommunityAffairItem,
    CommunityPlan,
    CommunityProfile,
    ExternalId,
    Grid,
    Level,
    PowerDutyList,
    RegionTag,
    ResidentUnit,
)
from linkage.demo.registers import words
from linkage.demo.registers.humans import name_of, telephone, telephone_hash


def half_years(today):
    """The last two days of reference of the statistics before today."""
    ends = [
        date(year, month, day) for year in (today.year - 1, today.year) for month, day in ((6, 30), (12, 31))
    ]
    return [end for end in ends if end < today - timedelta(days=15)][-2:]


def fill(loading):
    """Everything but the units; answers the ids of the grids."""
    _figures(loading)
    _elections(loading)
    _affairs(loading)
    _papers(loading)
    return _grids(loading)


def _figures(loading):
    draw = loading.between
    earlier, later = half_years(loading.today)
    dates = f"(VALUES (DATE '{earlier}', 97), (DATE '{later}', 100)) AS dates (as_of, share)"
    parts = f"""
        SELECT id, path, kind, k, staff, as_of, households, residents,
               residents * {draw("elderly", 14, 26)} / 100 AS elderly,
               residents * {draw("children", 11, 20)} / 100 AS children
        FROM (SELECT id, path, kind, k, staff, as_of, households * share / 100 AS households,
                     residents * share / 100 AS residents FROM demo_place, {dates}) AS sized
    """
    groups = f"""jsonb_strip_nulls(jsonb_build_object(
        'minimum_living', residents * {draw("minimum living", 4, 22)} / 1000,
        'empty_nest', elderly * {draw("empty nest", 8, 20)} / 100,
        'disabled', residents * {draw("disabled", 5, 20)} / 1000,
        'children_in_need', children * {draw("in need", 1, 12)} / 1000,
        'left_behind_children', CASE kind WHEN 'rural' THEN children * {draw("young", 3, 15)} / 100 END,
        'left_behind_elderly', CASE kind WHEN 'rural' THEN elderly * {draw("old", 5, 20)} / 100 END
    ))"""
    loading.fill(
        CommunityProfile,
        f"({parts}) AS place ORDER BY path, as_of",
        region="id",
        as_of="as_of",
        households="households",
        residents="residents",
        registered_residents=f"residents * {draw('registered', 70, 96)} / 100",
        infants=f"children * {draw('infants', 28, 42)} / 100",
        children="children",
        elderly="elderly",
        aged_65=f"elderly * {draw('aged 65', 60, 72)} / 100",
        aged_80=f"elderly * {draw('aged 80', 10, 18)} / 100",
        party_members=f"residents * {draw('party', 20, 65)} / 1000",
        special_groups=groups,
        area_km2=f"{draw('area', 40, 380)} / 100.0",
        staff="staff",
        source="'社区台账'",
    )


def _grids(loading):
    return loading.fill(
        Grid,
        """(SELECT p.*, n, p.households / grids AS part FROM (
                 SELECT *, greatest(1, households / 350) AS grids FROM demo_place) AS p,
             generate_series(1, grids) AS n) AS grid ORDER BY path, n""",
        region="id",
        code="'G' || to_char(n, 'FM00')",
        name="'第' || n || '网格'",
        households="part",
        residents="residents * part / households",
        bounds=loading.pick("bounds", words.BOUNDS, "k + n"),
        valid_from=f"make_date({loading.between('gridded', 2018, 2022)}, 1, 1)",
    )


def _elections(loading):
    """The last two rounds, and that of 2017, of which GS-4.1a speaks."""
    year = loading.today.year - (loading.today.month < 7)
    terms = sorted({2017, year - 5, year})
    method = loading.pick("method", ["direct"] * 3 + ["households", "groups"], "k + term")
    held = f"make_date(term, 1, 10) + {loading.draw('polling day', 110)}"
    loading.fill(
        CommitteeElection,
        f"""(SELECT *, {held} AS held_on,
                CASE method WHEN 'direct' THEN residents * 3 / 4 WHEN 'households' THEN households
                            ELSE residents / 40 END AS eligible
             FROM (SELECT p.*, term, CASE WHEN committee = 'villagers' THEN 'direct'
                       ELSE {method} END AS method
                   FROM demo_place p, (VALUES {", ".join(f"({term})" for term in terms)}) AS terms (term)
                 ) AS asked) AS election
        ORDER BY path, held_on""",
        region="id",
        held_on="held_on",
        number=f"CASE {' '.join(f'WHEN term = {term} THEN {n}' for n, term in enumerate(terms, 11))} END",
        method="method",
        eligible="eligible",
        voted=f"eligible * {loading.between('turnout', 58, 96, 'k + term')} / 100",
        term_from="held_on + 3",
        term_to="(held_on + 2 + make_interval(CASE WHEN term < 2019 THEN 3 ELSE 5 END))::date",
    )


def _affairs(loading):
    """The list of each county: long at first, most of it gone since, a few newcomers let in (YZ-2.1a)."""
    listed = loading.ago(365 * 6).replace(month=3, day=1)
    values = ", ".join(
        f"({number}, '{category}', '{department}', '{name}')"
        for number, (category, department, name) in enumerate(words.AFFAIRS)
    )
    source = (
        f"(SELECT u.*, a.* FROM demo_upper u, (VALUES {values}) AS a (n, category, department, affair)"
        " WHERE is_area) AS item"
    )
    first = loading.fill(
        CommunityAffairItem,
        f"{source} WHERE n < {len(words.AFFAIRS) - 4} ORDER BY path, n",
        region="id",
        name="affair",
        category="category",
        department="department",
        basis="'社区公共服务事项首次清理目录'",
        listed_on=f"DATE '{listed}'",
    )
    loading.fill(
        AffairChange,
        f"communities_communityaffairitem AS item, LATERAL (SELECT item.id - {first.first} AS k) AS key"
        f" WHERE {{ids}} AND {loading.chance('leaves', 72)} ORDER BY id",
        over=first,
        item="id",
        kind=loading.pick(
            "way out", ["cancelled", "cancelled", "taken_up", "taken_up", "split_off", "streamlined"]
        ),
        changed_on=f"listed_on + {loading.between('changed', 150, 1700)}",
        doc_no="'民发〔' || extract(year FROM listed_on)::int + 1 || '〕' || 20 + mod(k, 60) || '号'",
    )
    newcomers = f"{source} WHERE n >= {len(words.AFFAIRS) - 4}"
    asked = loading.day("asked", 500, 200, "k + n")
    last = len(words.AFFAIRS) - 1
    outcome = f"CASE n WHEN {last} THEN 'pending' WHEN {last - 1} THEN 'refused' ELSE 'approved' END"
    doc_no = "'民发〔' || extract(year FROM asked + 40)::int || '〕' || 30 + n || '号'"
    loading.fill(
        CommunityAffairItem,
        f"(SELECT *, {asked} AS asked, {outcome} AS decision FROM {newcomers}) AS newcomer ORDER BY path, n",
        region="id",
        name="affair",
        category="category",
        department="department",
        decision="decision",
        requested_by="department",
        requested_on="asked",
        request="'随事项拨付工作经费，每个社区每年 2,000 元，区级部门派员指导。'",
        decided_on="CASE WHEN decision <> 'pending' THEN asked + 40 END",
        decision_doc_no=f"CASE decision WHEN 'approved' THEN {doc_no} ELSE '' END",
        listed_on="CASE decision WHEN 'approved' THEN asked + 60 END",
    )


def _papers(loading):
    issued, paper = loading.day("list issued", 2200, 400), loading.between("paper", 3, 90)
    loading.fill(
        PowerDutyList,
        f"demo_upper WHERE level = {Level.STREET.value} AND {loading.chance('lists', 80)} ORDER BY path",
        region="id",
        kind="'both'",
        title="name || '权力清单和居（村）民委员会职责清单'",
        issued_by="name",
        issued_on=issued,
        powers=loading.between("powers", 40, 130),
        duties_listed=loading.between("duties", 25, 60),
    )
    for kind, title, share in (("powers", "街道（乡镇）权力清单", 100), ("duties", "社区职责清单", 70)):
        loading.fill(
            PowerDutyList,
            f"demo_upper WHERE is_area AND {loading.chance(kind, share)} ORDER BY path",
            region="id",
            kind=f"'{kind}'",
            title=f"name || '{title}（指导目录）'",
            doc_no=f"'民发〔' || extract(year FROM {issued})::int || '〕' || {paper} || '号'",
            issued_by="name || '民政局'",
            issued_on=issued,
            powers=loading.between("county powers", 60, 150) if kind == "powers" else "NULL",
            duties_listed=loading.between("county duties", 30, 70) if kind == "duties" else "NULL",
        )
    adopted = loading.day("adopted", 1400, 200)
    loading.fill(
        CommunityPlan,
        f"demo_place WHERE {loading.chance('plan', 25)} ORDER BY path",
        region="id",
        title="label || '治理与服务发展规划'",
        adopted_on=adopted,
        adopted_by="CASE WHEN committee = 'villagers' THEN '村民代表会议' ELSE '居民代表会议' END",
        took_part=loading.some("took part", words.PARTIES, 3, 7),
        people_heard=loading.between("heard", 20, 260),
        summary="'围绕养老、托幼、环境和邻里互助，明确三年内的服务项目、责任单位和经费来源。'",
        valid_from=adopted,
        valid_to=f"({adopted} + interval '5 years')::date",
    )
    named = loading.day("named", 900, 60)
    loading.fill(
        CharityDesignation,
        f"demo_place WHERE {loading.chance('charity place', 4)} ORDER BY path",
        region="id",
        level=loading.pick("charity level", ["province", "city", "county", "county"]),
        year=f"extract(year FROM {named})::int",
        status=f"CASE WHEN {loading.chance('is named', 60)} THEN 'named' ELSE 'creating' END",
        named_on=f"CASE WHEN {loading.chance('is named', 60)} THEN {named} END",
    )
    loading.fill(
        RegionTag,
        f"demo_upper WHERE is_area AND {loading.chance('tag', 25)} ORDER BY path",
        region="id",
        kind=loading.pick("tag kind", ["old_revolutionary", "old_revolutionary", "poor", "ethnic_minority"]),
        basis="'演示数据：省级相关名单'",
    )
    loading.fill(
        ExternalId,
        "demo_place ORDER BY path",
        region="id",
        system="'基层治理平台'",
        value="'JCZL' || code",
    )


class Units:
    """The units with their seat in a community; their telephones are sealed."""

    def __init__(self, loading):
        self.table = loading.table(
            ResidentUnit, "region", "name", "kind", "resources", "offer", "contact", "phone", "phone_hash"
        )
        self.seal = self.table.seal("phone")

    def at_home(self, place, chance):
        likely = 0.5 if place.is_rural else 2.5
        for kind, name, resources, offer in chance.sample(words.UNITS, int(likely + chance.random())):
            phone = telephone(chance)
            self.table.add(
                place.id,
                name.format(place.short),
                kind,
                resources,
                offer,
                name_of(chance, chance.random() < 0.5),
                self.seal(phone),
                telephone_hash(phone),
            )
