"""Write down the arrivals of projects that were on their way before arrivals were kept.

So far every round walked its whole route: a submission brought it to the first office, an agreement to the
next one. What an office has for a step is what its route says; where it lies now, it lies since ``step_since``.
"""

from django.db import migrations

PAST = """
INSERT INTO projects_arrival (project_id, round, step, office_id, days, at)
SELECT s.project_id, s.round, stop.key, stop.office_id, stop.days,
    COALESCE((SELECT p.step_since FROM projects_project p WHERE p.id = s.project_id AND p.round = s.round
              AND p.step = stop.key AND p.status = 'in_review'), s.at)
FROM projects_submission s
CROSS JOIN LATERAL (
    SELECT * FROM projects_routestep r
    WHERE r.project_id = s.project_id AND r.office_id IS NOT NULL ORDER BY r.number LIMIT 1
) stop
UNION ALL
SELECT d.project_id, d.round, stop.key, stop.office_id, stop.days,
    COALESCE((SELECT p.step_since FROM projects_project p WHERE p.id = d.project_id AND p.round = d.round
              AND p.step = stop.key AND p.status = 'in_review'), d.at)
FROM projects_decision d
JOIN projects_routestep here ON here.project_id = d.project_id AND here.key = d.step
CROSS JOIN LATERAL (
    SELECT * FROM projects_routestep r
    WHERE r.project_id = d.project_id AND r.number > here.number AND r.office_id IS NOT NULL
    ORDER BY r.number LIMIT 1
) stop
WHERE d.verdict = 'approve'
ORDER BY 6
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0009_arrivals")]

    operations = [migrations.RunSQL(PAST, migrations.RunSQL.noop)]
