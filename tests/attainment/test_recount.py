"""A whole demo province counted a second time, by plain Python from the base tables: equal to the last digit,
as it was loaded, after any deeds, and rebuilt.

The demo of the test is small (72 places, 24,000 rows); the long form takes the real tree of Gansu.
"""

import contextlib
import io
import random
from collections import Counter
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communities.models import Region
from communities.offices.models import User
from linkage.attainment import services
from linkage.attainment.codes import CONNECTED
from linkage.attainment.models import UNIT_TABLES, PlaceMeasures, Target, TargetSums
from linkage.attainment.services import counting, plan, reading, unit_rows
from linkage.foundation import measures
from linkage.packs.services import load, shipped
from linkage.policy.models import PolicyDocument
from organizations.charity.models import FundUse
from organizations.models import SocialOrganization
from projects.models import PilotArea, PilotPlan, Programme
from tests import factories
from tests.attainment.deeds import PLACES, ROWS, Deeds
from tests.attainment.recount import Recount, judged
from tests.attainment.test_engine import load_targets
from tests.attainment.test_targets import LOADED
from tests.bench import plans
from tests.demo.test_load_demo import DOORS
from tests.demo.tree import world as small_world

pytestmark = pytest.mark.django_db

ABOUT = ("unit_id", "region_id", "home_id", "path", "level", "kind", "document_id")
LISTS = ("area_of", "in_areas", "pilot_of")
STEPS = 45  # deeds before the province is counted again
SOME = 40  # communities whose readings are compared


# What is compared


def differences(found=None):
    """What the product says otherwise than plain Python does: measure rows, sums, readings."""
    found = found or Recount()
    targets = list(Target.objects.select_related("document__region"))
    wanted = {target.code: found.figures_of(target) for target in targets}
    return [*_rows(found), *_sums(found, wanted), *_readings(found, targets, wanted)]


def _rows(found):
    for table in UNIT_TABLES:
        theirs = {row.unit_id: row for row in table.objects.all()}
        ours = {row.unit_id: row for row in found.units[table.KIND]}
        yield from ((table.KIND, unit, "only one has it") for unit in sorted(theirs.keys() ^ ours.keys()))
        for unit in sorted(theirs.keys() & ours.keys()):
            for column in (*ABOUT, *LISTS, *table.MEASURES):
                said, counted = getattr(theirs[unit], column), getattr(ours[unit], column)
                if (sorted(said) if column in LISTS else said) != counted:
                    yield table.KIND, unit, column, said, counted


def _sums(found, wanted):
    above = {pk for pk in found.open if found.regions[pk].level < 5}
    standing = {row.region_id: row for row in TargetSums.objects.select_related("plan")}
    yield from (("sums", pk, "only one has it") for pk in sorted(standing.keys() ^ above))
    layouts = {row.plan_id: plan.read(row.plan) for row in standing.values()}
    totals = {key: found.totals(kind, key) for kind, keys in CONNECTED.items() for key in keys}
    for pk in sorted(standing.keys() & above):
        layout, sums = layouts[standing[pk].plan_id], standing[pk].sums
        said = {code: layout.figures(code, sums) for code in wanted}
        said |= {key: layout.total(key, sums) for key in totals}
        counted = {key: places[pk] for key, places in (wanted | totals).items()}
        for key in said:
            if said[key] != counted[key]:
                yield "sums", found.regions[pk].code, key, said[key], counted[key]


def _readings(found, targets, wanted):
    """Of every place above the communities, and of some communities: figures, value, judgement."""
    communities = sorted(pk for pk in found.open if found.regions[pk].level == 5)
    some = random.Random(4).sample(communities, min(SOME, len(communities)))
    places = Region.objects.filter(pk__in=(found.open - set(communities)) | set(some))
    for pk, readings in reading.read_places(targets, list(places)).items():
        for one in readings:
            figures = wanted[one.target.code][pk]
            said, counted = (one.figures, one.value, one.is_met), (figures, *judged(one.target, figures))
            if said != counted:
                yield "reading", found.regions[pk].code, one.target.code, said, counted


# The province


@contextlib.contextmanager
def loaded(blocker, home):
    """Everything in here lies in one transaction, which is taken back at the end."""
    with blocker.unblock(), transaction.atomic(), override_settings(HOME=home):
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """A small province with the demo of the registers; every measure counts something there.

    All five documents govern it, and of the projects, whose long stories others tell, three are approved.
    """
    with loaded(django_db_blocker, tmp_path_factory.mktemp("home")):
        world = small_world()
        User.objects.filter(username__in=DOORS).update(username=Concat(Value("of_the_story_"), "username"))
        Programme.objects.update(active=False)
        call_command("load_demo", province="62", scale=1, stdout=io.StringIO())
        Programme.objects.update(active=True)
        for community in (world.xingfuli, world.wuyi, world.hekou):
            factories.approved(world, community)
        FundUse.objects.update(used_on=timezone.localdate())
        PilotPlan.objects.create(
            area=PilotArea.objects.first(), round=1, name="方案.pdf", stored="plans/1", size=9,
            content_type="application/pdf", sha256="0" * 64, handed_in_by=world.people["county"],
        )  # fmt: skip
        SocialOrganization.objects.filter(region=world.wuyi).update(subtypes=["hub"])
        load_targets(world)
        for path in shipped():
            if "gansu" not in path.name:
                load(path)
        PolicyDocument.objects.update(region=world.region("62"))
        world.administrator = factories.person(
            "tree_admin", "某某", world.offices["62"], "administrator", password="!"
        )
        counting.rebuild()
        yield world


