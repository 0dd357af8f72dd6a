"""专家评分: alone, by weighted criteria, averaged exactly; experts see their own sheets and nothing else."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from communities.offices.models import Post
from linkage.foundation.errors import NotNow
from projects.models import Expert, Mark, Programme, Project, ScoreSheet, Selection, SelectionItem
from projects.models.scoring import Result, places, results
from projects.services import renewal, scoring
from tests import factories
from tests.projects.test_selection import at_the_province, choose, publish

pytestmark = pytest.mark.django_db
LINES = [("服务设计", 60), ("预算合理", 40)]


@pytest.fixture
def two(world):
    """Two projects at the province, and five experts with a post at the university of the province."""
    for number in range(5):
        who = f"expert{number}"
        world.people[who] = factories.person(who, f"专家{number}", world.offices["6209"], Post.Role.OBSERVER)
    return [
        at_the_province(world, world.xingfuli, title="课堂", asks=Decimal(45000)),
        at_the_province(world, world.wuyi, title="互助站", asks=Decimal(60000)),
    ]


def sign_in(world, who):
    client = Client()
    client.force_login(world.people[who])
    return client


def begin(world, *experts, drops=False):
    batch = scoring.set_criteria(world.programme, LINES, drops_extremes=drops, by=world.fresh("province"))
    for who in experts:
        scoring.name_expert(batch, world.fresh(who), by=world.fresh("province"))
    return batch


def give(world, who, project, design, budget):
    sheet = ScoreSheet.objects.get(expert__user=world.people[who], project=project)
    first, second = sheet.expert.selection.criteria.all()
    points = {first.pk: Decimal(design), second.pk: Decimal(budget)}
    return scoring.hand_in(sheet, points, by=world.fresh(who))


def test_the_criteria_have_a_hundred_points(world, two):
    for lines in ([], [("服务设计", 60)], [("服务设计", 0), ("预算", 100)]):
        with pytest.raises(ValidationError):
            scoring.set_criteria(world.programme, lines, drops_extremes=False, by=world.fresh("province"))
    with pytest.raises(PermissionDenied):
        scoring.set_criteria(world.programme, LINES, drops_extremes=False, by=world.fresh("city"))
    assert begin(world).criteria.count() == 2


def test_the_average_is_exact_and_orders_the_board(world, two):
    lesson, help_point = two
    batch = begin(world, "expert0", "expert1", "expert2")
    for who, design in (("expert0", 50), ("expert1", 50), ("expert2", 51)):
        give(world, who, lesson, design, 30)
    give(world, "expert0", help_point, 58, 39)
    assert results(batch)[lesson.pk].average == Fraction(241, 3)
    page = sign_in(world, "province").get("/programmes/GS-2016/selection/")
    assert [(project.title, project.place_by_score) for project in page.context["rows"]] == [
        ("互助站", 1),
        ("课堂", 2),
    ]
    assert "80.33" in page.content.decode()


def test_an_expert_sees_and_scores_only_what_the_office_assigned(world, two):
    lesson, help_point = two
    begin(world, "expert0")
    client, address = sign_in(world, "province"), "/programmes/GS-2016/selection/scoring/expert/"
    asked = client.post(address, {"username": "expert1", "every": "some"})
    expert = Expert.objects.get(user=world.people["expert1"])
    assert asked.url == f"{address}{expert.pk}/" and not expert.sheets.exists()
    page = client.get(asked.url)
    assert [(project, sheet) for project, sheet in page.context["rows"]] == [
        (lesson, None),
        (help_point, None),
    ]
    assert client.post(asked.url, {"project": [lesson.pk]}).status_code == 302

    own = sign_in(world, "expert1").get("/scoring/").content.decode()
    assert "课堂" in own and "互助站" not in own
    theirs = ScoreSheet.objects.get(expert__user=world.people["expert0"], project=help_point)
    assert sign_in(world, "expert1").get(f"/scoring/{theirs.pk}/").status_code == 404
    give(world, "expert1", lesson, 40, 30)
    client.post(asked.url, {"project": [help_point.pk]})
    assert set(expert.sheets.values_list("project", "state")) == {
        (lesson.pk, "handed_in"),  # what was scored stays
        (help_point.pk, "open"),
    }
    assert client.post(asked.url, {}).status_code == 302
    assert expert.sheets.get().project == lesson
    assert client.post(asked.url, {"project": ["x"]}).status_code == 400
    assert client.post(asked.url, {"project": ["999999"]}).status_code == 302, "told that it no longer waits"
    assert sign_in(world, "city").get(asked.url).status_code == 404


def test_a_batch_begins_with_the_criteria_of_the_programme_and_keeps_them(world, two):
    for number, (name, points) in enumerate(LINES, 1):
        world.programme.criteria.create(number=number, name=name, points=points)
    client = sign_in(world, "province")
    page = client.get("/programmes/GS-2016/selection/scoring/")
    assert "由方案规定" in page.content.decode() and "lines" not in page.context["criteria_form"].fields
    client.post("/programmes/GS-2016/selection/scoring/expert/", {"username": "expert0", "every": "all"})
    batch = Selection.objects.get()
    assert list(batch.criteria.values_list("name", "points")) == LINES
    with pytest.raises(NotNow, match="方案"):
        scoring.set_criteria(world.programme, LINES, drops_extremes=False, by=world.fresh("province"))
    client.post("/programmes/GS-2016/selection/scoring/criteria/", {"drops_extremes": "on"})
    world.programme.criteria.filter(number=1).update(points=50)
    batch.refresh_from_db()
    assert batch.drops_extremes and batch.criteria.first().points == 60, "a later pack changes no open batch"


def test_two_rounds_open_at_once_are_both_visible_to_evaluators(world, two):
    """LESSONS §8: an expert of last year's batch and of this year's finds both, each under its programme."""
    _lesson, help_point = two
    begin(world, "expert0")
    ScoreSheet.objects.filter(project=help_point).delete()
    SelectionItem.objects.filter(project=help_point).delete()
    by = world.fresh("province")
    other = renewal.copy_programme(world.programme, code="GS-2017", title="下一年度试点", years=1, by=by)
    for phase in world.programme.phases.all():
        other.phases.filter(key=phase.key).update(starts_on=phase.starts_on, ends_on=phase.ends_on)
    Project.objects.filter(pk=help_point.pk).update(programme=other, track=other.tracks.first())
    Programme.objects.filter(pk=other.pk).update(active=True, shift_days=world.programme.shift_days)
    batch = scoring.set_criteria(other, LINES, drops_extremes=False, by=by)
    scoring.name_expert(batch, world.fresh("expert0"), by=by)
    page = sign_in(world, "expert0").get("/scoring/").content.decode()
    assert "课堂" in page and "互助站" in page
    assert world.programme.title in page and "下一年度试点" in page
    assert Selection.objects.open().count() == 2


def test_equal_scores_share_a_place(world):
    assert places([Fraction(80), Fraction(90), Fraction(80), Fraction(70)]) == {90: 1, 80: 2, 70: 4}


def test_the_highest_and_the_lowest_are_left_out_from_five_sheets_on():
    totals = list(enumerate([100, 80, 80, 80, 10]))
    assert Result(totals, drops=True).average == 80
    assert Result(totals, drops=False).average == 70
    assert Result(totals[:4], drops=True).average == 85
    assert Result(totals, drops=True).is_split


def test_a_sheet_is_given_within_its_points_and_by_its_own_expert(world, two):
    begin(world, "expert0")
    with pytest.raises(ValidationError) as wrong:
        give(world, "expert0", two[0], 61, -1)
    assert len(wrong.value.message_dict) == 2
    sheet = ScoreSheet.objects.get(project=two[0])
    with pytest.raises(PermissionDenied):
        scoring.hand_in(sheet, {}, by=world.fresh("expert1"))
    give(world, "expert0", two[0], 40, 30)
    give(world, "expert0", two[0], 50, 30)
    assert SelectionItem.objects.get(project=two[0]).score == 80
    with pytest.raises(NotNow):
        begin(world)


def test_who_recuses_says_why_and_no_longer_counts(world, two):
    batch = begin(world, "expert0", "expert1")
    give(world, "expert0", two[0], 50, 30)
    sheet = give(world, "expert1", two[0], 10, 10)
    with pytest.raises(ValidationError):
        scoring.recuse(sheet, reason=" ", by=world.fresh("expert1"))
    scoring.recuse(sheet, reason="与申报社区有合作", by=world.fresh("expert1"))
    assert results(batch)[two[0].pk].average == 80
    assert not Mark.objects.filter(sheet=sheet).exists()
    with pytest.raises(NotNow):
        give(world, "expert1", two[0], 50, 30)


def test_who_handled_a_project_is_recused_at_once(world, two):
    begin(world, "county")
    states = dict(ScoreSheet.objects.values_list("project__title", "state"))
    assert states == {"课堂": "recused", "互助站": "open"}


def test_an_expert_sees_the_own_sheets_without_numbers_and_nothing_else(world, two):
    lesson, _help = two
    said = lesson.latest_submission.snapshot["needs_analysis"]
    assert said
    begin(world, "expert0", "expert1")
    client = sign_in(world, "expert0")
    mine = ScoreSheet.objects.get(expert__user=world.people["expert0"], project=lesson)
    theirs = ScoreSheet.objects.get(expert__user=world.people["expert1"], project=lesson)
    assert len(client.get("/scoring/").context["sheets"]) == 2
    page = client.get(f"/scoring/{mine.pk}/")
    assert said in page.content.decode() and "139" not in page.content.decode()
    assert client.get(f"/scoring/{theirs.pk}/").status_code == 404
    assert client.get(lesson.get_absolute_url()).status_code == 404
    assert lesson not in Project.objects.visible_to(world.fresh("expert0"))
    assert client.get("/programmes/GS-2016/selection/scoring/").status_code == 404
    assert sign_in(world, "city").get(f"/scoring/{mine.pk}/").status_code == 404


def test_the_expert_scores_and_the_province_sees_who_lies_apart(world, two):
    lesson, _help = two
    client = sign_in(world, "province")
    asked = {"lines": "服务设计 60\n预算合理：40分"}
    assert (
        client.post("/programmes/GS-2016/selection/scoring/criteria/", {"lines": "服务设计"}).status_code
        == 422
    )
    assert client.post("/programmes/GS-2016/selection/scoring/criteria/", asked).status_code == 302
    add = "/programmes/GS-2016/selection/scoring/expert/"
    assert client.post(add, {"username": "nobody"}).status_code == 422
    for who in ("expert0", "expert1"):
        assert client.post(add, {"username": who}).status_code == 302
    for who, design in (("expert0", 58), ("expert1", 20)):
        sheet = ScoreSheet.objects.get(expert__user__username=who, project=lesson)
        first, second = sheet.expert.selection.criteria.all()
        expert = sign_in(world, who)
        assert expert.post(f"/scoring/{sheet.pk}/", {}).status_code == 422
        points = {f"points-{first.pk}": design, f"points-{second.pk}": 30}
        assert expert.post(f"/scoring/{sheet.pk}/", points).status_code == 302
    (row,) = client.get("/programmes/GS-2016/selection/scoring/").context["rows"]
    assert ([total for _one, total in row.totals], row.average, row.result.is_split) == ([88, 50], 69.0, True)


def test_no_score_is_given_once_the_list_is_shown(world, two):
    batch = begin(world, "expert0")
    choose(world, [(two[0], None)])
    publish(world, Selection.objects.get(pk=batch.pk))
    with pytest.raises(NotNow):
        give(world, "expert0", two[0], 50, 30)
    assert not ScoreSheet.objects.to_be_scored_by(world.fresh("expert0")).exists()


def test_the_database_holds_the_sheet(world, two):
    begin(world, "expert0")
    sheet = ScoreSheet.objects.get(project=two[0])
    for change in ({"state": "handed_in"}, {"state": "recused"}, {"reason": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ScoreSheet.objects.filter(pk=sheet.pk).update(**change)
