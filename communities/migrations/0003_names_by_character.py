import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0002_profile_history"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="region",
            name="region_name_part",
        ),
        migrations.AddIndex(
            model_name="region",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(models.F("name"), models.Value(None), function="string_to_array"),
                name="region_name_characters",
            ),
        ),
    ]
