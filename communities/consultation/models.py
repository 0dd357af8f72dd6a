"""How a community decides: the hearing, the assembly, the notice on the wall and what people object."""

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Region
from linkage.foundation import journal
from linkage.foundation.fields import EncryptedTextField
from linkage.foundation.scope import ScopedQuerySet
from linkage.foundation.standards import normalise_phone, validate_phone
from linkage.foundation.texts import too_long

from .procedure import quorum

OFFICE_PHONE = RegexValidator(
    r"^(?=(?:.*\d){7})[\d\s()（）+\-转]+\Z",
    _("Give the telephone with its area code, for example 0931-5550127."),
)


def _not_in_the_future(day):
    """The error for a day on which something is said to have happened; empty when it can be."""
    return (
        {"held_on": _("This day is still to come.")}
        if isinstance(day, date) and day > timezone.localdate()
        else {}
    )


@journal.tracked()
class Hearing(models.Model):
    """居民听证: one meeting at which residents were heard."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="hearings", verbose_name=_("community"))
    held_on = models.DateField(_("held on"))
    place = models.CharField(_("place"), max_length=100)
    host = models.CharField(_("chaired by"), max_length=50)
    attendance = models.PositiveIntegerField(_("people present"))
    attendees = models.CharField(_("who was present"), max_length=300)
    minutes = models.TextField(_("minutes"), max_length=5000)
    opinions = models.TextField(_("main opinions"), max_length=2000, blank=True)
    result = models.TextField(_("outcome"), max_length=1000)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="hearings_recorded",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("hearing")
        verbose_name_plural = _("hearings")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="hearing_was_attended", condition=Q(attendance__gt=0)),
        ]

    def __str__(self):
        return f"{self.held_on} {self.place}"

    def clean(self):
        wrong = too_long(self) | _not_in_the_future(self.held_on)
        if self.attendance == 0:
            wrong["attendance"] = _("A hearing needs at least one resident.")
        if wrong:
            raise ValidationError(wrong)


@journal.tracked()
class Assembly(models.Model):
    """居民代表会议 or 村民代表会议: who could come, who came, how they voted."""

    class Body(models.TextChoices):
        RESIDENTS = "residents", "居民代表会议"
        VILLAGERS = "villagers", "村民代表会议"

    region = models.ForeignKey(Region, models.PROTECT, related_name="assemblies", verbose_name=_("community"))
    body = models.CharField(_("body"), max_length=20, choices=Body)
    held_on = models.DateField(_("held on"))
    place = models.CharField(_("place"), max_length=100)
    entitled = models.PositiveIntegerField(_("members entitled"))
    present = models.PositiveIntegerField(_("members present"))
    votes_for = models.PositiveIntegerField(_("votes for"))
    votes_against = models.PositiveIntegerField(_("votes against"))
    votes_abstain = models.PositiveIntegerField(_("abstentions"))
    resolution = models.TextField(_("resolution"), max_length=2000)
    passed = models.BooleanField(_("passed"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="assemblies_recorded",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("assembly")
        verbose_name_plural = _("assemblies")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="assembly_present_are_entitled",
                condition=Q(entitled__gt=0) & Q(present__lte=F("entitled")),
            ),
            models.CheckConstraint(
                name="assembly_only_those_present_vote",
                condition=Q(present__gte=F("votes_for") + F("votes_against") + F("votes_abstain")),
            ),
            models.CheckConstraint(
                name="assembly_passes_by_majority",
                condition=Q(passed=False) | Q(present__lt=F("votes_for") * 2),
            ),
        ]

    def __str__(self):
        return f"{self.held_on} {self.get_body_display()}"

    @property
    def has_quorum(self):
        return self.present >= quorum(self.body, self.held_on).present * self.entitled

    @property
    def has_majority(self):
        return self.votes_for > quorum(self.body, self.held_on).agree * self.present

    def clean(self):
        wrong = too_long(self) | _not_in_the_future(self.held_on)
        figures = (self.entitled, self.present, self.votes_for, self.votes_against, self.votes_abstain)
        if all(isinstance(figure, int) and figure >= 0 for figure in figures):
            wrong |= self._wrong_figures()
            if self.passed and not wrong and isinstance(self.held_on, date) and self.body in self.Body:
                wrong |= self._not_passed()
        if wrong:
            raise ValidationError(wrong)

    def _wrong_figures(self):
        wrong = {}
        if self.entitled == 0:
            wrong["entitled"] = _("Give the number of members.")
        elif self.present > self.entitled:
            wrong["present"] = _("%(present)s present, but only %(entitled)s entitled.") % {
                "present": self.present,
                "entitled": self.entitled,
            }
        votes = self.votes_for + self.votes_against + self.votes_abstain
        if votes > self.present:
            wrong["votes_for"] = _("%(votes)s votes, but only %(present)s present.") % {
                "votes": votes,
                "present": self.present,
            }
        return wrong

    def _not_passed(self):
        if not self.has_quorum:
            return {"passed": _("Too few members came: two thirds must be present.")}
        if not self.has_majority:
            return {"passed": _("Not passed: more than half of those present must vote for it.")}
        return {}


class PublicNoticeQuerySet(ScopedQuerySet):
    def published(self):
        """What anybody may read: published, and not taken down."""
        return self.filter(published_at__isnull=False, closed_at__isnull=True)

    def open_on(self, on):
        return self.published().filter(starts_on__lte=on, ends_on__gte=on)

    def upcoming(self, on):
        return self.published().filter(starts_on__gt=on)

    def ended(self, on):
        return self.published().filter(ends_on__lt=on)


@journal.tracked()
class PublicNotice(models.Model):
    """张榜公示: a text shown to everybody for some days, with telephones to call.

    A draft has no days yet. ``starts_on`` and ``ends_on`` both count: seven days from the 18th end on
    the 24th.
    """

    region = models.ForeignKey(Region, models.PROTECT, related_name="notices", verbose_name=_("community"))
    title = models.CharField(_("title"), max_length=150)
    body = models.TextField(_("text of the notice"), max_length=5000)
    place = models.CharField(_("where it is posted"), max_length=200)
    contact_name = models.CharField(_("contact"), max_length=50)
    contact_phone = models.CharField(_("office telephone"), max_length=40, validators=[OFFICE_PHONE])
    supervisor = models.CharField(_("who answers objections"), max_length=100, blank=True)
    supervise_phone = models.CharField(_("supervision telephone"), max_length=40, validators=[OFFICE_PHONE])
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    posted_reason = models.CharField(_("why the first day lies in the past"), max_length=200, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="notices_drafted",
        verbose_name=_("drafted by"),
    )
    drafted_at = models.DateTimeField(_("drafted at"), auto_now_add=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices_published",
        verbose_name=_("published by"),
    )
    closed_at = models.DateTimeField(_("taken down at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices_closed",
        verbose_name=_("taken down by"),
    )
    closed_reason = models.CharField(_("why it was taken down"), max_length=200, blank=True)

    objects = PublicNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("public notice")
        verbose_name_plural = _("public notices")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="notice_ends_after_it_starts",
                condition=Q(starts_on__isnull=True, ends_on__isnull=True)
                | Q(starts_on__isnull=False, ends_on__isnull=False, ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="notice_is_published_with_days_and_a_person",
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(
                    published_at__isnull=False,
                    published_by__isnull=False,
                    starts_on__isnull=False,
                    ends_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="notice_is_taken_down_with_a_reason",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, closed_reason="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(closed_reason="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-ends_on", "-id"], name="notice_by_end", condition=Q(published_at__isnull=False)
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        if wrong := too_long(self):
            raise ValidationError(wrong)

    @property
    def is_published(self):
        return self.published_at is not None and self.closed_at is None

    def is_open(self, on=None):
        """May people object on this day?"""
        on = on or timezone.localdate()
        return self.is_published and self.starts_on <= on <= self.ends_on

    def has_run_its_time(self, on=None):
        """Is the last day over?"""
        return self.is_published and (on or timezone.localdate()) > self.ends_on

    def days(self, on=None):
        """Which day of how many: ``(3, 7)``. Before the first day 0, after the last the total."""
        total = (self.ends_on - self.starts_on).days + 1
        passed = ((on or timezone.localdate()) - self.starts_on).days + 1
        return min(max(passed, 0), total), total

    @staticmethod
    def last_day(first, days):
        return first + timedelta(days=days - 1)


class ObjectionQuerySet(ScopedQuerySet):
    region_path = "notice__region__path"

    def open(self):
        return self.filter(status=Objection.Status.OPEN)


@journal.tracked()
class Objection(models.Model):
    """What one person says against a notice, and what became of it."""

    TEXT_LIMIT = 500
    NAME_LIMIT = 50

    class Channel(models.TextChoices):
        PAGE = "page", _("on the public page")
        CLERK = "clerk", _("entered by the clerk")

    class ReplyBy(models.TextChoices):
        PHONE = "phone", _("by telephone")
        ONLINE = "online", _("look it up online")
        NONE = "none", _("no reply needed")

    class Status(models.TextChoices):
        OPEN = "open", _("being looked into")
        SETTLED = "settled", _("settled")

    notice = models.ForeignKey(
        PublicNotice, models.PROTECT, related_name="objections", verbose_name=_("notice")
    )
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    channel = models.CharField(_("how it came"), max_length=10, choices=Channel)
    text = models.TextField(_("objection"), max_length=TEXT_LIMIT)
    reply_by = models.CharField(_("how to reply"), max_length=10, choices=ReplyBy)
    name = EncryptedTextField(_("name"), blank=True)
    phone = EncryptedTextField(_("telephone"), blank=True)
    query_code = models.CharField(_("query code"), max_length=12, unique=True)
    token = models.UUIDField(_("form token"), null=True, blank=True, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="objections_settled",
        verbose_name=_("settled by"),
    )
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="objections_entered",
        verbose_name=_("entered by"),
    )

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["received_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "token"], name="objection_once_per_form"),
            models.CheckConstraint(
                name="objection_settled_with_an_answer",
                condition=Q(status="open", settled_by__isnull=True, settled_on__isnull=True, answer="")
                | (Q(status="settled", settled_by__isnull=False, settled_on__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="objection_by_clerk_names_the_clerk",
                condition=Q(channel="page", entered_by__isnull=True)
                | Q(channel="clerk", entered_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.notice_id}-{self.pk}"  # neither its text nor its code belongs into a log

    def clean(self):
        wrong = too_long(self)
        if not (self.text or "").strip():
            wrong["text"] = _("Write what you object to.")
        if len(self.name) > self.NAME_LIMIT:
            wrong["name"] = _("At most %(limit)s characters.") % {"limit": self.NAME_LIMIT}
        if self.phone:
            self.phone = normalise_phone(self.phone)
            try:
                validate_phone(self.phone)
            except ValidationError as problem:
                wrong["phone"] = problem.messages
        if self.reply_by == self.ReplyBy.PHONE:
            if not self.name.strip():
                wrong["name"] = _("To be called back, give your name.")
            if not self.phone:
                wrong["phone"] = _("To be called back, give your telephone.")
        if wrong:
            raise ValidationError(wrong)


class ObjectionFileQuerySet(ScopedQuerySet):
    region_path = "objection__notice__region__path"


class ObjectionFile(models.Model):
    """A photo or paper sent with an objection; only whoever answers the objection reads it."""

    MOST = 5  # to an objection
    upload_column = "stored"

    objection = models.ForeignKey(
        Objection, models.PROTECT, related_name="files", verbose_name=_("objection")
    )
    name = models.CharField(_("file name"), max_length=150)
    stored = models.CharField(max_length=100, unique=True, editable=False)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    objects = ObjectionFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of an objection")
        verbose_name_plural = _("files of objections")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.objection_id}-{self.pk}"  # its name may say who sent it
