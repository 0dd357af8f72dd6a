"""The procedure of a programme and the rows of its printed form, in the words of the document."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.programme import Programme
from projects.procedure import JointNeed, StepKind


class ProgrammeStep(models.Model):
    """One step of the procedure, in the words of the document."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="steps", verbose_name=_("programme")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    key = models.CharField(_("key"), max_length=40)
    level = models.PositiveSmallIntegerField(_("level"))
    kind = models.CharField(_("kind"), max_length=20, choices=StepKind)
    verb = models.CharField(_("verb"), max_length=20)
    title = models.CharField(_("title"), max_length=60)
    village_title = models.CharField(_("title in villages"), max_length=60, blank=True)
    clause = models.CharField(_("clause"), max_length=20, blank=True)
    quote = models.CharField(_("quote"), max_length=200, blank=True)
    days = models.PositiveSmallIntegerField(_("working days"), null=True, blank=True)
    requires = models.JSONField(_("requires"), default=list, blank=True)
    signs = models.JSONField(_("signs"), default=list, blank=True)
    opinion = models.CharField(_("opinion label"), max_length=60, blank=True)
    opinion_template = models.CharField(_("wording of consent"), max_length=200, blank=True)
    return_template = models.CharField(_("wording of return"), max_length=200, blank=True)
    two_level = models.BooleanField(
        _("in two levels"), default=False, help_text=_("One of the office proposes, its leader signs.")
    )
    two_people = models.BooleanField(
        _("always by two people"),
        default=False,
        help_text=_("In two levels: also where the leader is alone in the office, somebody else proposes."),
    )
    joint_sections = ArrayField(
        models.CharField(max_length=40), verbose_name=_("sections asked"), default=list, blank=True
    )
    joint_need = models.CharField(
        _("sections needed"), max_length=3, choices=JointNeed, default=JointNeed.ALL
    )

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "key"], name="programme_step_key_once"),
            models.UniqueConstraint(
                fields=["programme", "number"],
                name="programme_step_number_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="programme_step_level_one_to_five", condition=Q(level__gte=1, level__lte=5)
            ),
            models.CheckConstraint(
                name="programme_step_days_only_for_decisions",
                condition=Q(days__isnull=True) | Q(kind=StepKind.DECISION),
            ),
            models.CheckConstraint(
                name="programme_step_two_people_in_two_levels",
                condition=Q(two_people=False) | Q(two_level=True),
            ),
        ]

    def __str__(self):
        return self.title

    def title_for(self, community):
        """The same step is called differently where a villagers' committee governs."""
        if self.village_title and community.committee == "villagers":
            return self.village_title
        return self.title


class ProgrammeCriterion(models.Model):
    """评分标准 of the programme: what experts judge. A batch copies them when it is opened."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="criteria", verbose_name=_("programme")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("criterion"), max_length=60)
    points = models.PositiveSmallIntegerField(_("points"))
    clause = models.CharField(_("clause"), max_length=20, blank=True)
    quote = models.CharField(_("quote"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("criterion of the programme")
        verbose_name_plural = _("criteria of the programme")
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "number"],
                name="programme_criterion_number_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="programme_criterion_has_points", condition=Q(points__gte=1, points__lte=100)
            ),
        ]

    def __str__(self):
        return self.name


class FormRow(models.Model):
    """One row of the printed application form, with the label exactly as in the annex."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="form_rows", verbose_name=_("programme")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    label = models.CharField(_("label"), max_length=60)
    prompt = models.CharField(_("printed prompt"), max_length=200, blank=True)
    fields = models.JSONField(_("fields"), default=list, blank=True)
    step = models.CharField(_("step whose opinion it holds"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("row of the form")
        verbose_name_plural = _("rows of the form")
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="form_row_number_once"),
        ]

    def __str__(self):
        return self.label
