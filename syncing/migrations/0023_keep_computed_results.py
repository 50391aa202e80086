"""Keeps what workers compute for pages, and the file of a feed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("syncing", "0022_remember_refused_albums"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="feed",
            name="file",
            field=models.FileField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                max_length=200,
                upload_to="",
                verbose_name="file",
            ),
        ),
        migrations.AddField(
            model_name="feed",
            name="looked_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="feed",
            name="withheld_offers",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="goods, if it were handed out"
            ),
        ),
        migrations.CreateModel(
            name="Computation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("preview", "preview of a run"),
                            ("feed", "feed"),
                            ("catalog", "goods that are left out"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("asked_at", models.DateTimeField(blank=True, null=True, verbose_name="asked for")),
                ("not_before", models.DateTimeField(blank=True, null=True, verbose_name="not before")),
                ("woken_at", models.DateTimeField(editable=False, null=True)),
                ("lease", models.CharField(blank=True, default="", editable=False, max_length=36)),
                (
                    "heartbeat_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last sign of life"),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("choice", models.JSONField(editable=False, null=True)),
                ("computed_at", models.DateTimeField(blank=True, null=True, verbose_name="computed")),
                ("inputs", models.CharField(blank=True, default="", editable=False, max_length=64)),
                ("result", models.JSONField(editable=False, null=True)),
                ("error_code", models.CharField(blank=True, default="", max_length=64, verbose_name="error")),
                ("error_text", models.TextField(blank=True, default="", verbose_name="what was said")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="computations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "computation",
                "verbose_name_plural": "computations",
                "indexes": [models.Index(fields=["asked_at"], name="computation_by_question")],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "kind"), name="one_computation_of_a_kind")
                ],
            },
        ),
    ]
