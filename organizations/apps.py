from django.apps import AppConfig
from django.apps import apps as all_apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from organizations.codes import SCHEMES


def load_schemes(using, apps=all_apps, **kwargs):
    """Add the classification schemes that are not there yet; what somebody has changed stays as it is."""
    try:
        schemes = apps.get_model("organizations", "ClassificationScheme").objects.using(using)
        categories = apps.get_model("organizations", "Category").objects.using(using)
    except LookupError:  # migrated to a state without them
        return
    known = set(schemes.values_list("code", flat=True))
    for code, (name, source, classes) in SCHEMES.items():
        if code not in known:
            scheme = schemes.create(code=code, name=name, source=source)
            for position, (label, common) in enumerate(classes, start=1):
                categories.create(
                    scheme=scheme, code=common.value, name=label, common=common.value, position=position
                )


class OrganizationsConfig(AppConfig):
    name = "organizations"
    verbose_name = _("social organisations")

    def ready(self):
        post_migrate.connect(load_schemes, sender=self)
