from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class AttainmentConfig(AppConfig):
    name = "linkage.attainment"
    verbose_name = _("targets and attainment")

    def ready(self):
        autodiscover_modules("measures")  # every app registers there what it can count
        post_migrate.connect(provide_terms, sender=self)


def provide_terms(sender, using, **kwargs):
    """The coverage words of the platform, once the tables are there; an emptied database gets them again."""
    from .services import terms  # noqa: PLC0415 - the models are not loaded yet when this module is read

    if terms.CoverageTerm._meta.db_table in connections[using].introspection.table_names():
        terms.provide_defaults()
