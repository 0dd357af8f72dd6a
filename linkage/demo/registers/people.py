"""Community staff, organs, grid workers, contact persons, resident leaders."""

from datetime import date, timedelta

from communities.models import Level
from communities.people.models import (
    CommunityOrgan,
    CommunityStaff,
    ContactPerson,
    GridWorker,
    ResidentLeader,
)
from linkage.demo.registers import words
from linkage.demo.registers.humans import telephone, telephone_hash

ORGANS = [
    ("party_committee", "党支部委员会", 100),
    ("residents_committee", "委员会", 100),
    ("workstation", "工作站", 55),
    ("public_security", "综治办", 45),
]


class Staff:
    """Who works in the committees and offices; made up in Python for the telephones."""

    def __init__(self, loading, humans):
        self.today, self.humans = loading.today, humans
        year = self.today.year - (self.today.month < 7)
        self.here = []  # the people of the community that was told last
        self.term = date(year, 3, 20), date(year + 5, 3, 19)
        self.table = loading.table(
            CommunityStaff, "region", "person", "name", "phone", "phone_hash", "roles", "work_time", "title",
            "is_party_member", "term_from", "term_to", "valid_from",
        )  # fmt: skip
        self.contacts = loading.table(
            ContactPerson,
            "region",
            "person",
            "name",
            "phone",
            "phone_hash",
            "unit",
            "work_time",
            "matter",
            "valid_from",
        )
        self.seal, self.seal_contact = self.table.seal("phone"), self.contacts.seal("phone")

    def at_home(self, place, chance):
        self.here = []
        for number in range(place.staff):
            roles, title = words.OFFICES[min(number, len(words.OFFICES) - 1)]
            elected = "residents_committee" in roles or "party_committee" in roles
            person, name, _born = self.humans.person(place, chance, 26, 59)
            self.here.append((person, name))
            phone = telephone(chance)
            self.table.add(
                place.id,
                person,
                name,
                self.seal(phone),
                telephone_hash(phone),
                list(roles),
                "full" if number < 3 or chance.random() < 0.85 else "part",
                title,
                number == 0 or chance.random() < 0.45,
                self.term[0] if elected else None,
                self.term[1] if elected else None,
                self.term[0] if elected else self.today - timedelta(days=100 + int(chance.random() * 3_000)),
            )

    def above(self, place, chance):
        if place.level != Level.STREET and not place.is_area:
            return
        person, name, _born = self.humans.person(place, chance, 28, 55)
        phone = telephone(chance)
        self.contacts.add(
            place.id,
            person,
            name,
            self.seal_contact(phone),
            telephone_hash(phone),
            place.name + ("" if place.level == Level.STREET else "民政局"),
            "full" if chance.random() < 0.4 else "part",
            "三社联动、社会工作",
            self.today - timedelta(days=100 + int(chance.random() * 1_500)),
        )


def fill(loading, staff, grids, volunteers):
    """Organs and grids from the staff, resident leaders from the volunteers: the same people."""
    values = ", ".join(
        f"({n}, '{kind}', '{called}', {share})" for n, (kind, called, share) in enumerate(ORGANS)
    )
    loading.make(
        "demo_staff",
        f"""SELECT id, person_id, name, region_id,
            row_number() OVER (PARTITION BY region_id ORDER BY id) - 1 AS n
        FROM people_communitystaff WHERE id BETWEEN {staff.first} AND {staff.last}""",
        index="region_id, n",
    )
    since = loading.between("organ since", 2008, 2019, "p.k")
    there = loading.draw("organ", 100, "hashint8extended(p.k, o.n)") + " < share"
    loading.fill(
        CommunityOrgan,
        f"""demo_place p CROSS JOIN (VALUES {values}) AS o (n, sort, called, share)
            LEFT JOIN demo_staff s ON s.region_id = p.id AND s.n = mod(o.n, 3) ORDER BY p.path, o.n""",
        region="p.id",
        kind="sort",
        is_present=there,
        name="CASE WHEN sort = 'residents_committee' THEN label"
        " || CASE p.kind WHEN 'rural' THEN '村民' ELSE '居民' END ELSE label END || called",
        since=f"CASE WHEN {there} THEN make_date({since}, 6, 1) END",
        head=f"CASE WHEN {there} THEN s.id END",
    )
    for role, kind, other in (("lead", "", 0), ("member", "full_time", 1)):
        loading.fill(
            GridWorker,
            f"""(SELECT g.id, g.region_id, g.valid_from, right(g.code, 2)::int AS n FROM communities_grid g
                 WHERE {{ids}}) AS g
            JOIN demo_place p ON p.id = g.region_id
            JOIN demo_staff s ON s.region_id = p.id AND s.n = mod(g.n + {other}, p.staff) ORDER BY g.id""",
            over=grids,
            grid="g.id",
            person="s.person_id",
            name="s.name",
            role=f"'{role}'",
            kind=f"'{kind}'",
            valid_from="greatest(g.valid_from, make_date(2023, 1, 1))",
        )
    key = f"(v.id - {volunteers.first})"
    loading.fill(
        ResidentLeader,
        f"volunteers_volunteer AS v WHERE {{ids}} AND {loading.chance('leader', 4, key)}"
        " AND ended_on IS NULL AND born_on < registered_on - 365 * 30 ORDER BY id",
        over=volunteers,
        region="region_id",
        person="person_id",
        name="name",
        strengths=loading.some(
            "strengths",
            ["mediation", "culture", "mutual_aid", "care", "children", "environment", "safety"],
            1,
            2,
            key,
        ),
        is_party_member=loading.chance("leader in party", 35, key),
        found_by="'社区社工'",
        training="'居民骨干能力培训 2 天'",
        valid_from="registered_on",
    )
