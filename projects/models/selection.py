"""遴选: what the deciding office of a programme chooses from all that has arrived, batch by batch."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.consultation.models import PublicNotice
from linkage.foundation.journal import tracked
from linkage.policy.models import IssuedQuerySet
from projects.models.programme import Programme
from projects.models.project import MONEY, Project
from projects.models.record import Decision


class SelectionQuerySet(IssuedQuerySet):
    """A batch belongs to the office of the programme's territory: whoever sits there sees it."""

    def visible_to(self, user):
        if not user.is_authenticated or not user.current_posts:
            return self.none()
        return self.filter(programme__region__in={post.office.region_id for post in user.current_posts})

    def open(self):
        return self.filter(state__in=(Selection.State.DRAFT, Selection.State.NOTICE))


@tracked(exclude=["version"])
class Selection(models.Model):
    """One batch (批次) of a programme: ticked, shown to the public, approved by one document.

    ``version`` grows with every change of the list, so that a second window is told. The notice of a
    batch that went back to the board stays with its reason in the register of notices.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("being chosen")
        NOTICE = "notice", _("shown to the public")
        APPROVED = "approved", _("approved by document")

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="selections", verbose_name=_("programme")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    notice = models.OneToOneField(
        PublicNotice,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="selection",
        verbose_name=_("public notice"),
    )
    drops_extremes = models.BooleanField(_("highest and lowest score left out"), default=False)
    doc_no = models.CharField(_("approval document number"), max_length=60, blank=True)
    signed_on = models.DateField(_("date of the document"), null=True, blank=True)
    opinion = models.CharField(_("wording of consent"), max_length=200, blank=True)
    handler = models.CharField(_("handled by"), max_length=50, blank=True)
    leader = models.CharField(_("signed by"), max_length=50, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="selections_opened",
        verbose_name=_("opened by"),
    )
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="selections_approved",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="selections_changed",
        verbose_name=_("last changed by"),
    )
    changed_at = models.DateTimeField(_("last changed at"), default=timezone.now)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SelectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("selection")
        verbose_name_plural = _("selections")
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="selection_number_once"),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(state__in=("draft", "notice")),
                name="selection_one_open_per_programme",
            ),
            models.CheckConstraint(
                name="selection_is_shown_by_a_notice",
                condition=Q(state="draft", notice__isnull=True)
                | Q(state__in=("notice", "approved"), notice__isnull=False),
            ),
            models.CheckConstraint(
                name="selection_approved_by_a_document",
                condition=Q(
                    state="approved",
                    signed_on__isnull=False,
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                )
                & ~Q(doc_no="")
                | ~Q(state="approved")
                & Q(signed_on__isnull=True, approved_by__isnull=True, approved_at__isnull=True, doc_no=""),
            ),
        ]

    def __str__(self):
        return f"{self.programme} {self.number}"

    def get_absolute_url(self):
        return reverse("projects:selection_batch", args=[self.programme.code, self.number])

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def is_in_notice(self):
        return self.state == self.State.NOTICE

    @property
    def is_approved(self):
        return self.state == self.State.APPROVED

    @property
    def chosen(self):
        return self.items.filter(choice=SelectionItem.Choice.CHOSEN)

    @property
    def waiting(self):
        return self.items.filter(choice=SelectionItem.Choice.WAITING)


@tracked()
class SelectionItem(models.Model):
    """One project in a batch: chosen with its money, on the waiting list with its rank, or neither.

    While the batch is a draft, a project without a row has not been looked at. ``round`` is the round of the
    application that the public was shown: another one is not what was approved. ``decision`` is the word
    that approved it, ``failure`` why there is none.
    """

    class Choice(models.TextChoices):
        CHOSEN = "chosen", _("to be approved")
        WAITING = "waiting", _("waiting list")
        NOT = "not", _("not chosen")

    selection = models.ForeignKey(
        Selection, models.CASCADE, related_name="items", verbose_name=_("selection")
    )
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="selection_items", verbose_name=_("project")
    )
    choice = models.CharField(_("choice"), max_length=10, choices=Choice, default=Choice.NOT)
    rank = models.PositiveSmallIntegerField(_("rank on the waiting list"), null=True, blank=True)
    granted_amount = models.DecimalField(
        _("subsidy to be granted"), **MONEY, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    score = models.DecimalField(_("score"), max_digits=14, decimal_places=10, null=True, blank=True)
    round = models.PositiveSmallIntegerField(_("round"), null=True, blank=True)
    struck_because = models.CharField(_("struck off because"), max_length=200, blank=True)
    decision = models.OneToOneField(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="selection_item",
        verbose_name=_("decision"),
    )
    failure = models.CharField(_("why it was not approved"), max_length=300, blank=True)

    objects = models.Manager()

    class Meta:
        verbose_name = _("item of a selection")
        verbose_name_plural = _("items of a selection")
        ordering = ["selection", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["selection", "project"], name="selection_item_once"),
            models.UniqueConstraint(
                fields=["selection", "rank"],
                name="selection_rank_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="selection_item_chosen_with_money_waiting_with_rank",
                condition=Q(
                    choice="chosen", rank__isnull=True, granted_amount__isnull=False, granted_amount__gt=0
                )
                | Q(choice="waiting", rank__isnull=False, granted_amount__isnull=True)
                | Q(choice="not", rank__isnull=True, granted_amount__isnull=True),
            ),
            models.CheckConstraint(
                name="selection_item_decided_or_failed_if_chosen",
                condition=Q(decision__isnull=True, failure="")
                | (Q(choice="chosen") & (Q(failure="") | Q(decision__isnull=True))),
            ),
        ]

    def __str__(self):
        return f"{self.selection_id}-{self.project_id}"
