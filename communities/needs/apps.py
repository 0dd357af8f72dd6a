"""The needs library of a community."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NeedsConfig(AppConfig):
    name = "communities.needs"
    label = "needs"
    verbose_name = _("needs of residents")
