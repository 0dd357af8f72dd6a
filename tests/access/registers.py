"""Who gets which answer from which page of a register. By hand, from the requirements (issue 3, TRUST 3.3).

One line for each register: the parts of an office that keep it, where its rows lie, what it can do beside
the usual. One set of rules for all of them: everybody with a post enters the admin, finds there the
registers of their part, reads the rows under their places, and writes them with a clerk's, a reviewer's
or a leader's post. What lies elsewhere is answered like what does not exist.
"""

from dataclasses import dataclass

from tests.access.table import LOGIN, PASSWORD


@dataclass(frozen=True)
class Line:
    duties: str = ""  # parts of the office; empty: every part
    home: str = "community"  # at which level its row lies; "country": one list, read by all
    merged: bool = False  # may turn out to be double
    sealed: bool = False  # has numbers that are revealed
    added: bool = True  # entered on its own form
    fixed: bool = False  # the row of the tests stands for good: it is neither edited nor removed
    steps: str = ""  # pages with a form of their own, of one row
    shut: str = ""  # pages of one row that are open only at another stage of it
    staged: bool = False  # which of its pages are open depends on the row, so elsewhere none is: 403
    leads: str = ""  # pages that lead elsewhere, of one row
    done: str = ""  # the same without a form: a POST does it at once
    reads: str = ""  # pages of one row to be read, by whoever reads the row
    lists: str = ""  # pages beside the list
    papers: str = ""  # sheets of one row; the walk asks for one that does not exist


COMMUNITY, ORGANIZATION, SOCIAL_WORK, CHARITY = "community", "organization", "social_work", "charity"
REGISTERS = {
    "communities/communityprofile": Line(COMMUNITY),
    "communities/committeeelection": Line(COMMUNITY),
    "communities/powerdutylist": Line(COMMUNITY, "street", papers="paper/<paper_id>"),
    "communities/communityplan": Line(f"{COMMUNITY} {SOCIAL_WORK}", merged=True),
    "communities/charitydesignation": Line(f"{COMMUNITY} {CHARITY}"),
    "communities/communityaffairitem": Line(COMMUNITY, "street", lists="reduction"),
    "communities/residentunit": Line(f"{COMMUNITY} {CHARITY}", sealed=True, merged=True),
    "communities/regiontag": Line(COMMUNITY),
    "communities/externalid": Line(COMMUNITY),
    "communities/grid": Line(COMMUNITY, merged=True),
    "people/gridworker": Line(COMMUNITY, sealed=True),
    "people/communitystaff": Line(COMMUNITY, sealed=True),
    "people/communityorgan": Line(COMMUNITY),
    "people/contactperson": Line(COMMUNITY, sealed=True),
    "people/residentleader": Line(f"{COMMUNITY} {SOCIAL_WORK}", sealed=True),
    "people/person": Line(f"{COMMUNITY} {ORGANIZATION} {SOCIAL_WORK}", merged=True, sealed=True, added=False),
    "facilities/servicefacility": Line(merged=True),
    "facilities/station": Line(merged=True),
    "facilities/standardcheck": Line(papers="paper/<paper_id>"),
    "facilities/openedresource": Line(merged=True),
    "facilities/resourceuse": Line(),
    "organizations/socialorganization": Line(
        ORGANIZATION, merged=True, sealed=True, steps="tier status", leads="employee"
    ),
    "organizations/supportpolicy": Line(ORGANIZATION, merged=True),
    "organizations/employment": Line(f"{ORGANIZATION} {SOCIAL_WORK}", sealed=True),
    "organizations/incubationbase": Line(ORGANIZATION, merged=True),
    "organizations/incubationcase": Line(
        ORGANIZATION, steps="admit decline", shut="assess graduate leave", staged=True
    ),
    "organizations/operatingcontract": Line(f"{ORGANIZATION} {COMMUNITY} {SOCIAL_WORK}"),
    "charity/charityentity": Line(CHARITY, merged=True),
    "charity/specialfund": Line(CHARITY, steps="draw", merged=True),
    "charity/donation": Line(CHARITY, sealed=True, fixed=True, steps="reverse", reads="receipt"),
    "charity/publicfundraisingplan": Line(CHARITY, merged=True),
    "charity/stockitem": Line(CHARITY, steps="book", merged=True),
    "charity/fundbudget": Line(lists="comparison"),
    "charity/funddisclosure": Line(),
    "charity/cappedspending": Line(),
    "socialwork/socialworker": Line(SOCIAL_WORK, merged=True, sealed=True),
    "socialwork/socialworkpost": Line(SOCIAL_WORK, merged=True),
    "socialwork/posttotal": Line(f"{SOCIAL_WORK} {ORGANIZATION}"),
    "socialwork/relatedmajor": Line(SOCIAL_WORK, "country"),
    "socialwork/professionalresource": Line(SOCIAL_WORK, merged=True, sealed=True),
    "socialwork/recruitmentposting": Line(SOCIAL_WORK, merged=True),
    "socialwork/cooperation": Line(SOCIAL_WORK, merged=True),
    "socialwork/allowancestandard": Line(SOCIAL_WORK, "county"),
    "socialwork/allowancepayment": Line(SOCIAL_WORK),
    "volunteers/volunteer": Line(
        SOCIAL_WORK, merged=True, sealed=True, steps="certify", papers="certificate/<certificate_id>"
    ),
    "volunteers/volunteerteam": Line(SOCIAL_WORK, merged=True),
    "volunteers/volunteeractivity": Line(SOCIAL_WORK, merged=True),
    "volunteers/servicerecord": Line(SOCIAL_WORK, done="verify", shut="reverse", staged=True),
}

