"""A second count of everything, by plain Python from the base tables: definitions of DOMAIN §2.1, §2.2, §2.3.

Nothing of the product counts here: no measure, no question of a queryset, no sum of the database. Rows are
read whole, those that stand are kept, and loops do the rest. ``Recount(on)`` has the measure rows of every
unit (``units``), and says the four figures of any target for every place (``figures_of``).
"""

from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from types import SimpleNamespace

from django.apps import apps
from django.utils import timezone

from tests.attainment.figures import looked_at, pair

PROVINCE, CITY, COUNTY, STREET, COMMUNITY = 1, 2, 3, 4, 5
NEVER = date.min

# §5.6: at work are those that are neither being prepared nor revoked nor cancelled.
REPORTED = ("households", "residents", "registered_residents", "party_members")  # filled in by somebody
AT_WORK = {"active", "abnormal", "rectifying"}
HUBS = {"hub", "cso_federation", "volunteer_federation"}  # HB-3.2f: federations are hubs too
# §2.2 community_staff: 两委成员 + 社区专职工作者 + others flagged; WH-T13 adds service staff.
STAFF = {"party_committee", "residents_committee", "full_time_worker"}
MANAGEMENT = STAFF | {"service_staff"}
VOLUNTEER_STATIONS = {"volunteer", "lei_feng", "civilization_practice"}
APPROVED = {"approved", "running", "closed"}  # approved is what was approved, however it went on
BUDGET_SOURCES, SOCIAL_WORK = {"budget", "purchase"}, {"social_work", "posts"}  # GS-6.7

# §2.4, as the platform is delivered
WORDS = {"全覆盖": 1, "全面建立": 1, "全部": 1} | dict.fromkeys(
    ["基本覆盖", "基本建成", "普遍设立"], Fraction(9, 10)
)

LONGER_TERMS = date(2018, 12, 29)  # the day terms became five years instead of three
UNITS = ("place", "organisation", "facility", "project", "pilot_community", "fund")


def rows_of(label):
    """Every row of a table, without those that were removed from a register."""
    found = apps.get_model(label)._base_manager.values()
    return [SimpleNamespace(**row) for row in found if row.get("removed_at") is None]


def within(day, first, last):
    """From a day to a day, both included."""
    return (first is None or first <= day) and (last is None or day <= last)


def until(day, first, end):
    """From a day on and before another one."""
    return (first is None or first <= day) and (end is None or day < end)


def fen(yuan):
    return int(yuan * 100)


def year_before(day):
    return date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def each_person_once(found):
    """``found``: (person, day or None, key, what); of each person the row of the newest day, then key."""
    newest = {}
    for person, day, key, what in found:
        rank = (day or NEVER, key)
        if person not in newest or rank > newest[person][0]:
            newest[person] = rank, what
    return [what for _rank, what in newest.values()]


