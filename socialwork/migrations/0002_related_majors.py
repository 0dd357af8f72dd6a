"""The list of related majors begins with those of the ministry's note on its statistics (DOMAIN §2.2)."""

from django.db import migrations

from socialwork.codes import RELATED_MAJORS


def load(apps, schema_editor):
    RelatedMajor = apps.get_model("socialwork", "RelatedMajor")
    for name, source in RELATED_MAJORS:
        RelatedMajor._base_manager.get_or_create(name=name, defaults={"source": source})


class Migration(migrations.Migration):
    dependencies = [("socialwork", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