# Who holds which post: (code of the place, does it write, which part; empty: all of them).
POSTS = {
    "community": ("620102020001", True, ""),
    "neighbour": ("620102020002", True, ""),
    "street_clerk": ("620102020", True, ""),
    "street": ("620102020", True, ""),
    "county": ("620102", True, ""),
    "charity": ("620102", True, CHARITY),
    "organization": ("620102", True, ORGANIZATION),
    "county_admin": ("620102", False, ""),
    "staff": ("620102", False, ""),
    "city": ("6201", True, ""),
    "observer": ("6201", False, ""),
    "province": ("62", True, ""),
    "stranger": ("620902", True, ""),
    "stranger_community": ("620902001001", True, ""),
}
ADMINISTRATORS = ("county_admin",)
OUTSIDE = ("nobody", "closed", "token", "ended", "postless")
PEOPLE = (*OUTSIDE, "first", "root", *POSTS)
NEAR, FAR = "620102020001", "620902001001"  # the communities whose rows the tests ask for
PROVINCE = "62"
DIGITS = {"community": 12, "street": 9, "county": 6}
ROWS = ("near", "far", "missing")

# Method and page: the answer to whoever has no part in the register, reads it, keeps it;
# and the same for a row that lies elsewhere or does not exist.
LISTS = {
    "GET ": (403, 200, 200),
    "POST ": (403, 200, 200),  # no action was chosen
    "GET add/": (403, 403, 200),
    "POST add/": (403, 403, 200),  # nothing was filled in
    "GET doubles/": (403, 403, 200),
    "POST doubles/": (403, 403, 200),
    "GET merge/": (403, 403, 404),  # without two rows
    "POST merge/": (403, 403, 404),
}
PAGES = {
    "GET <object_id>/": ((302, 302, 302), (302, 302, 302)),
    "POST <object_id>/": ((302, 302, 302), (302, 302, 302)),
    "GET <object_id>/change/": ((403, 200, 200), (403, 404, 404)),
    "POST <object_id>/change/": ((403, 403, 200), (403, 403, 404)),
    "GET <object_id>/delete/": ((404, 403, 200), (404, 404, 404)),
    "POST <object_id>/delete/": ((404, 403, 422), (404, 404, 404)),  # without a reason
    "GET <object_id>/history/": ((404, 200, 200), (404, 404, 404)),
    "POST <object_id>/history/": ((404, 200, 200), (404, 404, 404)),
    "GET <object_id>/reveal/": ((403, 403, 200), (403, 403, 404)),
    "POST <object_id>/reveal/": ((403, 403, 422), (403, 403, 404)),
    "GET <object_id>/restore/": ((403, 403, 403), (403, 403, 403)),  # administrators only
    "POST <object_id>/restore/": ((403, 403, 403), (403, 403, 403)),
}
STEPS = {"GET": ((403, 403, 200), (403, 403, 404)), "POST": ((403, 403, 422), (403, 403, 404))}
DONE = {"GET": STEPS["GET"], "POST": ((403, 403, 302), (403, 403, 404))}
READS = {"GET": ((403, 200, 200), (403, 404, 404)), "POST": ((403, 200, 200), (403, 404, 404))}
LEADS = {"GET": ((403, 403, 302), (403, 403, 404)), "POST": ((403, 403, 302), (403, 403, 404))}


