"""The desk of organisations: what is typed, what is refused, and what a forged form cannot do."""

from datetime import date

import pytest
from django.urls import reverse

from communities.offices.models import User
from organizations.models import (
    Employment,
    HostedAgency,
    IncubationBase,
    IncubationCase,
    OperatingContract,
    Rating,
    SocialOrganization,
    StatusChange,
    TierMove,
)
from tests.organizations.conftest import agency, credit_code, employed, filed, guided, registered
from tests.organizations.desk import address, errors, step, typed

NUMBER = "11010519491231002X"
PHONE = "13800001234"


@pytest.fixture
def desk(client, world):
    """The site as somebody at a desk sees it."""

    def sits(who):
        User.objects.filter(username=who).update(is_staff=True)
        client.force_login(User.objects.get(username=who))
        return client

    return sits


class TestAdding:
    def facts(self, world, **facts):
        return {
            "region": world.xingfuli.pk,
            "name": "益启 社工中心",
            "tier": "guided",
            "status": "active",
            **facts,
        }

    def send(self, site, **facts):
        here = address(SocialOrganization, "add")
        return site.post(here, typed(site.get(here), **facts))

    def test_a_clerk_enters_an_organisation_with_its_category(self, desk, world):
        site = desk("community")
        code = credit_code()
        answer = self.send(
            site,
            **self.facts(
                world,
                tier="registered",
                legal_form="service_institution",
                uscc=f" {code.lower()} ",
                subtypes=["sw_agency"],
                domains=["healthy_ageing", "education"],
                leader_phone="138-0000-1234",
                registered_on="2015年3月1日",
            ),
        )
        assert answer.status_code == 302, errors(answer)
        row = SocialOrganization.objects.get()
        assert (row.name, row.uscc, row.leader_phone) == ("益启社工中心", code, PHONE)
        assert row.get_domains_labels() == "健康养老、教育培训"
        assert row.registered_on == date(2015, 3, 1)

    def test_everything_that_is_wrong_is_told_at_once(self, desk, world):
        answer = self.send(
            desk("community"),
            **self.facts(
                world,
                tier="registered",
                direct_registration="on",
                supervisory_unit="民政局",
                leader_phone="138",
                public_fundraising="on",
                established_on="2999-01-01",
            ),
        )
        assert answer.status_code == 200
        assert set(errors(answer)) == {
            "uscc",
            "legal_form",
            "supervisory_unit",
            "leader_phone",
            "public_fundraising",
            "established_on",
        }

    def test_a_code_of_another_form_and_a_wrong_check_character_are_told(self, desk, world):
        for code, form in ((credit_code("51"), "foundation"), (credit_code("53")[:-1] + "?", "foundation")):
            answer = self.send(
                desk("community"), **self.facts(world, tier="registered", uscc=code, legal_form=form)
            )
            assert set(errors(answer)) == {"uscc"}

    def test_a_code_known_elsewhere_is_refused_without_a_name(self, desk, world):
        known = registered(world.fukang, "富康社工中心")
        answer = self.send(
            desk("community"),
            **self.facts(world, tier="registered", uscc=known.uscc, legal_form="service_institution"),
        )
        assert answer.status_code == 200
        assert "富康社工中心" not in answer.content.decode()
        assert errors(answer)

    def test_nobody_enters_one_for_a_place_of_others(self, desk, world):
        answer = self.send(desk("community"), **self.facts(world, region=world.fukang.pk))
        assert answer.status_code in (200, 403)
        assert not SocialOrganization.objects.exists()

    def test_observers_look_and_do_not_add(self, desk, world):
        guided(world.xingfuli)
        site = desk("observer")
        assert site.get(address(SocialOrganization, "changelist")).status_code == 200
        assert site.get(address(SocialOrganization, "add")).status_code == 403


