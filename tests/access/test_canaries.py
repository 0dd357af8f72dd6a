"""Every text of every place carries a canary; nobody is answered with one of a place that is not theirs.

What the site shows to everybody on purpose is listed here: published notices and approved projects under
``/public/``, nothing else. Names of officials travel with their decisions up and down one branch.
"""

import pytest

from communities.offices.models import User
from tests.access import table
from tests.access.story import CANARY, NARROW_PLACE, PEOPLE, TOKENS
from tests.access.test_table import ROUTES
from tests.access.walk import unpacked

pytestmark = pytest.mark.django_db

# Who walks in the short form: somebody below all others, and a program narrowed to a street.
FEW = ("community", "narrow")

# Searches that would bring up every canary there is.
ASKING = {
    "search/": ("?q=CNR",),
    "tasks/": ("?q=CNR", "?box=mine&q=CNR", "?box=done&q=CNR", "?box=returned&q=CNR"),
    "projects/": ("?q=CNR", "?status=draft", "?status=in_review", "?status=returned"),
    "programmes/<code>/arrivals/": ("?q=CNR", "?sort=money"),
    "accounts/": ("?q=CNR", "?q=620902"),
    "public/": ("?q=CNR",),
    "public/projects/": ("?q=CNR",),
    "api/v1/projects/": ("?region=620902001001", "?status=draft", "?region=620102020001"),
    "api/v1/regions/": ("?size=100",),
    "api/v1/regions/find/": ("?q=富康社区",),
    "api/v1/attainment/": ("?policy=GS-2016&place=62&below=1", "?policy=GS-2016&place=620902001001"),
    "api/v1/special-groups/": ("?place=620102", "?place=620902"),
    "targets/groups/": ("?place=620102", "?place=620902"),
    "targets/groups/export/": ("?place=620102", "?place=620902"),
    "api/v1/statistics/": ("?place=620102&below=1", "?place=620902001&below=1"),
    "admin/communities/region/": ("?q=社区",),
    "admin/projects/project/": ("?q=CNR", "?status__exact=draft"),
    "admin/offices/user/": ("?q=CNR",),
    "admin/offices/post/": ("?q=CNR",),
    "admin/search/": ("?s=CNR",),
    "admin/autocomplete/": (
        "?app_label=communities&model_name=communityprofile&field_name=region&term=6",
        "?app_label=projects&model_name=pilotcommunity&field_name=region&term=6",
    ),
}


@pytest.mark.parametrize(
    "who", [pytest.param(who, marks=() if who in FEW else pytest.mark.long) for who in PEOPLE]
)
def test_no_answer_carries_a_canary_of_another_place(story, client, who):
    headers = story.sign_in(client, who)
    fits = reader(story, who)
    found, seen = set(), 0
    for url in addresses(story):
        answer = client.get(url, headers=headers)
        assert answer.status_code < 500, url
        for code, kind in CANARY.findall(unpacked(answer).decode("utf-8", "replace")):
            seen += 1
            if not fits(url, code, kind):
                found.add(f"{url}: {kind} of {code}")
    assert sorted(found) == [], who
    assert seen, "a walk that meets no canary at all proves nothing"


def addresses(story):
    """Every address by GET, for every row there is, with every search that might bring up more."""
    found = {}
    for route in ROUTES:
        if route in ("logout/", "admin/logout/"):
            continue
        for label in rows_of(story, route):
            for query in (table.QUERIES.get(route, ""), *ASKING.get(route, ())):
                found[story.address(route, label) + query] = None
    return found


def rows_of(story, route):
    if "<" not in route:
        return ["near"]
    if route.startswith("admin/"):
        return ["near", "far"]
    if route.startswith("accounts/"):
        return ["community", "stranger", "village"]
    if "notices/" in route:
        return [*story.projects, "hanging"]
    if "programmes/" in route or "policies/" in route:
        return ["gansu", "elsewhere"]
    if "regions/" in route:
        return ["near", "far"]
    if "exports/" in route or "tokens/" in route or route.startswith("tables/"):
        return ["near", "far"]
    return list(story.projects)


def reader(story, who):
    """What this person may read: a rule over (url, region code, kind)."""
    user = User.objects.get(pk=story.world.people[TOKENS.get(who, who)].pk) if who != "nobody" else None
    if who == "narrow":
        user.narrow_to(story.world.region(NARROW_PLACE))
    posts = user.current_posts if user and who != "first" else []
    homes = [post.office.region.code for post in posts]
    own = [post.office.region.code for post in user.posts.all()] if user else []  # in the name of one's own
    streets = [post.office.region.code for post in posts if post.files and post.office.region.level == 4]

    def fits(url, code, kind):
        if kind == "secret":
            return False
        if kind == "open" and url.startswith("/public/"):
            return True
        if kind == "draft":
            typed = code == story.world.tianqing.code
            return code in homes or (typed and any(code.startswith(street) for street in streets))
        if kind == "person":
            return code in own or any(code.startswith(home) or home.startswith(code) for home in homes)
        return any(code.startswith(home) for home in homes)

    return fits
