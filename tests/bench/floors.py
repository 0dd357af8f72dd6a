"""The bare GROUP BY of every measure: the simplest SQL that reads the same base rows and groups them by unit.

What it leaves out, everywhere: that the place is there that day (nothing of an abolished one counts); that a
person counts once in the whole nation and not once at each place (``count(DISTINCT person_id)`` stands in);
that of several rows of a unit the newest one counts; beginnings and ends of spans other than of the counted
row itself; that a donation was reversed and an affair has left its list. What makes somebody a professional
it asks as one flat list of keys.
"""

SPAN = "(valid_from IS NULL OR valid_from <= %(on)s) AND (valid_to IS NULL OR valid_to >= %(on)s)"
STANDS = "removed_at IS NULL"
AT_WORK = "status IN ('active', 'abnormal', 'rectifying')"
BEFORE = "(%(on)s::date - interval '1 year')"


def span(row, on="%(on)s"):
    """The row stands, and holds that day."""
    return (
        f"{row}.removed_at IS NULL AND ({row}.valid_from IS NULL OR {row}.valid_from <= {on})"
        f" AND ({row}.valid_to IS NULL OR {row}.valid_to >= {on})"
    )


def certified(on="%(on)s"):
    return (
        f"SELECT person_id FROM socialwork_certificate WHERE {STANDS} AND passed_on <= {on}"
        f" AND (withdrawn_on IS NULL OR withdrawn_on > {on})"
    )


def professional(on="%(on)s"):
    return (
        f"{certified(on)} UNION ALL SELECT w.person_id FROM socialwork_education e"
        " JOIN socialwork_socialworker w ON w.id = e.worker_id"
        " JOIN socialwork_relatedmajor m ON m.id = e.related_major_id WHERE e.removed_at IS NULL"
    )


def profile(column):
    return (
        f"SELECT region_id, max({column}) AS value FROM communities_communityprofile"
        f" WHERE {STANDS} AND as_of <= %(on)s GROUP BY 1"
    )


def organizations(condition):
    return (
        "SELECT region_id, count(*) AS value FROM organizations_socialorganization"
        f" WHERE {STANDS} AND {AT_WORK} AND {condition} GROUP BY 1"
    )


def employees(condition="TRUE"):
    return (
        "SELECT o.region_id, count(DISTINCT e.person_id) AS value FROM organizations_employment e"
        " JOIN organizations_socialorganization o ON o.id = e.organization_id"
        f" WHERE {span('e')} AND o.removed_at IS NULL AND o.{AT_WORK} AND {condition} GROUP BY 1"
    )


def with_subtype(kinds, *, served):
    here = (
        "SELECT id, region_id FROM organizations_socialorganization"
        f" WHERE {STANDS} AND {AT_WORK} AND subtypes && ARRAY[{kinds}]::varchar[]"
    )
    if not served:
        return f"SELECT region_id, 1 AS value FROM ({here}) o GROUP BY 1"
    return (
        f"WITH o AS ({here}) SELECT region_id, 1 AS value FROM (SELECT region_id FROM o UNION ALL"
        " SELECT s.community_id FROM organizations_servedcommunity s JOIN o ON o.id = s.organization_id"
        f" WHERE {span('s')}) c GROUP BY 1"
    )


def stations(kinds, *, served):
    here = f"SELECT id, region_id FROM facilities_station WHERE {STANDS} AND kind IN ({kinds}) AND {SPAN}"
    if not served:
        return f"SELECT region_id, 1 AS value FROM ({here}) s GROUP BY 1"
    return (
        f"WITH o AS ({here}) SELECT region_id, 1 AS value FROM (SELECT region_id FROM o UNION ALL"
        " SELECT s.community_id FROM facilities_stationcommunity s JOIN o ON o.id = s.station_id"
        f" WHERE {span('s')}) c GROUP BY 1"
    )


def facilities(unit, kinds=None):
    hosting = f" JOIN facilities_station s ON s.facility_id = f.id AND s.kind IN ({kinds}) AND {span('s')}"
    return (
        f"SELECT f.{unit}, 1 AS value FROM facilities_servicefacility f{hosting if kinds else ''}"
        f" WHERE f.is_comprehensive AND {span('f')} GROUP BY 1"
    )


