from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicyConfig(AppConfig):
    name = "linkage.policy"
    verbose_name = _("policy documents")
