"""The register of volunteers: people in Python; teams, activities and service records set by set."""

from datetime import timedelta

from linkage.demo.registers import words
from linkage.demo.registers.humans import name_of, telephone, telephone_hash
from socialwork.volunteers.models import (
    ServiceRecord,
    ServiceReversal,
    TeamMembership,
    Volunteer,
    VolunteerActivity,
    VolunteerTeam,
)

YEAR = 365.25
# Who registered so many days ago at least has served on the days before; the others are new.
SETTLED, ACTIVE = 240, (10, 190)


class Volunteers:
    def __init__(self, loading, humans):
        self.today, self.humans = loading.today, humans
        self.table = loading.table(
            Volunteer, "region", "person", "name", "phone", "phone_hash", "born_on", "is_resident", "tags",
            "skills", "available", "registered_on", "consented_on", "ended_on", "may_publish",
            "guardian_name", "guardian_phone", "guardian_relation", "guardian_consent_on", "data_consent_on",
        )  # fmt: skip
        self.seal, self.seal_guardian = self.table.seal("phone"), self.table.seal("guardian_phone")

    def at_home(self, place, chance):
        for _number in range(place.volunteers):
            new = chance.random() < 0.05
            ago = 5 + int(chance.random() * 200) if new else SETTLED + int(chance.random() * 2_300)
            registered = self.today - timedelta(days=ago)
            if chance.random() < 0.05:
                person, name, born = self.humans.person(place, chance, 11.5 + ago / YEAR, 17 + ago / YEAR)
                guardian = self._guardian(chance, name, registered, (registered - born).days < 14.1 * YEAR)
                tags = ["student"]
            else:
                person, name, born = self.humans.person(place, chance, 18.1 + ago / YEAR, 66 + ago / YEAR)
                guardian = "", "", "", None, None
                tags = self._tags(chance, (self.today - born).days / YEAR)
            phone = telephone(chance)
            self.table.add(
                place.id,
                person,
                name,
                self.seal(phone),
                telephone_hash(phone),
                born,
                chance.random() < 0.93,
                tags,
                words.SKILLS[int(chance.random() * len(words.SKILLS))] if chance.random() < 0.5 else "",
                [AVAILABLE[int(chance.random() * len(AVAILABLE))]],
                registered,
                registered,
                registered + timedelta(days=230) if not new and chance.random() < 0.02 else None,
                chance.random() < 0.4,
                *guardian,
            )

    def _guardian(self, chance, name, registered, child):
        phone = telephone(chance)
        relation = "father" if chance.random() < 0.5 else "mother"
        family = name[0] if relation == "father" else ""
        return (
            (family + name_of(chance, True)[1:]) if family else name_of(chance, False),
            self.seal_guardian(phone),
            relation,
            registered,
            registered if child else None,
        )

    @staticmethod
    def _tags(chance, age):
        drawn = chance.random()
        found = ["party_member"] if drawn < 0.22 else []
        if age >= 60:
            found.append("retired")
        elif age < 23:
            found.append("student")
        else:
            found += TAGS[int(chance.random() * len(TAGS))]
        return found


AVAILABLE = ("weekends", "weekends", "evenings", "workdays", "holidays", "any_time")
TAGS = ((), (), (), ("professional",), ("migrant_worker",), ("community_staff",), ("grid_worker",),
        ("committee_member",), ("property_staff",), ("organization_staff",), ("civil_servant",),
        ("social_worker",))  # fmt: skip


