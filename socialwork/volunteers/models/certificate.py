"""Certificates of service record (志愿服务记录证明): what was certified of whom, to the letter."""

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Region
from linkage.foundation.journal import AppendOnly, AppendOnlyQuerySet

from .volunteer import Volunteer


class NextCertificate(Func):
    template = "('ZM' || lpad(nextval('volunteers_certificate')::text, 10, '0'))"


class ServiceCertificate(AppendOnly):
    """A certificate as issued (民发〔2015〕149号; 民政部令67号): its figures do not follow later changes."""

    number = models.CharField(
        _("number of the certificate of service"),
        max_length=12,
        db_default=NextCertificate(),
        db_collation="C",
    )
    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, related_name="certificates", verbose_name=_("volunteer")
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("place of issue"))
    issuer = models.CharField(_("issuer of the certificate"), max_length=100)
    responsible = models.CharField(_("responsible person"), max_length=50)
    handler = models.CharField(_("handler"), max_length=50)
    contact = models.CharField(_("contact of the issuer"), max_length=60)
    first_day = models.DateField(_("services from"))
    last_day = models.DateField(_("to"))
    hours = models.DecimalField(_("verified hours"), max_digits=9, decimal_places=2)
    services = models.JSONField(
        _("services"), default=list, help_text=_("Each with day, content, venue and hours.")
    )
    remarks = models.CharField(_("remarks"), max_length=200, blank=True)
    issued_at = models.DateTimeField(_("issued on the day"), default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("certificate issued by")
    )

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate of service record")
        verbose_name_plural = _("certificates of service records")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="servicecertificate_number_once"),
            models.CheckConstraint(
                name="servicecertificate_days_and_hours",
                condition=Q(last_day__gte=F("first_day"), hours__gt=0),
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def hours_shown(self):
        return f"{self.hours.normalize():f}"
