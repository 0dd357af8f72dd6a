"""A programme: its phases gate what is done, its places are named, its quotas are raised by its owner."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from communities.offices.models import Office, Post
from linkage.foundation.errors import NotNow
from linkage.foundation.models import AuditEvent
from projects.models import PilotArea, PilotCommunity, Programme, QuotaRaise
from projects.services.programme import designate_pilot, extend_phase, name_pilot_area, raise_quota
from tests import factories


@pytest.fixture
def programme(world):
    """Read by the dates of the document; tests that act today move them again."""
    Programme.objects.update(shift_days=0)
    return Programme.objects.get()


@pytest.fixture
def running(world):
    """Its filing phase is open today."""
    Programme.objects.update(pilots_at_least=3, pilots_at_most=5)
    return Programme.objects.get()


BASIS = {"doc_no": "甘民发[2016]80号", "reason": "扩大试点"}


@pytest.mark.parametrize(
    ("day", "phase"),
    [
        (date(2016, 6, 14), None),
        (date(2016, 6, 15), "plan"),
        (date(2016, 6, 30), "plan"),
        (date(2016, 7, 1), "file"),
        (date(2016, 9, 30), "file"),
        (date(2016, 10, 1), "sum"),
        (date(2017, 10, 1), "sum"),
        (date(2017, 10, 2), None),
    ],
)
def test_every_day_has_the_phase_of_the_document(programme, day, phase):
    found = programme.phase_on(day)

    assert (found and found.key) == phase


@pytest.mark.parametrize(
    ("doing", "first", "last"),
    [
        ("filing", date(2016, 7, 1), date(2016, 9, 30)),
        ("reviewing", date(2016, 7, 1), date(2016, 9, 30)),
        ("planning", date(2016, 6, 15), date(2016, 9, 30)),
        ("evaluating", date(2016, 10, 1), date(2017, 10, 1)),
    ],
)
def test_a_doing_is_open_in_its_phases_and_refused_with_the_dates_outside(programme, doing, first, last):
    day = timedelta(days=1)

    assert programme.is_open_for(doing, first) and programme.is_open_for(doing, last)
    assert not programme.is_open_for(doing, first - day)
    assert not programme.is_open_for(doing, last + day)
    assert programme.why_not_open_for(doing, first) == ""
    assert f"{last:%Y-%m-%d}" in programme.why_not_open_for(doing, last + day)


def test_a_shift_moves_every_date_and_is_remarked(programme):
    programme.shift_days = 100
    phase = programme.phase("file")

    assert phase.starts == date(2016, 10, 9)
    assert programme.is_open_for("filing", date(2017, 1, 8))
    assert "100" in programme.shift_remark
    programme.shift_days = 0
    assert programme.shift_remark == ""


def test_a_village_assembly_has_its_own_name(world, programme):
    step = programme.step("assembly_review")

    assert step.title_for(world.hekou) == "村民代表会议审议"
    assert step.title_for(world.xingfuli) == "居民代表会议审议"


def test_a_pilot_community_may_apply(world, running):
    assert running.is_pilot(world.xingfuli)
    assert running.why_not_eligible(world.xingfuli) == ""


def test_a_community_nobody_named_is_told_why_and_whom_to_ask(world, running):
    PilotCommunity.objects.filter(region=world.xingfuli).delete()

    told = running.why_not_eligible(world.xingfuli)

    assert all(word in told for word in ("幸福里社区", "城关区", "城关区民政局", "0931-555 0100"))


def test_a_community_outside_every_pilot_area_is_sent_to_its_city(world, running):
    PilotCommunity.objects.all().delete()
    PilotArea.objects.filter(region__code="620102").delete()

    told = running.why_not_eligible(world.xingfuli)

    assert all(word in told for word in ("幸福里社区", "兰州市民政局", "0931-555 0100"))


def test_a_community_without_a_city_office_is_sent_to_the_province(world, running):
    PilotCommunity.objects.all().delete()
    PilotArea.objects.all().delete()
    Office.objects.filter(region__code="6201").update(closed_on=timezone.localdate())

    assert "甘肃省民政厅" in running.why_not_eligible(world.xingfuli)


def test_only_communities_of_the_territory_may_apply(world, running):
    world.regions["13"] = factories.region(world, "13", "河北省", 1, None)
    other = factories.region(world, "130102001001", "育才社区", 5, "13")

    assert "甘肃省" in running.why_not_eligible(other)
    assert running.why_not_eligible(world.region("620102")) != ""


def test_the_nearest_of_two_nested_pilot_areas_counts(world, running):
    PilotArea.objects.create(programme=running, region=world.region("6201"))

    assert running.pilot_area_of(world.xingfuli).region.code == "620102"
    assert running.pilot_area_of(world.xiyuan).region.code == "620171"


def test_the_office_of_a_pilot_area_names_its_communities(world, running):
    new = factories.region(world, "620102020003", "新桥社区", 5, "620102020")

    pilot = designate_pilot(running, new, by=world.fresh("county"), basis="区试点方案")

    assert (pilot.area.region.code, pilot.designated_on) == ("620102", timezone.localdate())
    assert AuditEvent.objects.filter(kind="pilot_community_named", by=world.people["county"]).exists()
    with pytest.raises(ValidationError):
        designate_pilot(running, new, by=world.fresh("county"))


@pytest.mark.parametrize("who", ["community", "street", "city", "stranger", "observer"])
def test_nobody_else_names_them(world, running, who):
    new = factories.region(world, "620102020003", "新桥社区", 5, "620102020")

    with pytest.raises(PermissionDenied):
        designate_pilot(running, new, by=world.fresh(who))


def test_a_pilot_community_lies_in_a_pilot_area_and_is_named_in_time(world, running):
    new = factories.region(world, "620902001002", "新城社区", 5, "620902001")
    PilotCommunity.objects.filter(area__region__code="620902").delete()
    PilotArea.objects.filter(region__code="620902").delete()

    with pytest.raises(ValidationError):
        designate_pilot(running, new, by=world.fresh("province"))
    with pytest.raises(ValidationError):
        designate_pilot(running, world.region("620102020"), by=world.fresh("province"))
    with pytest.raises(NotNow):
        designate_pilot(running, new, by=world.fresh("province"), on=date(2010, 1, 1))


def test_more_pilot_communities_than_asked_for_are_remarked_not_refused(world, running):
    area = running.pilot_areas.get(region__code="620102")
    assert area.size_remark == ""

    for number in range(3, 6):
        new = factories.region(world, f"62010202000{number}", f"社区{number}", 5, "620102020")
        designate_pilot(running, new, by=world.fresh("county"))

    assert "6" in area.size_remark
    assert "1" in running.pilot_areas.get(region__code="620123").size_remark


def test_the_province_names_a_pilot_area(world, running):
    area = name_pilot_area(
        running, world.region("6201"), by=world.fresh("province"), basis="甘民发〔2016〕1号"
    )

    assert area.region.code == "6201"
    with pytest.raises(PermissionDenied):
        name_pilot_area(running, world.region("6209"), by=world.fresh("city"))
    for wrong in ("6201", "620102020", "62"):
        with pytest.raises(ValidationError):
            name_pilot_area(running, world.region(wrong), by=world.fresh("province"))


@pytest.mark.parametrize("role", [Post.Role.LEADER, Post.Role.REVIEWER, Post.Role.ADMINISTRATOR])
def test_the_province_raises_a_quota_by_a_numbered_document(world, running, role):
    owner = factories.person("owner", "郑重", world.offices["62"], role)

    raised = raise_quota(running.quota("projects"), 220, by=owner, **BASIS)

    assert (raised.before, raised.limit, raised.doc_no) == (200, 220, "甘民发〔2016〕80号")
    assert Programme.objects.get().quota("projects").limit == 220
    assert AuditEvent.objects.filter(kind="quota_raised", by=owner).exists()


@pytest.mark.parametrize("who", ["city", "county_leader", "community", "observer"])
def test_nobody_below_raises_it(world, running, who):
    with pytest.raises(PermissionDenied):
        raise_quota(running.quota("projects"), 220, by=world.fresh(who), **BASIS)


@pytest.mark.parametrize("role", [Post.Role.CLERK, Post.Role.OBSERVER])
def test_nor_does_a_clerk_or_observer_of_the_province(world, running, role):
    with pytest.raises(PermissionDenied):
        raise_quota(
            running.quota("projects"), 220, by=factories.person("p", "郑", world.offices["62"], role), **BASIS
        )


def test_everything_wrong_with_a_raise_is_told_at_once(world, running):
    with pytest.raises(ValidationError) as wrong:
        raise_quota(running.quota("projects"), 200, doc_no="第80号", reason=" ", by=world.fresh("province"))

    assert set(wrong.value.message_dict) == {"limit", "doc_no", "reason"}
    assert not QuotaRaise.objects.exists()


def test_a_phase_is_extended_by_a_numbered_document_in_the_calendar_of_today(world, running):
    until = running.phase("file").ends + timedelta(days=15)

    extend_phase(running.phase("file"), until, by=world.fresh("province"), **BASIS)

    phase = Programme.objects.get().phase("file")
    assert (phase.ends, phase.extended_to) == (until, date(2016, 10, 15))
    assert Programme.objects.get().is_open_for("filing", until)
    assert Programme.objects.get().phase_on(until).key == "sum"


def test_a_phase_is_not_cut_short_and_not_by_anybody(world, running):
    phase = running.phase("file")

    with pytest.raises(ValidationError):
        extend_phase(phase, phase.ends, by=world.fresh("province"), **BASIS)
    with pytest.raises(PermissionDenied):
        extend_phase(phase, phase.ends + timedelta(days=1), by=world.fresh("city"), **BASIS)
    phase.refresh_from_db()
    assert phase.extended_to is None


def test_programmes_are_seen_from_above_and_below_their_territory(world, running):
    for who in ("community", "street", "city", "province"):
        assert list(Programme.objects.visible_to(world.people[who])) == [running]
    elsewhere = factories.region(world, "13", "河北省", 1, None, "河北省民政厅")
    guest = factories.person("hebei", "石磊", world.offices[elsewhere.code], Post.Role.LEADER)
    assert not Programme.objects.visible_to(guest).exists()
