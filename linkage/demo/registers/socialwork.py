"""The register of social workers: people in Python, certificates, posts and payments set by set."""

from datetime import timedelta

from linkage.demo.registers import words
from linkage.demo.registers.humans import telephone, telephone_hash
from linkage.demo.registers.sets import texts
from socialwork.models import (
    AllowancePayment,
    AllowanceStandard,
    Assignment,
    Award,
    Certificate,
    CertificateRegistration,
    ContinuingEducation,
    Conversion,
    Cooperation,
    Education,
    ElectedOffice,
    ExamEntry,
    PostHolding,
    PostTotal,
    ProfessionalResource,
    RecruitmentPosting,
    SocialWorker,
    SocialWorkPost,
)

MONTHLY = {"assistant": 200, "intermediate": 300, "senior": 500}  # yuan, and a little more in some counties


class Workers:
    def __init__(self, loading, humans, staff):
        self.today, self.humans, self.staff = loading.today, humans, staff
        self.table = loading.table(
            SocialWorker,
            "region",
            "person",
            "name",
            "phone",
            "phone_hash",
            "tier",
            "started_on",
            "left_on",
            "politics",
        )
        self.others = loading.table(
            ProfessionalResource, "region", "person", "name", "phone", "phone_hash", "professions",
            "employer", "services", "agreed_on", "valid_from",
        )  # fmt: skip
        self.seal, self.seal_other = self.table.seal("phone"), self.others.seal("phone")

    def at_home(self, place, chance):
        colleagues = iter(self.staff.here[2:])
        for _number in range(place.workers):
            # Every other one works in the office of the community.
            colleague = next(colleagues, None) if chance.random() < 0.5 else None
            person, name = colleague or self.humans.person(place, chance, 28, 56)[:2]
            phone = telephone(chance)
            started = self.today - timedelta(days=90 + int(chance.random() * 2_800))
            left = None
            if chance.random() < 0.03:
                left = started + timedelta(days=1 + int(chance.random() * (self.today - started).days))
            self.table.add(
                place.id,
                person,
                name,
                self.seal(phone),
                telephone_hash(phone),
                "backbone" if chance.random() < 0.22 else "frontline",
                started,
                left,
                chance.choice(("party", "party", "masses", "masses", "league", "democratic")),
            )
        if chance.random() < 0.3:
            self._professional(place, chance)

    def _professional(self, place, chance):
        professions, employer, services = chance.choice(words.PROFESSIONALS)
        person, name, _born = self.humans.person(place, chance, 27, 66)
        phone = telephone(chance)
        agreed = self.today - timedelta(days=10 + int(chance.random() * 1_200))
        self.others.add(
            place.id,
            person,
            name,
            self.seal_other(phone),
            telephone_hash(phone),
            list(professions),
            employer and place.area_name + employer,
            services,
            agreed,
            agreed,
        )


