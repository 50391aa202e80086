"""Keeps what merchants take back of runs; the release before takes nothing back."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0010_note_when_goods_changed"),
        ("syncing", "0037_choose_how_often_to_compare"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="syncjobitem",
            name="undone_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="undone"),
        ),
        migrations.CreateModel(
            name="UndoneChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kept", models.JSONField(default=dict, verbose_name="kept")),
                ("instead_of", models.JSONField(default=dict, verbose_name="instead of")),
                ("undone_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="undone")),
                (
                    "job",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="syncing.syncjob",
                        verbose_name="run",
                    ),
                ),
                (
                    "product",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="undone_change",
                        to="catalog.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="undone_changes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "undone change",
                "verbose_name_plural": "undone changes",
            },
        ),
    ]
