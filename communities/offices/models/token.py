"""Tokens by which a program reads the statistics of one place."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Region
from linkage.foundation.journal import tracked


class ApiTokenQuerySet(models.QuerySet):
    def of(self, user):
        """The tokens of this person; nobody sees those of others."""
        return self.filter(user_id=user.pk) if user.pk else self.none()

    def open(self):
        return self.filter(revoked_at__isnull=True, expires_at__gt=Now())


@tracked(exclude=["digest", "last_used_at"])
class ApiToken(models.Model):
    """接口令牌: lets a program read the statistics of one place in the name of its owner.

    What it sees is what its owner sees that day, and of that only what lies under its place. The secret
    is shown once; kept is its SHA-256, which is enough for 256 random bits.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=50)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    is_narrow = True  # opens what linkage.foundation.admission.Admitted says, nothing else

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"], condition=Q(revoked_at__isnull=True), name="apitoken_named_once"
            ),
            models.CheckConstraint(
                name="apitoken_ends_after_it_begins", condition=Q(expires_at__gt=F("created_at"))
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_open(self):
        return self.revoked_at is None and self.expires_at > timezone.now()
