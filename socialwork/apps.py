from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SocialworkConfig(AppConfig):
    name = "socialwork"
    verbose_name = _("social workers")
