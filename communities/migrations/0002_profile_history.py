import django.core.validators
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CommunityProfileHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("as_of", models.DateField(verbose_name="as of")),
                ("households", models.PositiveIntegerField(verbose_name="households")),
                ("residents", models.PositiveIntegerField(verbose_name="residents")),
                (
                    "registered_residents",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="registered residents"),
                ),
                (
                    "elderly",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="aged 60 and over"),
                ),
                ("children", models.PositiveIntegerField(blank=True, null=True, verbose_name="under 18")),
                (
                    "special_groups",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text='People per group, such as {"minimum_living": 52}.',
                        verbose_name="special groups",
                    ),
                ),
                (
                    "area_km2",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=9,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="area in km²",
                    ),
                ),
                ("staff", models.PositiveIntegerField(blank=True, null=True, verbose_name="staff")),
                ("source", models.CharField(max_length=100, verbose_name="source")),
            ],
            options={
                "abstract": False,
                "default_permissions": ("view",),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="communityprofile",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "communities_communityprofilehistory" ("area_km2", "as_of", "children", "elderly", "households", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "registered_residents", "residents", "source", "special_groups", "staff") SELECT new_values."area_km2", new_values."as_of", new_values."children", new_values."elderly", new_values."households", new_values."id", NULLIF(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb, NULLIF(current_setting(\'pghistory.context_id\', true), \'\')::uuid, now(), \'insert\', new_values."id", new_values."region_id", new_values."registered_residents", new_values."residents", new_values."source", new_values."special_groups", new_values."staff" FROM new_values ; RETURN NULL;',
                    hash="2d3bae57100c377762f3c6bc69cdcbbd83e418be",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_1b75b",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="communities_communityprofile",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="communityprofile",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "communities_communityprofilehistory" ("area_km2", "as_of", "children", "elderly", "households", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "registered_residents", "residents", "source", "special_groups", "staff") SELECT new_values."area_km2", new_values."as_of", new_values."children", new_values."elderly", new_values."households", new_values."id", NULLIF(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb, NULLIF(current_setting(\'pghistory.context_id\', true), \'\')::uuid, now(), \'update\', new_values."id", new_values."region_id", new_values."registered_residents", new_values."residents", new_values."source", new_values."special_groups", new_values."staff" FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (ROW(old_values."id", old_values."region_id", old_values."as_of", old_values."households", old_values."residents", old_values."registered_residents", old_values."elderly", old_values."children", old_values."special_groups", old_values."area_km2", old_values."staff", old_values."source") IS DISTINCT FROM ROW(new_values."id", new_values."region_id", new_values."as_of", new_values."households", new_values."residents", new_values."registered_residents", new_values."elderly", new_values."children", new_values."special_groups", new_values."area_km2", new_values."staff", new_values."source")); RETURN NULL;',
                    hash="6bcd37fc42efaf41b3cddadece526c906d818b81",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_f38db",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="communities_communityprofile",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="communityprofile",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "communities_communityprofilehistory" ("area_km2", "as_of", "children", "elderly", "households", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "registered_residents", "residents", "source", "special_groups", "staff") SELECT old_values."area_km2", old_values."as_of", old_values."children", old_values."elderly", old_values."households", old_values."id", NULLIF(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb, NULLIF(current_setting(\'pghistory.context_id\', true), \'\')::uuid, now(), \'delete\', old_values."id", old_values."region_id", old_values."registered_residents", old_values."residents", old_values."source", old_values."special_groups", old_values."staff" FROM old_values ; RETURN NULL;',
                    hash="5d8485ef04ec1b1712194eaefb2254d448b84cff",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_becc0",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="communities_communityprofile",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="communityprofilehistory",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                related_query_name="history",
                to="communities.communityprofile",
            ),
        ),
        migrations.AddField(
            model_name="communityprofilehistory",
            name="region",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="communities.region",
            ),
        ),
    ]
