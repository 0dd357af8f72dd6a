from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class AttainmentConfig(AppConfig):
    name = "linkage.attainment"
    verbose_name = _("targets and attainment")

    def ready(self):
        autodiscover_modules("measures")  # every app registers there what it can count
