from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FacilitiesConfig(AppConfig):
    name = "communities.facilities"
    label = "facilities"
    verbose_name = _("facilities and stations")
