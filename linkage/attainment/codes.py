"""The words of a target, and every column a figure may stand in, connected to a register or not.

A pack may name these and nothing else; the tables of measures have one column for each key.
"""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rule(models.TextChoices):
    """How a target is computed (DOMAIN §2.1)."""

    AVG = "AVG", _("average per unit")
    EACH = "EACH", _("each unit")
    COVER = "COVER", _("coverage")
    RATIO = "RATIO", _("share")
    TOTAL = "TOTAL", _("total")
    PER10K = "PER10K", _("per 10,000 people")
    RANGE = "RANGE", _("between two bounds")
    FREQ = "FREQ", _("times in a period")
    CAP = "CAP", _("not to be exceeded")
    MILESTONE = "MILESTONE", _("done by a date")
    TREND = "TREND", _("increase over the year before")
    QUOTA = "QUOTA", _("quota")
    RULE = "RULE", _("rule of a scheme")


# What each rule divides by: these need a second measure, those that are not named here have none.
RULES_WITH_PER = (Rule.RATIO, Rule.PER10K, Rule.CAP, Rule.RULE)
RULES_WITH_OR_WITHOUT_PER = (Rule.EACH, Rule.COVER, Rule.TREND, Rule.MILESTONE)
# These judge unit by unit, so a share of the units may be enough.
RULES_WITH_SHARE = (Rule.EACH, Rule.RANGE, Rule.FREQ, Rule.MILESTONE)
# These need no number of their own: a trend rises, the others hold for every unit.
RULES_WITHOUT_THRESHOLD = (Rule.TREND, Rule.MILESTONE, Rule.RULE)


class Kind(models.TextChoices):
    """Which communities are meant."""

    URBAN = "urban", _("urban communities")
    RURAL = "rural", _("rural communities")
    ALL = "all", _("urban and rural communities")


class Scope(models.TextChoices):
    """Which part of the territory is meant."""

    ALL = "all", _("whole territory")
    PILOT_AREAS = "pilot_areas", _("pilot areas")
    PILOT_COMMUNITIES = "pilot_communities", _("pilot communities")


class UnitKind(models.TextChoices):
    """What is observed; its figures stand in the table of TABLE_OF."""

    COMMUNITY = "community", _("community")
    STREET = "street", _("street or township")
    COUNTY = "county", _("county")
    CITY = "city", _("city")
    PROVINCE = "province", _("province")
    CITY_OR_COUNTY = "city_or_county", _("city or county")
    AUTHORITY = "authority", _("province, city or county")
    PILOT_AREA = "pilot_area", _("pilot area")
    PLACE = "place", _("place of any level")
    ORGANISATION = "organisation", _("social organization")
    FACILITY = "facility", _("service facility")
    PROJECT = "project", _("project")
    PILOT_COMMUNITY = "pilot_community", _("pilot community")
    FUND = "fund", _("source of assistance money")


PROVINCE_LEVEL, CITY_LEVEL, COUNTY_LEVEL, STREET_LEVEL, COMMUNITY_LEVEL = range(1, 6)

# The levels of the tree a unit that is a place may have. A pilot area is whatever was named one.
LEVELS_OF = {
    UnitKind.COMMUNITY: (COMMUNITY_LEVEL,),
    UnitKind.STREET: (STREET_LEVEL,),
    UnitKind.COUNTY: (COUNTY_LEVEL,),
    UnitKind.CITY: (CITY_LEVEL,),
    UnitKind.PROVINCE: (PROVINCE_LEVEL,),
    UnitKind.CITY_OR_COUNTY: (CITY_LEVEL, COUNTY_LEVEL),
    UnitKind.AUTHORITY: (PROVINCE_LEVEL, CITY_LEVEL, COUNTY_LEVEL),
    UnitKind.PILOT_AREA: (PROVINCE_LEVEL, CITY_LEVEL, COUNTY_LEVEL),
    UnitKind.PLACE: (PROVINCE_LEVEL, CITY_LEVEL, COUNTY_LEVEL, STREET_LEVEL, COMMUNITY_LEVEL),
}

TABLE_OF = {unit: "place" for unit in LEVELS_OF} | {
    unit: unit.value for unit in UnitKind if unit not in LEVELS_OF
}


class Reach(models.TextChoices):
    """The two readings of 覆盖 (DOMAIN §2.4)."""

    OWN = "own", _("in the community itself")
    SERVED = "served", _("in it or serving it from elsewhere")


class Nature(models.TextChoices):
    """How strictly a clause demands."""

    BINDING = "binding", _("binding")
    EXPECTED = "expected", _("to be striven for")
    PROCEDURAL = "procedural", _("procedural")
    CAP = "cap", _("upper limit")
    MILESTONE = "milestone", _("milestone")
    TREND = "trend", _("trend")


class Missing(models.TextChoices):
    """What becomes of a unit that reported nothing."""

    STRICT = "strict", _("counts as not met")
    EXCLUDE = "exclude", _("is left out")


