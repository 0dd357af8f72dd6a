"""Long work, effects still owed, stale marks, answered requests and the audit trail."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import ExtractYear, Now
from django.utils.translation import gettext_lazy as _

from .former import FormerPlace
from .journal import AppendOnly, tracked
from .spreadsheets.tables import RememberedHeading, SheetImport, StagedRow

__all__ = [
    "AuditEvent",
    "CalendarDay",
    "CalendarYear",
    "FormerPlace",
    "IdempotencyKey",
    "Job",
    "Outbox",
    "RememberedHeading",
    "SheetImport",
    "StagedRow",
    "StaleMark",
]


class JobQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state__in=Job.OPEN)

    def of(self, user):
        """The jobs this person started; nobody sees those of others."""
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def unmended(self):
        """Those that failed for want of something their owner cannot give, and were not done since.

        What nobody started is done again by the clock: a later one of its kind that ended well mends it.
        """
        later = Job.objects.filter(
            kind=OuterRef("kind"), owner=None, state=Job.State.DONE, pk__gt=OuterRef("pk")
        )
        failed = self.filter(state=Job.State.FAILED).exclude(cause=Job.Cause.TOLD)
        return failed.exclude(Q(owner=None) & Exists(later))


class Job(models.Model):
    """Something long: who wants it, how far it is, where it continues after a fall."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    class Cause(models.TextChoices):
        """Why one failed, as far as people can do something about it."""

        TOLD = "told", _("What it was to do was refused.")  # ``error`` says why, in words for its owner
        DATABASE = "database", _("The database did not answer, or too late.")
        STORAGE = "storage", _("A file could not be read or written.")
        WORKER = "worker", _("The worker stopped in the middle of it, each time anew.")
        PROGRAM = "program", _("The program failed.")

    OPEN = (State.QUEUED, State.RUNNING)

    kind = models.CharField(_("kind"), max_length=60)
    title = models.CharField(_("title"), max_length=200, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="jobs",
        verbose_name=_("started by"),
    )
    scope = models.CharField(
        _("region"), max_length=120, blank=True, db_collation="C", help_text=_("Path of the region it covers")
    )
    arguments = models.JSONField(_("arguments"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    done = models.PositiveBigIntegerField(_("done"), default=0)
    total = models.PositiveBigIntegerField(_("total"), null=True, blank=True)
    checkpoint = models.JSONField(_("checkpoint"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    cancel_requested = models.BooleanField(_("cancel requested"), default=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("created"), db_default=Now())
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)
    result_file = models.CharField(_("result"), max_length=200, blank=True)
    cause = models.CharField(_("why it failed"), max_length=8, choices=Cause, blank=True)
    error = models.TextField(_("error"), blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")
        indexes = [
            models.Index(
                fields=["state", "heartbeat_at"],
                name="job_open",
                condition=Q(state__in=["queued", "running"]),
            ),
            models.Index(fields=["owner", "-id"], name="job_of_owner"),
        ]
        constraints = [
            models.CheckConstraint(
                name="job_ends_with_a_time",
                condition=Q(state__in=["queued", "running"], finished_at__isnull=True)
                | Q(state__in=["done", "failed", "cancelled"], finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="job_runs_with_a_heartbeat",
                condition=~Q(state="running") | Q(heartbeat_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title or self.kind

    @property
    def is_open(self):
        return self.state in self.OPEN

    @property
    def percent(self):
        if self.state == self.State.DONE:
            return 100
        if not self.total:
            return None
        return min(100, self.done * 100 // self.total)


class OutboxQuerySet(models.QuerySet):
    def due(self):
        """Effects still owed whose time has come, oldest first; no upper age limit."""
        return self.filter(state=Outbox.State.PENDING, next_try_at__lte=Now()).order_by("next_try_at", "id")

    def dead(self):
        return self.filter(state=Outbox.State.DEAD)


class Outbox(models.Model):
    """One effect owed to the world, written in the transaction that owes it."""

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        DONE = "done", _("Done")
        DEAD = "dead", _("Given up")

    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(_("key"), max_length=200)
    payload = models.JSONField(_("payload"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"), db_default=Now())
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now())
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("owed effect")
        verbose_name_plural = _("owed effects")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="outbox_owes_an_effect_once"),
            models.CheckConstraint(
                name="outbox_done_has_a_time",
                condition=Q(state="done", done_at__isnull=False)
                | Q(state__in=["pending", "dead"], done_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at", "id"], name="outbox_due", condition=Q(state="pending")),
            models.Index(F("done_at"), name="outbox_old", condition=Q(state="done")),
        ]

    def __str__(self):
        return f"{self.kind} {self.key}"


class StaleMark(models.Model):
    """A unit whose counted facts have changed since its measures were last taken."""

    kind = models.CharField(_("kind"), max_length=40)
    unit_id = models.CharField(_("unit"), max_length=40)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("stale mark")
        verbose_name_plural = _("stale marks")
        indexes = [models.Index(fields=["kind", "id"], name="stalemark_by_kind")]

    def __str__(self):
        return f"{self.kind} {self.unit_id}"


class IdempotencyKey(models.Model):
    """A request already answered, so that an honest retry gets the same answer and no second effect."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="idempotency_keys")
    key = models.CharField(_("key"), max_length=100)
    route = models.CharField(_("route"), max_length=200)
    body_hash = models.CharField(_("hash of the body"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    response = models.JSONField(_("answer"), null=True, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("answered request")
        verbose_name_plural = _("answered requests")
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="idempotencykey_once_per_user"),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotencykey_old")]

    def __str__(self):
        return self.key


class AuditEvent(AppendOnly):
    """Who did what, when, from where. Read by auditors, written by every verb, changed by nobody."""

    at = models.DateTimeField(_("at"), db_default=Now())
    kind = models.CharField(_("kind"), max_length=60)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="audit_events"
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    post = models.CharField(_("post"), max_length=300, blank=True)
    target_type = models.CharField(_("kind of object"), max_length=80, blank=True)
    target_id = models.CharField(_("number of object"), max_length=40, blank=True)
    target = models.CharField(_("object"), max_length=300, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    path = models.CharField(_("page"), max_length=300, blank=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [
            models.Index(fields=["by", "-id"], name="auditevent_of_person"),
            models.Index(fields=["target_type", "target_id", "-id"], name="auditevent_of_object"),
            models.Index(fields=["kind", "-id"], name="auditevent_of_kind"),
            models.Index(fields=["at"], name="auditevent_at"),
        ]

    def __str__(self):
        return f"{self.kind} {self.target}".strip()


@tracked()
class CalendarYear(models.Model):
    """A year whose official calendar is entered (国务院办公厅关于……部分节假日安排的通知)."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    source = models.CharField(_("document"), max_length=200)

    class Meta:
        verbose_name = _("calendar of a year")
        verbose_name_plural = _("working-day calendar")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                name="calendaryear_in_range",
                condition=Q(year__gte=2000, year__lte=2100),
                violation_error_message=_("Enter a year from 2000 to 2100."),
            ),
        ]

    def __str__(self):
        return str(self.year)


@tracked()
class CalendarDay(models.Model):
    """A day that differs from Monday to Friday: a weekday off, or a Saturday or Sunday worked (调休)."""

    year = models.ForeignKey(CalendarYear, models.CASCADE, related_name="days", verbose_name=_("year"))
    day = models.DateField(_("day"), unique=True)
    works = models.BooleanField(_("is worked"), default=False)
    name = models.CharField(_("holiday"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("day off or made up")
        verbose_name_plural = _("days off and made up")
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(
                name="calendarday_differs_from_the_week",
                condition=Q(works=True, day__iso_week_day__in=[6, 7])
                | Q(works=False, day__iso_week_day__in=[1, 2, 3, 4, 5]),
                violation_error_message=_(
                    "Enter only weekdays that are off, and Saturdays or Sundays that are worked."
                ),
            ),
            models.CheckConstraint(
                name="calendarday_lies_in_its_year",
                condition=Q(year=ExtractYear("day")),
                violation_error_message=_("The day lies in another year."),
            ),
        ]

    def __str__(self):
        return str(self.day)


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What this person is told and still concerns them: nothing settled, nothing of a post that ended."""
        if not user.pk:
            return self.none()
        return self.filter(user_id=user.pk, withdrawn_at__isnull=True, audience__in=["", *user.audiences])

    def unread(self):
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One thing told to one person on the desk (站内消息): once, whatever happens.

    ``matter`` is what it waits for; when that is settled, it is withdrawn from all lists. ``audience`` is the
    capacity in which the person is told ("office:12"); it disappears with the post.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(_("kind"), max_length=40)
    key = models.CharField(_("key"), max_length=150)
    matter = models.CharField(_("matter"), max_length=100, blank=True)
    audience = models.CharField(_("told as"), max_length=40, blank=True)
    title = models.CharField(_("title"), max_length=200)
    text = models.CharField(_("text"), max_length=500, blank=True)
    url = models.CharField(_("page"), max_length=300, blank=True)
    tone = models.CharField(max_length=4, blank=True)  # late, near, or nothing
    to_act = models.BooleanField(_("to be acted on"))
    at = models.DateTimeField(_("at"), db_default=Now())
    read_at = models.DateTimeField(_("read at"), null=True)
    withdrawn_at = models.DateTimeField(_("settled at"), null=True)
    mailed_at = models.DateTimeField(_("sent by e-mail at"), null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notice_told_once")]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_of_person", condition=Q(withdrawn_at=None)),
            models.Index(fields=["user"], name="notice_unread", condition=Q(withdrawn_at=None, read_at=None)),
            models.Index(fields=["matter"], name="notice_open", condition=Q(withdrawn_at=None)),
            models.Index(fields=["at"], name="notice_at"),
        ]

    def __str__(self):
        return self.title


class NoticeChoice(models.Model):
    """How a person wants to hear of things by e-mail. Without a row: what is theirs to act on, at once."""

    class When(models.TextChoices):
        AT_ONCE = "at_once", _("at once")
        DAILY = "daily", _("once a day, together")
        OFF = "off", _("not at all")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_choice")
    acting = models.CharField(_("what I have to act on"), max_length=8, choices=When, default=When.AT_ONCE)
    knowing = models.CharField(_("what I only need to know"), max_length=8, choices=When, default=When.DAILY)

    class Meta:
        verbose_name = _("choice of messages")
        verbose_name_plural = _("choices of messages")
        constraints = [
            models.CheckConstraint(name="noticechoice_to_dos_are_never_off", condition=~Q(acting="off")),
        ]

    def __str__(self):
        return str(self.user)

    def when(self, to_act):
        return self.acting if to_act else self.knowing
