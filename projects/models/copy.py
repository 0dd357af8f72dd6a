"""抄送: what an office is told of without having to do anything."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from communities.offices.models import Office
from linkage.foundation.journal import AppendOnly, AppendOnlyQuerySet
from projects.models.project import Project
from projects.models.record import Decision


class CopyQuerySet(AppendOnlyQuerySet):
    def for_offices_of(self, user):
        return self.filter(office__in=sorted(user.answerable_offices))

    def unseen_by(self, user):
        seen = CopySeen.objects.filter(copy=OuterRef("pk"), user=user)
        return self.for_offices_of(user).exclude(Exists(seen))


class Copy(AppendOnly):
    """One notice to one office of the route: of a return made above it, or sent by hand with a note."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="copies")
    office = models.ForeignKey(Office, models.PROTECT, related_name="copies")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="copies")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="copies_sent")
    by_name = models.CharField(max_length=120)
    office_name = models.CharField(max_length=100)
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = CopyQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["office", "-id"], name="copy_of_office")]

    def __str__(self):
        return f"{self.office_name} → {self.office}"


class CopySeen(AppendOnly):
    """已阅: this person has read this copy."""

    copy = models.ForeignKey(Copy, models.PROTECT, related_name="seen")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="copies_seen")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["copy", "user"], name="copy_seen_once")]

    def __str__(self):
        return f"{self.copy_id} {self.user_id}"
