"""Targets with all their fields, benchmarks, and coverage terms with the defaults of DOMAIN §2.4."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from linkage.attainment.codes import DEFAULT_TERMS, DEFAULT_TERMS_FROM


def load_terms(apps, schema_editor):
    CoverageTerm = apps.get_model("attainment", "CoverageTerm")
    for term, value, basis in DEFAULT_TERMS:
        CoverageTerm._base_manager.create(
            term=term, value=value, basis=basis, valid_from=DEFAULT_TERMS_FROM, version=1
        )


class Migration(migrations.Migration):
    dependencies = [
        ("attainment", "0002_tree_marks"),
        ("communities", "0004_registers"),
        ("policy", "0001_policy_document"),
        ("projects", "0006_what_is_counted"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Benchmark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                ("clause", models.CharField(max_length=20, verbose_name="clause")),
                ("quote", models.CharField(max_length=200, verbose_name="quote")),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("AVG", "average per unit"),
                            ("EACH", "each unit"),
                            ("COVER", "coverage"),
                            ("RATIO", "share"),
                            ("TOTAL", "total"),
                            ("PER10K", "per 10,000 people"),
                            ("RANGE", "between two bounds"),
                            ("FREQ", "times in a period"),
                            ("CAP", "not to be exceeded"),
                            ("MILESTONE", "done by a date"),
                            ("TREND", "increase over the year before"),
                            ("QUOTA", "quota"),
                            ("RULE", "rule of a scheme"),
                        ],
                        default="TOTAL",
                        max_length=12,
                        verbose_name="rule",
                    ),
                ),
                ("metric", models.CharField(blank=True, max_length=40, verbose_name="measure")),
                ("per", models.CharField(blank=True, max_length=40, verbose_name="measured against")),
                ("value", models.CharField(max_length=30, verbose_name="value")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
            ],
            options={
                "verbose_name": "benchmark",
                "verbose_name_plural": "benchmarks",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="CoverageTerm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "term",
                    models.CharField(
                        help_text="As the document has it, for example 基本覆盖.",
                        max_length=20,
                        verbose_name="coverage word",
                    ),
                ),
                (
                    "value",
                    models.CharField(
                        help_text="An exact fraction: 9/10 is 90 %, 1 is 100 %.",
                        max_length=30,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d+(/[1-9]\\d*)?$", "An exact fraction such as 9/10, or 1."
                            )
                        ],
                        verbose_name="means at least",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
                (
                    "basis",
                    models.CharField(
                        help_text="Document number, or the reason for this reading.",
                        max_length=200,
                        verbose_name="basis",
                    ),
                ),
                ("set_at", models.DateTimeField(auto_now_add=True, verbose_name="set at")),
                (
                    "version",
                    models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="version"),
                ),
            ],
            options={
                "verbose_name": "coverage term",
                "verbose_name_plural": "coverage terms",
                "ordering": ["term", "-valid_from", "-version"],
            },
        ),
        migrations.AddField(
            model_name="target",
            name="between_high",
            field=models.CharField(blank=True, max_length=30, verbose_name="upper bound"),
        ),
        migrations.AddField(
            model_name="target",
            name="between_low",
            field=models.CharField(blank=True, max_length=30, verbose_name="lower bound"),
        ),
        migrations.AddField(
            model_name="target",
            name="missing",
            field=models.CharField(
                choices=[("strict", "counts as not met"), ("exclude", "is left out")],
                default="strict",
                max_length=10,
                verbose_name="where nothing was reported",
            ),
        ),
        migrations.AddField(
            model_name="target",
            name="per",
            field=models.CharField(blank=True, max_length=40, verbose_name="measured against"),
        ),
        migrations.AddField(
            model_name="target",
            name="period_start",
            field=models.DateField(blank=True, null=True, verbose_name="period begins"),
        ),
        migrations.AddField(
            model_name="target",
            name="reach",
            field=models.CharField(
                choices=[
                    ("own", "in the community itself"),
                    ("served", "in it or serving it from elsewhere"),
                ],
                default="own",
                max_length=10,
                verbose_name="reading of coverage",
            ),
        ),
        migrations.AddField(
            model_name="target",
            name="share",
            field=models.CharField(blank=True, max_length=30, verbose_name="share of units that must pass"),
        ),
        migrations.AddField(
            model_name="target",
            name="slot",
            field=models.PositiveSmallIntegerField(
                editable=False, null=True, unique=True, verbose_name="slot"
            ),
        ),
        migrations.AddField(
            model_name="target",
            name="soft",
            field=models.BooleanField(default=False, verbose_name="soft bound"),
        ),
        migrations.AddField(
            model_name="target",
            name="term",
            field=models.CharField(blank=True, max_length=20, verbose_name="coverage word"),
        ),
        migrations.AlterField(
            model_name="target",
            name="code",
            field=models.CharField(max_length=40, unique=True, verbose_name="code"),
        ),
        migrations.AlterField(
            model_name="target",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="targets",
                to="policy.policydocument",
                verbose_name="document",
            ),
        ),
        migrations.AlterField(
            model_name="target",
            name="kind",
            field=models.CharField(
                choices=[
                    ("urban", "urban communities"),
                    ("rural", "rural communities"),
                    ("all", "urban and rural communities"),
                ],
                default="all",
                max_length=10,
                verbose_name="kind of community",
            ),
        ),
        migrations.AlterField(
            model_name="target",
            name="nature",
            field=models.CharField(
                choices=[
                    ("binding", "binding"),
                    ("expected", "to be striven for"),
                    ("procedural", "procedural"),
                    ("cap", "upper limit"),
                    ("milestone", "milestone"),
                    ("trend", "trend"),
                ],
                default="expected",
                max_length=12,
                verbose_name="nature",
            ),
        ),
        migrations.AlterField(
            model_name="target",
            name="rule",
            field=models.CharField(
                choices=[
                    ("AVG", "average per unit"),
                    ("EACH", "each unit"),
                    ("COVER", "coverage"),
                    ("RATIO", "share"),
                    ("TOTAL", "total"),
                    ("PER10K", "per 10,000 people"),
                    ("RANGE", "between two bounds"),
                    ("FREQ", "times in a period"),
                    ("CAP", "not to be exceeded"),
                    ("MILESTONE", "done by a date"),
                    ("TREND", "increase over the year before"),
                    ("QUOTA", "quota"),
                    ("RULE", "rule of a scheme"),
                ],
                max_length=12,
                verbose_name="rule",
            ),
        ),
        migrations.AlterField(
            model_name="target",
            name="scope",
            field=models.CharField(
                choices=[
                    ("all", "whole territory"),
                    ("pilot_areas", "pilot areas"),
                    ("pilot_communities", "pilot communities"),
                ],
                default="all",
                max_length=20,
                verbose_name="scope",
            ),
        ),
        migrations.AlterField(
            model_name="target",
            name="unit",
            field=models.CharField(
                choices=[
                    ("community", "community"),
                    ("street", "street or township"),
                    ("county", "county"),
                    ("city", "city"),
                    ("city_or_county", "city or county"),
                    ("authority", "province, city or county"),
                    ("pilot_area", "pilot area"),
                    ("place", "place of any level"),
                    ("organisation", "social organization"),
                    ("facility", "service facility"),
                    ("project", "project"),
                    ("pilot_community", "pilot community"),
                ],
                max_length=30,
                verbose_name="unit of observation",
            ),
        ),
        migrations.RunSQL(
            "UPDATE attainment_target SET slot = numbered.slot"
            " FROM (SELECT id, row_number() OVER (ORDER BY code) AS slot FROM attainment_target) AS numbered"
            " WHERE numbered.id = attainment_target.id",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="target",
            name="slot",
            field=models.PositiveSmallIntegerField(editable=False, unique=True, verbose_name="slot"),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(("slot__gte", 1)), name="target_slots_begin_at_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("between_high", ""), ("between_low", "")),
                    models.Q(
                        models.Q(("between_low", ""), _negated=True),
                        models.Q(("between_high", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="target_range_has_both_bounds",
            ),
        ),
        migrations.AddField(
            model_name="benchmark",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="benchmarks",
                to="policy.policydocument",
                verbose_name="document",
            ),
        ),
        migrations.AddField(
            model_name="coverageterm",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="coverage_terms",
                to="policy.policydocument",
                verbose_name="document",
            ),
        ),
        migrations.AddField(
            model_name="coverageterm",
            name="programme",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="coverage_terms",
                to="projects.programme",
                verbose_name="programme",
            ),
        ),
        migrations.AddField(
            model_name="coverageterm",
            name="region",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="coverage_terms",
                to="communities.region",
                verbose_name="place",
            ),
        ),
        migrations.AddField(
            model_name="coverageterm",
            name="set_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="set by",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverageterm",
            constraint=models.UniqueConstraint(
                fields=("term", "programme", "document", "region", "version"),
                name="coverageterm_version_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="coverageterm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("document", None), ("programme", None)),
                    models.Q(("document", None), ("region", None)),
                    models.Q(("programme", None), ("region", None)),
                    _connector="OR",
                ),
                name="coverageterm_set_for_one_thing",
                violation_error_message="Set it for a document, a programme or a place, not for two of them.",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverageterm",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__regex", "^[0-9]+(/[1-9][0-9]*)?$")),
                name="coverageterm_value_is_exact",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverageterm",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis", ""), _negated=True), name="coverageterm_has_a_basis"
            ),
        ),
        migrations.RunPython(load_terms, migrations.RunPython.noop, elidable=False),
    ]
