"""A pilot programme as its document sets it up: phases, tracks, quotas."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.offices.models import Office
from linkage.foundation.journal import AppendOnly
from linkage.policy.models import IssuedQuerySet
from projects.procedure import (
    ESCALATE_AFTER,
    NOTICE_DAYS,
    REPORT_AHEAD,
    REPORT_GRACE,
    REPORT_MONTHS,
    STEP_DAYS,
    AfterReturn,
    Applicants,
    ProgrammeNature,
    QuotaKey,
)


class ProgrammeQuerySet(IssuedQuerySet):
    def active(self):
        return self.filter(active=True)


class Programme(models.Model):
    """One pilot programme. Its dates are stored as the document gives them and read through methods,

    because a demonstration moves them all by ``shift_days``.
    """

    document = models.ForeignKey(
        "policy.PolicyDocument", models.PROTECT, related_name="programmes", verbose_name=_("document")
    )
    code = models.CharField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    form_title = models.CharField(_("title of the form"), max_length=200)
    region = models.ForeignKey(
        "communities.Region", models.PROTECT, related_name="programmes", verbose_name=_("territory")
    )
    notice_days = models.PositiveSmallIntegerField(_("days of public notice"), default=NOTICE_DAYS)
    notice_in_working_days = models.BooleanField(_("notice counted in working days"), default=False)
    step_days = models.PositiveSmallIntegerField(_("working days for a step"), default=STEP_DAYS)
    after_return = models.CharField(
        _("who signs again after a return"),
        max_length=20,
        choices=AfterReturn,
        default=AfterReturn.WHOLE_CHAIN,
    )
    escalate_after = models.PositiveSmallIntegerField(
        _("working days overdue before the leader is told"), default=ESCALATE_AFTER
    )
    pilots_at_least = models.PositiveSmallIntegerField(_("pilot communities at least"), null=True, blank=True)
    pilots_at_most = models.PositiveSmallIntegerField(_("pilot communities at most"), null=True, blank=True)
    pilots_clause = models.CharField(_("clause on pilot communities"), max_length=20, blank=True)
    report_months = models.PositiveSmallIntegerField(
        _("months between reports of progress"), default=REPORT_MONTHS, help_text=_("0: none are asked for.")
    )
    report_grace = models.PositiveSmallIntegerField(
        _("days after a period in which its report is in time"), default=REPORT_GRACE
    )
    report_ahead = models.PositiveSmallIntegerField(
        _("days before the end of a period from which its report may be handed in"), default=REPORT_AHEAD
    )
    shift_days = models.IntegerField(_("days the dates are moved by"), default=0)
    nature = models.CharField(
        _("nature"), max_length=10, choices=ProgrammeNature, default=ProgrammeNature.DOCUMENT
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    applicants = models.CharField(
        _("who may apply"), max_length=10, choices=Applicants, default=Applicants.PILOTS
    )
    active = models.BooleanField(_("active"), default=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="programme_pilots_at_least_below_at_most",
                condition=Q(pilots_at_least__isnull=True)
                | Q(pilots_at_most__isnull=True)
                | Q(pilots_at_least__lte=F("pilots_at_most")),
            )
        ]

    def __str__(self):
        return self.title

    @property
    def is_example(self):
        """The document lays no procedure down; the platform shows how one could look."""
        return self.nature == ProgrammeNature.EXAMPLE

    @cached_property
    def subsidy_label(self):
        """What the form calls the money that is asked of the owner: 申请省级补助资金."""
        rows = [row for row in self.form_rows.all() if "requested_subsidy" in row.fields]
        return rows[0].label if rows else gettext("Subsidy asked")

    def shifted(self, day):
        """A day of the document as the calendar of this installation has it."""
        return day + timedelta(days=self.shift_days)

    def unshifted(self, day):
        return day - timedelta(days=self.shift_days)

    @property
    def shift_remark(self):
        """What every page of a demonstration says beside a date; empty in real use."""
        if not self.shift_days:
            return ""
        return gettext("Demonstration: all dates are moved by %(days)d days") % {"days": self.shift_days}

    def phase(self, key):
        return next((phase for phase in self.phases.all() if phase.key == key), None)

    def phase_on(self, day=None):
        """The phase of this day; where an extended phase reaches into the next one, the later of the two."""
        day = day or timezone.localdate()
        running = [phase for phase in self.phases.all() if phase.covers(day)]
        return running[-1] if running else None

    def is_open_for(self, doing, on=None):
        on = on or timezone.localdate()
        return any(doing in phase.allows and phase.covers(on) for phase in self.phases.all())

    def why_not_open_for(self, doing, on=None):
        """Empty when open; otherwise the dates on which this may be done."""
        if self.is_open_for(doing, on):
            return ""
        windows = [str(phase) for phase in self.phases.all() if doing in phase.allows]
        if not windows:
            return gettext("This programme has no phase for it.")
        return gettext("This is only possible in: %(phases)s.") % {"phases": "；".join(windows)}

    def step(self, key):
        return next((step for step in self.steps.all() if step.key == key), None)

    def quota(self, key):
        return next((quota for quota in self.quotas.all() if quota.key == key), None)

    def track(self, key):
        return next((track for track in self.tracks.all() if track.key == key), None)

    def is_pilot(self, community):
        return self.pilot_communities.filter(region=community).exists()

    def pilot_area_of(self, community):
        """The pilot city or county this community lies in; the nearest one where two are nested."""
        codes = community.path_codes
        return (
            self.pilot_areas.filter(region__code__in=codes)
            .select_related("region")
            .order_by("-region__level")
            .first()
        )

    def why_not_eligible(self, community, on=None):
        """Empty when this community may apply; otherwise why it may not, and whom to ask."""
        if not community.is_community:
            return gettext("Only a community may apply.")
        if not self.region.contains(community):
            return gettext("%(programme)s is for %(region)s; %(community)s lies outside it.") % {
                "programme": self.title,
                "region": self.region.name,
                "community": community.name,
            }
        if self.applicants == Applicants.ALL or self.is_pilot(community):
            return ""
        area = self.pilot_area_of(community)
        if area is None:
            return gettext(
                "%(community)s does not lie in a pilot area of this programme. Please ask %(office)s."
            ) % {"community": community.name, "office": self._whom_to_ask(community, above=True, on=on)}
        return gettext(
            "%(community)s is not on the list of pilot communities of %(area)s. Please ask %(office)s."
        ) % {
            "community": community.name,
            "area": area.region.name,
            "office": self._whom_to_ask(area.region, above=False, on=on),
        }

    def _whom_to_ask(self, region, *, above, on):
        """The office of a region, or of the nearest city or province above it, with its telephone."""
        codes = region.path_codes if above else [region.code, self.region.code]
        offices = (
            Office.objects.open_on(on or timezone.localdate())
            .filter(region__code__in=codes)
            .select_related("region")
            .order_by("-region__level")
        )
        if above:
            offices = offices.filter(region__level__lte=2)
        office = offices.first()
        if office is None:
            return self.region.name
        if not office.phone:
            return office.name
        return gettext("%(office)s (telephone %(phone)s)") % {"office": office.name, "phone": office.phone}


class ProgrammePhase(models.Model):
    """A stage of the programme; outside its window what it allows is refused with the dates shown."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="phases", verbose_name=_("programme")
    )
    key = models.CharField(_("key"), max_length=20)
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=60)
    starts_on = models.DateField(_("starts on, by the document"))
    ends_on = models.DateField(_("ends on, by the document"))
    clause = models.CharField(_("clause"), max_length=20, blank=True)
    quote = models.CharField(_("quote"), max_length=200, blank=True)
    deliverable = models.CharField(_("deliverable"), max_length=200, blank=True)
    allows = models.JSONField(_("allows"), default=list)
    extended_to = models.DateField(_("extended to, in the time of the document"), null=True, blank=True)
    extension_doc_no = models.CharField(_("document number of the extension"), max_length=60, blank=True)
    extension_basis = models.CharField(_("reason of the extension"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "key"], name="phase_key_once"),
            models.UniqueConstraint(
                fields=["programme", "number"],
                name="phase_number_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="phase_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="phase_extended_forward_and_with_a_basis",
                condition=Q(extended_to__isnull=True, extension_doc_no="", extension_basis="")
                | (Q(extended_to__gt=F("ends_on")) & ~Q(extension_doc_no="") & ~Q(extension_basis="")),
            ),
        ]

    def __str__(self):
        return f"{self.name}（{self.starts:%Y-%m-%d}～{self.ends:%Y-%m-%d}）"

    @property
    def starts(self):
        return self.programme.shifted(self.starts_on)

    @property
    def ends(self):
        """The last day, extension included."""
        return self.programme.shifted(self.extended_to or self.ends_on)

    def covers(self, day):
        return self.starts <= day <= self.ends


