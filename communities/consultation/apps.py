"""Hearings, assemblies, public notices and objections."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationConfig(AppConfig):
    name = "communities.consultation"
    label = "consultation"
    verbose_name = _("consultation with residents")
