"""The desk of social workers: what is typed, what is refused, what nobody sees."""

from datetime import date

import pytest
from django.urls import reverse

from communities.codes import Duty
from communities.people.models import Person
from socialwork.models import (
    Assignment,
    Certificate,
    CertificateRegistration,
    PostHolding,
    PostTotal,
    RelatedMajor,
    SocialWorker,
    SocialWorkPost,
)
from tests.organizations.desk import address, errors, typed
from tests.queries import at_most
from tests.socialwork import makers
from tests.socialwork.makers import identity

NUMBER = identity(1)
PHONE = "13800001234"


@pytest.fixture
def site(client, world):
    client.force_login(makers.keeper(world, "620102020", "街道社工专干"))
    return client


def lines(prefix, *rows, initial=0):
    """New lines of a part, as the page would send them."""
    data = {f"{prefix}-TOTAL_FORMS": initial + len(rows), f"{prefix}-INITIAL_FORMS": initial}
    for number, row in enumerate(rows, start=initial):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


class TestAdding:
    def facts(self, world, **facts):
        return {
            "name": "马晓燕",
            "region": world.xingfuli.pk,
            "tier": "frontline",
            "id_type": "resident",
            "id_number": NUMBER,
            "phone": PHONE,
            **facts,
        }

    def send(self, site, **facts):
        here = address(SocialWorker, "add")
        return site.post(here, typed(site.get(here), **facts))

    def test_a_worker_with_certificate_assignment_and_education_in_one_go(self, site, world):
        makers.major()
        answer = self.send(
            site,
            **self.facts(world),
            **lines("certificates", {"level": "assistant", "number": "20160 62001", "passed_on": "2024/6/1"}),
            **lines(
                "assignments",
                {
                    "region": world.xingfuli.pk,
                    "kind": "full_time",
                    "is_home": "on",
                    "valid_from": "2025-01-01",
                },
            ),
            **lines("educations", {"level": "bachelor", "major": "社会工作", "full_time": "on"}),
        )
        assert answer.status_code == 302, errors(answer)
        worker = SocialWorker.objects.get()
        assert worker.person.id_number == NUMBER and worker.phone == PHONE
        assert worker.certificates.get().number == "2016062001"
        assert worker.educations.get().related_major == RelatedMajor.objects.get(name="社会工作")
        assert Assignment.objects.homes().get().worker == worker

    def test_without_a_number_nobody_can_be_counted_once(self, site, world):
        answer = self.send(site, **self.facts(world, id_number=""))
        assert list(errors(answer)) == ["id_number"]

    def test_who_stands_here_already_is_told_at_the_number(self, site, world):
        makers.worker(world.xingfuli, "马晓燕", NUMBER)
        answer = self.send(site, **self.facts(world))
        assert list(errors(answer)) == ["id_number"]
        assert SocialWorker.objects.count() == 1

    def test_who_stands_elsewhere_is_attached_without_a_word(self, site, world):
        known = makers.worker(world.fukang, "马小燕", NUMBER)
        answer = self.send(site, **self.facts(world))
        assert answer.status_code == 302
        assert {row.person for row in SocialWorker.objects.all()} == {known.person}
        assert "马小燕" not in site.get(address(SocialWorker, "changelist")).content.decode()
        assert Person.objects.count() == 1

    def test_a_certificate_of_somebody_else_is_refused_in_words(self, site, world):
        other = makers.worker(world.fukang, "李建军", identity(2))
        makers.certificate(other, number="2016062001")
        answer = self.send(
            site,
            **self.facts(world),
            **lines("certificates", {"level": "senior", "number": "2016062001", "passed_on": "2024-06-01"}),
        )
        assert list(errors(answer)) == ["certificates-0-number"]
        assert not SocialWorker.objects.within(world.xingfuli).exists()

    def test_no_number_stands_in_any_page_or_list(self, site, world):
        self.send(site, **self.facts(world))
        worker = SocialWorker.objects.get()
        for page in (address(SocialWorker, "changelist"), address(worker), address(worker, "history")):
            text = site.get(page).content.decode()
            assert NUMBER not in text and PHONE not in text
        assert "138****1234" in site.get(address(SocialWorker, "changelist")).content.decode()