@pytest.fixture
def deeds(demo):
    return Deeds(random.Random(62), demo.administrator)


# The proof


def test_as_it_was_loaded(demo):
    found = Recount()
    assert {key for key, values in found.figures.items() if any(values.values())} == {
        measure.key for measure in measures.registered()
    }
    assert Target.objects.count() == len(LOADED)
    assert differences(found) == []


def test_after_deeds_of_every_kind_and_rebuilt(deeds):
    """Rows are counted again unit by unit; a change of the tree counts everything again."""
    done = Counter()
    for names in (ROWS, PLACES):
        order = [*sorted(set(names)), *deeds.chance.choices(names, k=STEPS - len(set(names)))]
        deeds.chance.shuffle(order)
        for number, name in enumerate(order):
            done[name] += deeds.do(name)
            if number % (STEPS // 3) == 0:
                services.refresh()
        services.refresh()
        assert differences() == []
    assert set(done) == {*ROWS, *PLACES}
    assert min(done.values()) > 0, f"some deed was never done: {done}"
    counting.rebuild()
    assert differences() == []


def test_a_wrong_figure_is_found(demo):
    """The second count would notice: a row, a sum, a reading."""
    PlaceMeasures.objects.filter(unit=demo.xingfuli).update(staff=7000)
    TargetSums.objects.filter(region=demo.region("6202")).update(sums=[5] * 400)
    found = differences()
    assert ("place", demo.xingfuli.pk, "staff", 7000) in [row[:4] for row in found]
    assert {row[1] for row in found if row[0] == "sums"} == {"6202"}
    assert "6202" in {row[1] for row in found if row[0] == "reading"}


@pytest.mark.long
def test_gansu(django_db_setup, django_db_blocker, tmp_path_factory):
    """The real tree, with projects: loaded, after deeds, rebuilt; no plan reads a table whole for a few."""
    with loaded(django_db_blocker, tmp_path_factory.mktemp("home")):
        call_command("load_regions", "--province", "62", stdout=io.StringIO())
        for path in shipped():
            load(path)
        call_command("load_demo", province="62", scale=0.02, stdout=io.StringIO())
        place = Region.objects.get(code="62")
        PolicyDocument.objects.update(region=place)
        counting.rebuild_after_load()
        assert differences() == []
        assert plans.flaws(timezone.localdate()) == []
        by = factories.person("tree_admin", "某某", place.offices.get(), "administrator", password="!")
        deeds = Deeds(random.Random(62), by)
        for names in (ROWS, PLACES):
            for _number in range(3 * STEPS):
                deeds.do(deeds.chance.choice(names))
            services.refresh()
            assert differences() == []
        counting.rebuild()
        assert differences() == []


# Whatever happens


class Killed(Exception):
    """The worker is gone in the middle."""


def kill(where):
    """A refresh or rebuild that dies at this point of its way; nothing of it has happened."""
    there = unit_rows if where == "recount" else counting
    with mock.patch.object(there, where, side_effect=Killed), contextlib.suppress(Killed):
        counting.rebuild() if where == "_swap" else services.refresh()


KILLED = ("_resum", "recount", "_swap")
HAPPENS = (*ROWS, *PLACES, "refresh", "refresh", *KILLED)


def ends_alike(demo, happens):
    savepoint = transaction.savepoint()
    for name, seed in happens:
        if name == "refresh":
            services.refresh()
        elif name in KILLED:
            kill(name)
        else:
            Deeds(random.Random(seed), demo.administrator).do(name)
    services.refresh()
    try:
        assert counting.differences() == []
        assert differences() == []
    finally:
        transaction.savepoint_rollback(savepoint)


SEQUENCES = st.lists(st.tuples(st.sampled_from(HAPPENS), st.integers(0, 10**6)), min_size=4, max_size=14)
HEALTH = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": True, "database": None}


@settings(max_examples=4, **HEALTH)
@given(happens=SEQUENCES)
def test_whatever_happens_ends_as_a_rebuild_and_plain_python_say(demo, happens):
    ends_alike(demo, happens)


@pytest.mark.long
@settings(max_examples=300, **{**HEALTH, "derandomize": False})
@given(happens=SEQUENCES)
def test_whatever_happens_very_often(demo, happens):
    ends_alike(demo, happens)