class Track(models.Model):
    """Who pays and therefore who has the last word: the province, or a city or county by itself."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="tracks", verbose_name=_("programme")
    )
    key = models.CharField(_("key"), max_length=20)
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=60)
    clause = models.CharField(_("clause"), max_length=20, blank=True)
    quote = models.CharField(_("quote"), max_length=200, blank=True)
    counts_against_quota = models.BooleanField(_("counts against the quota"))
    final_level = models.PositiveSmallIntegerField(_("level of the last decision"))

    class Meta:
        verbose_name = _("track")
        verbose_name_plural = _("tracks")
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "key"], name="track_key_once"),
            models.CheckConstraint(
                name="track_ends_above_the_community", condition=Q(final_level__gte=1, final_level__lte=4)
            ),
        ]

    def __str__(self):
        return self.name


class Quota(models.Model):
    """A ceiling while approving and a goal at the end. Lock this row to count and approve under it."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="quotas", verbose_name=_("programme")
    )
    key = models.CharField(_("key"), max_length=20, choices=QuotaKey)
    name = models.CharField(_("name"), max_length=60)
    limit = models.PositiveIntegerField(_("limit"))
    first_limit = models.PositiveIntegerField(_("limit by the document"))
    clause = models.CharField(_("clause"), max_length=20, blank=True)
    quote = models.CharField(_("quote"), max_length=200, blank=True)
    target = models.CharField(_("target"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        ordering = ["programme", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "key"], name="quota_key_once"),
            models.CheckConstraint(
                name="quota_never_below_the_document",
                condition=Q(first_limit__gt=0, limit__gte=F("first_limit")),
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.limit}"


class QuotaRaise(AppendOnly):
    """The province lifted a ceiling, by a numbered document. Never edited."""

    quota = models.ForeignKey(Quota, models.PROTECT, related_name="raises", verbose_name=_("quota"))
    before = models.PositiveIntegerField(_("limit before"))
    limit = models.PositiveIntegerField(_("new limit"))
    doc_no = models.CharField(_("document number"), max_length=60)
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="quota_raises", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("raise of a quota")
        verbose_name_plural = _("raises of quotas")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="quota_raise_grows", condition=Q(limit__gt=F("before"))),
            models.CheckConstraint(
                name="quota_raise_has_document_and_reason", condition=~Q(doc_no="") & ~Q(reason="")
            ),
        ]

    def __str__(self):
        return f"{self.before} → {self.limit} ({self.doc_no})"