def at(register):
    return f"admin/{register}/"


def pages(register):
    """Every page of a register, relative to its list."""
    line = REGISTERS[register]
    found = {page.partition(" ")[2] for page in (*LISTS, *PAGES)}
    found |= {
        f"<object_id>/{name}/"
        for name in f"{line.steps} {line.leads} {line.done} {line.shut} {line.reads}".split()
    }
    found |= {f"<object_id>/{name}/" for name in line.papers.split()}
    found |= {f"{name}/" for name in line.lists.split()}
    return found


# What can be read over REST.
REST = {
    "community-profiles": "communities/communityprofile",
    "grids": "communities/grid",
    "grid-workers": "people/gridworker",
    "community-staff": "people/communitystaff",
    "facilities": "facilities/servicefacility",
    "stations": "facilities/station",
    "organizations": "organizations/socialorganization",
    "employments": "organizations/employment",
    "social-workers": "socialwork/socialworker",
    "certificates": "socialwork/certificate",
    "social-work-posts": "socialwork/socialworkpost",
    "assignments": "socialwork/assignment",
    "volunteers": "volunteers/volunteer",
    "volunteer-teams": "volunteers/volunteerteam",
    "service-records": "volunteers/servicerecord",
    "charity-entities": "charity/charityentity",
    "special-funds": "charity/specialfund",
    "donations": "charity/donation",
    "fund-budgets": "charity/fundbudget",
}
PARTS = {  # registers without a desk of their own
    "socialwork/certificate": Line(SOCIAL_WORK),
    "socialwork/assignment": Line(SOCIAL_WORK),
}
REST_ROUTES = [f"api/v1/{address}/{row}" for address in REST for row in ("", "<pk>/")]
ROUTES = sorted([*REST_ROUTES, *(at(register) + page for register in REGISTERS for page in pages(register))])


def finds(who, register, row):
    """Does the row lie under a place of this person?"""
    line = REGISTERS.get(register) or PARTS[register]
    if line.home == "country":
        return row != "missing" and standing(who, register) > 0
    code = {"near": NEAR, "far": FAR}.get(row, "")[: DIGITS[line.home]]
    return who in POSTS and code.startswith(POSTS[who][0])


def standing(who, register):
    """0: has no part in this register, 1: reads it, 2: keeps it."""
    if who not in POSTS:
        return 0
    place, writes, part = POSTS[who]
    line = REGISTERS.get(register) or PARTS[register]
    if line.duties and part and part not in line.duties.split():
        return 0
    if line.home == "country":
        writes = writes and place == PROVINCE
    return 2 if writes else 1


def kinds(line):
    """Pages only some registers have, and their rules."""
    return (line.steps, STEPS), (line.leads, LEADS), (line.done, DONE), (line.reads, READS)


def expected(register, method, page, row, who):
    """The status this person gets, or where they are sent."""
    if who in OUTSIDE:
        return LOGIN
    if who == "first":
        return PASSWORD
    line, column = REGISTERS[register], standing(who, register)
    here = finds(who, register, row)
    name = page.removeprefix("<object_id>/").rstrip("/")
    if name in line.papers.split():
        return 404
    if name in line.shut.split() or (
        line.staged and not here and name in f"{line.steps} {line.done}".split()
    ):
        return 403
    if name in line.lists.split():
        answers = LISTS["GET "]
    elif f"{method} {page}" in LISTS:
        answers = LISTS[f"{method} {page}"]
    else:
        rules = next((rules for names, rules in kinds(line) if name in names.split()), PAGES)
        both = rules[f"{method} {page}" if rules is PAGES else method]
        answers = both[0] if here else both[1]
    cannot = (
        (name in ("doubles", "merge") and not line.merged)
        or (name == "reveal" and not line.sealed)
        or (page == "add/" and not line.added)
    )
    if cannot:
        return 403
    if name == "restore" and who in ADMINISTRATORS and column:
        return (200 if method == "GET" else 302) if here else 404
    if line.fixed and here and column == 2 and (name == "delete" or (method, name) == ("POST", "change")):
        return 403 if name == "delete" else 200
    return answers[column]


def over_rest(register, row, who):
    """The status of the list (``row`` empty) or of one row over REST."""
    if who in ("nobody", "closed"):
        return 401
    if who == "first":
        return 403
    who = "county" if who == "token" else who  # whose token it is
    return 200 if not row or (standing(who, register) and finds(who, register, row)) else 404
