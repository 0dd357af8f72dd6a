"""The indexes it once added are in the first migration; others name this one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("facilities", "0001_initial")]
    operations = []