class TestChanging:
    def test_one_moves_to_the_next_community_in_one_go(self, site, world):
        worker = makers.worker(world.xingfuli, "马晓燕", NUMBER)
        old = makers.assigned(worker, world.xingfuli, valid_from=date(2024, 1, 1))
        page = site.get(address(worker))
        new = {"region": world.tianqing.pk, "kind": "full_time", "is_home": "on", "valid_from": "2026-01-01"}
        data = typed(page, **lines("assignments", new, initial=1))
        clash = site.post(address(worker), data)
        assert list(errors(clash)) == ["assignments-1-valid_from"]
        answer = site.post(address(worker), {**data, "assignments-0-valid_to": "2025-12-31"})
        assert answer.status_code == 302, errors(answer)
        old.refresh_from_db()
        assert old.valid_to == date(2025, 12, 31)
        assert Assignment.objects.homes(date(2026, 1, 1)).get().region == world.tianqing

    def test_a_registration_chooses_among_the_persons_own_certificates(self, site, world):
        worker = makers.worker(world.xingfuli, "马晓燕", NUMBER)
        other = makers.worker(world.xingfuli, "李建军", identity(2))
        own = makers.certificate(worker, passed_on=date(2024, 6, 1))
        foreign = makers.certificate(other)
        page = site.get(address(worker))
        line = {"certificate": foreign.pk, "starts_on": "2024-07-01"}
        refused = site.post(address(worker), typed(page, **lines("registrations", line)))
        assert list(errors(refused)) == ["registrations-0-certificate"]
        line["certificate"] = own.pk
        answer = site.post(address(worker), typed(page, **lines("registrations", line)))
        assert answer.status_code == 302, errors(answer)
        assert CertificateRegistration.objects.get().ends_on == date(2027, 7, 1)

    def test_what_hangs_on_a_worker_goes_and_comes_back_with_it(self, site, world):
        worker = makers.worker(world.xingfuli, "马晓燕", NUMBER)
        makers.registered(makers.certificate(worker, passed_on=date(2023, 6, 1)))
        site.post(address(worker, "delete"), {"reason": "录错了"})
        assert not Certificate.objects.exists() and not CertificateRegistration.objects.exists()
        assert Certificate.everything.get().removed_reason == "录错了"

    def test_the_next_incumbent_is_typed_beside_the_last(self, site, world):
        post = makers.post(world.xingfuli)
        makers.holding(post, makers.worker(world.xingfuli, "马晓燕", NUMBER))
        other = makers.worker(world.xingfuli, "李建军", identity(2))
        new = {"worker": other.pk, "staffing_source": "competition", "valid_from": "2026-01-01"}
        data = typed(site.get(address(post)), **lines("holdings", new, initial=1))
        assert list(errors(site.post(address(post), data))) == ["holdings-1-valid_from"]
        answer = site.post(address(post), {**data, "holdings-0-valid_to": "2025-12-31"})
        assert answer.status_code == 302, errors(answer)
        assert PostHolding.objects.on(date(2026, 1, 1)).get().worker == other

    def test_the_warnings_stand_above_the_form(self, site, world):
        worker = makers.worker(world.xingfuli, "马晓燕", NUMBER)
        makers.certificate(worker, passed_on=date(2020, 6, 1))
        assert "44号" in site.get(address(worker)).content.decode()


