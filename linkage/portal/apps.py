"""The public pages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "linkage.portal"
    label = "portal"
    verbose_name = _("public pages")
