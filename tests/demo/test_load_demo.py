"""The command: what it loads, where it stops, who may sign in afterwards."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import override_settings

from communities.codes import Duty
from communities.models import Level, Region
from communities.offices.models import Post, User
from organizations.models import SocialOrganization
from projects.models import Programme, Project
from socialwork.volunteers.models import Volunteer
from tests.demo.tree import province

DOORS = ["community", "street", "county", "city", "province", "admin"]


def load(**options):
    said = io.StringIO()
    call_command("load_demo", province="62", stdout=said, **options)
    return said.getvalue()


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """A demo without projects, which are told elsewhere by their own verbs; the doors are opened anew."""
    home = override_settings(HOME=tmp_path_factory.mktemp("home"))
    with django_db_blocker.unblock(), transaction.atomic(), home:
        place = province()
        User.objects.filter(username__in=DOORS).update(username=Concat(Value("of_the_story_"), "username"))
        Programme.objects.update(active=False)
        place.said = load(scale=0.1)
        yield place
        transaction.set_rollback(True)


def test_the_rows_of_each_register_and_their_time_are_told(loaded):
    assert f"volunteers.Volunteer {Volunteer.objects.count()} rows" in loaded.said


def test_what_is_there_is_not_loaded_twice(loaded):
    before = Volunteer.objects.count()
    assert "nothing was changed" in load(scale=1)
    assert Volunteer.objects.count() == before


def test_where_the_demo_accounts_sit_there_are_registers(loaded):
    home = User.objects.get(username="community").home_region
    neighbours = home.parent.children.filter(level=Level.COMMUNITY)
    assert neighbours.count() > 1
    for community in neighbours:
        assert SocialOrganization.objects.filter(region=community).exists()
        assert Volunteer.objects.filter(region=community).exists()


def test_the_accounts_of_the_doors_keep_all_registers(loaded):
    for username in DOORS:
        assert {post.duty for post in User.objects.get(username=username).current_posts} == {""}


def test_the_county_divides_its_registers_among_four_clerks(loaded):
    county = User.objects.get(username="county").home_region
    for duty in Duty:
        (post,) = User.objects.get(username=f"county_{duty}").current_posts
        assert (post.duty, post.role, post.office.region) == (duty, Post.Role.CLERK, county)
    worker = User.objects.get(username="county_social_work")
    assert Volunteer.objects.visible_to(worker).exists()
    assert not SocialOrganization.objects.visible_to(worker).exists()


@pytest.mark.parametrize("scale", [-0.1, 1.5])
def test_a_share_is_between_nothing_and_all(db, scale):
    with pytest.raises(CommandError):
        load(scale=scale)


def test_a_share_of_the_communities_gets_registers(loaded):
    assert not Project.objects.exists()  # no programme is open here
    assert (
        Region.objects.filter(volunteers__isnull=False).distinct().count()
        < Region.objects.communities().count()
    )