class Sets:
    """``k`` is the number of the volunteer within this load, or the key of the community."""

    def __init__(self, loading, volunteers):
        self.loading, self.ids = loading, volunteers
        self.own = f"""(SELECT v.id, v.region_id, v.registered_on, v.ended_on, v.id - {volunteers.first} AS k
            FROM volunteers_volunteer v WHERE {{ids}}) AS v"""

    def fill(self):
        self._teams()
        self._records(self._activities())

    def _teams(self):
        loading = self.loading
        teams = loading.fill(
            VolunteerTeam,
            f"""demo_place p LEFT JOIN (
                SELECT region_id, min(id) AS id FROM volunteers_volunteer
                WHERE id BETWEEN {self.ids.first} AND {self.ids.last} AND ended_on IS NULL
                  AND born_on < registered_on - 365 * 30 GROUP BY region_id) AS first
              ON first.region_id = p.id
            WHERE {loading.chance("team", 60, "p.k")} ORDER BY p.path""",
            region="p.id",
            name=f"label || {loading.pick('team name', words.TEAMS, 'p.k')}",
            leader="first.id",
            fields=loading.some(
                "team fields",
                ["relief", "elderly", "disabled", "safety", "environment", "culture"],
                1,
                3,
                "p.k",
            ),
            founded_on=f"make_date({loading.between('team since', 2014, 2018, 'p.k')}, 3, 5)",
        )
        deputy = loading.pick("team role", ["member"] * 12 + ["deputy"], "v.k")
        loading.fill(
            TeamMembership,
            f"""{self.own} JOIN volunteers_volunteerteam t ON t.region_id = v.region_id
                 AND t.id BETWEEN {teams.first} AND {teams.last}
            WHERE ({loading.chance("member", 40, "v.k")} OR t.leader_id = v.id) AND v.ended_on IS NULL
            ORDER BY v.id""",
            over=self.ids,
            team="t.id",
            volunteer="v.id",
            role=f"CASE WHEN t.leader_id = v.id THEN 'leader' ELSE {deputy} END",
            valid_from="v.registered_on",
        )

    def _activities(self):
        """Two in each community in the past half year, on different days."""
        loading = self.loading
        values = ", ".join(
            f"({n}, '{title}', '{field}', '{series}', '{venue}', {hours})"
            for n, (title, field, series, venue, hours) in enumerate(words.ACTIVITIES)
        )
        (least, most), kinds = ACTIVE, len(words.ACTIVITIES)
        middle = (least + most) // 2
        day = (
            f"({loading.on} - CASE n WHEN 0 THEN {loading.between('activity', middle + 1, most)}"
            f" ELSE {loading.between('activity', least, middle)} END)"
        )
        begins = f"({day} + time '08:00' + {loading.draw('hour', 9, 'k + n')} * interval '30 minutes')"
        return loading.fill(
            VolunteerActivity,
            f"""(SELECT p.id, p.path, p.k, n FROM demo_place p, generate_series(0, 1) AS n) AS place
            JOIN (VALUES {values}) AS a (number, title, field, series, venue, hours)
              ON a.number = mod({loading.draw("activity kind", kinds)} + 5 * n, {kinds})
            ORDER BY path, n""",
            region="id",
            title="title",
            fields="ARRAY[field]",
            series="series",
            venue="venue",
            starts_at=f"{begins} AT TIME ZONE 'Asia/Shanghai'",
            ends_at=f"({begins} + hours * interval '1 hour') AT TIME ZONE 'Asia/Shanghai'",
            wanted=loading.between("wanted", 8, 40),
            insured="true",
        )

    def _records(self, activities):
        """The settled serve in both activities and once or twice by themselves, the new once."""
        loading, on = self.loading, self.loading.on
        settled = f"(v.registered_on <= {on} - {SETTLED})"
        again = "hashint8extended(v.k, n)"
        alone = f"""v.registered_on + 1 + n - 2 + 2 * {
            loading.draw(
                "service day",
                f"((least(v.ended_on, {on} - {ACTIVE[1] + 5}) - v.registered_on - 2) / 2)",
                again,
            )
        }"""
        services = ", ".join(f"({n}, '{what}', '{where}')" for n, (what, where) in enumerate(words.SERVICES))
        midnight = f"({on}::timestamp AT TIME ZONE 'Asia/Shanghai')"
        verified = loading.chance("verified", 86, again)
        later = f"{loading.between('verified after', 6, 90, again)} * interval '1 hour'"
        verified_at = f"least(ended_at + {later}, {midnight})"
        taken_back = f"{verified} AND {loading.chance('reversed', 1, again)}"
        records = loading.fill(
            ServiceRecord,
            f"""(SELECT v.*, n, a.id AS activity, s.what, s.at, f.clerk, f.reviewer,
                    coalesce(a.title, s.what) AS content, coalesce(a.venue, s.at) AS venue,
                    coalesce(a.starts_at, begun) AS started_at,
                    coalesce(a.ends_at, begun + quarters * interval '15 minutes') AS ended_at,
                    coalesce(extract(epoch FROM a.ends_at - a.starts_at) / 3600, quarters / 4.0) AS hours
                 FROM {self.own}
                 JOIN demo_place p ON p.id = v.region_id
                 JOIN demo_officer f ON f.place = coalesce(p.street, p.area)
                 CROSS JOIN generate_series(0, 3) AS n
                 LEFT JOIN volunteers_volunteeractivity a ON a.region_id = v.region_id
                      AND a.id BETWEEN {activities.first} AND {activities.last}
                      AND mod(a.id - {activities.first}, 2) = n AND {settled} AND v.ended_on IS NULL
                 LEFT JOIN (VALUES {services}) AS s (number, what, at)
                      ON s.number = {loading.draw("service", len(words.SERVICES), again)}
                 CROSS JOIN LATERAL (SELECT {loading.between("quarters", 4, 16, again)} AS quarters,
                     (CASE WHEN {settled} THEN {alone}
                           ELSE {on} - {loading.between("new service", 1, 4, again)} END
                      + time '08:00' + {loading.draw("service hour", 18, again)} * interval '30 minutes')
                     AT TIME ZONE 'Asia/Shanghai' AS begun) AS t
                 WHERE CASE WHEN NOT {settled} THEN n = 0 WHEN v.ended_on IS NOT NULL THEN n = 2
                            ELSE n < 3 OR {loading.chance("twice", 20, "v.k")} END) AS v ORDER BY id, n""",
            over=self.ids,
            volunteer="id",
            region="region_id",
            activity="activity",
            content="content",
            venue="venue",
            started_at="started_at",
            ended_at="ended_at",
            hours="hours",
            evaluation=f"CASE WHEN {loading.chance('evaluated', 10, again)} THEN '服务热情细致，居民满意'"
            " ELSE '' END",
            recorded_by="clerk",
            recorded_at="ended_at + interval '2 hours'",
            verified_by=f"CASE WHEN {verified} THEN reviewer END",
            verified_at=f"CASE WHEN {verified} THEN {verified_at} END",
            reversed_at=f"CASE WHEN {taken_back} THEN {verified_at} END",
        )
        loading.fill(
            ServiceReversal,
            "volunteers_servicerecord WHERE {ids} AND reversed_at IS NOT NULL ORDER BY id",
            over=records,
            record="id",
            reason="'时长登记有误，重新登记'",
            by="verified_by_id",
            at="reversed_at",
        )
