"""A project: one community's application within a programme, and what becomes of it."""

from decimal import Decimal
from importlib import import_module

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q, Subquery, Sum
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from communities.codes import FocusField, ServiceMethod
from communities.consultation.models import Announcement, Assembly, Hearing, PartyDeliberation, PublicNotice
from communities.models import Region, paths
from communities.needs.models import NeedItem
from communities.offices.models import Office
from linkage.foundation.journal import tracked
from linkage.foundation.scope import one_of, under
from projects.models.deadline import DatedQuerySet
from projects.models.inside import InsideOffice
from projects.models.programme import Programme, Track

MONEY = {"max_digits": 14, "decimal_places": 2}


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    RETURNED = "returned", _("returned for revision")
    REJECTED = "rejected", _("not approved")
    WITHDRAWN = "withdrawn", _("withdrawn")
    APPROVED = "approved", _("approved")
    RUNNING = "running", _("running")
    CLOSED = "closed", _("closed")
    TERMINATED = "terminated", _("terminated")


FINAL = (Status.REJECTED, Status.WITHDRAWN, Status.CLOSED, Status.TERMINATED)
EDITABLE = (Status.DRAFT, Status.RETURNED)
LISTED = (Status.APPROVED, Status.RUNNING, Status.CLOSED)


def inbox():
    """The room of the inbox, which reads what hangs on projects and so comes after them."""
    return import_module("projects.models.inbox")


class ProjectQuerySet(DatedQuerySet):
    def visible_to(self, user):
        """Rows under one's posts, plus those whose route names one's office; drafts stay at home.

        A draft is seen by its own community, and by the street whose clerk types it (代录). What a
        community put forward whose office was taken over is seen by the office that did so.
        """
        if not user.is_authenticated or not user.current_posts:
            return self.none()
        levels = {post.office.region.level for post in user.current_posts}
        # Nothing on a route of the province lies outside it, so one range answers.
        whole = Region.Level.PROVINCE in levels
        seen = Q() if whole else Q(parties__overlap=sorted(user.answerable_offices)) & ~Q(status=Status.DRAFT)
        for post in user.current_posts:
            region = post.office.region
            if region.level == Region.Level.COMMUNITY:
                seen |= Q(region=region)
                continue
            below = Region.objects.within(region)
            here = under("region__path", region.path) if whole else one_of("region", below)
            seen |= here & ~Q(status=Status.DRAFT)
            if post.files and region.level == Region.Level.STREET:
                seen |= here & Q(status=Status.DRAFT, typed_for_community=True)
        if user.places_taken_over:
            seen |= Q(region__in=user.places_taken_over)
        return self.filter(seen)

    def waiting_for(self, user):
        """The inbox: projects whose current step belongs to an office this person decides for."""
        return inbox().waiting_for(self, user)

    def in_hand_of(self, user):
        """What colleagues have given to this person, or what is to be proposed in their office."""
        return inbox().in_hand_of(self, user)

    def copied_to(self, user):
        """抄送: those of which an office of this person was told, until this person has read it."""
        return inbox().copied_to(self, user)

    def to_file_by(self, user):
        """Drafts and returned projects that this person may work on."""
        homes = user.files_for
        if not homes:
            return self.none()
        streets = Q(pk__in=[])
        for post in user.current_posts:
            if post.files and post.office.region.level == Region.Level.STREET:
                streets |= Q(typed_for_community=True) & under("region__path", post.office.region.path)
        return self.filter(Q(region__in=homes) | streets, status__in=EDITABLE)

    def returned_to(self, user):
        return self.to_file_by(user).filter(status=Status.RETURNED)

    def started_by(self, user):
        """What this person's community, or this person for a community, has put forward."""
        return self.filter(Q(region__in=user.files_for) | Q(created_by=user))

    def decided_by(self, user):
        """Decided in person, or by who stood in for this person."""
        in_person = user.decisions.order_by().values("project")
        by_deputy = user.decisions_on_behalf.order_by().values("project")
        return self.filter(pk__in=in_person.union(by_deputy))

    def arrived_at(self, level):
        """Everything that has come as far as the deciding step of this level, or beyond it."""
        return self.filter(route__level=level, route__arrived_at__isnull=False)

    def counted(self):
        """Approved projects that count against the quota (GS-T14a, GS-T14b)."""
        return self.filter(status__in=LISTED, track__counts_against_quota=True)

    def search(self, text):
        return self.filter(Q(title__icontains=text) | Q(number__iexact=text) | Q(region__name__contains=text))


