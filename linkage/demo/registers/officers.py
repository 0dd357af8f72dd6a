"""Who has recorded and who has verified: two accounts in the office of each street."""

from datetime import date

from django.contrib.auth.hashers import make_password

from communities.models import Region
from communities.offices.models import Office, Post, User
from linkage.demo.registers.humans import name_of

SINCE = date(2015, 1, 1)
SUFFIXES = {Post.Role.CLERK: "c", Post.Role.REVIEWER: "r"}


def appoint(loading, password=None):
    """A clerk and a reviewer for each street, or county, the communities lie under: ``demo_officer``.

    ``password`` is a hash; without one nobody can sign in with these accounts.
    """
    password = password or make_password(None)
    places = Region.objects.filter(
        pk__in=[key for (key,) in loading.rows("SELECT DISTINCT coalesce(street, area) FROM demo_place")]
    ).order_by("path")
    wanted = [
        (place, role, f"{suffix}{place.code.lower()}")
        for place in places
        for role, suffix in SUFFIXES.items()
    ]
    known = set(
        User.objects.filter(username__in=[name for *_who, name in wanted]).values_list("username", flat=True)
    )
    offices = dict(Office.objects.filter(closed_on=None, region__in=places).values_list("region_id", "pk"))
    chances = {place.pk: loading.chances(f"officers {place.code}") for place in places}
    fresh = [
        (
            User(
                username=username, name=name_of(chances[place.pk], role == Post.Role.CLERK), password=password
            ),
            place,
            role,
        )
        for place, role, username in wanted
        if username not in known
    ]
    with loading.timed(User, len(fresh)):
        User.objects.bulk_create([user for user, _place, _role in fresh], 2_000)
        Post.objects.bulk_create(
            [
                Post(user=user, office_id=offices[place.pk], role=role, valid_from=SINCE)
                for user, place, role in fresh
            ],
            2_000,
        )
    loading.make(
        "demo_officer",
        """SELECT r.id AS place, c.id AS clerk, v.id AS reviewer
        FROM (SELECT DISTINCT coalesce(street, area) AS id FROM demo_place) AS p
        JOIN communities_region r USING (id)
        JOIN offices_user c ON c.username = 'c' || lower(r.code)
        JOIN offices_user v ON v.username = 'r' || lower(r.code)""",
        index="place",
    )
