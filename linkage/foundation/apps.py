from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from . import migrating, roles


class FoundationConfig(AppConfig):
    name = "linkage.foundation"
    verbose_name = _("Foundation")

    def ready(self):
        post_migrate.connect(roles.grant_after_migrate, sender=self)
        post_migrate.connect(enter_calendar, sender=self)
        migrating.quicken()
        autodiscover_modules("sheets")


def enter_calendar(sender, using, apps=None, **kwargs):
    """The calendars this release knows, after the tables are there; a database emptied gets them again."""
    from . import workdays  # noqa: PLC0415 - the models are not loaded yet when this module is read

    if workdays.CalendarDay._meta.db_table in connections[using].introspection.table_names():
        workdays.enter_announced()