@tracked(exclude=["version", "saved_at", "parties", "evidence_rules"])
class Project(InsideOffice, models.Model):
    """One application of one community (GS-A.0 to GS-A.10) and its way through the procedure.

    ``step`` is a key of the programme's procedure and set in all but final states.
    ``acting_office`` is the office of the current route step; only in review is there one.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="projects")
    region = models.ForeignKey(Region, models.PROTECT, related_name="projects", verbose_name=_("community"))
    track = models.ForeignKey(Track, models.PROTECT, related_name="projects", verbose_name=_("funding track"))
    number = models.CharField(_("number"), max_length=40, unique=True, null=True, blank=True)

    title = models.CharField(_("project name"), max_length=100)
    community_profile = models.TextField(_("community overview"), max_length=500, blank=True)
    profile_as_of = models.DateField(null=True, blank=True, editable=False)
    needs_analysis = models.TextField(_("needs analysis"), max_length=800, blank=True)
    service_targets = models.TextField(_("people served"), max_length=300, blank=True)
    service_methods = ArrayField(
        models.CharField(max_length=30, choices=ServiceMethod.choices),
        verbose_name=_("methods"),
        default=list,
        blank=True,
    )
    service_plan = models.TextField(_("way of service"), max_length=800, blank=True)
    focus_fields = ArrayField(
        models.CharField(max_length=30, choices=FocusField.choices),
        verbose_name=_("fields"),
        default=list,
        blank=True,
    )
    start_date = models.DateField(_("starts on"), null=True, blank=True)
    end_date = models.DateField(_("ends on"), null=True, blank=True)
    requested_subsidy = models.DecimalField(
        _("provincial subsidy asked"), **MONEY, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    expected_outcome = models.TextField(_("expected effect"), max_length=500, blank=True)

    collected_from = models.DateField(_("collected from"), null=True, blank=True)
    collected_to = models.DateField(_("collected to"), null=True, blank=True)
    suggestions = models.PositiveIntegerField(_("suggestions received"), null=True, blank=True)
    needs = models.ManyToManyField(NeedItem, related_name="projects", blank=True, verbose_name=_("needs"))
    hearing = models.OneToOneField(
        Hearing, models.PROTECT, null=True, blank=True, related_name="project", verbose_name=_("hearing")
    )
    party_deliberation = models.OneToOneField(
        PartyDeliberation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="project",
        verbose_name=_("study by the party organisation"),
    )
    assembly = models.OneToOneField(
        Assembly, models.PROTECT, null=True, blank=True, related_name="project", verbose_name=_("assembly")
    )
    notice = models.OneToOneField(
        PublicNotice, models.PROTECT, null=True, blank=True, related_name="project", verbose_name=_("notice")
    )

    announcements = models.ManyToManyField(
        Announcement, related_name="projects", blank=True, verbose_name=_("announcements of meetings")
    )
    evidence_rules = models.JSONField(_("evidence as asked then"), default=dict, blank=True, editable=False)

    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.DRAFT)
    step = models.CharField(_("step"), max_length=30, null=True, blank=True)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    step_since = models.DateTimeField(_("at this step since"), default=timezone.now)
    acting_office = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, related_name="desk", verbose_name=_("acting office")
    )
    parties = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="projects_created", verbose_name=_("filed by")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(default=timezone.now, editable=False)
    typed_for_community = models.BooleanField(_("typed by the street for the community"), default=False)
    confirmed_by = models.CharField(_("confirmed by"), max_length=50, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    posted = models.JSONField(_("as posted on the wall"), default=dict, blank=True, editable=False)
    submitted_at = models.DateTimeField(_("first submitted at"), null=True, blank=True)
    granted_amount = models.DecimalField(
        _("subsidy granted"), **MONEY, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    approval_doc_no = models.CharField(_("approval document number"), max_length=60, blank=True)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["-step_since", "-pk"]
        indexes = [
            models.Index(fields=["-step_since", "-id"], name="project_latest"),
            models.Index(fields=["acting_office", "step_since"], name="project_desk"),
            models.Index(fields=["region", "status"], name="project_home"),
            models.Index(
                fields=["programme", "status", "track", "region"],
                include=["id", "requested_subsidy", "granted_amount"],  # sums are read from it alone
                name="project_sums",
            ),
            GinIndex(fields=["parties"], name="project_parties"),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="project_title_trigrams"),
        ]
        constraints = [
            models.CheckConstraint(
                name="project_has_a_step_until_it_ends",
                condition=Q(status__in=FINAL, step__isnull=True)
                | (~Q(status__in=FINAL) & Q(step__isnull=False)),
            ),
            models.CheckConstraint(
                name="project_waits_for_an_office_only_in_review",
                condition=Q(status=Status.IN_REVIEW, acting_office__isnull=False)
                | (~Q(status=Status.IN_REVIEW) & Q(acting_office__isnull=True)),
            ),
            models.CheckConstraint(
                name="project_ends_after_it_starts",
                condition=Q(start_date__isnull=True)
                | Q(end_date__isnull=True)
                | Q(end_date__gte=F("start_date")),
            ),
            models.CheckConstraint(
                name="project_money_is_not_negative",
                condition=(Q(requested_subsidy__isnull=True) | Q(requested_subsidy__gte=0))
                & (Q(granted_amount__isnull=True) | Q(granted_amount__gte=0)),
            ),
            models.CheckConstraint(
                name="project_listed_has_a_date",
                condition=~Q(status__in=LISTED) | Q(approved_on__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("projects:detail", args=[self.pk])

    @property
    def is_editable(self):
        return self.status in EDITABLE

    @property
    def total_need(self):
        """Sum of the budget lines in yuan (GS-A.4)."""
        return self.budget.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)

    @property
    def total_sources(self):
        """The subsidy asked plus every other source, in yuan (GS-A.4)."""
        others = self.sources.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
        return others + (self.requested_subsidy or Decimal(0))

    @cached_property
    def lineage(self):
        """The regions from the province down to the community, today's tree."""
        return paths([self.region])[self.region_id]

    @cached_property
    def head(self):
        """申报单位 as on the form: names by level, frozen at submission, None where no such level."""
        frozen = self.latest_submission
        if frozen is not None:
            return frozen.snapshot["head"]
        return self.head_today

    @property
    def head_today(self):
        names = {region.level: region.name for region in self.lineage}
        levels = (
            ("city", Region.Level.CITY),
            ("county", Region.Level.COUNTY),
            ("street", Region.Level.STREET),
            ("community", Region.Level.COMMUNITY),
        )
        return {key: names.get(level) for key, level in levels}

    @cached_property
    def latest_submission(self):
        return self.submissions.order_by("-round").first()

    @property
    def was_acted_on(self):
        """Has an office decided since the application was handed in last, in whichever round?"""
        handed_in = self.submissions.order_by("-round").values("round")[:1]
        return self.decisions.filter(round__gte=Subquery(handed_in)).exists()

    @property
    def may_return_to(self):
        """The stops before the one that is due, to which the file may be sent back."""
        here = self.current_route_step
        return [
            stop
            for stop in self.route_steps
            if here and stop.number < here.number and not stop.is_skipped and not stop.office.heir.is_closed
        ]

    @cached_property
    def route_steps(self):
        return list(self.route.select_related("office__region").order_by("number"))

    @property
    def current_route_step(self):
        return next((stop for stop in self.route_steps if stop.key == self.step), None)

    @cached_property
    def opinions(self):
        """The word that stands for each step: of the latest round in which it was given."""
        said = self.decisions.select_related("by", "office").order_by("round", "pk")
        return {decision.step: decision for decision in said}

    @cached_property
    def filled_slots(self):
        """The slots that hold at least one file."""
        return set(self.attachments.filter(removed_at__isnull=True).values_list("slot", flat=True))

    @cached_property
    def decisions_this_round(self):
        """The word that stands for each step in this round: given in it, or carried into it (沿用)."""
        return self.decisions_in(self.round)

    def decisions_in(self, round):
        """The same for any round. One from an earlier round is carried: its own ``round`` says so."""
        every = list(self.decisions.all())
        said = {decision.step: decision for decision in every if decision.round == round}
        if round == 1:
            return said
        by_pk = {decision.pk: decision for decision in every}
        kept = {row.step: by_pk[row.decision_id] for row in self.carried.all() if row.round == round}
        return {**kept, **said}

    @property
    def open_return(self):
        """The return that opened this round, while who got it back has not answered; None otherwise."""
        waits = self.step if self.status in (Status.RETURNED, Status.IN_REVIEW) else None
        before = (word for word in self.decisions.all() if word.round == self.round - 1)
        return next((word for word in before if word.return_to and word.return_to == waits), None)

    def corrections_of(self, decision=None):
        """Field to its last correction, of one decision or of the project itself."""
        pk = decision.pk if decision else None
        return {row.field: row for row in self._all_corrections if row.decision_id == pk}

    @cached_property
    def _all_corrections(self):
        return list(self.corrections.all())
