"""What must hold of social organisations, and what is merely remarked, each with its source."""

from datetime import timedelta

from organizations.codes import HandlingTier, OrgForm, OrgStatus, OrgSubtype

# GB 32100: the first two characters of the credit codes that civil affairs give (DOMAIN §5.2)
USCC_BEGINS = {OrgForm.ASSOCIATION: "51", OrgForm.SERVICE_INSTITUTION: "52", OrgForm.FOUNDATION: "53"}

WORKING = (OrgStatus.ACTIVE, OrgStatus.ABNORMAL, OrgStatus.RECTIFYING)  # it is there and may be counted
GONE = (OrgStatus.REVOKED, OrgStatus.CANCELLED)

# From which status to which; what was cancelled by mistake can be put right
STATUS_STEPS = {
    OrgStatus.PREPARING: (OrgStatus.ACTIVE, OrgStatus.CANCELLED),
    OrgStatus.ACTIVE: (OrgStatus.ABNORMAL, OrgStatus.RECTIFYING, OrgStatus.REVOKED, OrgStatus.CANCELLED),
    OrgStatus.ABNORMAL: (OrgStatus.ACTIVE, OrgStatus.RECTIFYING, OrgStatus.REVOKED, OrgStatus.CANCELLED),
    OrgStatus.RECTIFYING: (OrgStatus.ACTIVE, OrgStatus.ABNORMAL, OrgStatus.REVOKED, OrgStatus.CANCELLED),
    OrgStatus.REVOKED: (OrgStatus.ACTIVE, OrgStatus.CANCELLED),
    OrgStatus.CANCELLED: (OrgStatus.ACTIVE,),
}

# What is said anew when an organisation comes to a tier; everything else of it stays
TIER_FACTS = {
    HandlingTier.REGISTERED: (
        "uscc",
        "legal_form",
        "registered_on",
        "registration_authority",
        "direct_registration",
        "supervisory_unit",
    ),
    HandlingTier.FILED: ("filing_number", "filing_street", "filed_on", "filing_valid_to"),
    HandlingTier.GUIDED: (),
}
FILING_FACTS = TIER_FACTS[HandlingTier.FILED]

# HB-3.2f: federations are hubs too
HUBS = (OrgSubtype.HUB, OrgSubtype.CSO_FEDERATION, OrgSubtype.VOLUNTEER_FEDERATION)

# 党章 30: a basic organisation where there are three full members or more (CQ-2.2.2h, HB-3.1c)
PARTY_MEMBERS = 3

# 社会团体登记管理条例 10, 基金会管理条例 8; localities relax them for community organisations (§5.6)
INDIVIDUAL_MEMBERS, UNIT_MEMBERS, ALL_MEMBERS = 50, 30, 50
ASSOCIATION_FUNDS, FOUNDATION_FUNDS, PUBLIC_FOUNDATION_FUNDS = 30_000, 2_000_000, 4_000_000

# What is no community social organisation (Guangdong 2022, §5.6)
NOT_COMMUNITY_ORGANIZATIONS = ("居民委员会", "村民委员会", "居委会", "村委会", "业主委员会", "公司")

FILING_NOTICE = timedelta(days=30)  # before a filing ends
CONTRACT_NOTICE = timedelta(days=90)  # before a contract over a facility, station or base ends

# 社会组织评估管理办法（民政部令39号）8, 9 and 31 (§5.6)
RATING_YEARS = 5
RATING_AFTER_YEARS = 2  # of registration
PREFERRED_GRADE = "3A"  # from here on: first in line for functions and purchase

INSPECTION_DUE = (6, 30)  # month and day by which the past year's result should be known


def years_after(day, years):
    """The same day so many years later; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def rated_until(day):
    """The last day a rating of this day holds."""
    return years_after(day, RATING_YEARS) - timedelta(days=1)
