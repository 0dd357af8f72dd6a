"""The public affairs communities undertake, how they got in and how they left (CQ-2.2.1b, YZ-2.1a)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.codes import LEAVING, AffairChangeKind, AffairDecision, Duty
from linkage.foundation.journal import tracked
from linkage.foundation.ledger import Entry, EntryQuerySet, live, not_in_the_future
from linkage.foundation.standards import normal_doc_no, validate_doc_no

from .region import Level, Region


class AffairQuerySet(EntryQuerySet):
    def in_list(self, on=None):
        """What the list holds that day: entered by then, and not left by then."""
        on = on or timezone.localdate()
        left = AffairChange.objects.filter(item=OuterRef("pk"), kind__in=LEAVING, changed_on__lte=on)
        return self.filter(listed_on__lte=on).exclude(Exists(left))

    def admitted(self):
        """What came in by the admission procedure, not by the first listing."""
        return self.filter(decision=AffairDecision.APPROVED)

    def asking(self):
        """Requests for admission that wait for an answer."""
        return self.filter(decision=AffairDecision.PENDING)

    def reduction(self, before, after):
        """``{"before", "after", "admitted", kind: items}``: how 296 became 72 (YZ-2.1a).

        ``admitted`` came into the list between the two days; of each kind, the items changed so after
        the first day and by the second, each item once. Before + admitted − what left = after.
        """
        return self._leaving().aggregate(**_reduction(before, after))

    def reduction_by_place(self, before, after):
        """The same for each list: rows with ``region`` and those figures."""
        counted = self._leaving().order_by().values("region").annotate(**_reduction(before, after))
        return counted.order_by("region__path")

    def _leaving(self):
        left = AffairChange.objects.filter(item=OuterRef("pk"), kind__in=LEAVING).order_by()
        return self.annotate(left_on=Subquery(left.values("changed_on")[:1])).order_by()


def _reduction(before, after):
    def listed(day):
        held = Q(listed_on__lte=day) & (Q(left_on__isnull=True) | Q(left_on__gt=day))
        return Count("pk", distinct=True, filter=held)

    between = Q(
        changes__changed_on__gt=before, changes__changed_on__lte=after, changes__removed_at__isnull=True
    )
    return {
        "before": listed(before),
        "admitted": Count("pk", distinct=True, filter=Q(listed_on__gt=before, listed_on__lte=after)),
        **{
            kind: Count("pk", distinct=True, filter=between & Q(changes__kind=kind))
            for kind in AffairChangeKind.values
        },
        "after": listed(after),
    }


@tracked()
class CommunityAffairItem(Entry):
    """One public affair communities of this county or street undertake, or are asked to.

    Without a decision it was on the first list; otherwise it is a request for admission (准入).
    """

    duties = (Duty.COMMUNITY,)
    tells_of_place = True

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="affairs",
        verbose_name=_("county or street"),
        limit_choices_to={"level__in": (Level.CITY, Level.COUNTY, Level.STREET)},
        help_text=_("Whose list this is."),
    )
    name = models.CharField(_("affair"), max_length=200)
    category = models.CharField(_("category"), max_length=40, blank=True)
    department = models.CharField(_("department it comes from"), max_length=60, blank=True)
    basis = models.CharField(_("basis"), max_length=200, blank=True)
    listed_on = models.DateField(
        _("in the list since"), null=True, blank=True, help_text=_("Empty while the request is not granted.")
    )

    decision = models.CharField(
        _("admission"),
        max_length=10,
        choices=AffairDecision,
        blank=True,
        help_text=_("Leave empty for what was on the first list."),
    )
    requested_by = models.CharField(_("requested by"), max_length=60, blank=True)
    requested_on = models.DateField(_("requested on"), null=True, blank=True, validators=[not_in_the_future])
    request = models.TextField(
        _("reasons and means"),
        blank=True,
        max_length=1000,
        help_text=_("Why communities should do it, and the money and people that come with it."),
    )
    decided_on = models.DateField(_("decided on"), null=True, blank=True, validators=[not_in_the_future])
    decision_doc_no = models.CharField(_("document of the decision"), max_length=60, blank=True)

    objects = live(AffairQuerySet)
    everything = AffairQuerySet.as_manager()

    class Meta:
        verbose_name = _("public affair of communities")
        verbose_name_plural = _("public affairs of communities")
        ordering = ["region__path", "category", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"],
                condition=Q(removed_at__isnull=True) & ~Q(decision=AffairDecision.REFUSED),
                name="affair_once_per_list",
                violation_error_message=_("This affair is in the list already."),
            ),
            models.CheckConstraint(
                name="affair_listed_unless_asked_or_refused",
                condition=Q(decision__in=["", AffairDecision.APPROVED], listed_on__isnull=False)
                | Q(decision__in=[AffairDecision.PENDING, AffairDecision.REFUSED], listed_on__isnull=True),
                violation_error_message=_("Only what is granted, or was on the first list, is in the list."),
            ),
            models.CheckConstraint(
                name="affair_admission_was_requested",
                condition=Q(decision="") | (Q(requested_on__isnull=False) & ~Q(requested_by="")),
                violation_error_message=_("Say who has requested the admission, and when."),
            ),
            models.CheckConstraint(
                name="affair_decided_on_a_day",
                condition=Q(decision__in=["", AffairDecision.PENDING], decided_on__isnull=True)
                | Q(
                    decision__in=[AffairDecision.APPROVED, AffairDecision.REFUSED],
                    decided_on__gte=F("requested_on"),
                ),
                violation_error_message=_("A decision has its day, not before the request."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def leaving(self):
        """The change that took it out of the list, if one did."""
        return next((change for change in self.changes.all() if change.leaves), None)

    def state(self, on=None):
        """In words: 准入申请中, 在目录（准入）, 已取消 and so on."""
        on = on or timezone.localdate()
        if self.listed_on is None:
            return self.get_decision_display()
        left = self.leaving
        if left is not None and left.changed_on <= on:
            return _("out of the list: %s") % left.get_kind_display()
        if self.listed_on > on:
            return _("in the list later")
        return _("in the list (admitted)") if self.decision else _("in the list")

    def clean(self):
        problems = {}
        if self.region_id and self.region.level not in (Level.CITY, Level.COUNTY, Level.STREET):
            problems["region"] = _("The list is one of a county, or of a street or township.")
        granted = self.decision in ("", AffairDecision.APPROVED)
        if granted and not self.listed_on:
            problems["listed_on"] = _("Since when is it in the list?")
        if not granted and self.listed_on:
            problems["listed_on"] = _("Only what is granted, or was on the first list, is in the list.")
        problems |= self._admission()
        if problems:
            raise ValidationError(problems)

    def _admission(self):
        problems = {}
        if self.decision:
            if not self.requested_by:
                problems["requested_by"] = _("Say who has requested the admission.")
            if not self.requested_on:
                problems["requested_on"] = _("Say when the admission was requested.")
        decided = self.decision in (AffairDecision.APPROVED, AffairDecision.REFUSED)
        if decided and not self.decided_on:
            problems["decided_on"] = _("A decision has its day.")
        if not decided and self.decided_on:
            problems["decision"] = _("There is a day of decision; what was decided?")
        if self.decided_on and self.requested_on and self.decided_on < self.requested_on:
            problems["decided_on"] = _("This lies before the request.")
        if decided and self.decided_on and self.listed_on and self.listed_on < self.decided_on:
            problems["listed_on"] = _("This lies before the decision.")
        self.decision_doc_no = normal_doc_no(self.decision_doc_no)
        if self.decision_doc_no:
            try:
                validate_doc_no(self.decision_doc_no)
            except ValidationError as error:
                problems["decision_doc_no"] = error.messages
        elif self.decision == AffairDecision.APPROVED:
            problems["decision_doc_no"] = _("An admission is granted by a document; give its number.")
        return problems


@tracked()
class AffairChange(Entry):
    """What was done to an affair of the list: taken up, split off, cancelled, merged or streamlined."""

    region_path = "item__region__path"
    duties = (Duty.COMMUNITY,)

    item = models.ForeignKey(
        CommunityAffairItem, models.CASCADE, related_name="changes", verbose_name=_("affair")
    )
    kind = models.CharField(_("kind of change"), max_length=20, choices=AffairChangeKind)
    changed_on = models.DateField(
        _("from this day"), help_text=_("Except when streamlined it is out of the list from this day.")
    )
    doc_no = models.CharField(_("document number"), max_length=60, blank=True)
    into = models.ForeignKey(
        CommunityAffairItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="took_in",
        verbose_name=_("merged into"),
        help_text=_("The affair that goes on, where two were merged."),
    )
    note = models.CharField(_("remark"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("change of an affair")
        verbose_name_plural = _("changes of affairs")
        ordering = ["item__region__path", "item_id", "changed_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(removed_at__isnull=True, kind__in=sorted(LEAVING)),
                name="affair_leaves_once",
                violation_error_message=_("This affair has left the list already."),
            ),
            models.CheckConstraint(
                name="affair_merged_into_another",
                condition=Q(into__isnull=True) | (Q(kind=AffairChangeKind.MERGED) & ~Q(into=F("item"))),
                violation_error_message=_("Only an affair that was merged goes on in another one."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.changed_on}"

    @property
    def leaves(self):
        return self.kind in LEAVING and self.removed_at is None

    def clean(self):
        problems = {}
        listed = self.item.listed_on if self.item_id else None
        if listed and self.changed_on and self.changed_on < listed:
            problems["changed_on"] = _("On this day it was not in the list yet.")
        if self.into_id and self.kind != AffairChangeKind.MERGED:
            problems["into"] = _("Only an affair that was merged goes on in another one.")
        if self.into_id and self.into_id == self.item_id:
            problems["into"] = _("An affair is not merged into itself.")
        self.doc_no = normal_doc_no(self.doc_no)
        if self.doc_no:
            try:
                validate_doc_no(self.doc_no)
            except ValidationError as error:
                problems["doc_no"] = error.messages
        if problems:
            raise ValidationError(problems)