def staff(roles, people=None, on="%(on)s"):
    among = f" AND s.person_id IN ({people})" if people else ""
    return (
        "SELECT s.region_id, count(DISTINCT s.person_id) AS value FROM people_communitystaff s"
        f" WHERE {span('s', on)} AND (s.roles && ARRAY[{roles}]::varchar[] OR s.counts_as_staff){among}"
        " GROUP BY 1"
    )


def workers(people):
    return (
        "SELECT COALESCE(a.region_id, w.region_id), count(DISTINCT w.person_id) AS value"
        " FROM socialwork_socialworker w"
        f" LEFT JOIN socialwork_assignment a ON a.worker_id = w.id AND a.is_home AND {span('a')}"
        " WHERE w.removed_at IS NULL AND (w.left_on IS NULL OR w.left_on > %(on)s)"
        f" AND w.person_id IN ({people}) GROUP BY 1"
    )


def volunteers(served=False, tag="TRUE"):
    records = (
        " JOIN volunteers_servicerecord r ON r.volunteer_id = v.id AND r.removed_at IS NULL"
        " AND r.verified_at IS NOT NULL AND r.reversed_at IS NULL"
        " AND r.started_at >= date_trunc('year', %(on)s::timestamptz)"
    )
    return (
        "SELECT v.region_id, count(DISTINCT v.person_id) AS value FROM volunteers_volunteer v"
        f"{records if served else ''} WHERE v.removed_at IS NULL AND v.is_resident"
        f" AND v.registered_on <= %(on)s AND {tag} GROUP BY 1"
    )


OF_A_TERM = "e.held_on >= date_trunc('year', %(on)s::date) - interval '5 years'"
OF_2017 = "e.held_on BETWEEN '2017-01-01' AND '2017-12-31'"


def elections(condition):
    return (
        "SELECT e.region_id, 1 AS value FROM communities_committeeelection e"
        " JOIN communities_region r ON r.id = e.region_id WHERE e.removed_at IS NULL"
        " AND NOT e.is_by_election AND r.committee = 'residents' AND e.held_on <= %(on)s"
        f" AND {condition} GROUP BY 1"
    )


def budget(condition, year="%(year)s", value="(sum(amount) * 100)::bigint"):
    return (
        f"SELECT region_id, {value} AS value FROM charity_fundbudget"
        f" WHERE {STANDS} AND year = {year} AND {condition} GROUP BY 1"
    )


def capped(column):
    return (
        f"SELECT region_id, (sum({column}) * 100)::bigint AS value FROM charity_cappedspending"
        f" WHERE {STANDS} AND year = %(year)s GROUP BY 1"
    )


def fund(column):
    return (
        f"SELECT id, ({column} * 100)::bigint AS value FROM charity_cappedspending"
        f" WHERE {STANDS} AND year = %(year)s"
    )


def gifts(table, condition, joins=""):
    return (
        f"SELECT e.region_id, (sum(g.amount) * 100)::bigint AS value FROM {table} g{joins}"
        f" JOIN charity_charityentity e ON e.id = {'f' if joins else 'g'}.entity_id"
        f" WHERE g.removed_at IS NULL AND {condition} GROUP BY 1"
    )


def in_the_year(column):
    return f"{column} BETWEEN date_trunc('year', %(on)s::date) AND %(on)s"


def papers(kind):
    return (
        f"SELECT region_id, 1 AS value FROM organizations_supportpolicy WHERE {STANDS} AND {SPAN}"
        f" AND paper = '{kind}' GROUP BY 1"
    )


def projects(value, condition="TRUE"):
    return (
        f"SELECT p.id, {value} AS value FROM projects_project p JOIN projects_track t ON t.id = p.track_id"
        " WHERE t.counts_against_quota AND p.status IN ('approved', 'running', 'closed')"
        f" AND p.approved_on <= %(on)s AND {condition} GROUP BY 1"
    )


POSTS = f"{STANDS} AND established_on <= %(on)s AND (abolished_on IS NULL OR abolished_on > %(on)s)"
AGENCIES = (
    "SELECT id FROM organizations_socialorganization"
    f" WHERE {STANDS} AND {AT_WORK} AND subtypes && ARRAY['sw_agency', 'mainly_social_work']::varchar[]"
)
VOLUNTEER_KINDS = "'volunteer', 'lei_feng', 'civilization_practice'"
STAFF = "'party_committee', 'residents_committee', 'full_time_worker'"
MANAGEMENT = f"{STAFF}, 'service_staff'"
HUBS = "'hub', 'cso_federation', 'volunteer_federation'"
LOTTERY = "source = 'lottery' AND amount > 0"
GRANTED = "p.granted_amount > 0"