class TestChanging:
    def test_tier_and_status_do_not_change_by_the_form_whatever_is_posted(self, desk, world):
        choir = guided(world.xingfuli)
        site = desk("community")
        page = site.get(address(choir))
        answer = site.post(address(choir), typed(page, tier="registered", status="cancelled", name="新名"))
        assert answer.status_code == 302, errors(answer)
        choir.refresh_from_db()
        assert (choir.name, choir.tier, choir.status) == ("新名", "guided", "active")

    def test_the_telephone_of_the_leader_is_masked_kept_and_replaced(self, desk, world):
        site = desk("community")
        choir = guided(world.xingfuli)
        site.post(address(choir), typed(site.get(address(choir)), leader_phone=PHONE))
        page = site.get(address(choir))
        assert PHONE not in page.content.decode()
        assert "138****1234" in page.content.decode()
        site.post(address(choir), typed(page))
        choir.refresh_from_db()
        assert choir.leader_phone == PHONE
        assert PHONE not in choir.leader_phone_hash
        site.post(address(choir), typed(site.get(address(choir)), leader_phone="13900005678"))
        choir.refresh_from_db()
        assert choir.leader_phone == "13900005678"

    def test_a_rating_too_early_is_refused_with_its_reason(self, desk, world):
        office = registered(world.xingfuli, registered_on=date(2015, 3, 1))
        site = desk("community")
        line = {"ratings-TOTAL_FORMS": 1, "ratings-0-grade": "3A", "ratings-0-organization": office.pk}
        page = site.get(address(office))
        answer = site.post(address(office), typed(page, **line, **{"ratings-0-issued_on": "2016-01-01"}))
        assert set(errors(answer)) == {"ratings-0-issued_on"}
        answer = site.post(address(office), typed(page, **line, **{"ratings-0-issued_on": "2018-01-01"}))
        assert answer.status_code == 302
        assert Rating.objects.get().valid_to == date(2022, 12, 31)

    def test_what_stands_already_is_told_at_its_line_and_nothing_is_saved(self, desk, world):
        """The constraints on standing rows speak on the form, before the database has to."""
        office = registered(world.xingfuli)
        site = desk("community")

        def send():
            page = site.get(address(office))
            new = page.context["inline_admin_formsets"]
            held = next(
                len(lines.formset.initial_forms) for lines in new if lines.formset.prefix == "inspections"
            )
            line = f"inspections-{held}"
            return site.post(
                address(office),
                typed(
                    page,
                    **{
                        "inspections-TOTAL_FORMS": held + 1,
                        f"{line}-organization": office.pk,
                        f"{line}-year": "2024",
                        f"{line}-kind": "inspection",
                        f"{line}-result": "passed",
                    },
                ),
            )

        assert send().status_code == 302
        answer = send()
        assert answer.status_code == 200 and errors(answer)
        assert office.inspections.count() == 1

    def test_an_agency_of_another_place_is_named_by_its_code(self, desk, world):
        choir = guided(world.xingfuli)
        helper = agency(world.fukang, "富康社会工作服务中心")
        site = desk("community")

        def send(code, line=0):
            return site.post(
                address(choir),
                typed(
                    site.get(address(choir)),
                    **{
                        "hosted_agencies-TOTAL_FORMS": line + 1,
                        f"hosted_agencies-{line}-organization": choir.pk,
                        f"hosted_agencies-{line}-code": code,
                        f"hosted_agencies-{line}-valid_from": "2024-01-01",
                    },
                ),
            )

        for wrong in (credit_code(), registered(world.xingfuli, "普通中心").uscc, "123"):
            assert set(errors(send(wrong))) == {"hosted_agencies-0-code"}
        assert send(helper.uscc.lower()).status_code == 302
        assert HostedAgency.objects.get().agency == helper
        again = send(helper.uscc, line=1)
        assert again.status_code == 200 and errors(again), "it is hosted in these days already"
        assert "富康社会工作服务中心" in site.get(address(choir)).content.decode()
        assert site.get(address(helper)).status_code == 404

    def test_what_has_parts_and_what_not_depends_on_what_it_is(self, desk, world):
        site = desk("community")
        seen = {}
        for row in (
            guided(world.xingfuli),
            agency(world.xingfuli),
            filed(world.xingfuli, "联合会", subtypes=["cso_federation"]),
        ):
            page = site.get(address(row))
            seen[row.name] = {
                lines.opts.model._meta.model_name for lines in page.context["inline_admin_formsets"]
            }
        assert "hubmember" in seen["联合会"] and "hubmember" not in seen["夕阳红合唱队"]
        assert "agencyperformance" in seen["城关区阳光社会工作服务中心"]
        assert "hostedagency" not in seen["城关区阳光社会工作服务中心"]


