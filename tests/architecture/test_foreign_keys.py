"""Foreign keys go the way imports go: a lower app never points at one above. The user alone is free."""

from django.apps import apps
from django.conf import settings

LAYERS = [  # from the ground up; apps of one layer do not know each other
    {"linkage.foundation"},
    {"communities"},
    {"communities.people"},
    {"communities.offices"},
    {"communities.facilities"},
    {"communities.consultation", "communities.needs"},
    {"linkage.policy"},
    {"organizations"},
    {"organizations.charity"},
    {"socialwork"},
    {"socialwork.volunteers"},
    {"projects"},
    {"projects.tenders"},
    {"projects.delivery", "projects.evaluation"},
    {"linkage.attainment"},
    {"linkage.reports"},
    {"linkage.packs", "linkage.desk", "linkage.portal", "linkage.demo"},
]
HEIGHT = {app: height for height, layer in enumerate(LAYERS) for app in layer}
OURS = [config for config in apps.get_app_configs() if config.path.startswith(str(settings.BASE_DIR / ""))]


def test_every_app_of_ours_has_its_layer():
    ours = {config.name for config in OURS if ".venv" not in config.path}
    assert ours <= set(HEIGHT)


def test_foreign_keys_point_down():
    wrong = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if (field.many_to_one or field.one_to_one or field.many_to_many)
        and not field.auto_created
        and not _may_point(model, field.related_model)
    ]
    assert wrong == []


def _may_point(model, target):
    here, there = model._meta.app_config.name, target._meta.app_config.name if target else None
    if here == there or target is None or target._meta.label == settings.AUTH_USER_MODEL:
        return True
    if here not in HEIGHT or there not in HEIGHT:
        return here not in HEIGHT or there.startswith("django.")
    return HEIGHT[there] < HEIGHT[here]
