"""专家评分: criteria with their points, named experts, and the sheet of each expert on each project."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linkage.foundation.journal import tracked
from projects.models.project import Project
from projects.models.selection import Selection

FULL = 100  # the points of all criteria together
DROPPED_FROM = 5  # so many sheets, and the highest and the lowest may be left out
SPREAD_NOTED = 20  # experts who lie so many points apart are pointed out


class Criterion(models.Model):
    """One line of the sheet: what is judged, and how many points it can bring."""

    selection = models.ForeignKey(
        Selection, models.CASCADE, related_name="criteria", verbose_name=_("selection")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("criterion"), max_length=60)
    points = models.PositiveSmallIntegerField(_("points"))

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["selection", "number"]
        constraints = [
            models.UniqueConstraint(fields=["selection", "number"], name="criterion_number_once"),
            models.CheckConstraint(name="criterion_has_points", condition=Q(points__gte=1, points__lte=FULL)),
        ]

    def __str__(self):
        return self.name


class Expert(models.Model):
    """A person named to score the projects of one batch."""

    selection = models.ForeignKey(
        Selection, models.PROTECT, related_name="experts", verbose_name=_("selection")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="scoring", verbose_name=_("expert")
    )
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="experts_named", verbose_name=_("named by")
    )
    named_at = models.DateTimeField(_("named at"), default=timezone.now)

    class Meta:
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        ordering = ["selection", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["selection", "user"], name="expert_named_once"),
        ]

    def __str__(self):
        return str(self.user)


class ScoreSheetQuerySet(models.QuerySet):
    def to_be_scored_by(self, user):
        """What this person was given, while the batch is being chosen: these sheets and nothing else."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(expert__user=user, expert__selection__state=Selection.State.DRAFT)


@tracked()
class ScoreSheet(models.Model):
    """One expert's judgement of one project. Nobody else's sheet is shown to the expert."""

    class State(models.TextChoices):
        OPEN = "open", _("to be scored")
        HANDED_IN = "handed_in", _("scored")
        RECUSED = "recused", _("recused")

    expert = models.ForeignKey(Expert, models.PROTECT, related_name="sheets", verbose_name=_("expert"))
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="score_sheets", verbose_name=_("project")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    handed_in_at = models.DateTimeField(_("handed in at"), null=True, blank=True)

    objects = ScoreSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("score sheet")
        verbose_name_plural = _("score sheets")
        ordering = ["expert", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["expert", "project"], name="score_sheet_once"),
            models.CheckConstraint(
                name="score_sheet_says_when_or_why",
                condition=Q(state="open", handed_in_at__isnull=True, reason="")
                | Q(state="handed_in", handed_in_at__isnull=False, reason="")
                | (Q(state="recused", handed_in_at__isnull=True) & ~Q(reason="")),
            ),
        ]

    def __str__(self):
        return f"{self.expert_id}-{self.project_id}"


@tracked()
class Mark(models.Model):
    """The points one sheet gives for one criterion."""

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="marks", verbose_name=_("score sheet"))
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, related_name="marks", verbose_name=_("criterion")
    )
    points = models.DecimalField(
        _("points"), max_digits=4, decimal_places=1, validators=[MinValueValidator(0)]
    )

    class Meta:
        verbose_name = _("points of a criterion")
        verbose_name_plural = _("points of criteria")
        ordering = ["sheet", "criterion__number"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="mark_once_per_criterion"),
            models.CheckConstraint(
                name="mark_lies_within_a_sheet", condition=Q(points__gte=0, points__lte=FULL)
            ),
        ]

    def __str__(self):
        return str(self.points)


@dataclass(frozen=True)
class Result:
    """What the experts made of one project: ``totals`` are (expert, points), best first."""

    totals: list
    drops: bool

    @property
    def average(self):
        """The mean as an exact fraction; without the highest and the lowest where that was asked for."""
        points = sorted(Fraction(points) for _expert, points in self.totals)
        if self.drops and len(points) >= DROPPED_FROM:
            points = points[1:-1]
        return sum(points, Fraction(0)) / len(points) if points else None

    @property
    def spread(self):
        points = [points for _expert, points in self.totals]
        return max(points) - min(points) if points else None

    @property
    def is_split(self):
        return self.spread is not None and self.spread >= SPREAD_NOTED


def results(selection):
    """Project id → Result, of the sheets handed in so far."""
    sums = defaultdict(dict)
    marks = Mark.objects.filter(sheet__expert__selection=selection, sheet__state="handed_in")
    for project, expert, points in marks.values_list("sheet__project", "sheet__expert", "points"):
        sums[project][expert] = sums[project].get(expert, Decimal(0)) + points
    drops = selection.drops_extremes
    return {
        project: Result(sorted(by.items(), key=lambda pair: -pair[1]), drops) for project, by in sums.items()
    }


def places(scores):
    """Each score with its place; equal scores share one, the next place is left out."""
    best_first = sorted(scores, reverse=True)
    return {score: best_first.index(score) + 1 for score in set(scores)}
