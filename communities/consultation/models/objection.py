"""What people say against a notice, and what became of it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.consultation.models.notice import PublicNotice
from linkage.foundation import journal
from linkage.foundation.fields import EncryptedTextField
from linkage.foundation.scope import ScopedQuerySet
from linkage.foundation.standards import normalise_phone, validate_phone
from linkage.foundation.texts import too_long


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
