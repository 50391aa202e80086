"""Keeps tables that merchants upload, with their lines, until they are old."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0013_keep_own_words_of_merchants"),
        ("syncing", "0044_keep_the_item_that_a_run_removes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="computation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("preview", "preview of a run"),
                    ("feed", "feed"),
                    ("catalog", "goods that are left out"),
                    ("rule", "rule that is tried"),
                    ("table", "table that is read"),
                ],
                max_length=8,
                verbose_name="kind",
            ),
        ),
        migrations.CreateModel(
            name="TableImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=255, verbose_name="file name")),
                (
                    "file",
                    models.FileField(
                        blank=True,
                        default="",
                        editable=False,
                        max_length=200,
                        upload_to="",
                        verbose_name="file",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "being read"),
                            ("ready", "waits for your yes"),
                            ("refused", "could not be read"),
                            ("done", "imported"),
                            ("taken_back", "taken back"),
                        ],
                        default="reading",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                ("problem", models.CharField(blank=True, default="", max_length=32, verbose_name="problem")),
                (
                    "detail",
                    models.CharField(blank=True, default="", max_length=255, verbose_name="concerned"),
                ),
                ("notes", models.JSONField(blank=True, default=dict, editable=False)),
                ("same", models.PositiveIntegerField(default=0, verbose_name="lines that change nothing")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="uploaded"),
                ),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="imported")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="table_imports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "import of a table",
                "verbose_name_plural": "imports of tables",
            },
        ),
        migrations.CreateModel(
            name="TableImportLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="row")),
                (
                    "kind",
                    models.CharField(
                        choices=[("changed", "changed"), ("same", "as it is"), ("bad", "bad line")],
                        max_length=8,
                        verbose_name="result",
                    ),
                ),
                ("name", models.CharField(blank=True, default="", max_length=255, verbose_name="name")),
                ("search_text", models.CharField(blank=True, default="", editable=False, max_length=512)),
                ("changes", models.JSONField(blank=True, default=dict, verbose_name="changes")),
                ("problem", models.CharField(blank=True, default="", max_length=32, verbose_name="problem")),
                ("column", models.CharField(blank=True, default="", max_length=16, verbose_name="column")),
                (
                    "detail",
                    models.CharField(blank=True, default="", max_length=255, verbose_name="concerned"),
                ),
                ("is_stale", models.BooleanField(default=False, verbose_name="changed meanwhile")),
                ("is_applied", models.BooleanField(default=False, verbose_name="imported")),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalog.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="syncing.tableimport",
                        verbose_name="import of a table",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a table",
                "verbose_name_plural": "lines of tables",
            },
        ),
        migrations.AddIndex(
            model_name="tableimport",
            index=models.Index(fields=["created_at"], name="table_import_by_age"),
        ),
        migrations.AddConstraint(
            model_name="tableimportline",
            constraint=models.UniqueConstraint(fields=("table", "number"), name="one_line_a_row"),
        ),
    ]
