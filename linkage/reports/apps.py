from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from linkage.reports import codes


class ReportsConfig(AppConfig):
    name = "linkage.reports"
    verbose_name = _("statistics")

    def ready(self):
        codes.compare()
