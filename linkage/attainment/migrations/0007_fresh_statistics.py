"""After a bulk load the planner must know what came in before anything is counted.

Only the owner of tables may ANALYZE them; this lets the role of the site ask for it.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("attainment", "0006_tree_marks_of_days")]

    operations = [
        migrations.RunSQL(
            "CREATE OR REPLACE FUNCTION attainment_fresh_statistics() RETURNS void LANGUAGE plpgsql"
            " SECURITY DEFINER SET search_path = pg_catalog, public AS $$ BEGIN ANALYZE; END $$;",
            "DROP FUNCTION IF EXISTS attainment_fresh_statistics();",
        )
    ]
