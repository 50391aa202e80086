"""Keeps what merchants decide about goods that VK may not take."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import evosync.common.fields


class Migration(migrations.Migration):
    dependencies = [
        ("syncing", "0011_store_guessed_categories"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RestrictedDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[("name", "name"), ("brand", "brand"), ("group", "group")],
                        max_length=8,
                        verbose_name="about",
                    ),
                ),
                ("key", evosync.common.fields.ExactCharField(editable=False, max_length=255)),
                ("label", models.CharField(max_length=255, verbose_name="name")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("allowed", "may be sold"), ("forbidden", "is not sold")],
                        max_length=12,
                        verbose_name="decision",
                    ),
                ),
                ("overrules", models.BooleanField(default=False, verbose_name="against a certain verdict")),
                (
                    "decided_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="decided"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="restricted_decisions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision on restricted goods",
                "verbose_name_plural": "decisions on restricted goods",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "scope", "key"), name="one_restricted_decision_each"
                    )
                ],
            },
        ),
    ]
