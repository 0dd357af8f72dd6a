"""What hangs on the organisations: categories, ties, ratings, inspections, support, incubation, contracts."""

from organizations.models import (
    AgencyPerformance,
    AnnualInspection,
    CreditRecord,
    HostedAgency,
    HubMember,
    IncubationAssessment,
    IncubationBase,
    IncubationCase,
    OperatingContract,
    OrganizationCategory,
    PartyOrganization,
    Penalty,
    Rating,
    ServedCommunity,
    StatusChange,
    Support,
    SupportPolicy,
    TierMove,
)

ORGANIZATIONS = "organizations_socialorganization"
SUPPORT = [
    "office_space",
    "start_up_money",
    "training",
    "small_projects",
    "activity_space",
    "policy_advice",
    "venture",
]
SCHEME = "mca-2017"


class Sets:
    """``k`` is always the number of the organisation within this load."""

    def __init__(self, loading, organizations, houses):
        self.loading, self.ids, self.houses = loading, organizations, houses
        self.own = (
            f"(SELECT o.*, o.id - {organizations.first} AS k FROM {ORGANIZATIONS} o WHERE {{ids}}) AS o"
        )
        self.within = f"BETWEEN {organizations.first} AND {organizations.last}"
        self.registered = "tier = 'registered' AND status = 'active'"
        # Rated are those whose record is clean: the other sets leave these alone.
        self.rated = (
            f"({loading.chance('rated', 40)} AND tier = 'registered' AND status = 'active'"
            f" AND registered_on < {loading.on} - 900)"
        )

    def fill(self):
        self._agencies()
        self._what_they_are()
        self._changes()
        self._ties()
        self._conduct()
        self._support()
        self._incubation()
        self._contracts()

    def _fill(self, model, condition="true", **columns):
        columns.setdefault("organization", "id")
        return self.loading.fill(model, f"{self.own} WHERE {condition} ORDER BY id", over=self.ids, **columns)

    def _agencies(self):
        """The social-work agencies of each area, numbered, to be chosen from."""
        self.loading.make(
            "demo_agency",
            f"""SELECT id, area, row_number() OVER (PARTITION BY area ORDER BY id) - 1 AS n,
                   count(*) OVER (PARTITION BY area) AS number
            FROM (SELECT o.id, o.region_id AS area
                  FROM {ORGANIZATIONS} o JOIN demo_upper u ON u.id = o.region_id
                  WHERE o.id {self.within} AND u.is_area AND 'sw_agency' = ANY (o.subtypes)
                  AND o.status = 'active') AS o""",
            index="area, n",
        )

    def _what_they_are(self):
        loading = self.loading
        codes = {
            code: pk
            for code, pk in loading.rows(
                "SELECT c.code, c.id FROM organizations_category c JOIN organizations_classificationscheme s"
                f" ON s.id = c.scheme_id WHERE s.code = '{SCHEME}'"
            )
        }
        if codes:
            self._fill(
                OrganizationCategory,
                category=f"CASE WHEN 'charity' = ANY (domains) THEN {codes['charity']}"
                f" WHEN domains && '{{neighbours,mediation}}' THEN {codes['mutual_aid']}"
                f" ELSE {codes['daily_service']} END",
            )
        self._fill(
            PartyOrganization,
            f"party_members >= 3 AND status = 'active' AND {loading.chance('party', 78)}",
            name="name || '党支部'",
            form=loading.pick("party form", ["own", "joint", "functional", "attached"]),
            superior="'社会组织综合党委'",
            valid_from=f"established_on + {loading.between('party since', 10, 55)}",
        )

    def _changes(self):
        loading = self.loading
        self._fill(
            TierMove,
            f"tier = 'filed' AND {loading.chance('was guided', 15)}",
            from_tier="'guided'",
            to_tier="'filed'",
            happened_on="filed_on",
            reason="'达到备案条件'",
        )
        self._fill(
            TierMove,
            f"tier = 'registered' AND is_community_org AND {loading.chance('was filed', 30)}",
            from_tier="'filed'",
            to_tier="'registered'",
            happened_on="registered_on",
            reason="'符合登记条件，直接登记'",
            former_number="'备' || extract(year FROM established_on)::int || '-' || to_char(k, 'FM000000')",
        )
        self._fill(
            StatusChange,
            "status IN ('abnormal', 'rectifying', 'cancelled', 'revoked')",
            from_status="'active'",
            to_status="status",
            happened_on=f"greatest(established_on + 30, {loading.day('changed', 700, 5)})",
            reason="CASE status WHEN 'abnormal' THEN '连续未开展活动'"
            " WHEN 'rectifying' THEN '年检基本合格，限期整改' WHEN 'cancelled' THEN '自行解散，申请注销'"
            " ELSE '连续两年未参加年检' END",
        )

    def _ties(self):
        loading = self.loading
        founded = "coalesce(o.registered_on, o.established_on)"
        loading.fill(
            ServedCommunity,
            f"""{self.own} JOIN demo_place p ON p.street = o.region_id
            WHERE 'cso_federation' = ANY (o.subtypes) ORDER BY o.id, p.path""",
            over=self.ids,
            organization="o.id",
            community="p.id",
            valid_from=founded,
        )
        loading.fill(
            ServedCommunity,
            f"""{self.own}
            JOIN demo_upper u ON u.id = o.region_id AND u.is_area
            JOIN demo_place p ON p.area = u.id
            WHERE 'sw_agency' = ANY (o.subtypes)
              AND {loading.draw("served", "u.communities", "hashint8extended(p.k, o.k)")} < 4
            ORDER BY o.id, p.path""",
            over=self.ids,
            organization="o.id",
            community="p.id",
            valid_from=founded,
        )
        loading.fill(
            HubMember,
            f"""{self.own} JOIN demo_place p ON p.street = o.region_id
            JOIN {ORGANIZATIONS} m ON m.region_id = p.id AND m.id {self.within} AND m.tier = 'filed'
            WHERE 'cso_federation' = ANY (o.subtypes)
              AND {loading.chance("member", 50, "hashint8extended(p.k, m.id - o.id)")} ORDER BY o.id, m.id""",
            over=self.ids,
            organization="o.id",
            member="m.id",
            valid_from="greatest(o.registered_on, m.filed_on)",
        )
        loading.fill(
            HostedAgency,
            f"""{self.own} JOIN demo_place p ON p.id = o.region_id
            JOIN demo_agency a ON a.area = p.area AND a.n = mod(o.k, a.number) AND a.id <> o.id
            WHERE o.status = 'active' AND {loading.chance("hosts", 4, "o.k")} ORDER BY o.id""",
            over=self.ids,
            organization="o.id",
            agency="a.id",
            services="'老年人和儿童个案、小组服务'",
            valid_from=f"DATE '{loading.today.year - 1}-03-01'",
            valid_to=f"DATE '{loading.today.year + 1}-02-28'",
        )

    def _conduct(self):
        loading = self.loading
        year = loading.today.year
        span = f"greatest(1, {loading.on} - 830 - registered_on)"
        issued = f"(registered_on + 800 + {loading.draw('rating day', span)})"
        self._fill(
            Rating,
            self.rated,
            grade=loading.pick("grade", ["3A", "3A", "2A", "4A", "1A", "5A"]),
            issued_on=issued,
            valid_to=f"({issued} + interval '5 years' - interval '1 day')::date",
            issuer="'民政局社会组织评估委员会'",
        )
        loading.fill(
            AnnualInspection,
            f"""{self.own}, generate_series({year - 3}, {year - 1}) AS year
            WHERE tier = 'registered' AND registered_on < make_date(year, 10, 1) ORDER BY id, year""",
            over=self.ids,
            organization="id",
            year="year",
            result=f"CASE WHEN {self.rated} THEN 'passed'"
            f" ELSE {loading.pick('inspected', ['passed'] * 8 + ['basic', 'missed'], 'k + year')} END",
            inspected_on=f"make_date(year + 1, 5, 1) + {loading.draw('inspection day', 50, 'k + year')}",
        )
        good = f"({loading.chance('good', 75)} OR {self.rated})"
        self._fill(
            CreditRecord,
            f"tier = 'registered' AND {loading.chance('credit', 12)}",
            kind=f"CASE WHEN {good} THEN 'positive' ELSE 'negative' END",
            content=f"CASE WHEN {good} THEN '获评优秀社区社会组织' ELSE '未按规定报送年度工作报告' END",
            source="'民政局'",
            recorded_on=f"greatest(registered_on, {loading.day('recorded', 800, 10)})",
        )
        self._fill(
            Penalty,
            f"tier = 'registered' AND NOT {self.rated} AND {loading.chance('penalty', 2)}",
            kind=loading.pick("penalty kind", ["warning", "order", "suspension"]),
            decided_on=f"greatest(registered_on, {loading.day('punished', 900, 100)})",
            authority="'民政局'",
            reason="'未按章程规定换届，逾期未改正'",
            carried_out_on=f"greatest(registered_on, {loading.day('punished', 900, 100)}) + 30",
        )
        self._fill(
            AgencyPerformance,
            f"'sw_agency' = ANY (subtypes) AND registered_on < DATE '{year - 1}-01-01' AND status = 'active'",
            year=str(year - 1),
            stations_run=loading.draw("stations run", 4),
            organizations_fostered=loading.draw("fostered", 9),
            resources_linked=f"{loading.draw('linked', 120)} * 1000",
            volunteers_led=loading.between("led", 10, 200),
        )

    def _support(self):
        loading = self.loading
        kind = loading.pick("support", SUPPORT)
        money = f"{kind} IN ('start_up_money', 'small_projects', 'venture')"
        self._fill(
            Support,
            f"status = 'active' AND {loading.chance('supported', 12)}",
            kind=kind,
            amount=f"CASE WHEN {money} THEN {loading.between('support yuan', 4, 60)} * 500 END",
            quantity=f"CASE WHEN {money} THEN '' WHEN {kind} = 'training' THEN '培训 2 天'"
            " ELSE '活动室 40 平方米' END",
            giver="'街道办事处'",
            given_on=f"greatest(established_on, {loading.day('given', 900, 15)})",
        )
        year = loading.between("policy year", 2019, 2024)
        number = loading.between("policy", 5, 80)
        loading.fill(
            SupportPolicy,
            "demo_upper WHERE is_area OR level = 1 ORDER BY path",
            region="id",
            paper="'cultivation'",
            title="name || '培育发展社区社会组织实施办法'",
            doc_no=f"'民发〔' || {year} || '〕' || {number} || '号'",
            kinds=loading.some("support kinds", SUPPORT, 3, 6),
            content="'对新备案的社区社会组织给予启动资金，提供活动场地和能力培训，优先承接社区服务项目。'",
            valid_from=f"make_date({year}, 7, 1)",
        )
        loading.fill(
            SupportPolicy,
            f"demo_upper WHERE level < 4 AND (level = 1 OR {loading.chance('purchase rules', 60)})"
            " ORDER BY path",
            region="id",
            paper="'purchase_rules'",
            title="name || '政府购买社会组织服务实施办法'",
            doc_no=f"'财综〔' || {year} || '〕' || {number} + 3 || '号'",
            kinds="ARRAY['small_projects', 'project_preference']::varchar[]",
            content="'明确购买主体、承接主体条件、购买目录和预算管理，同等条件下优先向社会组织购买。'",
            valid_from=f"make_date({year}, 10, 1)",
        )

    def _incubation(self):
        """A base in each area; some eight of its smaller organisations go through it."""
        loading = self.loading
        opened = f"make_date({loading.between('base', 2017, 2022)}, 5, 1)"
        bases = loading.fill(
            IncubationBase,
            "demo_upper WHERE is_area ORDER BY path",
            region="id",
            name="name || '社会组织孵化基地'",
            capacity=loading.between("capacity", 15, 30),
            address="name || '公益街 8 号'",
            valid_from=opened,
        )
        applied = loading.day("applied", 1300, 500, "o.k")
        stage = loading.pick(
            "stage",
            ["admitted", "admitted", "graduated", "graduated", "exited", "applied", "declined"],
            "o.k",
        )
        cases = loading.fill(
            IncubationCase,
            f"""(SELECT b.id AS base, o.id, o.k, {stage} AS stage,
                     greatest({applied}, o.established_on) AS applied
                 FROM organizations_incubationbase b JOIN demo_upper u ON u.id = b.region_id
                 JOIN demo_place p ON p.area = u.id
                 JOIN (SELECT o.*, o.id - {self.ids.first} AS k FROM {ORGANIZATIONS} o
                       WHERE o.id {self.within} AND tier <> 'registered' AND status = 'active') AS o
                   ON o.region_id = p.id
                 WHERE b.id BETWEEN {bases.first} AND {bases.last}
                   AND {loading.draw("incubated", "u.communities * 4", "o.k")} < 8) AS incubation
            ORDER BY id""",
            base="base",
            organization="id",
            plan="'完善章程和内部管理，形成一个固定的服务项目。'",
            applied_on="applied",
            status="stage",
            admitted_on="CASE WHEN stage IN ('admitted', 'graduated', 'exited') THEN applied + 20 END",
            ended_on="CASE stage WHEN 'declined' THEN applied + 25 WHEN 'graduated' THEN applied + 400"
            " WHEN 'exited' THEN applied + 250 END",
            outcome="CASE stage WHEN 'declined' THEN '名额已满' WHEN 'graduated' THEN '能够独立运作'"
            " WHEN 'exited' THEN '负责人外出，暂停活动' ELSE '' END",
        )
        loading.fill(
            IncubationAssessment,
            f"(SELECT c.*, id - {cases.first} AS k FROM organizations_incubationcase c WHERE {{ids}}"
            " AND admitted_on IS NOT NULL) AS c ORDER BY id",
            over=cases,
            case="id",
            assessed_on=f"least({loading.on}, admitted_on + 200)",
            score=loading.between("score", 62, 97),
            result="CASE status WHEN 'graduated' THEN 'ready' WHEN 'exited' THEN 'insufficient'"
            " ELSE 'continue' END",
            note="'现场查看台账和活动记录'",
        )

    def _contracts(self):
        """Facilities that the government does not run itself are run by an agency of the area."""
        loading, houses = self.loading, self.houses
        loading.fill(
            OperatingContract,
            f"""(SELECT f.*, f.id - {houses.first} AS k FROM facilities_servicefacility f WHERE {{ids}}
                 AND operation <> 'direct') AS f
            JOIN demo_place p ON p.id = f.region_id
            JOIN demo_agency a ON a.area = p.area AND a.n = mod(f.k, a.number)
            WHERE {loading.chance("contract", 60, "f.k")} ORDER BY f.id""",
            over=houses,
            region="f.region_id",
            organization="a.id",
            facility="f.id",
            mode="f.operation",
            number=f"'SQFW-{loading.today.year - 1}-' || to_char(f.k, 'FM000000')",
            amount=f"{loading.between('contract yuan', 4, 30, 'f.k')} * 10000",
            valid_from=f"DATE '{loading.today.year - 1}-01-01'",
            valid_to=f"DATE '{loading.today.year + 1}-12-31'",
        )
