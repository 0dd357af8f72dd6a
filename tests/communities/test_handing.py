"""What is kept at a place that ended goes on with the place that took it over; what tells of itself stays."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from communities import services, tasks
from communities.models import CommunityProfile, Grid, Region, RegionTag, ResidentUnit, Succession
from communities.offices.models import User
from communities.services import Part, handing
from linkage.foundation import history, keeping
from linkage.foundation.models import AuditEvent
from organizations.models import ServedCommunity
from socialwork.volunteers.models import ServiceRecord, Volunteer
from tests.registers.rows import ABOVE, MAKERS, Rows
from tests.volunteers import makers

DOC = "甘民复〔2026〕9号"


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def page(region, step="hand_on"):
    return reverse(f"admin:communities_region_{step}_here", args=[region.pk])


@pytest.fixture
def county(person, client):
    user = person("620102")
    client.force_login(user)
    return user


def merged(gone, into, by, on=None):
    services.merge([gone], into=into, on=on or today(), basis=DOC, by=by)
    return Succession.objects.get(before=gone)


def test_every_register_of_a_community_goes_along_and_what_tells_of_it_stays(at, admin):
    gone, into = at("620102001001"), at("620102001002")
    rows = Rows(gone, "并入").all()
    here = {
        model: columns
        for model, columns in handing.registers()
        if "at" not in MAKERS[model._meta.label_lower] and rows[model].place == gone
    }
    assert len(here) > 25 and not {model._meta.label_lower for model in here} & set(ABOVE)
    step = merged(gone, into, admin)
    assert step.handed_on_at is not None
    for model in here:
        row = model.everything.get(pk=rows[model].pk)
        assert row.place == (gone if model.tells_of_place else into), model._meta.label
    assert ServedCommunity.objects.get(pk=rows[ServedCommunity].pk).community == into, "also where it serves"
    told = AuditEvent.objects.get(kind="region.hand_on")
    assert (told.by, told.facts["stay"]) == (admin, 0)
    changes = history.of(Grid.objects.get(pk=rows[Grid].pk))
    moved = [values[1:] for change in changes for values in change.values if values[1] != "—"]
    assert moved == [(str(gone), str(into))], "the history tells where it stood before"


def test_what_is_verified_goes_along_but_moves_nowhere_else(at, admin, person):
    gone, into = at("620102001001"), at("620102001002")
    served = makers.verified(makers.volunteer(gone), person("620102001", "clerk"), person("620102", "clerk"))
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceRecord.objects.filter(pk=served.pk).update(region=into)
    merged(gone, into, admin)
    assert ServiceRecord.objects.get(pk=served.pk).region == into


def test_what_has_its_like_there_stays_and_all_else_goes(at, admin, client, county):
    gone, into = at("620102001001"), at("620102001002")
    for place in (gone, into):
        Grid.objects.create(region=place, code="01", name="第一网格")
        makers.volunteer(place, "王秀英", makers.identity(1))
    second = Grid.objects.create(region=gone, code="02", name="第二网格")
    merged(gone, into, admin)
    second.refresh_from_db()
    assert second.region == into
    assert [(model._meta.model_name, count) for model, count in handing.entries_at(gone)] == [
        ("grid", 1),
        ("volunteer", 1),
    ]
    shown = client.get(reverse("admin:communities_region_change", args=[gone.pk])).content.decode()
    assert "网格 1" in shown and "并入" in shown and DOC in shown

    left = Grid.objects.get(region=gone)
    left.code = "03"
    left.save()
    sent = {"into": into.pk, "registers": ["communities.Grid", "volunteers.Volunteer"]}
    told = client.post(page(gone), sent).content.decode()
    assert "网格 1" in told and Grid.objects.filter(region=gone).exists(), "telling changes nothing"
    answer = client.post(page(gone), {**sent, "sure": "1"}, follow=True).content.decode()
    assert "王秀英" in answer, "who stays is told by name"
    assert not Grid.objects.filter(region=gone).exists()
    assert Volunteer.objects.filter(region=gone).exists()


def test_a_merger_of_a_coming_day_takes_the_registers_along_on_that_day(at, admin, monkeypatch):
    gone, into = at("620102001001"), at("620102001002")
    unit = ResidentUnit.objects.create(region=gone, name="兰州第一中学")
    step = merged(gone, into, admin, on=today(3))
    tasks.apply_due_placements()
    unit.refresh_from_db()
    assert unit.region == gone and step.handed_on_at is None
    later = today(3)
    monkeypatch.setattr(timezone, "localdate", lambda *_args: later)
    assert services.hand_on_due() == 1
    assert services.hand_on_due() == 0, "once"
    unit.refresh_from_db()
    assert unit.region == into


def test_two_mergers_in_a_row_bring_everything_to_the_last_place(at, admin):
    first, second, last = at("620102001001"), at("620102001002"), at("620102002001")
    services.move(last, at("620102001"), on=today(-9), basis=DOC, by=admin)
    unit = ResidentUnit.objects.create(region=first, name="兰州第一中学")
    merged(first, second, admin, on=today(-2))
    merged(second, last, admin, on=today(-1))
    unit.refresh_from_db()
    assert unit.region == last
    late = ResidentUnit.objects.create(region=first, name="登记晚了的单位")
    assert [place.pk for place in first.successors] == [last.pk]
    services.hand_on(first, into=last, labels=["communities.ResidentUnit"], by=admin)
    late.refresh_from_db()
    assert late.region == last


def test_after_a_split_it_is_said_what_goes_where(at, county, client, person):
    old = at("620102001001")
    kept = [ResidentUnit.objects.create(region=old, name=name) for name in ("一中", "二中", "三中")]
    CommunityProfile.objects.create(region=old, as_of=today(), households=5, residents=10)
    services.split(old, [Part("东社区"), Part("西社区")], on=today(), basis=DOC, by=county)
    east, west = (Region.objects.get(name=name) for name in ("东社区", "西社区"))
    assert ResidentUnit.objects.filter(region=old).count() == 3, "nobody can say which part they belong to"

    # Some by those who keep the list, by ticking them …
    client.force_login(person("620102", "clerk"))
    address = reverse("admin:communities_residentunit_changelist") + f"?place={old.code}"
    assert "hand_chosen" in client.get(address).content.decode()
    asked = {"action": "hand_chosen", "_selected_action": [kept[0].pk]}
    chooses = client.post(address, asked).content.decode()
    assert "东社区" in chooses and "西社区" in chooses and "兰工坪社区" not in chooses
    wrong = client.post(address, {**asked, "into": at("620102001002").pk})
    assert wrong.status_code == 422
    assert client.post(address, {**asked, "into": east.pk}).status_code == 302
    # … and the rest, as a whole register, by the administrator.
    client.force_login(county)
    form = client.get(page(old)).content.decode()
    assert re.search('<input[^>]* name="registers"[^>]* checked[ >]', form), (
        "of a place that ended they are ticked"
    )
    assert "驻区单位（2）" in form and "社区概况（1）" in form
    sent = {"into": west.pk, "registers": ["communities.ResidentUnit"], "sure": "1"}
    assert client.post(page(old), sent).status_code == 302
    places = [ResidentUnit.objects.get(pk=row.pk).region for row in kept]
    assert places == [east, west, west]
    assert CommunityProfile.objects.get().region == old


def test_of_a_place_that_goes_on_beside_its_parts_nothing_is_offered_and_one_may_choose(at, county, client):
    old = at("620102001001")
    unit = ResidentUnit.objects.create(region=old, name="一中")
    services.split(old, [Part("东社区")], on=today(), basis=DOC, by=county, keep=True)
    east = Region.objects.get(name="东社区")
    shown = client.get(reverse("admin:communities_region_change", args=[old.pk])).content.decode()
    assert "析出" in shown and "待移交" not in shown
    form = client.get(page(old)).content.decode()
    assert re.search('<input[^>]* name="registers"', form)
    assert not re.search('<input[^>]* name="registers"[^>]* checked[ >]', form)
    sent = {"into": east.pk, "registers": ["communities.ResidentUnit"], "sure": "1"}
    assert client.post(page(old), sent).status_code == 302
    unit.refresh_from_db()
    assert unit.region == east


def test_chosen_rows_go_by_the_verb_only_where_one_writes_and_only_to_an_heir(at, admin, person):
    gone, into, other = at("620102001001"), at("620102001002"), at("620102002001")
    merged(gone, into, admin)
    late = ResidentUnit.objects.create(region=gone, name="登记晚了的单位")
    street, elsewhere = person("620102001", "clerk"), person("620102002", "clerk")
    for by in (elsewhere, admin):
        with pytest.raises(PermissionDenied):
            keeping.hand_on([late], to=into, by=by)
    with pytest.raises(ValidationError):
        keeping.hand_on([late], to=other, by=person("620102", "clerk"))
    assert keeping.hand_on([late], to=into, by=street) == (1, [])
    late.refresh_from_db()
    assert late.region == into
    assert AuditEvent.objects.get(kind="entries.hand_on").by == street


def test_only_where_another_place_took_over_and_only_by_those_above(at, county, client, person):
    gone, into = at("620102001001"), at("620102001002")
    unit = ResidentUnit.objects.create(region=gone, name="一中")
    assert client.get(page(gone)).status_code == 403, "it stands, and nothing was split off it"
    lists = reverse("admin:communities_residentunit_changelist") + f"?place={gone.code}"
    assert "hand_chosen" not in client.get(lists).content.decode()
    Region.objects.filter(pk=gone.pk).update(closed_on=today())
    Succession.objects.create(before=gone, after=into, on=today(), kind="split", basis=DOC)
    assert client.get(page(gone)).status_code == 200
    sent = {"into": at("620103001001").pk, "registers": ["communities.ResidentUnit"], "sure": "1"}
    assert client.post(page(gone), sent).status_code == 422, "no place that did not take over"
    sent["into"] = into.pk
    for code, role in (("620102", "clerk"), ("620102001002", "administrator"), ("6202", "administrator")):
        client.force_login(person(code, role))
        assert client.post(page(gone), sent).status_code in (403, 404), (code, role)
        assert client.get(page(gone)).status_code in (403, 404)
    client.force_login(person("620102001002", "clerk"))
    asked = {"action": "hand_chosen", "_selected_action": [unit.pk], "into": into.pk}
    assert client.post(lists, asked).status_code == 400, "their lists do not even know that place"
    unit.refresh_from_db()
    assert unit.region == gone


def test_hands_on_all_or_nothing(at, admin, monkeypatch):
    gone, into = at("620102001001"), at("620102001002")
    unit = ResidentUnit.objects.create(region=gone, name="一中")

    def breaks(rows, column, place, stays):
        if rows.model is RegionTag or rows.model is Volunteer:
            raise RuntimeError
        return plain(rows, column, place, stays)

    plain = keeping.write_place
    monkeypatch.setattr(keeping, "write_place", breaks)
    with pytest.raises(RuntimeError):
        merged(gone, into, admin)
    unit.refresh_from_db()
    assert unit.region == gone
    assert at("620102001001").closed_on is None
    assert User.objects.filter(pk=admin.pk).exists()