class Recount:
    """``figures``: ``{measure: {unit: number or None}}``; what a unit has not, counts nothing."""

    def __init__(self, on=None):
        self.on = on or timezone.localdate()
        self.regions = {row.id: row for row in rows_of("communities.region")}
        self.open = {pk for pk, row in self.regions.items() if until(self.on, row.opened_on, row.closed_on)}
        self.figures = defaultdict(dict)
        self._places()
        self._organizations()
        self._facilities()
        self._people()
        self._organisations_with_social_work()
        self._volunteers()
        self._money()
        self._charity()
        self._projects()
        self.units = {kind: getattr(self, f"_{kind}_rows")() for kind in UNITS}

    # Counting

    def _count(self, key, places):
        self.figures[key] = Counter(place for place in places if place in self.open)

    def _have(self, key, places, *levels):
        """These places count one each, if they are there and of such a level."""
        self.figures[key] = {
            place: 1 for place in set(places) & self.open if self.regions[place].level in levels
        }

    def _level(self, place):
        return self.regions[place].level

    # Places: profiles, elections, papers

    def _places(self):
        newest = {}
        for row in rows_of("communities.communityprofile"):
            known = newest.get(row.region_id)
            if row.as_of <= self.on and row.region_id in self.open and (not known or row.as_of > known.as_of):
                newest[row.region_id] = row
        for key in REPORTED:
            self.figures[key] = {place: getattr(row, key) for place, row in newest.items()}
        self._have("communities", self.open, COMMUNITY)
        urban = [place for place in self.open if self.regions[place].kind == "urban"]
        self._have("urban_communities", urban, COMMUNITY)
        last = {}
        for row in rows_of("communities.committeeelection"):
            region = self.regions[row.region_id]
            counts = region.level == COMMUNITY and region.committee == "residents" and not row.is_by_election
            if not counts or row.held_on > self.on:
                continue
            for round_, is_of in (
                ("held", row.held_on.year >= self.on.year - (5 if self.on >= LONGER_TERMS else 3)),
                ("2017", row.held_on.year == 2017),
            ):
                known = last.get((round_, region.id))
                if is_of and (not known or row.held_on > known.held_on):
                    last[round_, region.id] = row
        for round_, direct in (("held", "elections_direct"), ("2017", "elections_2017_direct")):
            found = {place: row for (of, place), row in last.items() if of == round_}
            self._have(f"elections_{round_}", found, COMMUNITY)
            self._have(direct, [place for place, row in found.items() if row.method == "direct"], COMMUNITY)
        lists = defaultdict(set)
        for row in rows_of("communities.powerdutylist"):
            if until(self.on, row.issued_on, row.repealed_on):
                lists[row.region_id] |= {"powers", "duties"} if row.kind == "both" else {row.kind}
        both = [place for place, kinds in lists.items() if kinds == {"powers", "duties"}]
        self._have("lists_issued", both, COUNTY)
        left = {
            row.item_id
            for row in rows_of("communities.affairchange")
            if row.kind != "streamlined" and row.changed_on <= self.on
        }
        affairs = rows_of("communities.communityaffairitem")
        listed = [row for row in affairs if row.listed_on and row.listed_on <= self.on and row.id not in left]
        self._count("affairs_listed", [row.region_id for row in listed])
        units = rows_of("communities.residentunit")
        sharing = [row for row in units if row.resources and within(self.on, row.valid_from, row.valid_to)]
        self._count("units_sharing", [row.region_id for row in sharing])

    # Organisations, those who work there, the communities they cover

    def _organizations(self):
        self.all_organizations = {row.id: row for row in rows_of("organizations.socialorganization")}
        self.organizations = {pk: row for pk, row in self.all_organizations.items() if row.status in AT_WORK}
        working = self.organizations.values()
        self.community_orgs = [
            row
            for row in working
            if row.is_community_org and row.region_id in self.open and self._level(row.region_id) == COMMUNITY
        ]
        self._count("community_orgs", [row.region_id for row in self.community_orgs])
        self._count("registered_orgs", [row.region_id for row in working if row.tier == "registered"])
        self.employed = [
            row
            for row in rows_of("organizations.employment")
            if within(self.on, row.valid_from, row.valid_to)
        ]
        self._employees("org_employees", lambda organization, work: True)
        self._employees(
            "org_staff_fulltime",
            lambda organization, work: organization.tier == "registered" and work.kind == "full_time",
        )
        served = defaultdict(set)
        for row in rows_of("organizations.servedcommunity"):
            if within(self.on, row.valid_from, row.valid_to):
                served[row.organization_id].add(row.community_id)
        for key, kinds, elsewhere in (
            ("federation_served", {"cso_federation"}, True),
            ("hub_own", HUBS, False),
            ("hub_served", HUBS, True),
        ):
            covered = set()
            for row in working:
                if kinds & set(row.subtypes):
                    covered |= {row.region_id} | (served[row.id] if elsewhere else set())
            self._have(key, covered, COMMUNITY)
        associations = [
            row.region_id for row in working if "sw_association" in row.subtypes and row.tier == "registered"
        ]
        self._have("sw_association", associations, CITY, COUNTY)
        policies = rows_of("organizations.supportpolicy")
        for key, paper in (
            ("purchase_rules_issued", "purchase_rules"),
            ("cultivation_issued", "cultivation"),
        ):
            issued = [
                row.region_id
                for row in policies
                if row.paper == paper and within(self.on, row.valid_from, row.valid_to)
            ]
            self._have(key, issued, PROVINCE, CITY, COUNTY)
        ended, over = {}, {"revoked", "cancelled"}
        for row in rows_of("organizations.statuschange"):
            begins = row.to_status in over and row.from_status not in over
            if begins and date(self.on.year, 1, 1) <= row.happened_on <= self.on:
                ended[row.organization_id] = 1
        self._count(
            "orgs_ended",
            [row.region_id for pk, row in self.all_organizations.items() if pk in ended],
        )

    def _employees(self, key, counts):
        found = []
        for work in self.employed:
            organization = self.organizations.get(work.organization_id)
            if organization and organization.region_id in self.open and counts(organization, work):
                found.append((work.person_id, work.valid_from, work.id, organization.region_id))
        self._count(key, each_person_once(found))

    def _organisations_with_social_work(self):
        """GS-2.2c: 有专兼职专业社工或接纳民办社工机构从事社会服务活动."""
        professionals = self.professionals(self.on)
        found = {row.organization_id for row in self.employed if row.person_id in professionals}
        for row in rows_of("organizations.hostedagency"):
            agency = self.organizations.get(row.agency_id)
            if agency and "sw_agency" in agency.subtypes and within(self.on, row.valid_from, row.valid_to):
                found.add(row.organization_id)
        self._count(
            "orgs_with_social_work", [row.region_id for row in self.community_orgs if row.id in found]
        )

    # Facilities and stations; §2.4: own is what lies in the community, served also whose list names it

    def _facilities(self):
        def in_use(row):
            return within(self.on, row.valid_from, row.valid_to)

        self.all_facilities = {row.id: row for row in rows_of("facilities.servicefacility")}
        stations = {row.id: row for row in rows_of("facilities.station") if in_use(row)}
        named = defaultdict(set)
        for row in rows_of("facilities.stationcommunity"):
            if in_use(row):
                named[row.station_id].add(row.community_id)
        for key, kinds, elsewhere in (
            ("studio_own", {"sw_studio"}, False),
            ("studio_served", {"sw_studio"}, True),
            ("org_center_served", {"org_center"}, True),
            ("volunteer_station_served", VOLUNTEER_STATIONS, True),
        ):
            covered = set()
            for pk, row in stations.items():
                if row.kind in kinds:
                    covered |= {row.region_id} | (named[pk] if elsewhere else set())
            self._have(key, covered, COMMUNITY)
        self._have(
            "street_station", [row.region_id for row in stations.values() if row.kind == "sw_station"], STREET
        )
        comprehensive = {
            pk: row for pk, row in self.all_facilities.items() if row.is_comprehensive and in_use(row)
        }
        hosts = defaultdict(set)
        for row in stations.values():
            hosts[row.facility_id].add(row.kind)
        self._have("comprehensive_facility", [row.region_id for row in comprehensive.values()], COMMUNITY)
        with_studio = [row.region_id for pk, row in comprehensive.items() if "sw_studio" in hosts[pk]]
        self._have("studio_in_facility", with_studio, COMMUNITY)
        here = {pk for pk, row in comprehensive.items() if row.region_id in self.open}
        self.figures["comprehensive_facilities"] = dict.fromkeys(here, 1)
        with_volunteers = [pk for pk in here if hosts[pk] & VOLUNTEER_STATIONS]
        self.figures["with_volunteer_station"] = dict.fromkeys(with_volunteers, 1)
        self.figures["with_studio"] = dict.fromkeys([pk for pk in here if "sw_studio" in hosts[pk]], 1)

    # People: staff, social workers, posts (§2.2)

    def certified(self, day):
        """A certificate that was passed by then and not withdrawn; an ended registration does not matter."""
        return {row.person_id for row in self.certificates if until(day, row.passed_on, row.withdrawn_on)}

    def professionals(self, day):
        """证书 or an education finished by then in a major that was in the list."""
        related = {pk for pk, row in self.majors.items() if until(day, None, row.dropped_on)}
        return self.certified(day) | {
            self.person_of_worker[row.worker_id]
            for row in self.educations
            if row.related_major_id in related and (row.graduated_on is None or row.graduated_on <= day)
        }

    def _people(self):
        workers = apps.get_model("socialwork.socialworker")._base_manager.values()
        self.person_of_worker = {row["id"]: row["person_id"] for row in workers}
        self.certificates = rows_of("socialwork.certificate")
        self.educations = rows_of("socialwork.education")
        self.majors = {row.id: row for row in rows_of("socialwork.relatedmajor")}
        before = year_before(self.on)
        self._staff("staff", STAFF, self.on, "staff_professional")
        self._staff("management_staff", MANAGEMENT, self.on, "management_staff_professional")
        self._staff("staff_before", STAFF, before, "staff_professional_before")
        self._staff("management_staff_before", MANAGEMENT, before, "management_staff_professional_before")
        self._social_workers()
        self._posts()

    def _staff(self, key, roles, day, professionals):
        found = []
        for row in rows_of("people.communitystaff"):
            counts = row.counts_as_staff or roles & set(row.roles)
            if counts and within(day, row.valid_from, row.valid_to) and row.region_id in self.open:
                found.append((row.person_id, row.valid_from, row.id, (row.person_id, row.region_id)))
        found = each_person_once(found)
        self._count(key, [place for _person, place in found])
        are = self.professionals(day)
        self._count(professionals, [place for person, place in found if person in are])
        if key == "staff":
            certified = self.certified(day)
            self._count("staff_certified", [place for person, place in found if person in certified])

    def _social_workers(self):
        workers = {
            row.id: row
            for row in rows_of("socialwork.socialworker")
            if until(self.on, row.started_on, row.left_on)
        }
        professionals, certified = self.professionals(self.on), self.certified(self.on)
        homes, assigned = {}, []
        for row in rows_of("socialwork.assignment"):
            worker = workers.get(row.worker_id)
            if not worker or not row.is_home or not within(self.on, row.valid_from, row.valid_to):
                continue
            homes[worker.id] = row
            if row.kind == "full_time" and row.region_id in self.open:
                assigned.append((worker.person_id, row.valid_from, row.id, (worker.person_id, row.region_id)))
        full_time = each_person_once(assigned)
        self._count("sw_workers", [place for person, place in full_time if person in professionals])
        found = []
        for pk, worker in workers.items():
            home = homes.get(pk)
            place = home.region_id if home else worker.region_id
            since = max(home.valid_from or NEVER, date(1, 1, 2)) if home else None  # a home comes before none
            if place in self.open:
                found.append((worker.person_id, since, pk, (worker.person_id, place)))
        found = each_person_once(found)
        self._count("sw_professionals", [place for person, place in found if person in professionals])
        self._count("sw_certified", [place for person, place in found if person in certified])

    def _posts(self):
        posts = [
            row
            for row in rows_of("socialwork.socialworkpost")
            if until(self.on, row.established_on, row.abolished_on)
        ]
        held = {
            row.post_id
            for row in rows_of("socialwork.postholding")
            if within(self.on, row.valid_from, row.valid_to)
        }
        self._count("sw_posts", [row.region_id for row in posts])
        self._count("sw_posts_filled", [row.region_id for row in posts if row.id in held])
        agencies = {
            pk
            for pk, row in self.organizations.items()
            if {"sw_agency", "mainly_social_work"} & set(row.subtypes) and row.region_id in self.open
        }
        newest = {}
        for row in rows_of("socialwork.posttotal"):
            known = newest.get(row.organization_id)
            if row.as_of <= self.on and row.organization_id in agencies:
                newest[row.organization_id] = row if not known or row.as_of > known.as_of else known
        self.figures["agency_posts"] = {pk: row.total for pk, row in newest.items()}
        theirs = [row.organization_id for row in posts if row.organization_id in agencies]
        self.figures["agency_sw_posts"] = Counter(theirs)

    # Volunteers

    def _volunteers(self):
        everybody = apps.get_model("volunteers.volunteer")._base_manager.values("id", "person_id")
        person_of = {row["id"]: row["person_id"] for row in everybody}
        served = set()
        for row in rows_of("volunteers.servicerecord"):
            day = timezone.localdate(row.started_at)
            verified = row.verified_at and timezone.localdate(row.verified_at) <= self.on
            counts = verified and not (row.reversed_at and timezone.localdate(row.reversed_at) <= self.on)
            if counts and date(self.on.year, 1, 1) <= day <= self.on:
                served.add(person_of[row.volunteer_id])
        entries = [
            row
            for row in rows_of("volunteers.volunteer")
            if row.is_resident and row.registered_on <= self.on and row.region_id in self.open
        ]

        def once(rows):
            return each_person_once([(row.person_id, row.registered_on, row.id, row) for row in rows])

        now = once([row for row in entries if row.ended_on is None or row.ended_on > self.on])
        self._count("volunteers", [row.region_id for row in now])
        active = [row for row in once(entries) if row.person_id in served]
        self._count("residents_served", [row.region_id for row in active])
        party = [row.region_id for row in active if "party_member" in row.tags]
        self._count("party_members_served", party)

    # Money, in fen

    def _money(self):
        for key in ("lottery_fund", "community_input"):
            self.figures[key], self.figures[f"{key}_before"] = Counter(), Counter()
        for key in ("capped_purchased", "capped_total", "fund_purchased", "fund_total"):
            self.figures[key] = Counter()
        self.funds = []
        lines = set()
        for row in rows_of("charity.fundbudget"):
            adopted = row.adopted_on is None or row.adopted_on <= self.on
            if not adopted or not row.amount > 0 or row.region_id not in self.open:
                continue
            if row.source == "lottery" and row.year == self.on.year:
                self.figures["lottery_fund"][row.region_id] += fen(row.amount)
            if row.source == "lottery" and row.year == self.on.year - 1:
                self.figures["lottery_fund_before"][row.region_id] += fen(row.amount)
            if row.year == self.on.year and row.source in BUDGET_SOURCES and row.purpose in SOCIAL_WORK:
                lines.add(row.region_id)
            if row.year == self.on.year:
                self.figures["community_input"][row.region_id] += fen(row.amount)
            if row.year == self.on.year - 1:
                self.figures["community_input_before"][row.region_id] += fen(row.amount)
        self.figures["sw_budget_line"] = dict.fromkeys(lines, 1)
        for row in rows_of("charity.cappedspending"):
            if row.year == self.on.year and row.region_id in self.open:
                self.figures["capped_purchased"][row.region_id] += fen(row.purchased)
                self.figures["capped_total"][row.region_id] += fen(row.total)
                self.figures["fund_purchased"][row.id] = fen(row.purchased)
                self.figures["fund_total"][row.id] = fen(row.total)
                self.funds.append(row)

    # Charity (HB-3.2d, HB-3.4e): at the home of the entity, gifts and uses of the calendar year

    def _charity(self):
        everybody = apps.get_model("charity.charityentity")._base_manager.values("id", "region_id")
        home = {row["id"]: row["region_id"] for row in everybody}
        everything = apps.get_model("charity.specialfund")._base_manager.values("id", "entity_id")
        entity_of = {row["id"]: row["entity_id"] for row in everything}

        def in_use(label):
            return [row for row in rows_of(label) if within(self.on, row.valid_from, row.valid_to)]

        def this_year(day):
            return date(self.on.year, 1, 1) <= day <= self.on

        self._count("charity_entities", [row.region_id for row in in_use("charity.charityentity")])
        self._count("charity_funds", [home[row.entity_id] for row in in_use("charity.specialfund")])
        gifts = rows_of("charity.donation")
        reversed_by_now = {row.reverses_id for row in gifts if row.reverses_id and row.received_on <= self.on}
        received, used = Counter(), Counter()
        for row in gifts:
            counts = row.kind == "money" and not row.reverses_id and row.id not in reversed_by_now
            if counts and this_year(row.received_on) and home[row.entity_id] in self.open:
                received[home[row.entity_id]] += fen(row.amount)
        for row in rows_of("charity.funduse"):
            place = home[entity_of[row.fund_id]]
            if this_year(row.used_on) and place in self.open:
                used[place] += fen(row.amount)
        self.figures["donations_received"], self.figures["fund_uses"] = received, used

    # Projects and pilots

    def _projects(self):
        self.programmes = {row.id: row for row in rows_of("projects.programme")}
        quota = {row.id for row in rows_of("projects.track") if row.counts_against_quota}
        self.projects = rows_of("projects.project")
        approved = [
            row
            for row in self.projects
            if row.status in APPROVED and row.track_id in quota and row.approved_on <= self.on
        ]
        granted = [row for row in approved if (row.granted_amount or 0) > 0]
        self.figures["approved_projects"] = {row.id: 1 for row in approved}
        self.figures["granted_projects"] = {row.id: 1 for row in granted}
        self.figures["granted_subsidy"] = {row.id: fen(row.granted_amount) for row in granted}
        self.areas = {row.id: row for row in rows_of("projects.pilotarea")}
        self.pilots = rows_of("projects.pilotcommunity")
        named = [row for row in self.pilots if row.designated_on <= self.on]
        with_project = {(row.programme_id, row.region_id) for row in approved}
        self.figures["pilot_communities"] = {row.id: 1 for row in named}
        self.figures["communities_with_approved_project"] = {
            row.id: 1 for row in named if (row.programme_id, row.region_id) in with_project
        }
        plans = set()
        for row in rows_of("projects.pilotplan"):
            back = row.state == "returned" and timezone.localdate(row.answered_at) <= self.on
            if timezone.localdate(row.handed_in_at) <= self.on and not back:
                plans.add(self.areas[row.area_id].region_id)
        self._have("plan_handed_in", plans, PROVINCE, CITY, COUNTY, STREET, COMMUNITY)
        by_area = defaultdict(set)
        for row in named:
            area = self.areas[row.area_id].region_id
            if row.region_id in self.open and area in self.open:
                by_area[area].add(row.region_id)
        self.figures["designated_pilot_communities"] = {
            area: len(communities) for area, communities in by_area.items()
        }

    # Measure rows, as the tables have them

    def _row(self, kind, unit, place, document=None):
        region = self.regions[place]
        codes = region.path.split("/")[:-1]
        areas = [(self.regions[row.region_id], self._document(row)) for row in self.areas.values()]
        there = [(area, document) for area, document in areas if area.id in self.open]
        return SimpleNamespace(
            unit_id=unit,
            region_id=place,
            home_id=region.parent_id if region.level == COMMUNITY else region.id,
            path=region.path,
            level=region.level,
            kind=region.kind,
            document_id=document,
            area_of=sorted({document for area, document in there if area.id == place}),
            in_areas=sorted({document for area, document in there if area.code in codes}),
            pilot_of=sorted(self.pilot_of[place]),
            **{key: self._figure(key, unit) for key in _columns(kind)},
        )

    def _figure(self, key, unit):
        if key not in self.figures:
            return None  # no register has it
        return self.figures[key].get(unit, None if key in REPORTED else 0)

    def _document(self, row):
        return self.programmes[row.programme_id].document_id

    def _place_rows(self):
        self.pilot_of = defaultdict(set)
        for row in self.pilots:
            self.pilot_of[row.region_id].add(self._document(row))
        return [self._row("place", pk, pk) for pk in sorted(self.open)]

    def _organisation_rows(self):
        """Only those of which something is known: 300,000 organisations have no post of an agency."""
        known = self.figures["agency_posts"].keys() | self.figures["agency_sw_posts"].keys()
        return [self._row("organisation", pk, self.organizations[pk].region_id) for pk in sorted(known)]

    def _facility_rows(self):
        rows = [self.all_facilities[pk] for pk in sorted(self.all_facilities)]
        return [self._row("facility", row.id, row.region_id) for row in rows if row.region_id in self.open]

    def _project_rows(self):
        """Those that were approved: a draft is its community's own business."""
        rows = sorted(self.projects, key=lambda row: row.id)
        known = self.figures["approved_projects"]
        return [
            self._row("project", row.id, row.region_id, self._document(row))
            for row in rows
            if row.region_id in self.open and row.id in known
        ]

    def _pilot_community_rows(self):
        rows = sorted(self.pilots, key=lambda row: row.id)
        return [
            self._row("pilot_community", row.id, row.region_id, self._document(row))
            for row in rows
            if row.region_id in self.open
        ]

    def _fund_rows(self):
        """Of the year alone, and each for itself: what one source has left does not make up for another."""
        return [self._row("fund", row.id, row.region_id) for row in self.funds]

    # Targets

    def figures_of(self, target):
        """``{place: four figures}`` of every place that is there, each the sum of the units under it."""
        by_path = {}
        for row in self.units[target.table]:
            if not looked_at(target, row):
                continue
            added = pair(target, row)
            codes = row.path.split("/")[:-1]
            for depth in range(1, len(codes) + 1):
                path = "/".join(codes[:depth]) + "/"
                known = by_path.get(path, (0, 0, 0, 0))
                by_path[path] = tuple(one + other for one, other in zip(known, added, strict=True))
        return {pk: list(by_path.get(self.regions[pk].path, (0, 0, 0, 0))) for pk in self.open}

    def totals(self, kind, key):
        """``{place: plain sum}`` of a measure; what nobody reported adds nothing."""
        by_path = Counter()
        for row in self.units[kind]:
            codes = row.path.split("/")[:-1]
            for depth in range(1, len(codes) + 1):
                by_path["/".join(codes[:depth]) + "/"] += getattr(row, key) or 0
        return {pk: by_path[self.regions[pk].path] for pk in self.open}


def _columns(kind):
    table = next(
        model
        for model in apps.get_app_config("attainment").get_models()
        if getattr(model, "KIND", None) == kind
    )
    return table.MEASURES


def judged(target, figures):
    """The value of four figures and whether it meets the clause (§2.1), as exact fractions."""
    numerator, denominator, before, base_before = figures
    if target.rule == "TREND":
        value, limit = Fraction(numerator), Fraction(before) if before else None
        if denominator or base_before:
            value = Fraction(numerator, denominator) if denominator else None
            limit = Fraction(before, base_before) if base_before else None
        return value, value is not None and limit is not None and value > limit
    if target.rule in ("TOTAL", "QUOTA"):
        limit = Fraction(target.at_most or target.at_least)
        return Fraction(numerator), numerator == limit if target.rule == "QUOTA" else numerator >= limit
    if denominator == 0:
        return None, False
    value = Fraction(numerator, denominator)
    if target.rule == "CAP":
        return value, value <= Fraction(target.at_most)
    if target.rule in ("EACH", "RANGE", "FREQ"):
        return value, value >= Fraction(target.share or 1)
    limit = Fraction(target.at_least) if target.at_least else Fraction(WORDS.get(target.term, 1))
    return value, value >= limit
