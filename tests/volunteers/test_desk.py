"""The desk of volunteers: registering, recording, verifying, reversing, certifying; and what nobody sees."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from linkage.foundation.models import AuditEvent
from socialwork.volunteers import services
from socialwork.volunteers.models import (
    ServiceCertificate,
    ServiceRecord,
    TeamMembership,
    Volunteer,
    VolunteerActivity,
    VolunteerTeam,
)
from tests.organizations.desk import address, errors, step, typed
from tests.queries import at_most
from tests.volunteers import makers
from tests.volunteers.makers import at, identity

NUMBER = identity(1, date(1990, 5, 6))
CHILD = identity(2, date(2014, 5, 6))


@pytest.fixture
def site(client, clerk):
    client.force_login(clerk)
    return client


def moment(name, value):
    """A moment as the two fields of the form send it, in the time of the place."""
    value = timezone.localtime(value)
    return {f"{name}_0": f"{value:%Y-%m-%d}", f"{name}_1": f"{value:%H:%M}"}


def sent(page, **changes):
    """What the browser would send; moments go in two fields."""
    data = typed(page, **changes)
    for name in [name for name, value in data.items() if hasattr(value, "hour")]:
        data |= moment(name, data.pop(name))
    return data


class TestRegistering:
    def facts(self, world, **facts):
        return {
            "name": "王秀英",
            "region": world.xingfuli.pk,
            "id_type": "resident",
            "id_number": NUMBER,
            "phone": "13800001234",
            "is_resident": "on",
            "tags": ["party_member", "retired"],
            "registered_on": "2026-03-05",
            "consented_on": "2026-03-05",
            **facts,
        }

    def send(self, site, **facts):
        here = address(Volunteer, "add")
        return site.post(here, sent(site.get(here), **facts))

    def test_the_birthday_is_read_from_the_number(self, site, world):
        answer = self.send(site, **self.facts(world))
        assert answer.status_code == 302, errors(answer)
        made = Volunteer.objects.get()
        assert made.born_on == date(1990, 5, 6) and made.tags == ["party_member", "retired"]
        assert made.number.startswith("ZY")

    def test_a_birthday_that_does_not_agree_is_told(self, site, world):
        answer = self.send(site, **self.facts(world, born_on="1990-05-07"))
        assert list(errors(answer)) == ["born_on"]

    def test_with_another_paper_the_birthday_is_typed(self, site, world):
        facts = self.facts(world, id_type="passport", id_number="E12345678")
        assert list(errors(self.send(site, **facts))) == ["born_on"]
        assert self.send(site, **facts, born_on="1985-01-01").status_code == 302

    def test_a_child_is_registered_with_guardian_and_both_consents(self, site, world):
        facts = self.facts(world, id_number=CHILD, name="王小明")
        missing = errors(self.send(site, **facts))
        assert {"guardian_name", "guardian_phone", "guardian_consent_on", "data_consent_on"} <= set(missing)
        answer = self.send(
            site,
            **facts,
            guardian_name="王建国",
            guardian_phone="13900005678",
            guardian_relation="father",
            guardian_consent_on="2026-03-01",
            data_consent_on="2026-03-01",
        )
        assert answer.status_code == 302, errors(answer)
        made = Volunteer.objects.get()
        page = site.get(address(made)).content.decode()
        assert "13900005678" not in page and "139****5678" in page
        again = site.post(address(made), sent(site.get(address(made)), skills="书法"))
        assert again.status_code == 302, errors(again)
        made.refresh_from_db()
        assert made.guardian_phone == "13900005678" and made.skills == "书法"

    def test_who_is_a_volunteer_here_already_is_told_at_the_number(self, site, world):
        self.send(site, **self.facts(world))
        assert list(errors(self.send(site, **self.facts(world)))) == ["id_number"]

    def test_only_a_community_registers_volunteers(self, client, world, second):
        client.force_login(second)
        answer = self.send(client, **self.facts(world, region=world.xingfuli.parent.pk))
        assert list(errors(answer)) == ["region"]


class TestRecording:
    def facts(self, world, **facts):
        return {
            "region": world.xingfuli.pk,
            "content": "为独居老人送餐",
            "venue": "社区",
            "hours": "1.5",
            **moment("started_at", at(9)),
            **moment("ended_at", at(11)),
            **facts,
        }

    def send(self, site, **facts):
        here = address(ServiceRecord, "add")
        return site.post(here, sent(site.get(here), **facts))

    def test_a_service_of_ones_own_volunteer(self, site, world, volunteer, clerk):
        answer = self.send(site, **self.facts(world, volunteer=volunteer.pk))
        assert answer.status_code == 302, errors(answer)
        assert ServiceRecord.objects.get().recorded_by == clerk

    def test_a_volunteer_of_another_place_is_named_by_number(self, site, world):
        guest = makers.volunteer(world.wuyi, "高翔", identity(7))
        guest.refresh_from_db()
        assert list(errors(self.send(site, **self.facts(world, volunteer=guest.pk)))) == ["volunteer"]
        answer = self.send(site, **self.facts(world, volunteer_number=guest.number.lower()))
        assert answer.status_code == 302, errors(answer)
        assert ServiceRecord.objects.get().volunteer == guest

    def test_neither_nobody_nor_two_nor_an_unknown_number(self, site, world, volunteer):
        volunteer.refresh_from_db()
        assert list(errors(self.send(site, **self.facts(world)))) == ["volunteer"]
        both = self.facts(world, volunteer=volunteer.pk, volunteer_number=volunteer.number)
        assert list(errors(self.send(site, **both))) == ["volunteer_number"]
        unknown = self.facts(world, volunteer_number="ZY9999999999")
        assert list(errors(self.send(site, **unknown))) == ["volunteer_number"]

    def test_an_overlap_is_told_on_the_form(self, site, world, volunteer, clerk):
        makers.record(volunteer, clerk)
        answer = self.send(site, **self.facts(world, volunteer=volunteer.pk))
        assert answer.status_code == 200 and errors(answer)

    def test_many_at_once_under_their_activity(self, site, world, volunteer, clerk):
        other = makers.volunteer(world.xingfuli, "李建军", identity(7))
        activity = makers.activity(world.xingfuli)
        page = site.get(address(activity))
        prefix = "records"
        empty = next(
            lines.formset.empty_form
            for lines in page.context["inline_admin_formsets"]
            if lines.formset.prefix == prefix
        )
        assert empty["hours"].initial == 2  # as long as the activity lasted
        data = {f"{prefix}-TOTAL_FORMS": 2, f"{prefix}-INITIAL_FORMS": 0}
        for number, who in enumerate((volunteer, other)):
            line = {"volunteer": who.pk, "hours": "2", **moment("started_at", at(9))}
            line |= moment("ended_at", at(11))
            data |= {f"{prefix}-{number}-{name}": value for name, value in line.items()}
        answer = site.post(address(activity), sent(page, **data))
        assert answer.status_code == 302, errors(answer)
        made = ServiceRecord.objects.filter(activity=activity)
        assert {(row.recorded_by, row.region, row.content) for row in made} == {
            (clerk, world.xingfuli, activity.title)
        }

    def test_one_volunteer_in_two_lines_at_once_is_told(self, site, world, volunteer):
        activity = makers.activity(world.xingfuli)
        data = {"records-TOTAL_FORMS": 2, "records-INITIAL_FORMS": 0}
        for number in range(2):
            line = {"volunteer": volunteer.pk, "hours": "2", **moment("started_at", at(9))}
            line |= moment("ended_at", at(11))
            data |= {f"records-{number}-{name}": value for name, value in line.items()}
        answer = site.post(address(activity), sent(site.get(address(activity)), **data))
        assert list(errors(answer)) == ["records-1-volunteer"]


class TestVerifying:
    def act(self, site, action, *rows, **more):
        keys = {"_selected_action": [row.pk for row in rows]}
        return site.post(address(ServiceRecord, "changelist"), {"action": action, **keys, **more})

    def test_the_chosen_ones_are_verified_each_for_itself(self, client, volunteer, clerk, second):
        mine = makers.record(volunteer, clerk)
        theirs = makers.record(volunteer, second, start=at(14))
        client.force_login(clerk)
        self.act(client, "verify_chosen", mine, theirs)
        states = {row.pk: row.state for row in ServiceRecord.objects.all()}
        assert states == {mine.pk: "unverified", theirs.pk: "verified"}

    def test_on_the_page_of_the_record_by_post_only(self, client, volunteer, clerk, second):
        entry = makers.record(volunteer, clerk)
        client.force_login(second)
        assert client.get(step(entry, "verify")).status_code == 200
        entry.refresh_from_db()
        assert entry.verified_at is None
        assert client.post(step(entry, "verify")).status_code == 302
        entry.refresh_from_db()
        assert entry.verified_by == second

    def test_what_is_verified_is_only_looked_at(self, client, volunteer, clerk, second):
        entry = makers.verified(volunteer, clerk, second)
        client.force_login(clerk)
        page = client.get(address(entry))
        assert page.status_code == 200 and "_save" not in page.content.decode()
        client.post(address(entry), {"hours": "1"})
        entry.refresh_from_db()
        assert entry.hours == 2

    def test_reversing_asks_for_a_reason(self, client, volunteer, clerk, second):
        entry = makers.verified(volunteer, clerk, second)
        client.force_login(clerk)
        assert self.act(client, "reverse_chosen", entry).status_code == 200
        assert self.act(client, "reverse_chosen", entry, reason="").status_code == 422
        assert self.act(client, "reverse_chosen", entry, reason="志愿者未到场").status_code == 302
        entry.refresh_from_db()
        assert entry.state == "reversed"
        page = client.get(address(entry)).content.decode()
        assert "志愿者未到场" in page and step(entry, "reverse") not in page

    def test_what_is_not_verified_is_told_and_not_reversed(self, client, volunteer, clerk):
        entry = makers.record(volunteer, clerk)
        client.force_login(clerk)
        assert self.act(client, "reverse_chosen", entry, reason="录错了").status_code == 422
        entry.refresh_from_db()
        assert entry.reversed_at is None

    def test_whoever_may_only_look_neither_verifies_nor_reverses(
        self, client, world, volunteer, clerk, second
    ):
        entry = makers.record(volunteer, second)
        client.force_login(makers.keeper(world, "6201", "市观察员", role="observer"))
        for deed in ("verify", "reverse"):
            assert client.post(step(entry, deed), {"reason": "没有理由"}).status_code == 403
        self.act(client, "verify_chosen", entry)
        entry.refresh_from_db()
        assert entry.verified_at is None


class TestCertificates:
    @pytest.fixture
    def issued(self, volunteer, clerk, second):
        makers.verified(volunteer, clerk, second)
        days = {"first_day": date(2026, 1, 1), "last_day": date(2026, 12, 31)}
        words = {"responsible": "何秀兰", "handler": "赵立新", "contact": "0931-5550127"}
        return services.certify(volunteer, by=clerk, **days, **words)

    def sheet(self, issued):
        return reverse("admin:volunteers_volunteer_certificate", args=[issued.volunteer_id, issued.pk])

    def test_it_is_issued_on_a_page_of_its_own(self, site, volunteer, clerk, second):
        makers.verified(volunteer, clerk, second)
        words = {"responsible": "何秀兰", "handler": "赵立新", "contact": "0931-5550127"}
        days = {"first_day": "2026-01-01", "last_day": "2026-12-31"}
        assert site.post(step(volunteer, "certify"), {**days, **words, "handler": ""}).status_code == 422
        assert site.post(step(volunteer, "certify"), {**days, **words}).status_code == 302
        assert ServiceCertificate.objects.get().hours == 2

    def test_the_sheet_says_all_it_must_and_masks_the_number(self, site, issued, volunteer):
        volunteer.refresh_from_db()
        issued.refresh_from_db()
        page = site.get(self.sheet(issued)).content.decode()
        for words in (issued.number, volunteer.number, "王秀英", "为独居老人送餐", "何秀兰", "赵立新"):
            assert words in page
        assert volunteer.id_number not in page and volunteer.masked("id_number") in page

    def test_the_full_number_is_shown_by_post_and_written_down(self, site, issued, volunteer, clerk):
        page = site.post(self.sheet(issued))
        assert volunteer.id_number in page.content.decode()
        assert "no-store" in page["Cache-Control"]
        issued.refresh_from_db()
        event = AuditEvent.objects.get(kind="revealed", by=clerk)
        assert issued.number in event.facts["reason"]

    def test_elsewhere_there_is_no_such_sheet(self, client, issued, stranger):
        client.force_login(stranger)
        assert client.get(self.sheet(issued)).status_code == 404

    def test_the_certificate_of_another_volunteer_does_not_stand_under_this_one(self, site, issued, world):
        other = makers.volunteer(world.xingfuli, "李建军", identity(7))
        wrong = reverse("admin:volunteers_volunteer_certificate", args=[other.pk, issued.pk])
        assert site.get(wrong).status_code == 404


class TestLists:
    def names(self, site, model=Volunteer, **query):
        answer = site.get(address(model, "changelist", **query))
        return {getattr(row, "name", str(row)) for row in answer.context["cl"].result_list}

    def test_by_stars_tags_and_registration(self, site, world, volunteer, clerk, second):
        for day in range(1, 6):
            makers.verified(volunteer, clerk, second, start=at(0, date(2026, 1, day)), hours=20)
        makers.volunteer(world.xingfuli, "学生", identity(7), tags=["student"], ended_on=date(2026, 1, 1))
        assert self.names(site, stars="1") == {"王秀英"}
        assert self.names(site, stars="0") == {"学生"}
        assert self.names(site, has_tags="student") == {"学生"}
        assert self.names(site, registered="1") == {"王秀英"}
        assert self.names(site, registered="0") == {"学生"}
        assert "★" in site.get(address(Volunteer, "changelist")).content.decode()

    def test_by_name_or_whole_number(self, site, world, volunteer):
        volunteer.refresh_from_db()
        makers.volunteer(world.xingfuli, "李建军", identity(7))
        assert self.names(site, q="秀英") == {"王秀英"}
        assert self.names(site, q=volunteer.number) == {"王秀英"}

    def test_records_by_state_and_period(self, site, volunteer, clerk, second):
        open_one = makers.record(volunteer, clerk)
        done = makers.verified(volunteer, clerk, second, start=at(14))
        back = makers.verified(volunteer, clerk, second, start=at(18))
        services.reverse(back, by=second, reason="录错了")
        for state, row in {"unverified": open_one, "verified": done, "reversed": back}.items():
            assert self.names(site, ServiceRecord, state=state) == {str(row)}
        assert len(self.names(site, ServiceRecord, period="year")) == 3
        assert self.names(site, ServiceRecord, period="last_year") == set()
        assert len(self.names(site, ServiceRecord, q="秀英")) == 3

    @pytest.mark.parametrize("many", [1, 15])
    def test_lists_cost_the_same_for_any_number(self, site, world, clerk, second, many):
        team = VolunteerTeam.objects.create(region=world.xingfuli, name="红马甲")
        for number in range(many):
            who = makers.volunteer(world.xingfuli, f"志愿者{number}", identity(number + 1))
            makers.verified(who, clerk, second)
            TeamMembership.objects.create(team=team, volunteer=who)
            makers.activity(world.xingfuli, start=at(8, date(2026, 2, number + 1)), team=team)
        site.get(address(Volunteer, "changelist"))
        for model in (Volunteer, ServiceRecord, VolunteerTeam, VolunteerActivity):
            with at_most(14):
                assert site.get(address(model, "changelist")).status_code == 200

    def test_the_page_of_a_volunteer_shows_a_page_of_services_however_many(
        self, site, volunteer, clerk, second
    ):
        for number in range(30):
            makers.verified(volunteer, clerk, second, start=at(9, date(2025, 1, number + 1)))
        page = site.get(address(volunteer))
        (lines,) = [
            part.formset
            for part in page.context["inline_admin_formsets"]
            if part.formset.model is ServiceRecord
        ]
        assert len(lines.forms) == 20
        assert lines.forms[0].instance.started_at == at(9, date(2025, 1, 30))

    def test_services_recorded_elsewhere_are_not_shown_here(self, site, world, volunteer, second):
        other = makers.keeper(world, world.fukang.code, "外地专干甲")
        makers.record(volunteer, other, region=world.fukang, content="外地的服务")
        assert "外地的服务" not in site.get(address(volunteer)).content.decode()

    def test_doubles(self, site, client, world, volunteer, second):
        makers.volunteer(world.tianqing, "王秀英", identity(1))
        client.force_login(second)
        answer = client.get(reverse("admin:volunteers_volunteer_changelist") + "doubles/")
        ((one, other, reasons),) = answer.context["found"]
        assert {one.region, other.region} == {world.xingfuli, world.tianqing} and reasons
