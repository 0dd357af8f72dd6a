import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(),
        django.contrib.postgres.operations.TrigramExtension(),
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        db_collation="C",
                        max_length=24,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(\\d{2}|\\d{4}|\\d{6}|\\d{9}|\\d{12}|X[0-9A-Z]+)\\Z"
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                ("name", models.CharField(db_collation="C", max_length=100, verbose_name="name")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "province"),
                            (2, "city or prefecture"),
                            (3, "county or district"),
                            (4, "street or township"),
                            (5, "community or village"),
                        ],
                        verbose_name="level",
                    ),
                ),
                (
                    "path",
                    models.CharField(db_collation="C", editable=False, max_length=120, verbose_name="path"),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[("urban", "urban community"), ("rural", "rural community")],
                        max_length=5,
                        verbose_name="kind",
                    ),
                ),
                (
                    "committee",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("residents", "residents' committee"),
                            ("villagers", "villagers' committee"),
                        ],
                        max_length=9,
                        verbose_name="committee",
                    ),
                ),
                (
                    "body_name",
                    models.CharField(
                        blank=True,
                        help_text="The exact name of the office, where the usual one would be wrong.",
                        max_length=100,
                        verbose_name="answering office",
                    ),
                ),
                ("opened_on", models.DateField(blank=True, null=True, verbose_name="opened on")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="communities.region",
                        verbose_name="belongs to",
                    ),
                ),
            ],
            options={
                "verbose_name": "region",
                "verbose_name_plural": "regions",
                "ordering": ["path"],
            },
        ),
        migrations.CreateModel(
            name="CommunityProfile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        limit_choices_to={"level": 5},
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="profiles",
                        to="communities.region",
                        verbose_name="community",
                    ),
                ),
            ],
            options={
                "verbose_name": "community profile",
                "verbose_name_plural": "community profiles",
                "ordering": ["region_id", "-as_of"],
            },
        ),
        migrations.CreateModel(
            name="RegionPlacement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(db_collation="C", max_length=120, verbose_name="path")),
                ("name", models.CharField(db_collation="C", max_length=100, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[("urban", "urban community"), ("rural", "rural community")],
                        max_length=5,
                        verbose_name="kind",
                    ),
                ),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="valid")),
                ("basis", models.TextField(verbose_name="basis")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements_below",
                        to="communities.region",
                        verbose_name="belongs to",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="communities.region",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "verbose_name": "placement",
                "verbose_name_plural": "placements",
                "ordering": ["region_id", "valid"],
            },
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(verbose_name="on")),
                (
                    "kind",
                    models.CharField(
                        choices=[("merge", "merged"), ("split", "split")], max_length=5, verbose_name="kind"
                    ),
                ),
                ("basis", models.TextField(verbose_name="basis")),
                (
                    "after",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessions",
                        to="communities.region",
                        verbose_name="after",
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successions",
                        to="communities.region",
                        verbose_name="before",
                    ),
                ),
            ],
            options={
                "verbose_name": "succession",
                "verbose_name_plural": "successions",
                "ordering": ["on", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="region",
            index=models.Index(
                condition=models.Q(("level__lt", 4)), fields=["level", "path"], name="region_upper_levels"
            ),
        ),
        migrations.AddIndex(
            model_name="region",
            index=models.Index(fields=["name"], name="region_name_start"),
        ),
        migrations.AddIndex(
            model_name="region",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(models.F("name"), "gin_trgm_ops"),
                name="region_name_part",
            ),
        ),
        migrations.AddConstraint(
            model_name="region",
            constraint=models.UniqueConstraint(fields=("code",), name="region_code_once"),
        ),
        migrations.AddConstraint(
            model_name="region",
            constraint=models.UniqueConstraint(fields=("path",), name="region_path_once"),
        ),
        migrations.AddConstraint(
            model_name="region",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level", 1), ("parent__isnull", True)),
                    models.Q(("level__range", (2, 5)), ("parent__isnull", False)),
                    _connector="OR",
                ),
                name="region_only_provinces_are_roots",
            ),
        ),
        migrations.AddConstraint(
            model_name="region",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "path__endswith",
                        django.db.models.functions.text.Concat(models.F("code"), models.Value("/")),
                    )
                ),
                name="region_path_ends_with_its_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="region",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("committee__in", ["residents", "villagers"]),
                        ("kind__in", ["urban", "rural"]),
                        ("level", 5),
                    ),
                    models.Q(("committee", ""), ("kind", ""), ("level__lt", 5)),
                    _connector="OR",
                ),
                name="region_kind_and_committee_of_communities",
            ),
        ),
        migrations.AddConstraint(
            model_name="region",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opened_on__isnull", True),
                    ("closed_on__isnull", True),
                    ("closed_on__gt", models.F("opened_on")),
                    _connector="OR",
                ),
                name="region_closes_after_it_opens",
            ),
        ),
        migrations.AddConstraint(
            model_name="communityprofile",
            constraint=models.UniqueConstraint(fields=("region", "as_of"), name="profile_once_per_day"),
        ),
        migrations.AddConstraint(
            model_name="communityprofile",
            constraint=models.CheckConstraint(
                condition=models.Q(("area_km2__isnull", True), ("area_km2__gte", 0), _connector="OR"),
                name="profile_area_not_negative",
            ),
        ),
        migrations.AddIndex(
            model_name="regionplacement",
            index=models.Index(fields=["path"], name="placement_path"),
        ),
        migrations.AddConstraint(
            model_name="regionplacement",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("region", "="), ("valid", "&&")], name="region_has_one_place_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="regionplacement",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("basis", ""), _negated=True), ("valid__isempty", False)),
                name="placement_has_a_basis_and_a_span",
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.UniqueConstraint(fields=("before", "after", "on"), name="succession_once"),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("before", models.F("after")), _negated=True),
                    models.Q(("basis", ""), _negated=True),
                ),
                name="succession_leads_elsewhere",
            ),
        ),
    ]
