"""What is on its way keeps the evidence that was asked of it: as the programme asks today."""

from django.db import migrations

WORDS = ("key", "verb", "title", "village_title", "clause", "requires")


def keep(apps, schema_editor):
    Programme, Project = apps.get_model("projects", "Programme"), apps.get_model("projects", "Project")
    for programme in Programme.objects.all():
        steps = programme.steps.filter(kind="evidence").order_by("number")
        kept = {
            "notice_days": programme.notice_days,
            "notice_in_working_days": programme.notice_in_working_days,
            "steps": [{name: getattr(step, name) for name in WORDS} for step in steps],
        }
        Project.objects.filter(programme=programme, submitted_at__isnull=False).update(evidence_rules=kept)


class Migration(migrations.Migration):
    dependencies = [("projects", "0014_evidence_of_law")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