class TestSteps:
    def test_a_tier_moves_by_its_page(self, desk, world):
        choir = guided(world.xingfuli)
        site = desk("community")
        here = step(choir, "tier")
        assert site.get(here).status_code == 200
        assert not TierMove.objects.exists()
        facts = {"to": "filed", "happened_on": "2024-05-06", "reason": "符合备案条件"}
        answer = site.post(here, facts)
        assert answer.status_code == 422
        assert "filing_number" in answer.context["form"].errors
        answer = site.post(here, {**facts, "filing_number": "雁南备〔2024〕1号", "filed_on": "2024-05-06"})
        assert answer.status_code == 302
        choir.refresh_from_db()
        assert (choir.tier, choir.filing_street) == ("filed", world.region("620102020"))
        assert "雁南备" in site.get(address(choir)).content.decode()

    def test_a_status_changes_by_its_page_and_stale_pages_are_told(self, desk, world):
        choir = guided(world.xingfuli)
        site = desk("community")
        facts = {"to": "abnormal", "happened_on": "2024-05-06", "reason": "一年无活动"}
        assert site.post(step(choir, "status"), facts).status_code == 302
        answer = site.post(step(choir, "status"), facts, follow=True)
        assert StatusChange.objects.count() == 1
        assert answer.status_code == 422
        assert site.post(step(choir, "status"), {**facts, "to": "preparing"}).status_code == 422

    @pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("observer", 403), ("village", 404)])
    def test_nobody_else_reaches_the_pages(self, desk, world, who, status):
        choir = guided(world.xingfuli)
        site = desk(who)
        for deed in ("tier", "status", "employee"):
            assert site.get(step(choir, deed)).status_code == status
            assert site.post(step(choir, deed), {"to": "filed"}).status_code == status
        assert not TierMove.objects.exists()

    def test_an_incubation_shows_the_steps_of_its_stage(self, desk, world):
        base = IncubationBase.objects.create(region=world.region("620102020"), name="基地", capacity=1)
        case = IncubationCase.objects.create(
            base=base, organization=guided(world.xingfuli), applied_on=date(2024, 1, 5)
        )
        site = desk("street")
        page = site.get(address(case)).content.decode()
        assert f"{case.pk}/admit" in page and f"{case.pk}/assess" not in page
        assert site.post(step(case, "admit"), {"happened_on": "2024-02-01"}).status_code == 302
        page = site.get(address(case)).content.decode()
        assert f"{case.pk}/admit" not in page and f"{case.pk}/assess" in page
        assert site.post(step(case, "admit"), {"happened_on": "2024-02-01"}).status_code == 403
        facts = {"happened_on": "2024-06-01", "result": "ready", "score": "101"}
        assert site.post(step(case, "assess"), facts).status_code == 422
        assert site.post(step(case, "assess"), {**facts, "score": "91.5"}).status_code == 302
        assert (
            site.post(step(case, "graduate"), {"happened_on": "2024-07-01", "reason": "成熟"}).status_code
            == 302
        )
        case.refresh_from_db()
        assert case.status == "graduated"


class TestEmployees:
    def send(self, site, organization, **facts):
        here = address(Employment, "add", organization=organization.pk)
        facts = {
            "organization": organization.pk,
            "name": "张明",
            "id_number": NUMBER,
            "kind": "full_time",
            "valid_from": "2020-01-01",
            **facts,
        }
        return site.post(here, typed(site.get(here), **facts))

    def test_somebody_is_entered_from_the_organisation_and_stays_masked(self, desk, world):
        office = registered(world.xingfuli)
        site = desk("community")
        there = site.get(step(office, "employee"))
        assert there.url.endswith(f"/employment/add/?organization={office.pk}")
        assert self.send(site, office, phone=PHONE).status_code == 302
        row = Employment.objects.get()
        page = site.get(address(row)).content.decode()
        assert NUMBER not in page and PHONE not in page and "138****1234" in page
        assert "张明" in site.get(address(office)).content.decode()

    def test_the_same_person_does_not_work_there_twice_on_one_day(self, desk, world):
        office = registered(world.xingfuli)
        site = desk("community")
        assert self.send(site, office, valid_to="2020-12-31").status_code == 302
        answer = self.send(site, office, valid_from="2020-12-31")
        assert set(errors(answer)) == {"id_number"}
        assert self.send(site, office, valid_from="2021-01-01").status_code == 302
        assert self.send(site, filed(world.xingfuli)).status_code == 302
        assert Employment.objects.values("person").distinct().count() == 1

    def test_the_clerks_of_social_work_keep_them_too_and_those_of_charity_do_not(self, desk, world):
        row = employed(registered(world.xingfuli))
        for duty, status in (("social_work", 200), ("organization", 200), ("charity", 404)):
            User.objects.get(username="community").posts.update(duty=duty)
            assert desk("community").get(address(row)).status_code in (status, 403)
            listed = desk("community").get(address(Employment, "changelist")).status_code
            assert listed == (200 if status == 200 else 403)


