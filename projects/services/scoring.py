"""专家评分: the sheet of a batch, who scores it, what each expert gives. The average orders the board."""

from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linkage.foundation import journal
from linkage.foundation.errors import NotNow
from projects import rules
from projects.models import Criterion, Expert, Mark, Programme, ScoreSheet, Selection, SelectionItem
from projects.models.board import waiting_at
from projects.models.scoring import FULL, results
from projects.services.selection import draft, open_batch_of, require_selector

EXACT = Decimal("0.0000000001")


@transaction.atomic
def begin(programme, *, by):
    """Open the batch, where there is none yet, with the criteria the programme sets."""
    programme = Programme.objects.select_for_update(of=["self"], no_key=True).get(pk=programme.pk)
    require_selector(by, programme)
    return open_batch_of(programme, by)


@transaction.atomic
def set_criteria(programme, lines, *, drops_extremes, by):
    """What is judged and with how many points; 100 in all. ``lines`` is a list of (name, points), None
    where the programme sets them itself.

    Not once a sheet has been handed in. Opens the batch where there is none yet.
    """
    programme = Programme.objects.select_for_update(of=["self"], no_key=True).get(pk=programme.pk)
    require_selector(by, programme)
    selection = open_batch_of(programme, by)
    if ScoreSheet.objects.filter(expert__selection=selection, state="handed_in").exists():
        raise NotNow(_("Experts have handed in scores; the criteria stay as they are."))
    if programme.criteria.exists():
        if lines is not None:
            raise NotNow(_("The programme sets the criteria; they are not written anew."))
        return _drop(selection, drops_extremes, by)
    problems = []
    if not lines:
        problems.append(_("Write at least one criterion."))
    if any(not 1 <= points <= FULL for _name, points in lines):
        problems.append(_("Each criterion has between 1 and 100 points."))
    if lines and sum(points for _name, points in lines) != FULL:
        problems.append(
            _("All criteria together have %(sum)s points; they should have 100.")
            % {"sum": sum(points for _name, points in lines)}
        )
    if problems:
        raise ValidationError({"lines": problems})
    selection.criteria.all().delete()
    for number, (name, points) in enumerate(lines, 1):
        Criterion.objects.create(selection=selection, number=number, name=name[:60], points=points)
    return _drop(selection, drops_extremes, by)


def _drop(selection, drops_extremes, by):
    selection.drops_extremes = drops_extremes
    selection.save(update_fields=["drops_extremes"])
    journal.record("scoring.criteria", by=by, target=selection)
    return selection


@transaction.atomic
def name_expert(selection, user, *, by, every=True):
    """Name an expert, who is given every project that waits, or those the office will ``assign``."""
    selection = draft(selection, by)
    if not selection.criteria.exists():
        raise NotNow(_("Set the criteria first."))
    expert, created = Expert.objects.get_or_create(selection=selection, user=user, defaults={"named_by": by})
    if created:
        journal.record("scoring.expert_named", by=by, target=expert)
    if every:
        _give(expert, waiting_at(selection.programme))
    return expert


@transaction.atomic
def assign(expert, projects, *, by):
    """The expert scores these projects (ids) of those that wait and no others.

    A sheet that was handed in or recused from stays; an open one of a project left out is taken away.
    """
    selection = draft(expert.selection, by)
    waiting = waiting_at(selection.programme)
    wanted = set(waiting.filter(pk__in=projects).values_list("pk", flat=True))
    if wanted != set(projects):
        raise NotNow(_("Some of these projects no longer wait here. Look at the list again."))
    for sheet in expert.sheets.filter(state=ScoreSheet.State.OPEN).exclude(project__in=wanted):
        sheet.delete()
    _give(expert, waiting.filter(pk__in=wanted))
    journal.record("scoring.assigned", by=by, target=expert, facts={"projects": len(wanted)})
    return expert


def _give(expert, projects):
    """A sheet for each project that has none yet; where there is a tie to it, recused at once."""
    selection, user = expert.selection, expert.user
    given = set(expert.sheets.values_list("project", flat=True))
    for project in projects.exclude(pk__in=given):
        tied = _is_tied(user, project)
        ScoreSheet.objects.create(
            expert=expert,
            project=project,
            state=ScoreSheet.State.RECUSED if tied else ScoreSheet.State.OPEN,
            reason=_("Works for the applicant or has handled this project.") if tied else "",
        )
        SelectionItem.objects.get_or_create(selection=selection, project=project)


def _is_tied(user, project):
    """Filed it, handled it, or sits in an office below the one that selects, on its route."""
    if rules.is_applicant(user, project) or rules.sits_in_community_of(user, project):
        return True
    if user.decisions.filter(project=project).exists():
        return True
    offices = {post.office_id for post in user.current_posts}
    return project.route.filter(office__in=offices, level__gt=project.programme.region.level).exists()


@transaction.atomic
def hand_in(sheet, points, *, by, remark=""):
    """The points of one project, by criterion id; may be given anew while the batch is a draft."""
    sheet = _own(sheet, by)
    if sheet.state == ScoreSheet.State.RECUSED:
        raise NotNow(_("You have recused yourself from this project."))
    criteria, problems = list(sheet.expert.selection.criteria.all()), {}
    for criterion in criteria:
        given = points.get(criterion.pk)
        if given is None or not 0 <= given <= criterion.points:
            problems[f"points-{criterion.pk}"] = [
                _("Between 0 and %(points)s points.") % {"points": criterion.points}
            ]
    if problems:
        raise ValidationError(problems)
    for criterion in criteria:
        Mark.objects.update_or_create(
            sheet=sheet, criterion=criterion, defaults={"points": points[criterion.pk]}
        )
    sheet.state, sheet.handed_in_at = ScoreSheet.State.HANDED_IN, timezone.now()
    sheet.remark = remark.strip()[:300]
    sheet.save()
    _score(sheet.expert.selection, sheet.project_id)
    return sheet


@transaction.atomic
def recuse(sheet, *, reason, by):
    """回避: leave a project to the others, with the reason. What was given before no longer counts."""
    sheet = _own(sheet, by)
    if not reason.strip():
        raise ValidationError({"reason": [_("Give the reason.")]})
    sheet.marks.all().delete()
    sheet.state, sheet.reason, sheet.handed_in_at = ScoreSheet.State.RECUSED, reason.strip()[:200], None
    sheet.save()
    journal.record("scoring.recused", by=by, target=sheet, facts={"reason": sheet.reason})
    _score(sheet.expert.selection, sheet.project_id)
    return sheet


def _own(sheet, by):
    """The sheet and its batch, held; only its own expert writes in it, while the batch is a draft."""
    selection = Selection.objects.select_for_update(of=["self"]).get(experts__sheets=sheet.pk)
    rows = ScoreSheet.objects.select_for_update(of=["self"]).select_related("expert__selection")
    sheet = rows.get(pk=sheet.pk)
    if sheet.expert.user_id != by.pk:
        raise PermissionDenied
    if not selection.is_draft:
        raise NotNow(_("The selection has gone on; scores can no longer be given."))
    return sheet


def _score(selection, project):
    """The average beside the project on the board, to ten digits: enough to tell two fractions apart."""
    result = results(selection).get(project)
    average = result.average if result else None
    score = None
    if average is not None:
        score = (Decimal(average.numerator) / Decimal(average.denominator)).quantize(EXACT)
    SelectionItem.objects.filter(selection=selection, project=project).update(score=score)