# Columns of the tables of measures by kind of unit; a column is named as its measure.
CONNECTED = {
    "place": (
        "communities",
        "urban_communities",
        "households",
        "residents",
        "registered_residents",
        "party_members",
        "community_orgs",
        "registered_orgs",
        "orgs_with_social_work",
        "org_employees",
        "org_staff_fulltime",
        "sw_workers",
        "sw_professionals",
        "sw_certified",
        "sw_posts",
        "sw_posts_filled",
        "studio_own",
        "studio_served",
        "studio_in_facility",
        "comprehensive_facility",
        "federation_served",
        "hub_own",
        "hub_served",
        "org_center_served",
        "volunteer_station_served",
        "staff",
        "staff_professional",
        "staff_certified",
        "staff_before",
        "staff_professional_before",
        "management_staff",
        "management_staff_professional",
        "management_staff_before",
        "management_staff_professional_before",
        "volunteers",
        "party_members_served",
        "residents_served",
        "elections_held",
        "elections_direct",
        "elections_2017",
        "elections_2017_direct",
        "street_station",
        "lists_issued",
        "sw_association",
        "designated_pilot_communities",
        "lottery_fund",
        "lottery_fund_before",
        "sw_budget_line",
        "capped_purchased",
        "capped_total",
        "donations_received",
        "fund_uses",
        "charity_entities",
        "charity_funds",
        "units_sharing",
        "community_input",
        "community_input_before",
        "affairs_listed",
        "orgs_ended",
        "purchase_rules_issued",
        "cultivation_issued",
        "plan_handed_in",
    ),
    "organisation": ("agency_posts", "agency_sw_posts"),
    "facility": ("comprehensive_facilities", "with_volunteer_station", "with_studio"),
    "project": ("approved_projects", "granted_projects", "granted_subsidy"),
    "pilot_community": ("pilot_communities", "communities_with_approved_project"),
    "fund": ("fund_total", "fund_purchased"),
}

_MEETINGS, _PURCHASES = _("consultation register"), _("register of purchases")
_SURVEYS, _NEEDS = _("register of surveys"), _("needs register")
_TRAINING, _DELIVERY = _("training register"), _("register of projects under way")
_EVALUATION, _PHASES = _("evaluation register"), _("diary of the programme")

# Figures whose registers are not built yet: the columns are there, nothing fills them. Key: name, register.
NOT_CONNECTED = {
    "place": {
        "hosted_service_projects": (_("service projects hosted by a studio"), _DELIVERY),
        "service_projects": (_("service projects"), _DELIVERY),
        "matters_consulted": (_("matters settled by consultation"), _MEETINGS),
        "matters_flagged": (_("matters that call for consultation"), _MEETINGS),
        "training_bases_complete": (_("training bases on all three levels"), _TRAINING),
        "purchase_amount": (_("services purchased"), _PURCHASES),
        "purchase_amount_before": (_("services purchased the year before"), _PURCHASES),
        "schemes": (_("evaluation schemes"), _EVALUATION),
        "schemes_by_satisfaction": (_("evaluation schemes led by satisfaction"), _EVALUATION),
        "sw_service_given": (_("social work service given"), _DELIVERY),
        "meetings_held": (_("meetings on the spot held"), _PHASES),
        "phases_finished": (_("phases finished in time"), _PHASES),
        "phases": (_("phases"), _PHASES),
        "matters_deliberated": (_("matters deliberated by the party organisation"), _MEETINGS),
        "matters_decided": (_("weighty matters decided"), _MEETINGS),
        "respondents": (_("people asked"), _SURVEYS),
        "respondents_satisfied": (_("people asked who are satisfied"), _SURVEYS),
        "respondents_before": (_("people asked the year before"), _SURVEYS),
        "respondents_satisfied_before": (_("people asked who were satisfied the year before"), _SURVEYS),
        "needs_answered": (_("needs answered in time"), _NEEDS),
        "needs_registered": (_("needs registered"), _NEEDS),
        "trainings_held": (_("trainings held"), _TRAINING),
        "surveys_held": (_("surveys of needs held"), _SURVEYS),
        "volunteers_contacted": (_("volunteers contacted"), _DELIVERY),
        "volunteers_assigned": (_("volunteers assigned to a social worker"), _DELIVERY),
    },
    "project": {"projects_evaluated": (_("projects followed up and evaluated"), _EVALUATION)},
}
# What a target waits for whose figure has no register: its name and the register.
WAITS_FOR = {key: told for keys in NOT_CONNECTED.values() for key, told in keys.items()}

MEASURE_KEYS = {table: (*keys, *NOT_CONNECTED.get(table, ())) for table, keys in CONNECTED.items()}
EVERY_MEASURE = tuple(key for keys in MEASURE_KEYS.values() for key in keys)


BEFORE = "_before"  # the same figure one year earlier, in a column of its own


def keys_of(unit):
    """The measures that can be taken of this kind of unit."""
    return MEASURE_KEYS[TABLE_OF[UnitKind(unit)]]


# Coverage words and what they mean until someone sets another number: word, share, basis (DOMAIN §2.4).
_LITERAL = "按字面：全部"
_CUSTOM = "无法定数值，按工作惯例取 90%，可另行设定"
DEFAULT_TERMS = (
    ("全覆盖", "1", _LITERAL),
    ("全面建立", "1", _LITERAL),
    ("全部", "1", _LITERAL),
    ("基本覆盖", "9/10", _CUSTOM),
    ("基本建成", "9/10", _CUSTOM),
    ("普遍设立", "9/10", _CUSTOM),
)
DEFAULT_TERMS_FROM = date(2000, 1, 1)
