"""A province large enough for a demo."""

from communities.models import Level
from linkage.demo import people
from tests import factories

PLACES = {"620102030": (14, "0"), "620123101": (26, "2"), "620201002": (8, "0")}


def province():
    """The province of ``world``."""
    return world().regions["62"]


def world():
    """The story world with three more streets, one of them in a city without counties."""
    world = factories.build()
    for street, (number, series) in PLACES.items():
        parent = "6202" if street.startswith("6202") else street[:6]
        factories.region(world, street, f"第{street[-2:]}街道", Level.STREET, parent)
        for n in range(1, number + 1):
            name = f"{'柳林梅竹松杏枣桃'[n % 8]}{'园庄湾坪沟里'[n % 6]}{n}"
            suffix = "村民委员会" if series == "2" else "社区居民委员会"
            factories.region(world, f"{street}{series}{n:02d}", name + suffix, Level.COMMUNITY, street)
    people.open_offices(world.regions["62"])
    return world
