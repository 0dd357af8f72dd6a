"""The basis of the platform's own coverage words in the punctuation of Chinese; what was set since stays."""

from django.db import migrations

WORDS = {
    "按字面:全部": "按字面：全部",
    "无法定数值,按工作惯例取90%,可另行设定": "无法定数值，按工作惯例取 90%，可另行设定",
}


def rewrite(apps, schema_editor):
    default = apps.get_model("attainment", "CoverageTerm").objects.filter(set_by=None)
    for old, new in WORDS.items():
        default.filter(basis=old).update(basis=new)


class Migration(migrations.Migration):
    dependencies = [("attainment", "0014_late_targets")]

    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop)]