class TestLists:
    def names(self, site, model=SocialWorker, **query):
        answer = site.get(address(model, "changelist", **query))
        return {str(row) for row in answer.context["cl"].result_list}

    def test_filters_by_registration_and_certificate(self, site, world):
        for number, (name, starts) in enumerate({"有效": 2025, "过期": 2020}.items(), start=1):
            worker = makers.worker(world.xingfuli, name, identity(number))
            paper = makers.certificate(worker, passed_on=date(2018, 6, 1))
            makers.registered(paper, starts_on=date(starts, 6, 1))
        makers.worker(world.xingfuli, "无证", identity(9))
        assert self.names(site, registration="valid") == {"有效"}
        assert self.names(site, registration="expired") == {"过期"}
        assert self.names(site, registration="due") == set()
        assert self.names(site, certified="none") == {"无证"}
        assert self.names(site, certified="assistant") == {"有效", "过期"}

    def test_search_by_a_part_of_the_name_or_a_whole_certificate_number(self, site, world):
        worker = makers.worker(world.xingfuli, "马晓燕", NUMBER)
        makers.certificate(worker, number="2016062001")
        makers.worker(world.xingfuli, "李建军", identity(2))
        assert self.names(site, q="晓燕") == {"马晓燕"}
        assert self.names(site, q="2016062001") == {"马晓燕"}
        assert self.names(site, q="201606200") == set()

    def test_posts_filled_and_vacant(self, site, world):
        makers.holding(makers.post(world.xingfuli, "甲岗"), makers.worker(world.xingfuli, "马晓燕", NUMBER))
        makers.post(world.xingfuli, "乙岗")
        assert self.names(site, SocialWorkPost, filled="vacant") == {"乙岗（幸福里社区）"}
        assert self.names(site, SocialWorkPost, filled="held") == {"甲岗（幸福里社区）"}

    def test_agencies_under_seventy_percent(self, site, world):
        for name, posts in (("不足社", 1), ("足额社", 7)):
            agency = makers.organization(world.xingfuli, name, subtypes=["sw_agency"])
            for number in range(posts):
                makers.post(world.xingfuli, f"{name}{number}", organization=agency)
            PostTotal.objects.create(organization=agency, as_of=date(2026, 1, 1), total=10, source="年报")
        assert self.names(site, PostTotal, share="short") == {"不足社 2026-01-01"}

    @pytest.mark.parametrize("many", [1, 12])
    def test_a_list_costs_the_same_for_any_number(self, site, world, many):
        for number in range(many):
            worker = makers.worker(world.xingfuli, f"社工{number}", identity(number + 1))
            makers.registered(makers.certificate(worker), starts_on=date(2025, 6, 1))
            makers.assigned(worker, world.xingfuli)
            makers.holding(makers.post(world.xingfuli, f"岗{number}"), worker)
        site.get(address(SocialWorker, "changelist"))
        for model in (SocialWorker, SocialWorkPost):
            with at_most(14):
                assert site.get(address(model, "changelist")).status_code == 200

    def test_doubles_are_told_with_their_reason(self, site, world):
        makers.worker(world.xingfuli, "马晓燕", NUMBER)
        makers.worker(world.tianqing, "马晓燕", NUMBER)
        makers.worker(world.fukang, "马晓燕", NUMBER)
        answer = site.get(reverse("admin:socialwork_socialworker_changelist") + "doubles/")
        ((one, other, reasons),) = answer.context["found"]
        assert {one.region, other.region} == {world.xingfuli, world.tianqing} and len(reasons) == 1


class TestBounds:
    def test_elsewhere_a_worker_does_not_exist(self, client, world):
        worker = makers.worker(world.xingfuli, "马晓燕", NUMBER)
        client.force_login(makers.keeper(world, "620902001001", "外地专干"))
        assert client.get(address(worker)).status_code == 404
        assert "马晓燕" not in client.get(address(SocialWorker, "changelist")).content.decode()

    def test_another_part_of_the_office_sees_nothing(self, client, world):
        makers.worker(world.xingfuli, "马晓燕", NUMBER)
        client.force_login(makers.keeper(world, "620102020", "慈善专干", Duty.CHARITY))
        assert client.get(address(SocialWorker, "changelist")).status_code == 403

    def test_a_forged_place_changes_nothing(self, site, world):
        here = address(SocialWorker, "add")
        forged = {
            "name": "马晓燕",
            "region": world.fukang.pk,
            "tier": "frontline",
            "id_number": NUMBER,
        }
        answer = site.post(here, typed(site.get(here), **forged))
        assert answer.status_code in (200, 403)
        assert not SocialWorker.objects.exists()

    def test_a_clerk_of_a_street_does_not_change_the_list_of_majors(self, site, world):
        major = makers.major()
        assert site.get(address(RelatedMajor, "changelist")).status_code == 200
        assert site.get(address(RelatedMajor, "add")).status_code == 403
        answer = site.post(address(major), {"name": "会计", "source": "无"})
        major.refresh_from_db()
        assert answer.status_code in (302, 403) and major.name == "社会工作"

    def test_the_province_does(self, client, world):
        client.force_login(makers.keeper(world, "62", "省社工处"))
        here = address(RelatedMajor, "add")
        answer = client.post(here, typed(client.get(here), name="老年服务与管理", source="冀民〔2026〕1号"))
        assert answer.status_code == 302
        assert RelatedMajor.objects.filter(name="老年服务与管理").exists()
