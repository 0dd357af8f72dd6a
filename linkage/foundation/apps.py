from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from . import migrating, roles


class FoundationConfig(AppConfig):
    name = "linkage.foundation"
    verbose_name = _("Foundation")

    def ready(self):
        post_migrate.connect(roles.grant_after_migrate, sender=self)
        migrating.quicken()