OPEN = (
    "level = 5 AND (opened_on IS NULL OR opened_on <= %(on)s) AND (closed_on IS NULL OR closed_on > %(on)s)"
)

FLOORS = {
    "communities": f"SELECT id, 1 AS value FROM communities_region WHERE {OPEN}",
    "urban_communities": f"SELECT id, 1 AS value FROM communities_region WHERE {OPEN} AND kind = 'urban'",
    "households": profile("households"),
    "residents": profile("residents"),
    "registered_residents": profile("registered_residents"),
    "party_members": profile("party_members"),
    "elections_held": elections(OF_A_TERM),
    "elections_direct": elections(f"{OF_A_TERM} AND e.method = 'direct'"),
    "elections_2017": elections(OF_2017),
    "elections_2017_direct": elections(f"{OF_2017} AND e.method = 'direct'"),
    "lists_issued": (
        "SELECT region_id, 1 AS value FROM communities_powerdutylist"
        f" WHERE {STANDS} AND issued_on <= %(on)s GROUP BY 1"
    ),
    "community_orgs": organizations("is_community_org"),
    "registered_orgs": organizations("tier = 'registered'"),
    "org_employees": employees(),
    "org_staff_fulltime": employees("e.kind = 'full_time' AND o.tier = 'registered'"),
    "orgs_with_social_work": (
        "SELECT o.region_id, count(DISTINCT o.id) AS value FROM organizations_socialorganization o JOIN"
        f" (SELECT e.organization_id FROM organizations_employment e WHERE {span('e')}"
        f"  AND e.person_id IN ({professional()}) UNION ALL"
        f"  SELECT h.organization_id FROM organizations_hostedagency h WHERE {span('h')}) x"
        f" ON x.organization_id = o.id WHERE o.removed_at IS NULL AND o.{AT_WORK} AND o.is_community_org"
        " GROUP BY 1"
    ),
    "federation_served": with_subtype("'cso_federation'", served=True),
    "hub_own": with_subtype(HUBS, served=False),
    "hub_served": with_subtype(HUBS, served=True),
    "sw_association": with_subtype("'sw_association'", served=False),
    "studio_own": stations("'sw_studio'", served=False),
    "studio_served": stations("'sw_studio'", served=True),
    "org_center_served": stations("'org_center'", served=True),
    "volunteer_station_served": stations(VOLUNTEER_KINDS, served=True),
    "street_station": stations("'sw_station'", served=False),
    "comprehensive_facility": facilities("region_id"),
    "studio_in_facility": facilities("region_id", "'sw_studio'"),
    "comprehensive_facilities": facilities("id"),
    "with_volunteer_station": facilities("id", VOLUNTEER_KINDS),
    "with_studio": facilities("id", "'sw_studio'"),
    "staff": staff(STAFF),
    "staff_certified": staff(STAFF, certified()),
    "staff_professional": staff(STAFF, professional()),
    "staff_before": staff(STAFF, on=BEFORE),
    "staff_professional_before": staff(STAFF, professional(BEFORE), BEFORE),
    "management_staff": staff(MANAGEMENT),
    "management_staff_professional": staff(MANAGEMENT, professional()),
    "management_staff_before": staff(MANAGEMENT, on=BEFORE),
    "management_staff_professional_before": staff(MANAGEMENT, professional(BEFORE), BEFORE),
    "sw_workers": (
        "SELECT a.region_id, count(DISTINCT w.person_id) AS value FROM socialwork_assignment a"
        f" JOIN socialwork_socialworker w ON w.id = a.worker_id WHERE {span('a')} AND a.is_home"
        f" AND a.kind = 'full_time' AND w.removed_at IS NULL AND w.person_id IN ({professional()}) GROUP BY 1"
    ),
    "sw_professionals": workers(professional()),
    "sw_certified": workers(certified()),
    "sw_posts": (
        f"SELECT region_id, count(*) AS value FROM socialwork_socialworkpost WHERE {POSTS} GROUP BY 1"
    ),
    "sw_posts_filled": (
        f"SELECT region_id, count(*) AS value FROM socialwork_socialworkpost WHERE {POSTS} AND id IN"
        f" (SELECT post_id FROM socialwork_postholding WHERE {STANDS} AND {SPAN}) GROUP BY 1"
    ),
    "agency_posts": (
        "SELECT organization_id, max(total) AS value FROM socialwork_posttotal"
        f" WHERE {STANDS} AND as_of <= %(on)s AND organization_id IN ({AGENCIES}) GROUP BY 1"
    ),
    "agency_sw_posts": (
        "SELECT organization_id, count(*) AS value FROM socialwork_socialworkpost"
        f" WHERE {POSTS} AND organization_id IN ({AGENCIES}) GROUP BY 1"
    ),
    "volunteers": volunteers(tag="(v.ended_on IS NULL OR v.ended_on > %(on)s)"),
    "residents_served": volunteers(served=True),
    "party_members_served": volunteers(served=True, tag="v.tags @> ARRAY['party_member']::varchar[]"),
    "lottery_fund": budget(LOTTERY),
    "lottery_fund_before": budget(LOTTERY, year="%(year)s - 1"),
    "sw_budget_line": budget(
        "source IN ('budget', 'purchase') AND purpose IN ('social_work', 'posts')", value="1"
    ),
    "capped_purchased": capped("purchased"),
    "capped_total": capped("total"),
    "fund_purchased": fund("purchased"),
    "fund_total": fund("total"),
    "community_input": budget("amount > 0"),
    "community_input_before": budget("amount > 0", year="%(year)s - 1"),
    "donations_received": gifts(
        "charity_donation", f"g.kind = 'money' AND g.reverses_id IS NULL AND {in_the_year('g.received_on')}"
    ),
    "fund_uses": gifts(
        "charity_funduse", in_the_year("g.used_on"), " JOIN charity_specialfund f ON f.id = g.fund_id"
    ),
    "charity_entities": (
        f"SELECT region_id, count(*) AS value FROM charity_charityentity WHERE {STANDS} AND {SPAN} GROUP BY 1"
    ),
    "charity_funds": (
        "SELECT e.region_id, count(*) AS value FROM charity_specialfund f"
        f" JOIN charity_charityentity e ON e.id = f.entity_id WHERE {span('f')} GROUP BY 1"
    ),
    "units_sharing": (
        "SELECT region_id, count(*) AS value FROM communities_residentunit"
        f" WHERE {STANDS} AND {SPAN} AND resources <> '{{}}' GROUP BY 1"
    ),
    "affairs_listed": (
        "SELECT region_id, count(*) AS value FROM communities_communityaffairitem"
        f" WHERE {STANDS} AND listed_on <= %(on)s GROUP BY 1"
    ),
    "purchase_rules_issued": papers("purchase_rules"),
    "cultivation_issued": papers("cultivation"),
    "plan_handed_in": (
        "SELECT a.region_id, 1 AS value FROM projects_pilotplan p"
        " JOIN projects_pilotarea a ON a.id = p.area_id"
        " WHERE p.handed_in_at < %(on)s::date + 1 AND p.state <> 'returned' GROUP BY 1"
    ),
    "orgs_ended": (
        "SELECT o.region_id, count(DISTINCT o.id) AS value FROM organizations_statuschange s"
        " JOIN organizations_socialorganization o ON o.id = s.organization_id"
        " WHERE s.removed_at IS NULL AND s.to_status IN ('revoked', 'cancelled')"
        f" AND {in_the_year('s.happened_on')} GROUP BY 1"
    ),
    "approved_projects": projects("1"),
    "granted_projects": projects("1", GRANTED),
    "granted_subsidy": projects("max(p.granted_amount * 100)::bigint", GRANTED),
    "pilot_communities": (
        "SELECT id, 1 AS value FROM projects_pilotcommunity WHERE designated_on <= %(on)s GROUP BY 1"
    ),
    "communities_with_approved_project": (
        "SELECT c.id, 1 AS value FROM projects_pilotcommunity c"
        " JOIN projects_project p ON p.region_id = c.region_id AND p.programme_id = c.programme_id"
        " WHERE p.status IN ('approved', 'running', 'closed') GROUP BY 1"
    ),
    "designated_pilot_communities": (
        "SELECT a.region_id, count(*) AS value FROM projects_pilotcommunity c"
        " JOIN projects_pilotarea a ON a.id = c.area_id WHERE c.designated_on <= %(on)s GROUP BY 1"
    ),
}
