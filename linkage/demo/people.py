"""Offices at every level, accounts at the desks the stories need, the places they are told of."""

import random
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db.models import Q

from communities.codes import Duty
from communities.models import Level, Region
from communities.offices.models import Office, Post, User
from communities.offices.services import usual_office_name
from linkage.demo import words

SINCE = date(2015, 1, 1)
# Who keeps which registers in the office of the county; the accounts of the doors keep all of them.
SECTIONS = {
    Duty.COMMUNITY: "基层政权和社区建设股",
    Duty.ORGANIZATION: "社会组织管理股",
    Duty.SOCIAL_WORK: "社会工作和志愿服务股",
    Duty.CHARITY: "慈善事业股",
}


def open_offices(province):
    """Every place of the province gets its office, unless it has one."""
    standing = set(Office.objects.within(province).values_list("region_id", flat=True))
    places = Region.objects.within(province).filter(closed_on__isnull=True).exclude(pk__in=standing)
    chance = random.Random(province.code)  # noqa: S311 (a demo must come out the same every time)
    Office.objects.bulk_create(
        (
            Office(
                region=place,
                name=usual_office_name(place),
                phone=f"555 {chance.randrange(10_000):04d}" if place.level <= Level.STREET else "",
                opened_on=SINCE,
            )
            for place in places.iterator()
        ),
        batch_size=2000,
    )


class Cast:
    """Who sits where. Accounts are made when a story first needs them, all with one password."""

    def __init__(self, chance, password):
        self.chance = chance
        self.hash = make_password(password)
        self.known = {}

    def name(self):
        return self.chance.choice(words.FAMILY) + self.chance.choice(words.GIVEN)

    def at(self, region, role, *, again=0):
        """The person with this role in the office of a place; ``again`` asks for a second one."""
        key = (region.pk, role, again)
        if key not in self.known:
            suffix = {Post.Role.CLERK: "c", Post.Role.REVIEWER: "r", Post.Role.LEADER: "l"}.get(role, "x")
            self.known[key] = self.hire(f"{suffix}{again or ''}{region.code.lower()}", region, role)
        # A fresh row each time: rights are cached on the instance for one request only.
        return User.objects.get(pk=self.known[key].pk)

    def hire(self, username, region, *roles, duty="", section=""):
        staff = Post.Role.ADMINISTRATOR in roles
        user, made = User.objects.get_or_create(
            username=username, defaults={"name": self.name(), "password": self.hash, "is_staff": staff}
        )
        if made:
            office = Office.objects.serving(region).get()
            Post.objects.bulk_create(
                Post(user=user, office=office, role=role, valid_from=SINCE, duty=duty, section=section)
                for role in roles
            )
        return user

    def introduce(self, community):
        """The demo accounts of the doors: one person a level above this community, and an administrator."""
        above = {place.level: place for place in community.ancestors}
        role = Post.Role
        doors = [
            ("community", community, [role.CLERK]),
            ("street", above[Level.STREET], [role.REVIEWER]),
            ("county", above.get(Level.COUNTY), [role.REVIEWER, role.ADMINISTRATOR]),
            ("city", above.get(Level.CITY), [role.REVIEWER]),
            ("province", above[Level.PROVINCE], [role.LEADER]),
        ]
        for username, place, roles in doors:
            if place is None:
                continue
            user = self.hire(username, place, *roles)
            self.known[(place.pk, roles[0] if roles[0] == role.CLERK else role.REVIEWER, 0)] = user
        self.hire("admin", above[Level.PROVINCE], role.ADMINISTRATOR)
        for duty, section in SECTIONS.items():
            office = above.get(Level.COUNTY) or above[Level.CITY]
            self.hire(f"county_{duty.value}", office, role.CLERK, duty=duty, section=section)


def somewhere(province, chance, cities=8):
    """Pilot areas with three to five communities each: every city without counties, and some counties."""
    level = Level
    without = list(
        Region.objects.within(province)
        .filter(level=level.CITY, children__level=level.STREET, closed_on__isnull=True)
        .distinct()
    )
    counties = Region.objects.within(province).filter(level=level.COUNTY, closed_on__isnull=True)
    # The seat of each city first: its smallest code that is a district (…02), then by chance.
    seats = [
        place
        for place in counties.filter(Q(code__endswith="02") | Q(code__endswith="01"))
        if place.name.endswith("区")
    ]
    chosen = seats[:1] + chance.sample(seats[1:], min(cities - 1, max(len(seats) - 1, 0)))
    if not chosen:
        chosen = list(counties[:cities])
    for area in [*chosen, *without]:
        communities = list(
            Region.objects.within(area)
            .filter(level=level.COMMUNITY, closed_on__isnull=True, parent__level=level.STREET)
            .order_by("code")[:400]
        )
        if len(communities) < 3:
            continue
        first = communities[0]
        others = chance.sample(communities[1:], chance.randint(2, min(4, len(communities) - 1)))
        yield area, [first, *others]
