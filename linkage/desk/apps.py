from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "linkage.desk"
    verbose_name = _("Workbench")

    def ready(self):
        from . import work  # noqa: PLC0415 - hears what happens to jobs, and needs the models

        assert work.KINDS
