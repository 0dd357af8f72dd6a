"""Sums are counted anew whatever happens: the first tables of them make room for those of the engine."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("attainment", "0003_targets_in_full")]

    operations = [
        migrations.DeleteModel("RegionSums"),
        migrations.DeleteModel("ProjectMeasures"),
        migrations.DeleteModel("PilotCommunityMeasures"),
    ]