class Sets:
    """What hangs on the workers; ``k`` is always the number of the worker within this load."""

    def __init__(self, loading, workers, organizations):
        self.loading, self.workers, self.organizations = loading, workers, organizations
        self.on = loading.on
        self.own = (
            f"""(SELECT w.*, w.id - {workers.first} AS k FROM socialwork_socialworker w WHERE {{ids}}) AS w"""
        )

    def fill(self):
        self._assignments()
        self._posts()
        self._learning()
        self._certificates()
        self._rewards()
        self._of_places()

    def _fill(self, model, condition="true", **columns):
        return self.loading.fill(
            model, f"{self.own} WHERE {condition} ORDER BY id", over=self.workers, **columns
        )

    def _assignments(self):
        loading = self.loading
        ended = {"valid_from": "started_on", "valid_to": "left_on - 1"}
        part = loading.chance("part time", 12)
        kind = f"CASE WHEN {part} THEN 'part_time' ELSE 'full_time' END"
        self._fill(
            Assignment,
            "left_on IS DISTINCT FROM started_on",
            worker="id",
            region="region_id",
            kind=kind,
            **ended,
        )
        loading.fill(
            Assignment,
            f"""{self.own} 
            JOIN (SELECT id, lead(id) OVER (PARTITION BY street ORDER BY path) AS next FROM demo_place
                  WHERE street IS NOT NULL) AS p ON p.id = w.region_id
            WHERE next IS NOT NULL AND {loading.chance("second place", 12, "w.k")} AND w.left_on IS NULL
            ORDER BY w.id""",
            over=self.workers,
            worker="w.id",
            region="next",
            kind="'part_time'",
            is_home="false",
            valid_from="w.started_on",
        )
        self._fill(
            ElectedOffice,
            f"{loading.chance('elected', 6)} AND left_on IS NULL",
            worker="id",
            region="region_id",
            body=loading.pick("body", ["committee", "committee", "party_branch", "owners"]),
            position=loading.pick("position", ["副主任", "委员", "委员"]),
            valid_from="started_on",
        )

    def _posts(self):
        """One post for each worker of a community, some vacant ones; more at the agencies."""
        loading = self.loading
        source = loading.pick(
            "staffing", ["recruitment", "purchase", "conversion", "transfer", "competition", "election"]
        )
        year, month = loading.between("post made", 2014, 2018), loading.between("post month", 1, 12)
        established = f"make_date({year}, {month}, 1)"
        posts = loading.fill(
            SocialWorkPost,
            f"""(SELECT p.id, p.path, p.k, p.street_name, p.area_name, n FROM demo_place p,
                 generate_series(1, p.workers + {loading.chance("vacant", 12)}::int) AS n) AS post
            ORDER BY path, n""",
            region="id",
            name="'社会工作岗' || n",
            establishing_body="coalesce(street_name, area_name || '民政局')",
            staffing_source=source,
            established_on=established,
        )
        loading.fill(
            PostHolding,
            f"""(SELECT w.*, row_number() OVER (PARTITION BY region_id ORDER BY id) AS n,
                        w.id - {self.workers.first} AS k
                 FROM socialwork_socialworker w
                 WHERE id BETWEEN {self.workers.first} AND {self.workers.last}) AS w
            JOIN socialwork_socialworkpost p ON p.region_id = w.region_id AND p.name = '社会工作岗' || w.n
                 AND p.id BETWEEN {posts.first} AND {posts.last}
            WHERE left_on IS NULL OR left_on > greatest(started_on, established_on) ORDER BY w.id""",
            post="p.id",
            worker="w.id",
            staffing_source=source,
            valid_from="greatest(w.started_on, p.established_on)",
            valid_to="w.left_on - 1",
        )
        agencies = f"""(SELECT o.*, o.id - {self.organizations.first} AS k
            FROM organizations_socialorganization o
            WHERE {{ids}} AND subtypes && ARRAY['sw_agency', 'mainly_social_work']::varchar[]) AS agency"""
        loading.fill(
            SocialWorkPost,
            f"{agencies}, generate_series(1, {loading.between('agency posts', 3, 6)}) AS n ORDER BY id, n",
            over=self.organizations,
            region="region_id",
            organization="id",
            name="'机构社工岗' || n",
            establishing_body="name",
            staffing_source="'recruitment'",
            established_on="established_on",
        )
        loading.fill(
            PostTotal,
            f"{agencies} ORDER BY id",
            over=self.organizations,
            organization="id",
            as_of=f"DATE '{loading.today.year}-01-01'",
            total=f"{loading.between('agency posts', 3, 6)} + {loading.between('other posts', 1, 2)}",
            source="'机构年度报告'",
        )

    def _learning(self):
        loading = self.loading
        major = loading.pick("major", words.MAJORS)
        loading.fill(
            Education,
            f"""(SELECT *, {major} AS major FROM {self.own}) AS w
            LEFT JOIN socialwork_relatedmajor r ON r.name = w.major
                 AND r.removed_at IS NULL AND r.dropped_on IS NULL ORDER BY w.id""",
            over=self.workers,
            worker="w.id",
            level=loading.pick(
                "schooling", ["high_school", "college", "college", "bachelor", "bachelor", "master"]
            ),
            school=loading.pick("school", words.SCHOOLS),
            major="w.major",
            related_major="r.id",
            full_time=loading.chance("full time studies", 60),
            graduated_on=f"(w.started_on - {loading.draw('graduated', 2400)})",
        )
        loading.fill(
            ContinuingEducation,
            f"{self.own}, generate_series(1, {loading.between('courses', 1, 3)}) AS n"
            " WHERE left_on IS NULL ORDER BY id, n",
            over=self.workers,
            worker="id",
            held_on=f"greatest(started_on, {self.on} - n * 200 + {loading.draw('course day', 150, 'k + n')})",
            hours=f"{loading.between('hours', 8, 48, 'k + n')} / 2.0",
            topic=loading.pick("topic", words.COURSES, "k + n"),
            organiser="'省社会工作协会'",
        )
        self._fill(
            ExamEntry,
            loading.chance("exam", 22),
            worker="id",
            year=f"{loading.today.year - 1} + {loading.draw('exam year', 2)}",
            level=loading.pick("exam level", ["assistant", "assistant", "intermediate"]),
            result=f"CASE WHEN {loading.draw('exam year', 2)} = 1 THEN 'entered'"
            f" ELSE {loading.pick('exam result', ['passed', 'failed', 'partly', 'absent'])} END",
        )

    def _certificates(self):
        loading = self.loading
        level = loading.pick("level", ["assistant"] * 7 + ["intermediate"] * 3 + ["senior"])
        passed = f"make_date({loading.between('passed', 2010, loading.today.year - 1)}, 8, 20)"
        certificates = self._fill(
            Certificate,
            loading.chance("certified", 48),
            worker="id",
            person="person_id",
            level=level,
            number=f"to_char({passed}, 'YYYY') || '0{self._province()}' || to_char(k, 'FM00000000')",
            passed_on=passed,
            issued_on=f"{passed} + 45",
        )
        # Registered within the year, then anew each three years; some have let it run out.
        loading.fill(
            CertificateRegistration,
            f"""(SELECT c.id, c.worker_id, c.passed_on + 100 AS first, c.id - {certificates.first} AS k
                 FROM socialwork_certificate c WHERE {{ids}}) AS c,
            LATERAL (SELECT ({self.on} - first) / 1097 AS newest) AS periods,
            LATERAL generate_series(greatest(newest - 1, 0), newest) AS n
            WHERE {loading.chance("registers", 88)} AND NOT (n = newest AND {loading.chance("lapsed", 10)})
            ORDER BY id, n""",
            over=certificates,
            worker="worker_id",
            certificate="id",
            starts_on="(first + n * interval '3 years')::date",
            authority="'省民政厅'",
        )

    def _province(self):
        return self.loading.rows("SELECT left(path, 2) FROM demo_place LIMIT 1")[0][0]

    def _rewards(self):
        loading = self.loading
        year = loading.today.year
        cases = " ".join(f"WHEN '{level}' THEN {yuan}" for level, yuan in MONTHLY.items())
        monthly = f"(CASE level {cases} END)"
        loading.fill(
            AllowanceStandard,
            f"""(SELECT u.id, u.path, level FROM (SELECT id, path FROM demo_upper WHERE is_area) AS u,
                 unnest({texts(MONTHLY)}) AS level) AS area ORDER BY path, level""",
            region="id",
            level="level",
            monthly=monthly,
            basis="'社会工作专业人才职业津贴发放办法'",
            valid_from=f"DATE '{year - 3}-01-01'",
        )
        loading.fill(
            AllowancePayment,
            f"""(SELECT DISTINCT ON (c.worker_id) c.worker_id AS id, c.level,
                     c.worker_id - {self.workers.first} AS k
                 FROM socialwork_certificate c JOIN socialwork_socialworker w ON w.id = c.worker_id
                 WHERE w.{{ids}} AND w.left_on IS NULL AND w.started_on < DATE '{year}-01-01') AS w
            WHERE {loading.chance("paid", 60)} ORDER BY id""",
            over=self.workers,
            worker="id",
            level="level",
            first_day=f"DATE '{year}-01-01'",
            last_day=f"DATE '{year}-06-30'",
            amount=f"{monthly} * 6",
            paid_on=f"least({self.on}, DATE '{year}-07-15')",
        )
        self._fill(
            Award,
            loading.chance("award", 4),
            worker="id",
            title=loading.pick("award title", words.AWARDS),
            level=loading.pick("award level", ["county", "county", "city", "province"]),
            giver="'民政局'",
            given_on=f"greatest(started_on, {loading.day('given', 900, 20)})",
        )
        self._fill(
            Conversion,
            loading.chance("converted", 5),
            worker="id",
            former_position=loading.pick("former", ["社区工作者", "网格员", "社区文书"]),
            way=loading.pick("way", ["exam", "exam", "education", "training"]),
            converted_on="started_on",
        )

    def _of_places(self):
        loading = self.loading
        opened = loading.day("opened", 700, -20)
        loading.fill(
            RecruitmentPosting,
            f"demo_upper WHERE is_area AND {loading.chance('recruits', 70)} ORDER BY path",
            region="id",
            title="name || '公开招聘社会工作者公告'",
            employer="name || '民政局'",
            openings=loading.between("openings", 3, 25),
            requirements="'大专以上学历，年龄 45 周岁以下，热爱社会工作。'",
            preferences=loading.some("preferences", ["graduate", "experienced", "volunteer"], 1, 3),
            opened_on=opened,
            closes_on=f"{opened} + 20",
            hired=f"CASE WHEN {opened} + 20 < {self.on} THEN {loading.between('hired', 1, 3)} END",
        )
        begun = loading.day("cooperates", 1500, 100)
        loading.fill(
            Cooperation,
            f"demo_upper WHERE is_area AND {loading.chance('cooperation', 60)} ORDER BY path",
            region="id",
            kind=loading.pick(
                "cooperation kind", ["campus_place", "campus_community", "community_enterprise"]
            ),
            partner=loading.pick("partner", words.SCHOOLS),
            content="'实习基地，每年接收社会工作专业实习生 10 名。'",
            valid_from=begun,
            valid_to=f"({begun} + interval '5 years')::date",
        )
