"""Files that belong to a project, each in a named slot."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.project import Project


class Slot(models.TextChoices):
    """Where a file belongs (GS-5.2a, DOMAIN §6 B9)."""

    NEEDS_SUMMARY = "needs_summary", _("summary of needs")
    HEARING_MINUTES = "hearing_minutes", _("hearing minutes")
    PARTY_MINUTES = "party_minutes", _("minutes of the party organisation")
    ASSEMBLY_RESOLUTION = "assembly_resolution", _("assembly resolution")
    SIGN_IN_SHEET = "sign_in_sheet", _("sign-in sheet")
    NOTICE_PHOTO = "notice_photo", _("photo of the posted notice")
    STAMPED_FORM = "stamped_form", _("scan of the stamped form")
    STAMPED_OPINION = "stamped_opinion", _("scan of the stamped opinion")
    OTHER = "other", _("other material")


SLOT_STEP = {
    Slot.NEEDS_SUMMARY: "planning",
    Slot.HEARING_MINUTES: "hearing",
    Slot.PARTY_MINUTES: "party_deliberation",
    Slot.ASSEMBLY_RESOLUTION: "assembly_review",
    Slot.SIGN_IN_SHEET: "assembly_review",
    Slot.NOTICE_PHOTO: "public_notice",
    Slot.STAMPED_FORM: "submission",
    Slot.OTHER: "submission",
}
MAX_PER_SLOT = 10
MAX_PER_PROJECT = 200 * 1024 * 1024


class AttachmentQuerySet(models.QuerySet):
    def kept(self):
        return self.filter(removed_at__isnull=True)

    def visible_to(self, user):
        """The files of every project this person sees, those put away not included."""
        return self.kept().filter(project__in=Project.objects.visible_to(user))


class Attachment(models.Model):
    """One uploaded file. ``stored`` is a random name under LINKAGE_FILES; removal keeps the row."""

    upload_column = "stored"

    project = models.ForeignKey(Project, models.PROTECT, related_name="attachments")
    slot = models.CharField(_("belongs to"), max_length=30, choices=Slot)
    step = models.CharField(max_length=30)
    round = models.PositiveSmallIntegerField()
    name = models.CharField(_("file name"), max_length=150)
    stored = models.CharField(max_length=100, unique=True, editable=False)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="attachments")
    uploaded_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        ordering = ["project", "uploaded_at", "pk"]
        constraints = [
            models.CheckConstraint(name="attachment_is_not_empty", condition=Q(size__gt=0)),
        ]

    def __str__(self):
        return self.name

    @property
    def is_image(self):
        return self.content_type.startswith("image/")
