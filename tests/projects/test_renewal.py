"""The next round: last year's application copied, a programme prepared for a later year."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from linkage.foundation.errors import NotNow
from projects.models import Programme, Project
from projects.services import filing, renewal
from tests import factories

pytestmark = pytest.mark.django_db


def sign_in(world, who):
    client = Client()
    client.force_login(world.people[who])
    return client


def test_an_application_is_copied_with_its_words_and_money_and_nothing_else(world):
    old = factories.approved(world, title="课堂")
    copy = renewal.copy_application(old, world.programme, by=world.fresh("community"), title="课堂（第二年）")
    copy = Project.objects.get(pk=copy.pk)
    assert (copy.status, copy.title, copy.region) == ("draft", "课堂（第二年）", old.region)
    for name in renewal.COPIED:
        assert getattr(copy, name) == getattr(old, name)
    assert [line.amount for line in copy.budget.all()] == [line.amount for line in old.budget.all()]
    assert [(line.amount, line.confirmed) for line in copy.sources.all()] == [(Decimal(15000), False)]
    assert (copy.hearing, copy.assembly, copy.notice, copy.start_date, copy.number) == (None,) * 5
    assert not copy.needs.exists() and not copy.attachments.exists() and not copy.decisions.exists()
    assert old.number in copy.events.last().text
    with pytest.raises(ValidationError):
        filing.submit(copy, by=world.fresh("community"))


def test_the_page_says_what_is_not_taken_over_and_opens_the_draft(world):
    old = factories.approved(world, title="课堂")
    client = sign_in(world, "community")
    assert "复制为新申报" in client.get(old.get_absolute_url()).content.decode()
    page = client.get(f"/projects/{old.pk}/copy/")
    assert "不复制：需求、听证" in page.content.decode()
    answer = client.post(
        f"/projects/{old.pk}/copy/", {"programme": world.programme.pk, "title": "新课堂"}, follow=True
    )
    assert "未复制：需求、听证" in answer.content.decode()
    assert Project.objects.filter(title="新课堂", status="draft").exists()


def test_others_do_not_copy_it(world):
    old = factories.approved(world)
    for who in ("street", "county", "province", "stranger_community"):
        with pytest.raises(PermissionDenied):
            renewal.copy_application(old, world.programme, by=world.fresh(who))


def copied(world, **facts):
    asked = {"code": "GS-2017", "title": "甘肃省“三社联动”试点（第二轮）", "years": 1, **facts}
    return renewal.copy_programme(world.programme, by=world.fresh("province"), **asked)


def test_a_programme_is_copied_as_a_draft_and_the_running_one_stays(world):
    running = factories.submitted(world)
    before = list(world.programme.phases.values_list("starts_on", "ends_on"))
    copy = copied(world)
    assert not copy.active and copy.shift_days == 0
    first, old = copy.phases.first(), world.programme.phases.first()
    assert first.starts_on == old.starts.replace(year=old.starts.year + 1)
    assert [step.key for step in copy.steps.all()] == [step.key for step in world.programme.steps.all()]
    assert [row.label for row in copy.form_rows.all()] == [
        row.label for row in world.programme.form_rows.all()
    ]
    assert {quota.key: quota.limit for quota in copy.quotas.all()} == {"projects": 200, "communities": 100}
    assert copy.tracks.count() == 2 and not copy.pilot_areas.exists() and not copy.projects.exists()
    assert list(world.programme.phases.values_list("starts_on", "ends_on")) == before
    running.refresh_from_db()
    assert running.programme == world.programme and running.status == "in_review"


def test_nobody_files_in_a_programme_that_is_not_open(world):
    copy = copied(world)
    with pytest.raises(NotNow, match="尚未启用"):
        filing.start(copy, world.xingfuli, by=world.fresh("community"), title="x")
    assert copy not in renewal.open_programmes(factories.submitted(world), world.fresh("community"))


def test_only_the_owner_of_the_programme_copies_it_and_all_that_is_wrong_is_told(world):
    for who in ("city", "county", "community"):
        with pytest.raises(PermissionDenied):
            renewal.copy_programme(world.programme, code="X", title="x", years=1, by=world.fresh(who))
    with pytest.raises(ValidationError) as wrong:
        copied(world, code="GS-2016", title=" ", years=0)
    assert set(wrong.value.message_dict) == {"code", "title", "years"}
    assert Programme.objects.filter(region=world.regions["62"]).count() == 1


def test_the_province_prepares_and_opens_the_next_round_on_its_pages(world):
    client = sign_in(world, "province")
    asked = {"code": "GS-2017", "title": "第二轮", "years": "1"}
    assert client.post("/programmes/GS-2016/copy/", {**asked, "code": "gs 2017"}).status_code == 422
    assert client.post("/programmes/GS-2016/copy/", asked).url == "/programmes/GS-2017/prepare/"
    page = client.get("/programmes/GS-2017/prepare/")
    fields = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    wrong = {**fields, "ends-plan": date(2000, 1, 1)}
    assert client.post("/programmes/GS-2017/prepare/", wrong).status_code == 422
    assert client.post("/programmes/GS-2017/prepare/", {**fields, "limit-projects": "150"}).status_code == 302
    assert Programme.objects.get(code="GS-2017").quota("projects").limit == 150
    assert "未启用" in client.get("/programmes/GS-2017/").content.decode()
    assert client.post("/programmes/GS-2017/activate/").status_code == 302
    assert Programme.objects.get(code="GS-2017").active
    with pytest.raises(NotNow):
        renewal.activate(Programme.objects.get(code="GS-2017"), by=world.fresh("province"))
