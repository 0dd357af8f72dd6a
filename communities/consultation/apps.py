"""Hearings, assemblies, public notices and objections."""

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ConsultationConfig(AppConfig):
    name = "communities.consultation"
    label = "consultation"
    verbose_name = _("consultation with residents")

    def ready(self):
        post_migrate.connect(provide_rules, sender=self)


def provide_rules(sender, using, **kwargs):
    """The platform's rules for assemblies, once the tables are there; an emptied database gets them again."""
    from .services import assembly_rules  # noqa: PLC0415 - the models are not loaded yet when this is read

    if assembly_rules.AssemblyRule._meta.db_table in connections[using].introspection.table_names():
        assembly_rules.provide_defaults()