class TestLists:
    @pytest.mark.parametrize("todo", ["party", "clause", "filing", "rating", "inspection"])
    def test_each_thing_to_be_done_is_a_list(self, desk, world, todo):
        guided(world.xingfuli, "应建未建", party_members=3)
        registered(world.xingfuli, "未写入章程")
        filed(world.xingfuli, "备案到期", filing_valid_to=date(2020, 1, 1))
        rated = registered(world.xingfuli, "等级到期", charter_party_clause=True)
        Rating.objects.create(organization=rated, grade="3A", issued_on=date(2021, 12, 1))
        page = desk("community").get(address(SocialOrganization, "changelist", todo=todo))
        found = {row.name for row in page.context["cl"].result_list}
        assert (
            found
            == {
                "party": {"应建未建"},
                "clause": {"未写入章程"},
                "filing": {"备案到期"},
                "rating": {"等级到期"},
                "inspection": {"未写入章程", "等级到期"},
            }[todo]
        )

    def test_search_finds_by_name_code_and_filing_number(self, desk, world):
        office = registered(world.xingfuli)
        club = filed(world.xingfuli)
        guided(world.fukang, "益启合唱队")
        site = desk("community")
        for text, found in (
            ("益启", office),
            (office.uscc[:10], office),
            (club.filing_number, club),
        ):
            page = site.get(address(SocialOrganization, "changelist", q=text))
            assert list(page.context["cl"].result_list) == [found]

    @pytest.mark.parametrize("many", [3, 12])
    def test_a_list_costs_the_same_for_any_number(self, desk, world, many, django_assert_max_num_queries):
        for number in range(many):
            employed(registered(world.xingfuli, f"中心{number}"))
        site = desk("county")
        for model, most in ((SocialOrganization, 14), (Employment, 14)):
            with django_assert_max_num_queries(most):
                assert site.get(address(model, "changelist")).status_code == 200

    def test_possible_doubles_are_named_with_reasons(self, desk, world):
        one, other = guided(world.xingfuli), guided(world.tianqing)
        guided(world.hekou)  # another county
        site = desk("county")
        for row in (one, registered(world.xingfuli, "中心")):
            site.post(address(row), typed(site.get(address(row)), leader_phone=PHONE))
        page = site.get(reverse("admin:organizations_socialorganization_changelist") + "doubles/")
        found = {(a.name, b.name): reasons for a, b, reasons in page.context["found"]}
        assert len(found) == 2
        assert "天庆嘉园社区" in found["夕阳红合唱队", other.name][-1]
        assert ("夕阳红合唱队", "中心") in found


class TestContracts:
    def test_a_contract_names_its_operator_by_code(self, desk, world):
        base = IncubationBase.objects.create(region=world.region("620102020"), name="基地", capacity=1)
        helper = agency(world.fukang)
        site = desk("street")
        here = address(OperatingContract, "add")
        facts = {"base": base.pk, "code": helper.uscc, "mode": "government_and_society"}
        answer = site.post(here, typed(site.get(here), **facts))
        assert set(errors(answer)) == {"valid_from"}
        answer = site.post(here, typed(site.get(here), **facts, valid_from="2024-01-01"))
        assert answer.status_code == 302, errors(answer)
        row = OperatingContract.objects.get()
        assert (row.organization, row.region) == (helper, base.region)
        answer = site.post(here, typed(site.get(here), **facts, valid_from="2025-01-01"))
        assert answer.status_code == 200, "somebody runs it already"
        page = site.get(address(row))
        assert helper.name in page.content.decode()
        assert site.post(address(row), typed(page, number="合同1号")).status_code == 302
